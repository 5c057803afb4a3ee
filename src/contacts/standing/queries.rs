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

/// The same for all of these who have another value, or who have this one where only they are meant. Nobody gets an
/// owner who is no member any more. Gives whom it changed, and what they had.
pub(super) async fn put_all(
    tx: &mut OrgTx,
    whom: &[Uuid],
    (fact, only, to): (Fact, Option<&str>, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"with had as (
               select id, case $3 when 'stage' then lifecycle_stage when 'lead_status' then lead_status
                          else coalesce(owner_id::text, '') end as was
                 from contacts
                where organization_id = $1 and id = any ($2) and merged_into is null
                order by id
                  for update
           )
           update contacts c
              set lifecycle_stage = case when $3 = 'stage' then $4 else c.lifecycle_stage end,
                  lead_status = case when $3 = 'lead_status' then $4 else c.lead_status end,
                  owner_id = case when $3 = 'owner' then $6 else c.owner_id end,
                  updated_at = $5
             from had
            where c.organization_id = $1 and c.id = had.id and had.was <> $4
              and ($7::text is null or had.was = $7)
              and ($6::uuid is null or $3 <> 'owner'
                   or exists (select from organization_members m where m.organization_id = $1 and m.user_id = $6))
          returning c.id, had.was as "was!""#,
        org,
        whom,
        fact.key(),
        to,
        now,
        to.parse::<Uuid>().ok(),
        only,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.was)).collect())
}
