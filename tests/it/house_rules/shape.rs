//! Names, sizes, what a file says about itself, and who owns which table.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;

use super::{
    each_is_heard, none,
    source::{Code, File, files},
    sql, statement,
};

/// Names under which anything could be kept.
const DRAWERS: &[&str] = &[
    "util", "utils", "helper", "helpers", "common", "misc", "shared", "core", "types", "base", "manager",
    "service", "handler", "handlers", "lib", "prelude", "stuff",
];

/// Lines that a file of this kind may have.
const LONGEST: &[(&str, &str, usize)] = &[
    ("src", ".rs", 500),
    ("tests", ".rs", 500),
    ("templates", "", 200),
    ("static", ".css", 300),
    ("static", ".js", 150),
    ("static", ".mjs", 150),
    ("tests/browser", ".mjs", 300),
];

/// Domains that write to a table of another's, and why.
const GUESTS: &[(&str, &str, &str)] = &[
    ("admin", "organization_members", "makes people staff of the installation, which nobody invites"),
    ("sample", "organization_members", "makes members as people would have been made, without inviting them"),
    ("commands", "job_queue", "measures with more jobs at once than anybody orders"),
    ("commands", "contacts", "measures rules over more people than a file brings in a moment"),
    ("commands", "events", "measures rules over what so many people did"),
    ("db", "web_sessions", "takes a deleted organization out of what browsers remember"),
    ("sample", "job_queue", "has jobs that were done or given up in the past"),
    ("sample", "campaigns", "has a campaign that was sent in the past"),
    ("sample", "broadcasts", "has a campaign that was sent in the past"),
    ("sample", "recipients", "has a campaign that was sent in the past"),
    ("sample", "tracked_links", "has a campaign that was sent in the past"),
    ("sample", "channel_outbox", "has a campaign that was sent in the past"),
    ("campaigns", "channel_outbox", "orders a message for each of its recipients, all in one statement"),
    ("campaigns", "suppressions", "suppresses all that a server said nobody has, in one statement"),
    ("home", "organizations", "keeps with the workspace that its checklist was put away"),
];

fn drawers(path: &str) -> Vec<String> {
    let parts = path.split('/').skip(1).map(|part| part.split('.').next().unwrap_or_default());
    let named = parts.filter(|part| DRAWERS.contains(part));
    named
        .filter(|_| {
            path != "src/lib.rs" && path != "templates/layouts/base.html" && path != "static/css/base.css"
        })
        .map(|part| format!("{path}: {part} is a drawer, not a name"))
        .collect()
}

fn too_long(path: &str, text: &str) -> Vec<String> {
    let lines = text.lines().count();
    let limits =
        LONGEST.iter().filter(|(folder, ending, _)| path.starts_with(folder) && path.ends_with(ending));
    let limit = limits.map(|(_, _, most)| *most).min().unwrap_or(usize::MAX);
    if lines > limit { vec![format!("{path} has {lines} lines, {limit} are the most")] } else { Vec::new() }
}

fn speechless(path: &str, text: &str) -> Vec<String> {
    let must_speak = (path.starts_with("src/") && path.ends_with("/mod.rs")) || text.lines().count() > 60;
    if must_speak && !text.starts_with("//! ") {
        vec![format!("{path} does not say what it is")]
    } else {
        Vec::new()
    }
}

fn unfinished(path: &str, text: &str) -> Vec<String> {
    let mark = Regex::new(r"\b(TO(?:DO)|FIX(?:ME)|XX(?:X)|HA(?:CK))\b").expect("a pattern");
    let marked = text.lines().filter(|line| mark.is_match(line) && !line.contains("https://"));
    marked.map(|line| format!("{path}: without a link to its issue:{line}")).collect()
}

fn asleep(path: &str, text: &str) -> Vec<String> {
    let flat = Code::of(text).flat;
    let words = ["#[ignore", "thread::sleep", "time::sleep"];
    words.iter().filter(|word| flat.contains(**word)).map(|word| format!("{path} has {word}")).collect()
}

