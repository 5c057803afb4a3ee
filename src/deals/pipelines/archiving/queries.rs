//! The SQL of archived pipelines.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Away, There};
use crate::{
    deals::pipelines::{PipelineId, StageId},
    tenancy::OrgTx,
};

/// Nobody else changes which pipelines there are until the transaction ends, and no deal comes into a stage of one.
pub(super) async fn lock_all(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("select 1 as one from pipelines where organization_id = $1 order by id for update", org)
        .fetch_all(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn away(tx: &mut OrgTx) -> sqlx::Result<Vec<Away>> {
    let org = tx.org();
    sqlx::query_as!(
        Away,
        r#"select l.id as "id: PipelineId", l.name, l.archived_at as "archived_at!", p.name as "by?"
             from pipelines l
             left join user_profiles p on p.user_id = l.archived_by
            where l.organization_id = $1 and l.archived_at is not null
            order by l.archived_at desc, l.id
            limit 100"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// The archived pipeline with this id, or with this stage.
pub(super) async fn meant(
    tx: &mut OrgTx,
    pipeline: Option<Uuid>,
    stage: Option<Uuid>,
) -> sqlx::Result<Option<Away>> {
    let org = tx.org();
    sqlx::query_as!(
        Away,
        r#"select l.id as "id: PipelineId", l.name, l.archived_at as "archived_at!", p.name as "by?"
             from pipelines l
             left join user_profiles p on p.user_id = l.archived_by
            where l.organization_id = $1 and l.archived_at is not null
              and (l.id = $2 or l.id in (select s.pipeline_id from pipeline_stages s
                                          where s.organization_id = $1 and s.id = $3))
            limit 1"#,
        org,
        pipeline,
        stage,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Whether a deal is in it, archived ones too.
pub(super) async fn holds(tx: &mut OrgTx, id: PipelineId) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from deals where organization_id = $1 and pipeline_id = $2) as "holds!""#,
        org,
        id as PipelineId,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn put_away(
    tx: &mut OrgTx,
    id: PipelineId,
    by: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update pipelines set archived_at = $4, archived_by = $3 where organization_id = $1 and id = $2",
        org,
        id as PipelineId,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn bring_back(tx: &mut OrgTx, id: PipelineId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update pipelines set archived_at = null, archived_by = null where organization_id = $1 and id = $2",
        org,
        id as PipelineId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a pipeline before all others, archived ones too: none of these comes back as the first.
pub(super) async fn make_first(tx: &mut OrgTx, id: PipelineId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update pipelines
            set position = (select min(o.position) - 1 from pipelines o where o.organization_id = $1)
          where organization_id = $1 and id = $2",
        org,
        id as PipelineId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many deals left it when it was archived.
pub(super) async fn that_left(tx: &mut OrgTx, away: &Away) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(distinct deal_id) as "left!" from deal_stage_history
            where organization_id = $1 and from_pipeline_id = $2 and moved_at = $3 and pipeline_id <> $2"#,
        org,
        away.id as PipelineId,
        away.archived_at,
    )
    .fetch_one(tx.conn())
    .await
}

/// Where the deals are that left it when it was archived.
pub(super) async fn there(tx: &mut OrgTx, away: &Away) -> sqlx::Result<Vec<There>> {
    let org = tx.org();
    sqlx::query_as!(
        There,
        r#"select p.id as "pipeline_id: PipelineId", p.name as pipeline, s.id as "stage_id: StageId", s.name as stage,
                  count(*) as "deals!"
             from deals d
             join pipelines p on p.organization_id = $1 and p.id = d.pipeline_id
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            where d.organization_id = $1 and d.archived_at is null
              and d.id in (select h.deal_id from deal_stage_history h
                            where h.organization_id = $1 and h.from_pipeline_id = $2 and h.moved_at = $3
                              and h.pipeline_id <> $2)
            group by p.position, p.id, p.name, s.id, s.name, s.kind, s.position
            order by p.position, p.id, array_position(array['open', 'won', 'lost'], s.kind), s.position"#,
        org,
        away.id as PipelineId,
        away.archived_at,
    )
    .fetch_all(tx.conn())
    .await
}
