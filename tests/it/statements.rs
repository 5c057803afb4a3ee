//! Every statement in the code that touches a tenant table gives nothing outside of an organization (TEN-6).

use std::collections::BTreeSet;

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Row, ValueRef, postgres::PgRow};

use crate::{
    house_rules::{
        source::files,
        sql::queries,
        statement::{self, tenant_tables},
    },
    support::{
        cluster::{self, Role},
        tenant::{ACME, INITECH, Tenant},
    },
};

/// Every statement on a tenant table, as it stands in the code.
fn statements() -> Vec<String> {
    let tables = tenant_tables();
    let mentions = |sql: &String| {
        let words: BTreeSet<String> = statement::folded(sql)
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .map(str::to_owned)
            .collect();
        tables.iter().any(|table| words.contains(&table.name))
    };
    let all =
        files("src", ".rs").into_iter().flat_map(|file| queries(&file.text)).filter_map(|query| query.sql);
    all.filter(mentions).collect()
}

/// Makes the tables that are a transaction's own, so that statements on them can be prepared.
async fn open_own_tables(conn: &mut PgConnection) {
    let all =
        files("src", ".rs").into_iter().flat_map(|file| queries(&file.text)).filter_map(|query| query.sql);
    for sql in all.filter(|sql| statement::folded(sql).starts_with("create temporary table")) {
        conn.execute(AssertSqlSafe(sql)).await.unwrap();
    }
}

/// Prepares the statement and gives the types of its parameters.
async fn prepare(conn: &mut PgConnection, sql: &str) -> Vec<String> {
    conn.execute(AssertSqlSafe(format!("prepare asked as {sql}")))
        .await
        .unwrap_or_else(|error| panic!("{error}:\n{sql}"));
    let types =
        sqlx::query_scalar("select parameter_types::text[] from pg_prepared_statements where name = 'asked'");
    types.fetch_one(conn).await.unwrap()
}

/// A value that the tenant has, for a parameter of this type.
fn value(kind: &str, tenant: &Tenant, n: usize) -> String {
    let literal = match kind {
        // The first is the organization; the rest are anybody's.
        "uuid" if n == 0 => tenant.org.to_owned(),
        "uuid" => tenant.people.iter().cycle().nth(n).map_or_else(String::new, ToString::to_string),
        "uuid[]" => format!("{{{}}}", tenant.people.join(",")),
        "text[]" => "{company_owner,viewer}".to_owned(),
        "bigint[]" | "integer[]" | "smallint[]" | "double precision[]" => "{1}".to_owned(),
        "boolean[]" => "{t}".to_owned(),
        "timestamp with time zone[]" => "{2026-11-21 09:00:00+00}".to_owned(),
        "bytea[]" => "{\"\\\\x01\"}".to_owned(),
        "jsonb[]" => "{}".to_owned(),
        "double precision" | "real" => "1".to_owned(),
        "smallint" | "integer" | "bigint" => "50".to_owned(),
        "boolean" => "true".to_owned(),
        "timestamp with time zone" => "2026-11-21 09:00:00+00".to_owned(),
        "interval" => "1 day".to_owned(),
        "time without time zone" => "09:00".to_owned(),
        "date" => "2026-11-21".to_owned(),
        "date[]" => "{2026-11-21}".to_owned(),
        "bytea" => "\\x01".to_owned(),
        "jsonb" => "{}".to_owned(),
        "text" => "%".to_owned(),
        other => panic!("no value is known for a parameter of type {other}"),
    };
    format!("'{literal}'::{kind}")
}

/// Rows that say something: a count of nothing or an absent value does not.
fn telling(rows: &[PgRow]) -> usize {
    let says = |row: &PgRow| {
        (0..row.len()).any(|n| {
            let value = row.try_get_raw(n).unwrap();
            !value.is_null() && !["0", "f", "", "{}"].contains(&value.as_str().unwrap_or("?"))
        })
    };
    rows.iter().filter(|row| says(row)).count()
}