/// The tables that a domain's documentation says it owns.
fn owned(doc: &str) -> Vec<String> {
    let doc = doc.lines().map_while(|line| line.strip_prefix("//!")).collect::<Vec<_>>().join(" ");
    let Some((_, claim)) = doc.split_once("Owns ") else { return Vec::new() };
    let claim = claim.split(['.', ';']).next().unwrap_or_default();
    claim.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// The tables that this file's queries write to.
fn written(text: &str) -> BTreeSet<String> {
    let write =
        Regex::new(r"\b(?:insert into|update|delete from) (?:only )?(?:public\.)?(\w+)").expect("a pattern");
    let statements = sql::queries(text).into_iter().filter_map(|query| query.sql);
    let statements: Vec<String> = statements.map(|sql| statement::folded(&sql)).collect();
    let tables = statements.iter().flat_map(|sql| write.captures_iter(sql).map(|found| found[1].to_owned()));
    tables.filter(|table| !["set", "of", "skip", "nowait"].contains(&table.as_str())).collect()
}

/// Writes of a file to tables that its domain does not own.
fn trespasses(file: &File, owners: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let domain = file.module();
    let is_guest = |table: &str| GUESTS.iter().any(|(guest, of, _)| *guest == domain && *of == table);
    let is_owner = |table: &String| owners.get(domain).is_some_and(|tables| tables.contains(table));
    let strange = written(&file.text).into_iter().filter(|table| !is_guest(table) && !is_owner(table));
    strange
        .map(|table| format!("{} writes to {table}, which {domain}/mod.rs does not own", file.path))
        .collect()
}

fn owners() -> BTreeMap<String, Vec<String>> {
    let docs = files("src", "mod.rs").into_iter().filter(|file| file.path.split('/').count() == 3);
    docs.map(|file| (file.module().to_owned(), owned(&file.text))).collect()
}

fn everything() -> impl Iterator<Item = File> {
    LONGEST.iter().flat_map(|(folder, ending, _)| files(folder, ending))
}

#[test]
fn no_file_is_a_drawer_or_a_novel() {
    none(everything().flat_map(|file| [drawers(&file.path), too_long(&file.path, &file.text)].concat()));
    each_is_heard(&["src/web/helpers.rs", "src/common/mod.rs", "templates/orgs/shared.html"], drawers);
    assert!(!too_long("src/web/novel.rs", &"\n".repeat(501)).is_empty());
    assert!(!too_long("static/css/novel.css", &"\n".repeat(301)).is_empty());
    assert!(!too_long("templates/web/novel.html", &"\n".repeat(201)).is_empty());
}

#[test]
fn a_file_says_what_it_is() {
    let code = || files("src", ".rs").into_iter().chain(files("tests", ".rs"));
    none(
        code().flat_map(|file| {
            [speechless(&file.path, &file.text), unfinished(&file.path, &file.text)].concat()
        }),
    );
    assert!(!speechless("src/web/view.rs", &"fn f() {}\n".repeat(61)).is_empty());
    assert!(!speechless("src/web/mod.rs", "mod view;").is_empty());
    let later = ["// TO", "DO: later"].concat();
    each_is_heard(&[&later], |text| unfinished("src/web/view.rs", text));
}

/// Tests of programs that run beside the test: only by asking again can it see what they did.
const ASKS_AGAIN: &[&str] = &["/postgres/", "/commands/"];

#[test]
fn no_test_sleeps_or_is_left_out() {
    none(
        files("tests/it", ".rs")
            .into_iter()
            .filter(|file| !ASKS_AGAIN.iter().any(|folder| file.path.contains(folder)))
            .flat_map(|file| asleep(&file.path, &file.text)),
    );
    each_is_heard(&["tokio::time::sleep(x).await;", "#[ignore = \"slow\"]"], |text| {
        asleep("tests/it/x.rs", text)
    });
}

#[test]
fn a_domain_writes_only_to_tables_it_owns() {
    let owners = owners();
    none(files("src", ".rs").iter().flat_map(|file| trespasses(file, &owners)));
    let planted = [
        "sqlx::query!(\"update users set name = $1\", name)",
        "sqlx::query!(r#\"with gone as (delete from public.users returning id) insert into roles (id) select id from gone\"#)",
    ];
    each_is_heard(&planted, |text| {
        trespasses(&File { path: "src/orgs/queries.rs".into(), text: text.into() }, &owners)
    });
}

#[test]
fn every_table_has_one_owner() {
    let created = Regex::new(r"(?m)^create (?:unlogged )?table (?:if not exists )?(\w+)").expect("a pattern");
    let owners = owners();
    let all: String = files("migrations", ".sql").into_iter().map(|migration| migration.text).collect();
    for migration in files("migrations", ".sql") {
        for found in created.captures_iter(&migration.text) {
            let table = &found[1];
            if all.contains(&format!("\ndrop table {table};")) {
                continue;
            }
            let claimants = owners.iter().filter(|(_, tables)| tables.iter().any(|owned| owned == table));
            let claimants: Vec<&str> = claimants.map(|(domain, _)| domain.as_str()).collect();
            assert_eq!(claimants.len(), 1, "{table} must be owned by one mod.rs, and is by {claimants:?}");
        }
    }
}

#[test]
fn what_a_domain_owns_is_read_from_its_documentation() {
    assert_eq!(
        owned("//! People.\n//!\n//! Owns `users`,\n//! `sessions`; none else. See `x`.\nmod a;"),
        ["users", "sessions"]
    );
    assert_eq!(owned("//! Doors. Owns nothing. Asks `f`."), Vec::<String>::new());
    assert!(owned("//! Web furniture.").is_empty());
}
