//! The SQL of where people stand.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Fact;
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn members(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select m.user_id, p.name from organization_members m
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1 and m.status = 'active'
          order by lower(p.name), m.user_id
          limit 500",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.user_id.to_string(), row.name)).collect())
}

pub(super) async fn names(tx: &mut OrgTx, people: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let rows = sqlx::query!("select user_id, name from user_profiles where user_id = any($1)", people);
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.user_id, row.name)).collect())
}

/// Nobody else changes this person until the transaction ends.
pub(super) async fn lock(tx: &mut OrgTx, id: ContactId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select id from contacts where organization_id = $1 and id = $2 for update",
        org,
        id as ContactId
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn put(
    tx: &mut OrgTx,
    id: ContactId,
    (fact, to): (Fact, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts
            set lifecycle_stage = case when $3 = 'stage' then $4 else lifecycle_stage end,
                lead_status = case when $3 = 'lead_status' then $4 else lead_status end,
                owner_id = case when $3 = 'owner' then $6 else owner_id end,
                updated_at = $5
          where organization_id = $1 and id = $2",
        org,
        id as ContactId,
        fact.key(),
        to,
        now,
        to.parse::<Uuid>().ok(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
