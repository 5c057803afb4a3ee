//! All SQL of erasures.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Erasure, ErasureId, Line};
use crate::tenancy::OrgTx;

pub(super) async fn insert(
    tx: &mut OrgTx,
    (id, contact): (ErasureId, Uuid),
    (cause, by): (&str, Option<Uuid>),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into erasures (organization_id, id, contact_id, cause, requested_by, requested_at)
         values ($1, $2, $3, $4, $5, $6)",
        org,
        id as ErasureId,
        contact,
        cause,
        by,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn open(tx: &mut OrgTx, contact: Uuid) -> sqlx::Result<Option<ErasureId>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select id as "id: ErasureId" from erasures
            where organization_id = $1 and contact_id = $2 and status <> 'done'"#,
        org,
        contact,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Begins one that is not done, and gives whose it is.
pub(super) async fn begin(tx: &mut OrgTx, id: ErasureId, now: DateTime<Utc>) -> sqlx::Result<Option<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update erasures
            set status = 'running', started_at = coalesce(started_at, $3), attempts = attempts + 1, next_try_at = null,
                part_ids = part_ids || array(select c.id from contacts c
                                              where c.organization_id = $1 and c.merged_into = erasures.contact_id)
          where organization_id = $1 and id = $2 and status <> 'done'
        returning contact_id",
        org,
        id as ErasureId,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn finish(
    tx: &mut OrgTx,
    id: ErasureId,
    (hashes, report): (&[Vec<u8>], &[Line]),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update erasures
            set status = 'done', finished_at = $3, address_hashes = $4, report = $5, last_error = '', next_try_at = null
          where organization_id = $1 and id = $2",
        org,
        id as ErasureId,
        now,
        hashes,
        serde_json::json!(report),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Says why it did not succeed, and when it is tried again by itself; never again without.
pub(super) async fn fail(
    tx: &mut OrgTx,
    id: ErasureId,
    why: &str,
    next: Option<DateTime<Utc>>,
) -> sqlx::Result<()> {
    let (org, why) = (tx.org(), why.chars().take(2000).collect::<String>());
    sqlx::query!(
        "update erasures
            set status = case when $4::timestamptz is null then 'failed' else 'waiting' end, last_error = $3,
                attempts = attempts + 1, next_try_at = $4
          where organization_id = $1 and id = $2 and status <> 'done'",
        org,
        id as ErasureId,
        why,
        next,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets one that failed wait for its turn again. `false` when it did not fail.
pub(super) async fn again(tx: &mut OrgTx, id: ErasureId) -> sqlx::Result<bool> {
    let org = tx.org();
    let moved = sqlx::query!(
        "update erasures set status = 'waiting' where organization_id = $1 and id = $2 and status = 'failed'",
        org,
        id as ErasureId,
    );
    Ok(moved.execute(tx.conn()).await?.rows_affected() > 0)
}

pub(super) async fn find(tx: &mut OrgTx, id: ErasureId) -> sqlx::Result<Option<Erasure>> {
    let org = tx.org();
    sqlx::query_as!(
        Erasure,
        r#"select e.id, e.contact_id as contact, e.status, e.cause, coalesce(p.name, '') as "requested_by!",
                  (select coalesce(string_agg(encode(h, 'hex'), ' '), '') from unnest(e.address_hashes) h) as "hashes!",
                  e.requested_at, e.finished_at, e.report, e.last_error, e.next_try_at
             from erasures e
             left join user_profiles p on p.user_id = e.requested_by
            where e.organization_id = $1 and e.id = $2"#,
        org,
        id as ErasureId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn recent(tx: &mut OrgTx) -> sqlx::Result<Vec<Erasure>> {
    let org = tx.org();
    sqlx::query_as!(
        Erasure,
        r#"select e.id, e.contact_id as contact, e.status, e.cause, coalesce(p.name, '') as "requested_by!",
                  (select coalesce(string_agg(encode(h, 'hex'), ' '), '') from unnest(e.address_hashes) h) as "hashes!",
                  e.requested_at, e.finished_at, e.report, e.last_error, e.next_try_at
             from erasures e
             left join user_profiles p on p.user_id = e.requested_by
            where e.organization_id = $1
            order by e.id desc
            limit 100"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Who was erased and is here, as after a backup was restored.
pub(super) async fn come_back(tx: &mut OrgTx, among: &[Uuid]) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select c.id from contacts c
          where c.organization_id = $1
            and (c.id = any ($2)
                 or exists (select from erasures e
                             where e.organization_id = $1 and e.status = 'done'
                               and (e.contact_id = c.id or c.id = any (e.part_ids))))
          order by c.id",
        org,
        among,
    )
    .fetch_all(tx.conn())
    .await
}

/// Everybody who was erased: the ids that lead to nobody any more.
pub(super) async fn everybody(tx: &mut OrgTx) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select unnest(contact_id || part_ids) as "contact!" from erasures
            where organization_id = $1 and status = 'done' order by id"#,
        org
    )
    .fetch_all(tx.conn())
    .await
}
