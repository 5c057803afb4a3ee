//! The SQL of a new deal.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::NewDeal;
use crate::{
    deals::{
        DealId,
        pipelines::{PipelineId, Stage, StageId},
    },
    tenancy::OrgTx,
};

pub(super) async fn insert(
    tx: &mut OrgTx,
    (id, stage): (DealId, &Stage),
    new: &NewDeal,
    (by, now): (Option<Uuid>, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into deals (organization_id, id, name, pipeline_id, stage_id, value_minor, currency, expected_close_on,
                            source, owner_id, stage_since, created_by, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $12, $11, $12, $12)",
        org,
        id as DealId,
        new.name,
        stage.pipeline_id as PipelineId,
        stage.id as StageId,
        new.value.minor,
        new.value.currency,
        new.expected_close_on,
        new.source,
        new.owner,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The contacts of a new deal, the first of them the primary one.
pub(super) async fn insert_contacts(
    tx: &mut OrgTx,
    id: DealId,
    contacts: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into deal_contacts (organization_id, deal_id, contact_id, is_primary, added_at)
         select $1, $2, c.id, c.n = 1, $4 from unnest($3::uuid[]) with ordinality c (id, n)
             on conflict do nothing",
        org,
        id as DealId,
        contacts,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn last_currency(tx: &mut OrgTx) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!("select currency from deals where organization_id = $1 order by id desc limit 1", org)
        .fetch_optional(tx.conn())
        .await
}
