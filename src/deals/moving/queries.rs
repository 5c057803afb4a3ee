//! The SQL of moving deals.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::leaving::Passed;
use crate::{
    deals::{
        DealId,
        pipelines::{Kind, PipelineId, Stage, StageId},
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
             (organization_id, deal_id, id, pipeline_id, from_pipeline_id, from_stage_id, to_stage_id, reason, moved_by,
              moved_at)
         select $1, d.deal, d.id, $4, case when $5::uuid is not null then $4::uuid end, $5, $6, $7, $8, $9
           from unnest($2::uuid[], $3::uuid[]) d (deal, id)",
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

/// Moves every deal of a pipeline, archived ones too: open ones to this stage of another pipeline, those that are over
/// to its won or lost one.
pub(super) async fn leave(
    tx: &mut OrgTx,
    from: PipelineId,
    to: &Stage,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Passed>> {
    let org = tx.org();
    sqlx::query_as!(
        Passed,
        r#"update deals d set pipeline_id = $3, stage_id = t.id, stage_since = $5, updated_at = $5
             from pipeline_stages f, pipeline_stages t
            where d.organization_id = $1 and d.pipeline_id = $2
              and f.organization_id = $1 and f.pipeline_id = $2 and f.id = d.stage_id
              and t.organization_id = $1 and t.pipeline_id = $3
              and t.id = case f.kind when 'open' then $4::uuid
                         else (select e.id from pipeline_stages e
                                where e.organization_id = $1 and e.pipeline_id = $3 and e.kind = f.kind) end
        returning d.id as deal, f.kind as "kind: Kind", f.id as "from", f.name as from_name, t.id as "to", t.name as to_name"#,
        org,
        from as PipelineId,
        to.pipeline_id as PipelineId,
        to.id as StageId,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// The pipelines to which deals went from this one at that moment.
pub(super) async fn where_they_went(
    tx: &mut OrgTx,
    from: PipelineId,
    at: DateTime<Utc>,
) -> sqlx::Result<Vec<(PipelineId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select p.id, p.name from pipelines p
          where p.organization_id = $1 and p.id <> $2 and p.archived_at is null
            and exists (select from deal_stage_history h
                         where h.organization_id = $1 and h.from_pipeline_id = $2 and h.moved_at = $3
                           and h.pipeline_id = p.id)",
        org,
        from as PipelineId,
        at,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (PipelineId(row.id), row.name)).collect())
}

/// Puts deals back that went from the one pipeline to the other at that moment, where that was the last that happened
/// to them. How long they were in their stages counts on as if they had never left.
pub(super) async fn come_back(
    tx: &mut OrgTx,
    (home, from): (PipelineId, PipelineId),
    left_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Passed>> {
    let org = tx.org();
    sqlx::query_as!(
        Passed,
        r#"update deals d
              set pipeline_id = $2, stage_id = h.from_stage_id, updated_at = $5,
                  stage_since = coalesce((select max(b.moved_at) from deal_stage_history b
                                           where b.organization_id = $1 and b.deal_id = h.deal_id
                                             and (b.moved_at, b.id) < (h.moved_at, h.id)), $5)
             from deal_stage_history h, pipeline_stages f, pipeline_stages t
            where h.organization_id = $1 and h.from_pipeline_id = $2 and h.pipeline_id = $3 and h.moved_at = $4
              and not exists (select from deal_stage_history l
                               where l.organization_id = $1 and l.deal_id = h.deal_id
                                 and (l.moved_at, l.id) > (h.moved_at, h.id))
              and d.organization_id = $1 and d.id = h.deal_id and d.pipeline_id = $3 and d.stage_id = h.to_stage_id
              and f.organization_id = $1 and f.pipeline_id = $3 and f.id = h.to_stage_id
              and t.organization_id = $1 and t.pipeline_id = $2 and t.id = h.from_stage_id
        returning d.id as deal, t.kind as "kind: Kind", f.id as "from", f.name as from_name, t.id as "to", t.name as to_name"#,
        org,
        home as PipelineId,
        from as PipelineId,
        left_at,
        now,
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes into the history of each of these that it came from one pipeline into another one.
pub(super) async fn remember_all(
    tx: &mut OrgTx,
    (from, to): (PipelineId, PipelineId),
    all: &[Passed],
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    let deals: Vec<Uuid> = all.iter().map(|one| one.deal).collect();
    let ids: Vec<Uuid> = all.iter().map(|_| Uuid::now_v7()).collect();
    let left: Vec<Uuid> = all.iter().map(|one| one.from).collect();
    let came: Vec<Uuid> = all.iter().map(|one| one.to).collect();
    sqlx::query!(
        "insert into deal_stage_history
             (organization_id, deal_id, id, pipeline_id, from_pipeline_id, from_stage_id, to_stage_id, moved_by, moved_at)
         select $1, m.deal, m.id, $7, $6, m.left_id, m.came_id, $8, $9
           from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[]) m (deal, id, left_id, came_id)",
        org,
        &deals,
        &ids,
        &left,
        &came,
        from as PipelineId,
        to as PipelineId,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
