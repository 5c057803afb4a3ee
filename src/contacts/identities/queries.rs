//! The SQL of identities.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Identity, IdentityId, kind::Value, step::Columns};
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn zone(tx: &mut OrgTx) -> sqlx::Result<String> {
    let org = tx.org();
    sqlx::query_scalar!("select time_zone from organizations where id = $1", org).fetch_one(tx.conn()).await
}

pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Identity>> {
    let org = tx.org();
    sqlx::query_as!(
        Identity,
        "select id, kind, value, is_primary, created_at from contact_identities
          where organization_id = $1 and contact_id = $2
          order by array_position(array['email', 'phone', 'whatsapp', 'telegram', 'external_id', 'customer_code'], kind),
                   is_primary desc, id
          limit 100",
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// One of somebody's identities, which nobody else changes until the transaction ends.
pub(super) async fn held(
    tx: &mut OrgTx,
    (contact, id): (ContactId, IdentityId),
) -> sqlx::Result<Option<Identity>> {
    let org = tx.org();
    sqlx::query_as!(
        Identity,
        "select id, kind, value, is_primary, created_at from contact_identities
          where organization_id = $1 and contact_id = $2 and id = $3 for update",
        org,
        contact as ContactId,
        id as IdentityId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Who but this one is known by it: id and name.
pub(super) async fn holder(
    tx: &mut OrgTx,
    itself: Uuid,
    (kind, norm): (&str, &str),
) -> sqlx::Result<Option<(Uuid, String)>> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select c.id, coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email,
                               nullif(c.phone, ''), 'Nameless') as "name!"
             from contacts c
            where c.organization_id = $1 and c.id <> $2
              and c.id in (select i.contact_id from contact_identities i
                            where i.organization_id = $1 and i.kind = $3 and i.value_norm = $4
                           union all
                           select e.id from contacts e where e.organization_id = $1 and $3 = 'email' and e.email = $4)
            limit 1"#,
        org,
        itself,
        kind,
        norm,
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(|row| (row.id, row.name)))
}

/// What these contacts name: id, address, number, customer number.
pub(super) async fn named(
    tx: &mut OrgTx,
    whom: &[Uuid],
) -> sqlx::Result<Vec<(Uuid, String, String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select id, coalesce(email, '') as "email!", phone, customer_code from contacts
            where organization_id = $1 and id = any($2)"#,
        org,
        whom,
    );
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.email, row.phone, row.customer_code)).collect())
}

/// Forgets what these contacts named before and name no more.
pub(super) async fn forget_others(tx: &mut OrgTx, whom: &[Uuid], columns: &Columns) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_identities i
          where i.organization_id = $1 and i.contact_id = any($2) and i.is_primary
            and i.kind in ('email', 'phone', 'customer_code')
            and (i.contact_id, i.kind, i.value_norm) not in
                (select n.contact, n.kind, n.norm from unnest($3::uuid[], $4::text[], $5::text[]) n (contact, kind, norm))",
        org,
        whom,
        &columns.contacts,
        &columns.kinds,
        &columns.norms,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps these as primary ones; what another contact has stays theirs.
pub(super) async fn keep(tx: &mut OrgTx, columns: &Columns, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
         select $1, n.id, n.contact, n.kind, n.value, n.norm, true, $7
           from (select distinct on (all_of.kind, all_of.norm) all_of.*
                   from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
                        all_of (id, contact, kind, value, norm)
                  order by all_of.kind, all_of.norm, all_of.id) n
         on conflict (organization_id, kind, value_norm) do update
            set is_primary = true, value = excluded.value
          where contact_identities.contact_id = excluded.contact_id",
        org,
        &columns.ids,
        &columns.contacts,
        &columns.kinds,
        &columns.values,
        &columns.norms,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The contact gets the primary one of a kind as its own, or nothing where there is none.
pub(super) async fn lead(
    tx: &mut OrgTx,
    contact: ContactId,
    kind: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts c
            set email = case when $3 = 'email' then i.value else c.email end,
                phone = case when $3 = 'phone' then coalesce(i.value, '') else c.phone end,
                customer_code = case when $3 = 'customer_code' then coalesce(i.value, '') else c.customer_code end,
                updated_at = $4
           from (select max(value) as value from contact_identities
                  where organization_id = $1 and contact_id = $2 and kind = $3 and is_primary) i
          where c.organization_id = $1 and c.id = $2",
        org,
        contact as ContactId,
        kind,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds one, the first of its kind as the primary one. `false` when it is somebody's already.
pub(super) async fn insert(
    tx: &mut OrgTx,
    contact: ContactId,
    (kind, value): (&str, &Value),
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into contact_identities (organization_id, id, contact_id, kind, value, value_norm, is_primary, created_at)
         select $1, $2, $3, $4, $5, $6,
                not exists (select from contact_identities
                             where organization_id = $1 and contact_id = $3 and kind = $4 and is_primary), $7
         on conflict do nothing",
        org,
        IdentityId::new() as IdentityId,
        contact as ContactId,
        kind,
        value.value,
        value.norm,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes one of somebody's the primary one of its kind, or the one that is known longest.
pub(super) async fn make_primary(
    tx: &mut OrgTx,
    contact: ContactId,
    kind: &str,
    which: Option<IdentityId>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_identities set is_primary = false
          where organization_id = $1 and contact_id = $2 and kind = $3 and is_primary",
        org,
        contact as ContactId,
        kind,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update contact_identities set is_primary = true
          where organization_id = $1 and id =
                (select id from contact_identities
                  where organization_id = $1 and contact_id = $2 and kind = $3 and ($4::uuid is null or id = $4)
                  order by id limit 1)",
        org,
        contact as ContactId,
        kind,
        which as Option<IdentityId>,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn delete(tx: &mut OrgTx, id: IdentityId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from contact_identities where organization_id = $1 and id = $2",
        org,
        id as IdentityId
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
