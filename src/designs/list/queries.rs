//! All SQL of the list of designs.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use crate::{
    designs::{document::Document, draft},
    tenancy::OrgTx,
};

/// Rows that the list shows; a workspace has dozens, not thousands.
const MOST: i64 = 300;

/// A design in the list.
pub(super) struct Listed {
    pub id: Uuid,
    pub name: String,
    pub is_archived: bool,
    pub changed_by: String,
    pub updated_at: DateTime<Utc>,
    pub blocks: i64,
}

pub(super) async fn all(tx: &mut OrgTx, is_archived: bool, pattern: &str) -> sqlx::Result<Vec<Listed>> {
    let org = tx.org();
    sqlx::query_as!(
        Listed,
        r#"select d.id, d.name, d.archived_at is not null as "is_archived!", d.changed_by, d.updated_at,
                  (select count(*) from design_blocks b
                    where b.organization_id = d.organization_id and b.design_id = d.id) as "blocks!"
             from designs d
            where d.organization_id = $1 and (d.archived_at is not null) = $2 and d.name ilike $3
            order by d.updated_at desc, d.id
            limit $4"#,
        org,
        is_archived,
        pattern,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Adds a design with this document.
pub(super) async fn add(
    tx: &mut OrgTx,
    name: &str,
    document: &Document,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let (org, id, by) = (tx.org(), Uuid::now_v7(), tx.actor().name.clone());
    sqlx::query!(
        "insert into designs (organization_id, id, name, settings, changed_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $6)",
        org,
        id,
        name,
        json!(document.styles),
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    draft::queries::put(tx, id, &document.blocks).await?;
    Ok(id)
}

pub(super) async fn rename(tx: &mut OrgTx, id: Uuid, name: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update designs set name = $3, updated_at = $4 where organization_id = $1 and id = $2",
        org,
        id,
        name,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a design away, or takes it out again; gives its name.
pub(super) async fn set_archived(
    tx: &mut OrgTx,
    id: Uuid,
    at: Option<DateTime<Utc>>,
) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update designs set archived_at = $3 where organization_id = $1 and id = $2 returning name",
        org,
        id,
        at,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The designs whose draft names a field, the last changed first: id and name.
pub(super) async fn naming(tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r"select d.id, d.name from designs d
           where d.organization_id = $1 and d.archived_at is null
             and exists (select 1 from design_blocks b
                          where b.organization_id = $1 and b.design_id = d.id
                            and b.props::text ~ ('contact\.' || $2::text || '($|[^a-z0-9_])'))
           order by d.updated_at desc, d.id
           limit 50",
        org,
        key,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}