/// What the statement gives in a transaction that begins so, and is undone.
async fn given(conn: &mut PgConnection, sql: &str, tenant: &Tenant, begin: &str) -> usize {
    let types = prepare(conn, sql).await;
    let values: Vec<String> = types.iter().enumerate().map(|(n, kind)| value(kind, tenant, n)).collect();
    let arguments = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
    conn.execute(AssertSqlSafe(format!("begin; {begin}"))).await.unwrap();
    // An error is as good as nothing: row security refuses an insert with one.
    let rows = sqlx::raw_sql(AssertSqlSafe(format!("execute asked{arguments}"))).fetch_all(&mut *conn).await;
    let affected = rows.as_ref().map_or(0, |rows| telling(rows));
    conn.execute("rollback").await.unwrap();
    conn.execute("deallocate asked").await.unwrap();
    affected
}

/// How many rows a statement that gives none back would have changed.
async fn changed(conn: &mut PgConnection, sql: &str, tenant: &Tenant, begin: &str) -> u64 {
    let types = prepare(conn, sql).await;
    let values: Vec<String> = types.iter().enumerate().map(|(n, kind)| value(kind, tenant, n)).collect();
    let arguments = if values.is_empty() { String::new() } else { format!("({})", values.join(", ")) };
    conn.execute(AssertSqlSafe(format!("begin; {begin}"))).await.unwrap();
    let done = sqlx::raw_sql(AssertSqlSafe(format!("execute asked{arguments}"))).execute(&mut *conn).await;
    conn.execute("rollback").await.unwrap();
    conn.execute("deallocate asked").await.unwrap();
    let reads = statement::folded(sql).starts_with("select");
    if reads { 0 } else { done.map_or(0, |done| done.rows_affected()) }
}

#[tokio::test]
async fn no_statement_gives_or_changes_a_row_outside_of_an_organization() {
    let database = cluster::fresh_database().await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&database, Role::App).0).await.unwrap();
    open_own_tables(&mut conn).await;
    let statements = statements();
    assert!(statements.len() >= 10, "only {} statements found", statements.len());
    let mut telling = 0;
    for sql in &statements {
        for tenant in [ACME, INITECH] {
            assert_eq!(
                given(&mut conn, sql, &tenant, "").await,
                0,
                "rows outside of an organization:\n{sql}"
            );
            assert_eq!(
                changed(&mut conn, sql, &tenant, "").await,
                0,
                "changes outside of an organization:\n{sql}"
            );
            let inside = format!("set local app.current_organization_id = '{}'", tenant.org);
            telling += given(&mut conn, sql, &tenant, &inside).await;
        }
    }
    // The same statements with the same values do find rows where they may.
    assert!(telling >= 8, "only {telling} rows inside, so nothing is shown by none outside");
}

#[tokio::test]
async fn no_statement_gives_another_organization_s_rows() {
    let database = cluster::fresh_database().await;
    let mut conn = PgConnection::connect_with(&cluster::endpoint(&database, Role::App).0).await.unwrap();
    open_own_tables(&mut conn).await;
    let inside = format!("set local app.current_organization_id = '{}'", ACME.org);
    for sql in statements() {
        let fits = changed(&mut conn, &sql, &INITECH, &inside).await
            + given(&mut conn, &sql, &INITECH, &inside).await as u64;
        assert_eq!(fits, 0, "Initech's rows from within Acme:\n{sql}");
    }
}

#[test]
fn every_statement_that_was_prepared_at_build_time_is_among_them() {
    let known: BTreeSet<String> = files("src", ".rs")
        .into_iter()
        .flat_map(|file| queries(&file.text))
        .filter_map(|query| query.sql)
        .map(|sql| statement::folded(&sql))
        .collect();
    let prepared = files(".sqlx", ".json");
    for file in &prepared {
        let query: serde_json::Value = serde_json::from_str(&file.text).unwrap();
        let sql = query["query"].as_str().unwrap();
        assert!(
            known.contains(&statement::folded(sql)),
            "{} is prepared, but not found in the code:\n{sql}",
            file.path
        );
    }
    let macros =
        files("src", ".rs").into_iter().flat_map(|file| queries(&file.text)).filter(|query| query.is_macro);
    let macros: BTreeSet<String> = macros.filter_map(|query| query.sql).collect();
    assert!(
        prepared.is_empty() || prepared.len() == macros.len(),
        "{} prepared, {} in the code",
        prepared.len(),
        macros.len()
    );
}
