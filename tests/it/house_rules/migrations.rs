//! How a migration is named and what it must and must not do.

use regex_lite::Regex;

use super::{
    each_is_heard, none,
    source::{File, files},
};

/// Words that have no place in a migration, and why.
const REFUSED: &[(&str, &str)] = &[
    ("create trigger", "what happens stands in the statement that makes it happen"),
    ("create rule", "what happens stands in the statement that makes it happen"),
    ("citext", "compares case-sensitively when bound as text; keep text normalised"),
    ("security invoker = false", "a view reads as whoever asks"),
    ("grant all", "a grant names what it gives"),
    ("grant truncate", "truncating passes row security"),
    ("to public", "a grant names a role"),
    ("disable row level security", "a tenant table stays one"),
    ("no force row level security", "a tenant table stays one"),
    ("create policy", "app.protect makes the policy, in its one shape"),
    ("serial", "a shared sequence tells how much others have"),
];

/// The one policy beside the one shape: the role that takes jobs sees the queue of all, and nothing else.
const FOR_THE_WORKER: &str = "create policy system on job_queue to groundswell_worker";

fn faults(file: &File) -> Vec<String> {
    let mut complaints = Vec::new();
    let named = Regex::new(r"^\d{12}_[a-z0-9]+(_[a-z0-9]+)*\.sql$").expect("a pattern");
    if !named.is_match(file.name()) {
        complaints.push("is not named YYYYMMDDHHMM_domain_what.sql".to_owned());
    }
    if !file.text.starts_with("-- ") {
        complaints.push("does not begin with why it is there".to_owned());
    }
    let code: String = file
        .text
        .lines()
        .map(|line| line.split("--").next().unwrap_or_default().to_lowercase() + "\n")
        .collect();
    let code = code.replace("insert into public.", "insert into ").replace(FOR_THE_WORKER, "");
    let is_foundation = file.name().ends_with("_foundation.sql");
    for (words, reason) in REFUSED {
        if code.contains(words) && !(is_foundation && *words == "create policy") {
            complaints.push(format!("says “{words}”: {reason}"));
        }
    }
    complaints
        .extend(unprotected(&code).into_iter().map(|table| format!("does not call app.protect('{table}')")));
    complaints.into_iter().map(|complaint| format!("{} {complaint}", file.path)).collect()
}

/// Tables with an organization_id that are not made tenant tables in the same file.
fn unprotected(code: &str) -> Vec<String> {
    let table = Regex::new(r"(?s)create (?:unlogged )?table (?:if not exists )?(\w+) \((.*?)\n\)")
        .expect("a pattern");
    let tenants = table.captures_iter(code).filter(|found| found[2].contains("organization_id "));
    let partitioned = tenants.map(|found| found[1].to_owned());
    partitioned.filter(|table| !code.contains(&format!("app.protect('{table}'"))).collect()
}

#[test]
fn every_migration_keeps_the_rules() {
    let all = files("migrations", "");
    none(all.iter().filter(|file| file.name() != "README.md").flat_map(faults));
    let versions: Vec<&str> = all.iter().filter_map(|file| file.name().split('_').next()).collect();
    assert!(
        versions.windows(2).all(|pair| pair[0] < pair[1]),
        "two migrations with one version: {versions:?}"
    );
}

#[test]
fn a_migration_that_breaks_a_rule_is_heard() {
    let migration =
        |name: &str, text: &str| File { path: format!("migrations/{name}"), text: text.to_owned() };
    let good = "-- Why.\ncreate table notes (\n    organization_id uuid not null,\n    id uuid not null\n);\nselect app.protect('notes');\n";
    none(faults(&migration("202601010000_notes.sql", good)));
    assert!(!faults(&migration("0001_notes.sql", good)).is_empty());
    let planted = [
        "create table users (\n    id uuid\n);",
        "-- Why.\ncreate table notes (\n    organization_id uuid not null\n);",
        "-- Why.\ngrant all on users to groundswell_app;",
        "-- Why.\ngrant select on users to public;",
        "-- Why.\ncreate trigger t before insert on notes execute function f();",
        "-- Why.\ncreate table notes (\n    id bigserial\n);",
    ];
    each_is_heard(&planted, |text| faults(&migration("202601010000_notes.sql", text)));
}
