//! The SQL of a deal's contacts.

use chrono::{DateTime, Utc};

use super::Person;
use crate::{contacts::ContactId, deals::DealId, tenancy::OrgTx};

pub(super) async fn of_deal(tx: &mut OrgTx, deal: DealId) -> sqlx::Result<Vec<Person>> {
    let org = tx.org();
    sqlx::query_as!(
        Person,
        "select c.id, c.first_name, c.last_name, c.company, c.email, c.phone, k.is_primary
           from deal_contacts k
           join contacts c on c.organization_id = $1 and c.id = k.contact_id
          where k.organization_id = $1 and k.deal_id = $2
          order by k.is_primary desc, k.added_at, c.id",
        org,
        deal as DealId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    deal: DealId,
    contact: ContactId,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into deal_contacts (organization_id, deal_id, contact_id, is_primary, added_at)
         values ($1, $2, $3, not exists (select 1 from deal_contacts where organization_id = $1 and deal_id = $2), $4)
             on conflict (organization_id, deal_id, contact_id) do nothing",
        org,
        deal as DealId,
        contact as ContactId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Takes somebody out; says whether they were in and were the primary one.
pub(super) async fn remove(tx: &mut OrgTx, deal: DealId, contact: ContactId) -> sqlx::Result<Option<bool>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "delete from deal_contacts where organization_id = $1 and deal_id = $2 and contact_id = $3
         returning is_primary",
        org,
        deal as DealId,
        contact as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Makes whoever was added first the primary one.
pub(super) async fn promote_first(tx: &mut OrgTx, deal: DealId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update deal_contacts set is_primary = true
          where organization_id = $1 and deal_id = $2
            and contact_id = (select contact_id from deal_contacts where organization_id = $1 and deal_id = $2
                               order by added_at, contact_id limit 1)",
        org,
        deal as DealId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Nobody is the primary one for a moment: two at once are never there.
pub(super) async fn demote(tx: &mut OrgTx, deal: DealId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update deal_contacts set is_primary = false where organization_id = $1 and deal_id = $2 and is_primary",
        org,
        deal as DealId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn promote(tx: &mut OrgTx, deal: DealId, contact: ContactId) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update deal_contacts set is_primary = true
          where organization_id = $1 and deal_id = $2 and contact_id = $3",
        org,
        deal as DealId,
        contact as ContactId,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
