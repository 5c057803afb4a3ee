//! The SQL of pipelines and their stages.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{DEFAULTS, Kind, PipelineId, Stage, StageId};
use crate::tenancy::OrgTx;

pub(super) async fn pipelines(tx: &mut OrgTx) -> sqlx::Result<Vec<(PipelineId, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, name from pipelines
          where organization_id = $1 and archived_at is null order by position, id limit 100",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (PipelineId(row.id), row.name)).collect())
}

/// The stages of every pipeline that deals can be in, in their order.
pub(super) async fn stages(tx: &mut OrgTx) -> sqlx::Result<Vec<Stage>> {
    let org = tx.org();
    sqlx::query_as!(
        Stage,
        r#"select id, pipeline_id, name, kind as "kind: Kind", probability, rot_days
             from pipeline_stages
            where organization_id = $1 and removed_at is null
            order by array_position(array['open', 'won', 'lost'], kind), position, id"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// The pipeline is locked before its stage, as by whoever removes the one or archives the other.
pub(super) async fn held(tx: &mut OrgTx, id: StageId) -> sqlx::Result<Option<Stage>> {
    let org = tx.org();
    sqlx::query_as!(
        Stage,
        r#"select s.id, s.pipeline_id, s.name, s.kind as "kind: Kind", s.probability, s.rot_days
             from pipelines p
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = p.id
            where p.organization_id = $1 and s.id = $2 and s.removed_at is null and p.archived_at is null
              for share"#,
        org,
        id as StageId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// `false` when another pipeline has the name.
pub(super) async fn insert(
    tx: &mut OrgTx,
    id: PipelineId,
    name: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into pipelines (organization_id, id, name, position, created_at)
         select $1, $2, $3, (select coalesce(max(position), 0) + 1 from pipelines where organization_id = $1), $4
             on conflict do nothing",
        org,
        id as PipelineId,
        name,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_defaults(tx: &mut OrgTx, id: PipelineId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    for (stage, position) in DEFAULTS.iter().zip(1..) {
        sqlx::query!(
            "insert into pipeline_stages
                 (organization_id, pipeline_id, id, name, kind, probability, rot_days, position, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
            org,
            id as PipelineId,
            StageId::new() as StageId,
            stage.name,
            stage.kind as Kind,
            stage.probability,
            stage.rot_days,
            position,
            now,
        )
        .execute(tx.conn())
        .await?;
    }
    Ok(())
}

/// `false` where there is no such pipeline, or another has the name.
pub(super) async fn rename(tx: &mut OrgTx, id: PipelineId, name: &str) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update pipelines set name = $3
          where organization_id = $1 and id = $2
            and not exists (select 1 from pipelines o
                             where o.organization_id = $1 and o.id <> $2 and lower(o.name) = lower($3))",
        org,
        id as PipelineId,
        name,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Nobody else changes the stages of this pipeline until the transaction ends.
pub(super) async fn lock(tx: &mut OrgTx, id: PipelineId) -> sqlx::Result<bool> {
    let org = tx.org();
    let found = sqlx::query!(
        "select 1 as one from pipelines where organization_id = $1 and id = $2 for update",
        org,
        id as PipelineId,
    );
    Ok(found.fetch_optional(tx.conn()).await?.is_some())
}

/// Adds an open stage behind the others, or changes one.
pub(super) async fn put_stage(tx: &mut OrgTx, stage: &Stage, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into pipeline_stages
             (organization_id, pipeline_id, id, name, kind, probability, rot_days, position, created_at)
         select $1, $2, $3, $4, $5, $6, $7, coalesce(max(position), 0) + 1, $8
           from pipeline_stages where organization_id = $1 and pipeline_id = $2
             on conflict (organization_id, pipeline_id, id)
             do update set name = excluded.name, probability = excluded.probability, rot_days = excluded.rot_days",
        org,
        stage.pipeline_id as PipelineId,
        stage.id as StageId,
        stage.name,
        stage.kind as Kind,
        stage.probability,
        stage.rot_days,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts the stages of a pipeline into this order.
pub(super) async fn order(tx: &mut OrgTx, id: PipelineId, stages: &[Uuid]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update pipeline_stages s set position = o.position
           from unnest($3::uuid[]) with ordinality o (id, position)
          where s.organization_id = $1 and s.pipeline_id = $2 and s.id = o.id",
        org,
        id as PipelineId,
        stages,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes a stage out of its pipeline once nobody holds it.
pub(super) async fn remove(tx: &mut OrgTx, stage: &Stage, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update pipeline_stages set removed_at = $4
          where organization_id = $1 and pipeline_id = $2 and id = $3",
        org,
        stage.pipeline_id as PipelineId,
        stage.id as StageId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How many deals each stage holds, archived ones too.
pub(super) async fn held_deals(tx: &mut OrgTx) -> sqlx::Result<Vec<(StageId, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select stage_id, count(*) as "count!" from deals where organization_id = $1 group by stage_id"#,
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (StageId(row.stage_id), row.count)).collect())
}
