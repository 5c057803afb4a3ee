//! The SQL of moving deals.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    deals::{
        DealId,
        pipelines::{PipelineId, Stage, StageId},
    },
    tenancy::OrgTx,
};

/// Puts a deal into a stage: over where the stage is an end, and not over where it is none.
pub(super) async fn step(
    tx: &mut OrgTx,
    deal: DealId,
    (to, reason): (&Stage, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update deals
            set stage_id = $3, stage_since = $4, updated_at = $4, lost_reason = $5,
                actual_close_at = case when $6 then $4::timestamptz end
          where organization_id = $1 and id = $2",
        org,
        deal as DealId,
        to.id as StageId,
        now,
        reason,
        to.is_end(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes into the history of each of these deals that it came into this stage.
pub(super) async fn remember(
    tx: &mut OrgTx,
    deals: &[Uuid],
    (from, to, reason): (Option<StageId>, &Stage, &str),
    (by, now): (Option<Uuid>, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    let ids: Vec<Uuid> = deals.iter().map(|_| Uuid::now_v7()).collect();
    sqlx::query!(
        "insert into deal_stage_history
             (organization_id, deal_id, id, pipeline_id, from_stage_id, to_stage_id, reason, moved_by, moved_at)
         select $1, d.deal, d.id, $4, $5, $6, $7, $8, $9 from unnest($2::uuid[], $3::uuid[]) d (deal, id)",
        org,
        deals,
        &ids,
        to.pipeline_id as PipelineId,
        from as Option<StageId>,
        to.id as StageId,
        reason,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Moves every deal of a stage, archived ones too, and gives them.
pub(super) async fn everybody(
    tx: &mut OrgTx,
    from: &Stage,
    to: &Stage,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update deals set stage_id = $4, stage_since = $5, updated_at = $5
          where organization_id = $1 and pipeline_id = $2 and stage_id = $3
        returning id",
        org,
        from.pipeline_id as PipelineId,
        from.id as StageId,
        to.id as StageId,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// These deals with their contacts.
pub(super) async fn with_contacts(tx: &mut OrgTx, all: &[Uuid]) -> sqlx::Result<Vec<(DealId, Vec<Uuid>)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select d.id,
                  array(select c.contact_id from deal_contacts c
                         where c.organization_id = $1 and c.deal_id = d.id order by c.contact_id) as "contacts!"
             from deals d where d.organization_id = $1 and d.id = any($2)"#,
        org,
        all,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (DealId(row.id), row.contacts)).collect())
}
