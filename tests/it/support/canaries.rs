//! Words that stand in one organization's rows only, so that any page of another that sings has leaked.

use sqlx::{AssertSqlSafe, PgPool};

use super::tenant::Tenant;

/// The beginning of every planted word.
pub const CANARY: &str = "CANARY-B-";

/// Cells that keep what they hold, and why.
const KEPT: &[(&str, &str, &str)] = &[
    ("organizations", "slug", "is what the crawl asks for"),
    ("organizations", "kind", "is one of four words"),
    ("organizations", "time_zone", "is used to compute with"),
    ("organization_members", "status", "is one of three words"),
    ("role_permissions", "permission", "decides what its own people see"),
    ("saved_views", "screen", "decides where its own people see it"),
    ("brand_profiles", "primary_colour", "is six digits"),
    ("brand_profiles", "accent_colour", "is six digits"),
    ("brand_profiles", "logo_version", "is what the crawl asks for"),
    ("designs", "kind", "is one of a few words"),
    ("contact_lists", "kind", "is one of two words"),
    ("audit_log", "actor_kind", "is one of four words"),
    ("audit_log", "outcome", "is one of two words"),
    ("job_queue", "status", "is one of five words"),
    ("secrets", "last4", "is four characters of a value that nobody reads"),
    ("contacts", "sort_name", "is computed"),
    ("contacts", "search", "is computed"),
    ("contacts", "lifecycle_stage", "is one of eight words"),
    ("score_rules", "score", "is one of two words"),
    ("contacts", "lead_status", "is one of six words"),
    ("contact_identities", "kind", "is one of six words"),
    ("postal_addresses", "kind", "is one of four words"),
    ("companies", "size", "is one of six words"),
    ("duplicate_looks", "status", "is one of three words"),
    ("companies", "sort_name", "is computed"),
    ("contact_fields", "key", "is a plain word that forms name it by"),
    ("contact_fields", "kind", "is one of twelve words"),
    ("consents", "channel", "is one of five words"),
    ("consents", "state", "is one of three words"),
    ("suppressions", "channel", "is one of two words"),
    ("suppressions", "reason", "is one of six words"),
    ("exports", "status", "is one of five words"),
    ("contact_changes", "kind", "is one of nine words"),
    ("contact_changes", "status", "is one of eight words"),
    ("erasures", "status", "is one of four words"),
    ("erasures", "cause", "is one of three words"),
    ("retention_rules", "kind", "names what the program knows"),
    ("imports", "status", "is one of ten words"),
    ("imports", "delimiter", "is one letter"),
    ("imports", "mode", "is one of three words"),
    ("imports", "known_by", "is one of four words"),
    ("imports", "consent_state", "is one of two words"),
    ("mail_servers", "encryption", "is one of three words"),
    ("channel_outbox", "channel", "is one of two words"),
    ("channel_outbox", "status", "is one of eight words"),
    ("broadcasts", "channel", "is one word"),
    ("broadcasts", "status", "is one of eight words"),
    ("campaign_audiences", "mode", "is one of two words"),
    ("recipients", "skipped", "is one of five words"),
    ("recipients", "bounce", "is one of three words"),
    ("pipeline_stages", "kind", "is one of three words"),
    ("deals", "currency", "is three letters"),
    ("deals", "sort_name", "is computed"),
    ("deals", "sort_value", "is computed"),
    ("tasks", "kind", "is one of four words"),
    ("tasks", "priority", "is one of three words"),
    ("tasks", "repeats", "is one of four words"),
    ("user_profiles", "time_zone", "is used to compute with"),
    ("user_profiles", "language", "is one of two words"),
    ("user_profiles", "theme", "is one of three words"),
    ("user_profiles", "density", "is one of two words"),
];

/// A session of this organization's owner, under the key that [`Tenant::session`] names.
pub async fn open_session(owner: &PgPool, tenant: &Tenant) {
    let sql = "insert into web_sessions (id_hash, user_id, data, created_at, seen_at, expires_at)
               values (decode($1, 'hex'), $2::uuid, '{}', now(), now(), now() + interval '1 day')";
    sqlx::query(sql).bind(tenant.session).bind(tenant.people[0]).execute(owner).await.unwrap();
}

/// Fills every text cell of this organization, and of its people's profiles. Gives the cells filled.
pub async fn plant(owner: &PgPool, tenant: &Tenant) -> Vec<String> {
    let mut planted = Vec::new();
    for person in tenant.people.iter().take(2) {
        let sql = format!(
            "insert into user_avatars (user_id, image, version, updated_at)
             values ('{person}', convert_to('{CANARY}user_avatars-image', 'UTF8'), 'first', now())"
        );
        sqlx::query(AssertSqlSafe(sql)).execute(owner).await.unwrap();
    }
    for (table, column) in text_columns(owner).await {
        if KEPT.iter().any(|(kept, cell, _)| *kept == table && *cell == column) {
            continue;
        }
        let org = tenant.org;
        let whose = match (table.as_str(), column.as_str()) {
            ("organizations", _) => format!("id = '{org}'"),
            ("user_profiles", _) => format!("user_id in ('{}')", tenant.people.join("', '")),
            // Who became part of somebody has no address of their own.
            ("contacts", "email") => format!("organization_id = '{org}' and merged_into is null"),
            _ => format!("organization_id = '{org}'"),
        };
        let sql = format!(
            "update {table} t set {column} = '{CANARY}{table}-{column}-' || numbered.n
               from (select ctid as at, row_number() over () as n from {table} where {whose}) numbered
              where t.ctid = numbered.at"
        );
        let done = sqlx::query(AssertSqlSafe(sql)).execute(owner).await;
        let done = done.unwrap_or_else(|error| {
            panic!("{table}.{column} takes no canary ({error}): add it to KEPT with its reason")
        });
        assert!(done.rows_affected() > 0, "the town has no row of {table} for {}", tenant.slug);
        planted.push(format!("{table}.{column}"));
    }
    planted
}

/// Every text column of a tenant table, of organizations, and of people's profiles.
async fn text_columns(owner: &PgPool) -> Vec<(String, String)> {
    let all = sqlx::query_as(
        "select c.table_name::text, c.column_name::text
           from information_schema.columns c
           join information_schema.tables t using (table_schema, table_name)
          where c.table_schema = 'public' and t.table_type = 'BASE TABLE'
            -- A partition is filled through its table.
            and not exists (select 1 from pg_class p
                             where p.oid = format('public.%I', c.table_name)::regclass and p.relispartition)
            and c.data_type in ('text', 'character varying')
            and (c.table_name in ('organizations', 'user_profiles')
                 or exists (select 1 from information_schema.columns k
                             where k.table_schema = 'public' and k.table_name = c.table_name
                               and k.column_name = 'organization_id'))
          order by 1, 2",
    );
    all.fetch_all(owner).await.unwrap()
}
