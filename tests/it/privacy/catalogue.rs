//! The catalogue of what is kept of people, against the database: no table is forgotten, and no column of one.

use std::collections::{BTreeMap, BTreeSet};

use groundswell::app;
use sqlx::PgPool;

use crate::support::TestApp;

/// Tables that say nothing about any contact, and why.
const NOBODY: &[(&str, &str)] = &[
    ("users", "people who sign in, who have an account of their own"),
    ("user_profiles", "people who sign in"),
    ("user_avatars", "people who sign in"),
    ("recovery_codes", "people who sign in"),
    ("web_sessions", "people who sign in"),
    ("mailed_links", "people who sign in, or are about to"),
    ("notice_settings", "people who sign in"),
    ("throttles", "names of buckets, empty within minutes"),
    ("organizations", "the workspace"),
    ("organization_keys", "keys of the workspace"),
    ("organization_members", "people who sign in"),
    ("invitations", "people who are about to sign in"),
    ("roles", "what members may do"),
    ("role_permissions", "what members may do"),
    ("saved_views", "what a member looks at, in the member's words"),
    ("brand_profiles", "the workspace"),
    ("secrets", "keys of other services, sealed"),
    ("support_grants", "people of the platform's support"),
    ("audit_heads", "the end of a chain of hashes"),
    ("job_schedules", "what the installation does"),
    ("event_positions", "how far listeners are"),
    ("activity_daily", "how much happened on which day"),
    ("contact_fields", "which fields there are, not what is in them"),
    ("contact_lists", "lists and rules, in the words of members"),
    ("score_rules", "what is worth points"),
    ("duplicate_looks", "how the last look went, and what more than twenty people share"),
    ("segment_mentions", "what rules ask for"),
    ("tags", "which tags there are"),
    ("contact_changes", "what was done to how many"),
    ("contact_change_pieces", "whom a change is about, for a day: ids, from which who is erased is taken"),
    ("subscription_topics", "what one can agree to"),
    ("companies", "companies, not people"),
    ("designs", "what is said to everybody"),
    ("design_blocks", "what is said to everybody"),
    ("design_steps", "what is said to everybody"),
    ("design_versions", "what is said to everybody"),
    ("mail_servers", "the workspace"),
    ("sending_domains", "the workspace"),
    ("sender_identities", "whom the workspace writes as"),
    ("campaigns", "what is said to everybody"),
    ("broadcasts", "what is said to everybody"),
    ("campaign_audiences", "lists that a campaign is for"),
    ("tracked_links", "where links lead, and counts"),
    ("pipelines", "how deals go"),
    ("pipeline_stages", "how deals go"),
    ("erasures", "who was erased: an id that leads to nobody, hashes and counts"),
    ("retention_rules", "what is kept for how long"),
];

/// Columns of a word, of many words, or of bytes, by table.
async fn columns(owner: &PgPool) -> BTreeMap<String, BTreeSet<String>> {
    let sql = "select c.relname::text, array_agg(a.attname::text) filter
                      (where format_type(a.atttypid, null) in ('text', 'text[]', 'character varying', 'json', 'jsonb', 'bytea', 'bytea[]', 'inet', 'cidr'))
                 from pg_class c
                 join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
                where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
                  and c.relname <> '_sqlx_migrations'
                group by 1";
    let all = sqlx::query_as::<_, (String, Option<Vec<String>>)>(sql).fetch_all(owner).await.unwrap();
    all.into_iter()
        .map(|(table, columns)| (table, columns.unwrap_or_default().into_iter().collect()))
        .collect()
}

#[tokio::test]
async fn every_table_is_in_the_catalogue_or_holds_nobody_and_every_column_of_the_first_is_named() {
    let app = TestApp::new().await;
    let mut there = columns(&app.owner).await;
    let mut faults = Vec::new();
    for held in app::holdings().all() {
        let Some(found) = there.remove(held.table) else {
            faults.push(format!("{} is no table, or stands there twice", held.table));
            continue;
        };
        let named: BTreeSet<String> =
            held.personal.iter().chain(held.plain).map(|column| (*column).to_owned()).collect();
        if named != found {
            let missing: Vec<_> = found.difference(&named).collect();
            let gone: Vec<_> = named.difference(&found).collect();
            faults.push(format!(
                "{}: nobody says of {missing:?} whether it is personal; no column {gone:?}",
                held.table
            ));
        }
    }
    for (table, why) in NOBODY {
        assert!(why.len() > 8, "{table} needs a reason");
        if there.remove(*table).is_none() {
            faults.push(format!("{table} is no table, or is in the catalogue as well"));
        }
    }
    faults.extend(there.keys().map(|table| {
        format!(
            "{table}: add it to the catalogue of its domain (personal::Held), or say here why it holds nobody"
        )
    }));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[tokio::test]
async fn every_table_with_a_contact_is_in_the_catalogue() {
    let app = TestApp::new().await;
    let sql = "select distinct table_name::text from information_schema.columns c
                where c.table_schema = 'public' and c.column_name in ('contact_id', 'merged_into') and c.table_name not in ('erasures')
                  and not exists (select 1 from pg_class p where p.oid = format('public.%I', c.table_name)::regclass and (p.relispartition or p.relkind = 'v'))";
    let with_contact: Vec<String> = sqlx::query_scalar(sql).fetch_all(&app.owner).await.unwrap();
    let named: BTreeSet<&str> = app::holdings().all().iter().map(|held| held.table).collect();
    let forgotten: Vec<_> = with_contact.iter().filter(|table| !named.contains(table.as_str())).collect();
    assert!(with_contact.len() > 10 && forgotten.is_empty(), "{forgotten:?}");
}
