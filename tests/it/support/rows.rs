//! What the database holds, as fingerprints that can be compared.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgPool};

use super::tenant::Tenant;

/// A fingerprint of each table.
pub type Fingerprints = BTreeMap<String, String>;

/// All rows of every table except these.
pub async fn everything(owner: &PgPool, except: &[&str]) -> Fingerprints {
    let mut prints = Fingerprints::new();
    for table in tables(owner).await {
        if !except.contains(&table.as_str()) {
            let print = fingerprint(owner, &table, "true").await;
            prints.insert(table, print);
        }
    }
    prints
}

/// All rows that belong to this organization, and those of its people.
pub async fn of_organization(owner: &PgPool, tenant: &Tenant) -> Fingerprints {
    let org = tenant.org;
    let people = format!("('{}')", tenant.people.join("', '"));
    let mut prints = Fingerprints::new();
    for (table, column) in columns(owner).await {
        let condition = match (table.as_str(), column.as_str()) {
            ("organizations", "id") | (_, "organization_id") => format!("{column} = '{org}'"),
            ("users", "id") => format!("id in {people}"),
            (_, "user_id") => format!("user_id in {people}"),
            _ => continue,
        };
        let print = fingerprint(owner, &table, &condition).await;
        prints.insert(format!("{table}.{column}"), print);
    }
    assert!(prints.len() >= 8, "too little to compare: {prints:?}");
    prints
}

/// The tables that differ.
pub fn changed(before: &Fingerprints, after: &Fingerprints) -> Vec<String> {
    let tables = before.keys().chain(after.keys().filter(|table| !before.contains_key(*table)));
    tables.filter(|table| before.get(*table) != after.get(*table)).cloned().collect()
}

pub async fn tables(owner: &PgPool) -> Vec<String> {
    let all = sqlx::query_scalar(
        "select c.relname::text from pg_class c
          where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace = 'public'::regnamespace
            and c.relname <> '_sqlx_migrations' order by 1",
    );
    all.fetch_all(owner).await.unwrap()
}

/// Every column of every table.
pub async fn columns(owner: &PgPool) -> Vec<(String, String)> {
    let all = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns
          where table_schema = 'public' and table_name <> '_sqlx_migrations' order by 1, ordinal_position",
    );
    all.fetch_all(owner).await.unwrap()
}

async fn fingerprint(owner: &PgPool, table: &str, condition: &str) -> String {
    let sql = format!(
        "select count(*) || ' ' || coalesce(md5(string_agg(t::text, chr(10) order by t::text)), '') from {table} t where {condition}"
    );
    sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(owner).await.unwrap()
}
