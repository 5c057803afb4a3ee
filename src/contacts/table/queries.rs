//! The SQL of the list, put together out of parts that stand here; what people type is always bound.
//!
//! Reads the view `contacts_q`: a search for part of a word uses its index there only. No expression here
//! can fail on a row, so that no row of another organization is told of by an error.

use sqlx::AssertSqlSafe;

use super::{ListQuery, Row, Sort};
use crate::{
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

/// What a column is in SQL, and what it is as the text of a cursor.
fn key(sort: Sort) -> (&'static str, &'static str) {
    match sort {
        Sort::Added => ("c.id", "c.id::text"),
        Sort::Name => ("c.sort_name", "c.sort_name"),
        Sort::Email => ("coalesce(c.email, '')", "coalesce(c.email, '')"),
    }
}

/// Whom the view holds: `$1` the organization, `$2` the pattern, `$3` the list, `$4` the tag.
fn held(query: &ListQuery) -> String {
    let mut sql = "c.organization_id = $1".to_owned();
    sql += if query.is_archived() { " and c.archived_at is not null" } else { " and c.archived_at is null" };
    sql += if query.pattern().is_empty() { " and $2::text = ''" } else { " and c.search like $2" };
    sql += match query.list() {
        None => " and $3::uuid is null",
        Some(_) => {
            " and exists (select 1 from contact_list_members m
                          where m.organization_id = $1 and m.list_id = $3 and m.contact_id = c.id)"
        }
    };
    sql += match query.tag() {
        None => " and $4::uuid is null",
        Some(_) => {
            " and exists (select 1 from contact_tags w
                          join tags t on t.organization_id = $1 and t.id = w.tag_id and t.archived_at is null
                         where w.organization_id = $1 and w.tag_id = $4 and w.contact_id = c.id)"
        }
    };
    if query.sort() == Sort::Email {
        sql += " and c.email is not null";
    }
    sql
}

/// One page of the contacts that `query` describes.
pub(super) async fn page(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Page<Row>> {
    let (cursor, going) = (query.cursor(), query.going());
    let (column, text) = key(query.sort());
    // Reading upwards: an ascending list forwards, or a descending one backwards.
    let is_up = query.is_descending() == (going == Going::Back);
    let (beyond, order) = if is_up { (">", "asc") } else { ("<", "desc") };
    let (after, order) = match query.sort() {
        Sort::Added => (format!("c.id {beyond} $6"), format!("c.id {order}")),
        _ => (format!("({column}, c.id) {beyond} ($5, $6)"), format!("{column} {order}, c.id {order}")),
    };
    let after =
        if cursor.is_some() { format!(" and {after} and $5::text is not null") } else { String::new() };
    let bound = if cursor.is_some() { "" } else { " and $5::text is null and $6::uuid is not null" };
    let sql = format!(
        "select c.id, c.first_name, c.last_name, c.email, c.phone, c.company, c.lifecycle_stage, c.created_at,
                {text} as sort_value
           from contacts_q c
          where {}{after}{bound}
          order by {order}
          limit $7",
        held(query),
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(query.pattern())
        .bind(query.list())
        .bind(query.tag())
        .bind(cursor.as_ref().map(|cursor| cursor.value.clone()))
        .bind(cursor.as_ref().map(|cursor| cursor.id).unwrap_or_default())
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .fetch_all(tx.conn())
        .await?;
    let at = |row: &Row| Cursor { value: row.sort_value.clone(), id: row.id };
    Ok(Page::cut(rows, going, cursor.is_none(), at))
}

/// What somebody is sorted by: their name, and their address.
pub(super) async fn sort_values(tx: &mut OrgTx, id: uuid::Uuid) -> sqlx::Result<Option<(String, String)>> {
    let org = tx.org();
    let found = sqlx::query!(
        r#"select sort_name as "name!", coalesce(email, '') as "email!" from contacts
            where organization_id = $1 and id = $2"#,
        org,
        id,
    );
    Ok(found.fetch_optional(tx.conn()).await?.map(|row| (row.name, row.email)))
}

/// Beyond so many, a number is not counted to its end.
pub(super) const MOST: i64 = 100_000;

/// How many contacts the view holds, up to one more than [`MOST`].
pub(super) async fn count(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<i64> {
    let sql = format!(
        "select count(*) from (select 1 from contacts_q c where {} limit {}) some_of_them",
        held(query),
        MOST + 1
    );
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(query.pattern())
        .bind(query.list())
        .bind(query.tag())
        .fetch_one(tx.conn())
        .await
}

/// How many contacts the organization has, archived ones left aside; not counted beyond [`MOST`].
pub(super) async fn is_empty(tx: &mut OrgTx) -> sqlx::Result<bool> {
    let org = tx.org();
    let is_any = sqlx::query_scalar!(
        r#"select exists (select 1 from contacts where organization_id = $1) as "exists!""#,
        org,
    );
    Ok(!is_any.fetch_one(tx.conn()).await?)
}

/// The ids of those in the view, for a change of all of them.
pub(super) async fn matching(tx: &mut OrgTx, query: &ListQuery) -> sqlx::Result<Vec<uuid::Uuid>> {
    let sql = format!("select c.id from contacts_q c where {} limit {}", held(query), MOST);
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(query.pattern())
        .bind(query.list())
        .bind(query.tag())
        .fetch_all(tx.conn())
        .await
}
