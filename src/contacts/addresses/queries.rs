//! The SQL of postal addresses.

use chrono::{DateTime, Utc};

use super::{Address, AddressForm, AddressId};
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Address>> {
    let org = tx.org();
    sqlx::query_as!(
        Address,
        "select id, kind, lines, city, region, postcode, country, is_primary from postal_addresses
          where organization_id = $1 and contact_id = $2
          order by is_primary desc, id
          limit 100",
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// Writes an address of somebody, new or not. `false` where that id is another contact's.
pub(super) async fn keep(
    tx: &mut OrgTx,
    (contact, id): (ContactId, AddressId),
    form: &AddressForm,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let is_primary = form.primary == "on";
    if is_primary {
        sqlx::query!(
            "update postal_addresses set is_primary = false
              where organization_id = $1 and contact_id = $2 and id <> $3 and is_primary",
            org,
            contact as ContactId,
            id as AddressId,
        )
        .execute(tx.conn())
        .await?;
    }
    let done = sqlx::query!(
        "insert into postal_addresses (organization_id, id, contact_id, kind, lines, city, region, postcode, country,
                                       is_primary, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11)
         on conflict (organization_id, id) do update
            set kind = excluded.kind, lines = excluded.lines, city = excluded.city, region = excluded.region,
                postcode = excluded.postcode, country = excluded.country, is_primary = excluded.is_primary,
                updated_at = excluded.updated_at
          where postal_addresses.contact_id = excluded.contact_id",
        org,
        id as AddressId,
        contact as ContactId,
        form.kind,
        form.lines,
        form.city,
        form.region,
        form.postcode,
        form.country,
        is_primary,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// That the contact was changed: an undo of an import leaves them.
pub(super) async fn touch(tx: &mut OrgTx, contact: ContactId, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts set updated_at = $3 where organization_id = $1 and id = $2",
        org,
        contact as ContactId,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut OrgTx, (contact, id): (ContactId, AddressId)) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from postal_addresses where organization_id = $1 and contact_id = $2 and id = $3",
        org,
        contact as ContactId,
        id as AddressId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
