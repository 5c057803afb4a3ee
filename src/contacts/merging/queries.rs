//! The SQL of making two records one, and of taking them apart.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Kept, Merge, MergeId};
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Merge>> {
    let org = tx.org();
    sqlx::query_as!(
        Merge,
        r#"select m.id, coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''),
                                 m.loser_before->>'email', nullif(c.phone, ''), 'Nameless') as "name!",
                  p.name as "by?", m.merged_at as at
             from contact_merges m
             join contacts c on c.organization_id = $1 and c.id = m.loser_id
             left join user_profiles p on p.user_id = m.merged_by
            where m.organization_id = $1 and m.winner_id = $2 and m.undone_at is null
            order by m.merged_at desc, m.id
            limit 20"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn parts(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select id from contacts where organization_id = $1 and merged_into = $2 order by id limit 100",
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn wholes(tx: &mut OrgTx, contacts: &[Uuid]) -> sqlx::Result<HashMap<Uuid, Uuid>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select id, merged_into as "whole!" from contacts
            where organization_id = $1 and id = any($2) and merged_into is not null"#,
        org,
        contacts,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.whole)).collect())
}

/// Who an id means, once nobody else changes it.
pub(super) async fn lock(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Option<ContactId>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select coalesce(merged_into, id) as "id!: ContactId" from contacts
            where organization_id = $1 and id = $2 for update"#,
        org,
        contact as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn names(tx: &mut OrgTx, people: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let rows = sqlx::query!("select user_id, name from user_profiles where user_id = any($1)", people);
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.user_id, row.name)).collect())
}

/// Nobody else changes these until the transaction ends; in the order of their ids, as everybody does it.
pub(super) async fn lock_both(tx: &mut OrgTx, both: [ContactId; 2]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select id from contacts where organization_id = $1 and id = any($2) order by id for update",
        org,
        &both.map(|one| one.0) as &[Uuid],
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(())
}

/// How much happened to somebody, not counted beyond a thousand, and how often they said something.
pub(super) async fn past(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<(i64, i64)> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select (select count(*) from (select 1 from events e where e.organization_id = $1 and e.contact_id = $2
                                          limit 1000) some_of_them) as "events!",
                  (select count(*) from consents k where k.organization_id = $1 and k.contact_id = $2) as "said!""#,
        org,
        contact as ContactId,
    );
    let row = row.fetch_one(tx.conn()).await?;
    Ok((row.events, row.said))
}

/// What a record holds, by column.
pub(super) async fn values(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select jsonb_build_object('email', email, 'phone', phone, 'first_name', first_name, 'last_name', last_name,
                  'company', company, 'company_id', company_id, 'job_title', job_title, 'website', website,
                  'street', street, 'city', city, 'region', region, 'postal_code', postal_code, 'country', country,
                  'language', language, 'customer_code', customer_code, 'lifecycle_stage', lifecycle_stage,
                  'lead_status', lead_status, 'owner_id', owner_id, 'custom', custom) as "values!"
             from contacts where organization_id = $1 and id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Makes a record hold this. An owner who has left and a company that is gone are nobody and none.
pub(super) async fn put(
    tx: &mut OrgTx,
    contact: ContactId,
    values: &Value,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts c
            set email = v.email, phone = v.phone, first_name = v.first_name, last_name = v.last_name,
                company = v.company, job_title = v.job_title, website = v.website, street = v.street, city = v.city,
                region = v.region, postal_code = v.postal_code, country = v.country, language = v.language,
                customer_code = v.customer_code, lifecycle_stage = v.lifecycle_stage, lead_status = v.lead_status,
                owner_id = (select m.user_id from organization_members m
                             where m.organization_id = $1 and m.user_id = v.owner_id),
                company_id = (select k.id from companies k where k.organization_id = $1 and k.id = v.company_id),
                custom = v.custom, updated_at = $4
           from jsonb_to_record($3) as v (email text, phone text, first_name text, last_name text, company text,
                company_id uuid, job_title text, website text, street text, city text, region text, postal_code text,
                country text, language text, customer_code text, lifecycle_stage text, lead_status text, owner_id uuid,
                custom jsonb)
          where c.organization_id = $1 and c.id = $2",
        org,
        contact as ContactId,
        values,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Makes the one part of the other, and so whoever was part of the one. Gives these.
pub(super) async fn become_part(
    tx: &mut OrgTx,
    (loser, winner): (ContactId, ContactId),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query!(
        "update contacts set merged_into = $3, archived_at = $4, email = null, updated_at = $4
          where organization_id = $1 and id = $2",
        org,
        loser as ContactId,
        winner as ContactId,
        now,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_scalar!(
        "update contacts set merged_into = $3 where organization_id = $1 and merged_into = $2 returning id",
        org,
        loser as ContactId,
        winner as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}

/// Makes somebody themselves again, with these as part of them and with their address, if nobody has that by now.
pub(super) async fn come_back(
    tx: &mut OrgTx,
    (loser, parts): (ContactId, &[Uuid]),
    email: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contacts c
            set merged_into = null, archived_at = null, updated_at = $4,
                email = case when not exists (select from contacts e where e.organization_id = $1 and e.email = $3)
                             then $3 end
          where c.organization_id = $1 and c.id = $2",
        org,
        loser as ContactId,
        email,
        now,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update contacts set merged_into = $3 where organization_id = $1 and id = any($2) and merged_into is not null",
        org,
        parts,
        loser as ContactId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Of addresses, numbers and customer numbers none is the one that is used, until it is said which.
pub(super) async fn use_none(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_identities set is_primary = false
          where organization_id = $1 and contact_id = $2 and is_primary
            and kind in ('email', 'phone', 'customer_code')",
        org,
        contact as ContactId,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who but these has this address.
pub(super) async fn holds(tx: &mut OrgTx, email: &str, but: [ContactId; 2]) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select from contacts where organization_id = $1 and email = $2 and id <> all($3)) as "is!""#,
        org,
        email,
        &but.map(|one| one.0) as &[Uuid],
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    id: MergeId,
    kept: &Kept,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_merges (organization_id, id, winner_id, loser_id, winner_before, loser_before, winner_after,
                                     carried, said, merged_by, merged_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        org,
        id as MergeId,
        kept.winner as ContactId,
        kept.loser as ContactId,
        kept.winner_before,
        kept.loser_before,
        kept.winner_after,
        kept.carried,
        kept.said,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A merge of this contact, which nobody else undoes until the transaction ends.
pub(super) async fn held(tx: &mut OrgTx, (winner, id): (ContactId, MergeId)) -> sqlx::Result<Option<Kept>> {
    let org = tx.org();
    sqlx::query_as!(
        Kept,
        r#"select winner_id as winner, loser_id as loser, winner_before, loser_before, winner_after, carried, said,
                  undone_at is not null as "is_undone!"
             from contact_merges where organization_id = $1 and winner_id = $2 and id = $3 for update"#,
        org,
        winner as ContactId,
        id as MergeId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn undone(
    tx: &mut OrgTx,
    id: MergeId,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_merges set undone_by = $3, undone_at = $4 where organization_id = $1 and id = $2",
        org,
        id as MergeId,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
