//! All SQL of drafts, their steps and what was frozen of them.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Change, Draft, Step};
use crate::{
    designs::{
        document::{Block, Document},
        render::{Rendered, fingerprint},
        styles::Styles,
    },
    tenancy::OrgTx,
};

pub(super) struct Head {
    id: Uuid,
    name: String,
    is_archived: bool,
    settings: Value,
    rev: i64,
    cursor: i32,
    changed_by: String,
    undo: String,
    redo: String,
}

impl Head {
    pub(super) fn styles(&self) -> Styles {
        serde_json::from_value(self.settings.clone()).unwrap_or_default()
    }

    pub(super) fn with(self, document: Document) -> Draft {
        let Self { id, name, is_archived, rev, cursor, changed_by, undo, redo, .. } = self;
        Draft { id, name, is_archived, rev, cursor, changed_by, document, undo, redo }
    }
}

pub(super) async fn head(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Option<Head>> {
    let org = tx.org();
    sqlx::query_as!(
        Head,
        r#"select d.id, d.name, d.archived_at is not null as "is_archived!", d.settings, d.rev, d.cursor, d.changed_by,
                  coalesce(done.summary, '') as "undo!", coalesce(undone.summary, '') as "redo!"
             from designs d
             left join design_steps done
               on done.organization_id = d.organization_id and done.design_id = d.id and done.seq = d.cursor
             left join design_steps undone
               on undone.organization_id = d.organization_id and undone.design_id = d.id and undone.seq = d.cursor + 1
            where d.organization_id = $1 and d.id = $2"#,
        org,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Keeps others from changing this design until the transaction ends.
pub async fn lock(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("select id from designs where organization_id = $1 and id = $2 for update", org, id)
        .fetch_optional(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn blocks(tx: &mut OrgTx, design: Uuid) -> sqlx::Result<Vec<Block>> {
    let org = tx.org();
    sqlx::query_as!(
        Block,
        r#"select id, parent_id as parent, column_no as "column", position, kind, props, rev
             from design_blocks where organization_id = $1 and design_id = $2 order by position, id"#,
        org,
        design,
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes what changed.
pub(super) async fn write(tx: &mut OrgTx, design: Uuid, change: &Change, rev: i64) -> sqlx::Result<()> {
    let (written, removed) = change.rows(rev);
    put(tx, design, &written).await?;
    let org = tx.org();
    sqlx::query!(
        "delete from design_blocks where organization_id = $1 and design_id = $2 and id = any($3)",
        org,
        design,
        &removed,
    )
    .execute(tx.conn())
    .await?;
    if let Some((_, after)) = &change.styles {
        sqlx::query!(
            "update designs set settings = $3 where organization_id = $1 and id = $2",
            org,
            design,
            json!(after),
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// Adds blocks, or gives those that are there these places and properties.
pub async fn put(tx: &mut OrgTx, design: Uuid, blocks: &[Block]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        r#"insert into design_blocks (organization_id, design_id, id, parent_id, column_no, position, kind, props, rev)
           select $1, $2, b.id, b.parent, b."column", b.position, b.kind, b.props, b.rev
             from jsonb_to_recordset($3)
                  as b (id uuid, parent uuid, "column" smallint, position integer, kind text, props jsonb, rev bigint)
           on conflict (organization_id, id) do update
              set parent_id = excluded.parent_id, column_no = excluded.column_no, position = excluded.position,
                  kind = excluded.kind, props = excluded.props, rev = excluded.rev
            where design_blocks.design_id = excluded.design_id"#,
        org,
        design,
        json!(blocks),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A step as it is kept.
pub(super) struct Kept {
    pub summary: String,
    pub block_id: Option<Uuid>,
    pub made_by: String,
    pub made_at: DateTime<Utc>,
    change: Value,
}

impl Kept {
    pub(super) fn change(&self) -> Change {
        serde_json::from_value(self.change.clone()).unwrap_or_default()
    }
}

pub(super) async fn step(tx: &mut OrgTx, design: Uuid, seq: i32) -> sqlx::Result<Option<Kept>> {
    let org = tx.org();
    sqlx::query_as!(
        Kept,
        "select summary, block_id, made_by, made_at, change from design_steps
          where organization_id = $1 and design_id = $2 and seq = $3",
        org,
        design,
        seq,
    )
    .fetch_optional(tx.conn())
    .await
}

/// A new change ends what could be done again; of the past, the newest steps are kept.
pub(super) async fn drop_undone(tx: &mut OrgTx, design: Uuid, cursor: i32, most: i32) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from design_steps
          where organization_id = $1 and design_id = $2 and (seq > $3 or seq <= $3 - $4::integer)",
        org,
        design,
        cursor,
        most,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn add_step(
    tx: &mut OrgTx,
    draft: &Draft,
    step: Step<'_>,
    change: &Change,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (org, by) = (tx.org(), tx.actor().name.clone());
    let summary: String = step.summary.chars().take(200).collect();
    sqlx::query!(
        "insert into design_steps (organization_id, design_id, seq, summary, block_id, change, made_by, made_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        org,
        draft.id,
        draft.cursor + 1,
        summary,
        step.typing,
        json!(change),
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Typing that goes on becomes part of the last step.
pub(super) async fn go_on(
    tx: &mut OrgTx,
    draft: &Draft,
    change: &Change,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update design_steps set change = $4, made_at = $5
          where organization_id = $1 and design_id = $2 and seq = $3",
        org,
        draft.id,
        draft.cursor,
        json!(change),
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn advance(
    tx: &mut OrgTx,
    design: Uuid,
    rev: i64,
    cursor: i32,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (org, by) = (tx.org(), tx.actor().name.clone());
    sqlx::query!(
        "update designs set rev = $3, cursor = $4, changed_by = $5, updated_at = $6
          where organization_id = $1 and id = $2",
        org,
        design,
        rev,
        cursor,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps a version, or finds the one that is the same; gives its id.
pub async fn keep_version(
    tx: &mut OrgTx,
    design: Uuid,
    rendered: &Rendered,
    blocks: Value,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let (org, by) = (tx.org(), tx.actor().name.clone());
    sqlx::query_scalar!(
        "insert into design_versions
             (organization_id, id, design_id, blocks, html, plain_text, sha256, size_bytes, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         on conflict (organization_id, design_id, sha256) do update set sha256 = excluded.sha256
         returning id",
        org,
        Uuid::now_v7(),
        design,
        blocks,
        rendered.html,
        rendered.text,
        fingerprint(rendered),
        i32::try_from(rendered.html.len()).unwrap_or(i32::MAX),
        by,
        now,
    )
    .fetch_one(tx.conn())
    .await
}
