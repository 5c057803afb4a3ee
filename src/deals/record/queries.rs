//! The SQL of one deal's page.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Passage, facts::Facts};
use crate::{deals::DealId, tenancy::OrgTx};

/// Every stage that a deal was in, the last one first.
pub(super) async fn history(tx: &mut OrgTx, id: DealId, now: DateTime<Utc>) -> sqlx::Result<Vec<Passage>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select case when h.from_pipeline_id <> h.pipeline_id then o.name || ': ' || f.name else f.name end as "from?",
                  case when h.from_pipeline_id <> h.pipeline_id then w.name || ': ' || t.name else t.name end as "to!", h.reason, p.name as "by?", h.moved_at,
                  lead(h.moved_at) over (order by h.moved_at, h.id) as left_at
             from deal_stage_history h
             join pipeline_stages t on t.organization_id = $1 and t.pipeline_id = h.pipeline_id and t.id = h.to_stage_id
             join pipelines w on w.organization_id = $1 and w.id = h.pipeline_id
             left join pipelines o on o.organization_id = $1 and o.id = h.from_pipeline_id
             left join pipeline_stages f
               on f.organization_id = $1 and f.pipeline_id = h.from_pipeline_id and f.id = h.from_stage_id
             left join user_profiles p on p.user_id = h.moved_by
            where h.organization_id = $1 and h.deal_id = $2
            order by h.moved_at desc, h.id desc
            limit 200"#,
        org,
        id as DealId,
    );
    let passage =
        |left: Option<DateTime<Utc>>, at: DateTime<Utc>| (left.unwrap_or(now) - at).max(TimeDelta::zero());
    Ok(rows
        .fetch_all(tx.conn())
        .await?
        .into_iter()
        .map(|row| Passage {
            from: row.from,
            to: row.to,
            reason: row.reason,
            by: row.by,
            moved_at: row.moved_at,
            stayed: passage(row.left_at, row.moved_at),
        })
        .collect())
}

pub(super) async fn keep(tx: &mut OrgTx, id: DealId, facts: &Facts, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update deals
            set name = $3, value_minor = $4, currency = $5, probability = $6, expected_close_on = $7, owner_id = $8,
                source = $9, updated_at = $10
          where organization_id = $1 and id = $2",
        org,
        id as DealId,
        facts.name,
        facts.value.minor,
        facts.value.currency,
        facts.probability,
        facts.expected_close_on,
        facts.owner as Option<Uuid>,
        facts.source,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts a deal away, or brings it back. `false` where it was so already.
pub(super) async fn archive(
    tx: &mut OrgTx,
    id: DealId,
    archived_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update deals set archived_at = $3, updated_at = $4
          where organization_id = $1 and id = $2 and (archived_at is null) = ($3::timestamptz is not null)",
        org,
        id as DealId,
        archived_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
