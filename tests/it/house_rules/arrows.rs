//! Which module may use which.

use regex_lite::Regex;

use super::{
    each_is_heard, none,
    source::{Code, File, arguments, files},
};

/// Lowest first. A module may use only the modules before it. Adding a domain means choosing its place
/// here; needing to move one is a design question, not a chore.
const LAYERS: &[&str] = &[
    "ids",
    "clock",
    "crypto",
    "csv",
    "email_address",
    "numbers",
    "money",
    "config",
    "postgres",
    "db",
    "net",
    "web",
    "jobs",
    "mail",
    "accounts",
    "audit",
    "tenancy",
    "personal",
    "events",
    "secrets",
    "notices",
    "orgs",
    "contacts",
    "designs",
    "channels",
    "senders",
    "outbox",
    "campaigns",
    "deals",
    "tasks",
    "privacy",
    "admin",
    "home",
    "sample",
    "dev",
    "app",
    "commands",
];

/// Arrows that point up all the same: who, to whom, why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

fn place(module: &str) -> Option<usize> {
    LAYERS.iter().position(|name| *name == module)
}

/// Arrows out of this file that point up.
fn upward(file: &File) -> Vec<String> {
    let here = file.module();
    let Some(mine) = place(here) else { return vec![format!("{} has no place in LAYERS", file.path)] };
    let flat = if file.path.ends_with(".rs") { Code::of(&file.text).flat } else { file.text.clone() };
    let mut complaints = Vec::new();
    for there in used(&flat) {
        let is_meant = EXCEPTIONS.iter().any(|(from, to, _)| *from == here && *to == there);
        if place(&there).is_some_and(|theirs| theirs > mine) && !is_meant {
            complaints.push(format!("{} uses {there}, which lies above {here}", file.path));
        }
    }
    complaints
}

/// Every `x` in `crate::x` and in `use crate::{x::…, y}`.
fn used(flat: &str) -> Vec<String> {
    let first_word =
        |part: &str| part.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let after_crate = flat.split("crate::").skip(1);
    after_crate
        .flat_map(|after| match after.strip_prefix('{') {
            Some(group) => arguments(group),
            None => vec![after],
        })
        .map(first_word)
        .collect()
}

fn sources() -> impl Iterator<Item = File> {
    files("src", ".rs").into_iter().filter(|file| !["lib", "main", "bin"].contains(&file.module()))
}

#[test]
fn modules_use_only_what_lies_below_them() {
    none(sources().flat_map(|file| upward(&file)));
    let of_domains = files("templates", ".html").into_iter().filter(|file| place(file.module()).is_some());
    none(of_domains.flat_map(|file| upward(&file)));
}

#[test]
fn an_arrow_that_points_up_is_heard() {
    let planted = [
        "use crate::orgs;",
        "use crate::{\n    db::Db,\n    orgs::{people, settings},\n};",
        "fn f() { crate::app::routes(true) }",
    ];
    let in_web = |text: &str| upward(&File { path: "src/web/view.rs".into(), text: text.into() });
    each_is_heard(&planted, in_web);
    none(in_web("use crate::db::Db; // like crate::orgs\nlet words = \"crate::orgs\";"));
    let nowhere = File { path: "src/helpers.rs".into(), text: String::new() };
    assert!(!upward(&nowhere).is_empty());
}

#[test]
fn every_exception_is_needed_still() {
    for (from, to, reason) in EXCEPTIONS {
        let is_used = sources().any(|file| {
            file.module() == *from && used(&Code::of(&file.text).flat).contains(&(*to).to_owned())
        });
        assert!(is_used, "{from} does not use {to} any more ({reason}): take it off the list");
    }
}

#[test]
fn the_map_in_the_crate_documentation_is_this_list() {
    let lib = files("src", "lib.rs").remove(0).text;
    let names = |text: &str, pattern: &str| -> Vec<String> {
        let name = Regex::new(pattern).expect("a pattern");
        name.captures_iter(text).map(|found| found[1].to_owned()).collect()
    };
    let map = lib.split("//! # ").find(|part| part.starts_with("The map")).expect("a map");
    let modules = names(&lib, r"(?m)^pub mod (\w+);");
    let in_order: Vec<&str> =
        LAYERS.iter().copied().filter(|layer| modules.iter().any(|module| module == layer)).collect();
    assert_eq!(in_order.len(), modules.len(), "a module has no place in LAYERS");
    assert_eq!(names(map, r"\[`(\w+)`\]"), in_order);
}
