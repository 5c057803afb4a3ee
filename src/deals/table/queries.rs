//! The SQL of the table, put together out of parts that stand here; what people type is always bound.

use sqlx::AssertSqlSafe;

use super::{DealQuery, Row, Sort};
use crate::{
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

/// What a column is in SQL, what it is as the text of a cursor, and how that is read again.
fn key(sort: Sort) -> (&'static str, &'static str, &'static str) {
    match sort {
        Sort::Made => ("''::text", "''::text", "text"),
        Sort::Name => ("d.sort_name", "d.sort_name", "text"),
        Sort::Value => ("d.sort_value", "d.sort_value", "text"),
        Sort::Close => {
            let date = "coalesce(d.expected_close_on, 'infinity'::date)";
            (date, "coalesce(d.expected_close_on::text, 'infinity')", "date")
        }
        Sort::Age => {
            let text = r#"to_char(d.stage_since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"#;
            ("d.stage_since", text, "timestamptz")
        }
    }
}

/// Which deals the table holds: `$1` the organization, `$2` the pattern, `$3` pipeline, `$4` stage, `$5` owner.
fn held(query: &DealQuery) -> String {
    let archived = if query.is_archived() { "is not null" } else { "is null" };
    format!(
        "d.organization_id = $1 and d.archived_at {archived} and ($2::text = '' or d.sort_name like $2)
         and ($3::uuid is null or d.pipeline_id = $3) and ($4::uuid is null or d.stage_id = $4)
         and ($5::uuid is null or d.owner_id = $5)"
    )
}

/// One page of the deals that `query` describes.
pub(in crate::deals) async fn page(tx: &mut OrgTx, query: &DealQuery) -> sqlx::Result<Page<Row>> {
    let (cursor, going) = (query.cursor(), query.going());
    let (column, text, kind) = key(query.sort());
    // The longest in its stage is the one that came into it first.
    let falls = query.is_descending() != (query.sort() == Sort::Age);
    let is_up = falls == (going == Going::Back);
    let (beyond, order) = if is_up { (">", "asc") } else { ("<", "desc") };
    let after = match cursor {
        Some(_) => format!("({column}, d.id) {beyond} ($6::text::{kind}, $7::uuid)"),
        None => "$6::text is null and $7::uuid is null".to_owned(),
    };
    let sql = format!(
        "select d.id, d.name, s.name as stage, s.kind, s.rot_days, d.value_minor, d.currency,
                coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email, c.phone) as contact,
                p.name as owner, d.expected_close_on, d.stage_since, {text} as sort_key
           from deals d
           join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
           left join user_profiles p on p.user_id = d.owner_id
           left join deal_contacts k on k.organization_id = $1 and k.deal_id = d.id and k.is_primary
           left join contacts c on c.organization_id = $1 and c.id = k.contact_id
          where {} and {after}
          order by {column} {order}, d.id {order}
          limit $8",
        held(query),
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(query.pattern())
        .bind(query.pipeline.parse::<uuid::Uuid>().ok())
        .bind(query.stage.parse::<uuid::Uuid>().ok())
        .bind(query.owner.parse::<uuid::Uuid>().ok())
        .bind(cursor.as_ref().map(|cursor| cursor.value.clone()))
        .bind(cursor.as_ref().map(|cursor| cursor.id))
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .fetch_all(tx.conn())
        .await?;
    let at = |row: &Row| Cursor { value: row.sort_key.clone(), id: row.id };
    Ok(Page::cut(rows, going, cursor.is_none(), at))
}

/// Beyond so many, a number is not counted to its end.
pub(in crate::deals) const MOST: i64 = 100_000;

/// How many deals the table holds, up to one more than [`MOST`].
pub(in crate::deals) async fn count(tx: &mut OrgTx, query: &DealQuery) -> sqlx::Result<i64> {
    let sql =
        format!("select count(*) from (select 1 from deals d where {} limit {}) x", held(query), MOST + 1);
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(query.pattern())
        .bind(query.pipeline.parse::<uuid::Uuid>().ok())
        .bind(query.stage.parse::<uuid::Uuid>().ok())
        .bind(query.owner.parse::<uuid::Uuid>().ok())
        .fetch_one(tx.conn())
        .await
}
