//! All SQL of the log.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Fact, Recorded};
use crate::{db::Db, tenancy::OrgTx};

pub(super) async fn insert(
    tx: &mut OrgTx,
    (kind, contact): (&str, Option<Uuid>),
    payload: &Value,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into events (organization_id, occurred_at, id, kind, contact_id, payload)
         values ($1, now(), $2, $3, $4, $5)",
        org,
        Uuid::now_v7(),
        kind,
        contact,
        payload,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn insert_all(tx: &mut OrgTx, facts: &[Fact]) -> sqlx::Result<()> {
    let org = tx.org();
    let ids: Vec<Uuid> = facts.iter().map(|_| Uuid::now_v7()).collect();
    let kinds: Vec<&str> = facts.iter().map(|fact| fact.kind).collect();
    let contacts: Vec<Option<Uuid>> = facts.iter().map(|fact| fact.contact).collect();
    let payloads: Vec<Value> = facts.iter().map(|fact| fact.payload.clone()).collect();
    let is_bot: Vec<bool> = facts.iter().map(|fact| fact.is_bot).collect();
    let ago: Vec<f64> = facts.iter().map(|fact| fact.seconds_ago).collect();
    sqlx::query!(
        "insert into events (organization_id, occurred_at, id, kind, contact_id, payload, is_bot)
         select $1, now() - f.ago * interval '1 second', f.id, f.kind, f.contact_id, f.payload, f.is_bot
           from unnest($2::uuid[], $3::text[], $4::uuid[], $5::jsonb[], $6::boolean[], $7::double precision[])
                as f (id, kind, contact_id, payload, is_bot, ago)",
        org,
        &ids,
        &kinds as &[&str],
        &contacts as &[Option<Uuid>],
        &payloads,
        &is_bot,
        &ago,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// How far a listener has come.
pub(super) struct Place {
    pub tx: i64,
    pub event_id: Uuid,
}

/// The listener's place, held until the transaction ends: two jobs tell one listener one after the other.
pub(super) async fn place(tx: &mut OrgTx, listener: &str, now: DateTime<Utc>) -> sqlx::Result<Place> {
    let org = tx.org();
    sqlx::query!(
        "insert into event_positions (organization_id, listener, updated_at) values ($1, $2, $3)
         on conflict do nothing",
        org,
        listener,
        now,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_as!(
        Place,
        "select tx, event_id from event_positions where organization_id = $1 and listener = $2 for update",
        org,
        listener,
    )
    .fetch_one(tx.conn())
    .await
}

/// What happened since, in the order of commits, up to the oldest transaction that is still open.
pub(super) async fn unheard(tx: &mut OrgTx, place: &Place, limit: i64) -> sqlx::Result<Vec<Recorded>> {
    let org = tx.org();
    sqlx::query_as!(
        Recorded,
        "select id, occurred_at, kind, contact_id as contact, payload, is_bot, tx
           from events
          where organization_id = $1 and (tx, id) > ($2, $3)
            and tx < (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint
          order by tx, id
          limit $4",
        org,
        place.tx,
        place.event_id,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// Whether anything at all has happened since.
pub(super) async fn is_more(tx: &mut OrgTx, place: &Place) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select exists (select 1 from events where organization_id = $1 and (tx, id) > ($2, $3)) as "is_more!""#,
        org,
        place.tx,
        place.event_id,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn move_on(
    tx: &mut OrgTx,
    listener: &str,
    last: &Recorded,
    heard: i64,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update event_positions
            set tx = $3, event_id = $4, handled = handled + $5, updated_at = $6
          where organization_id = $1 and listener = $2",
        org,
        listener,
        last.tx,
        last.id,
        heard,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds to how many events of each kind there were on each day.
pub(super) async fn count(tx: &mut OrgTx, counts: &BTreeMap<(NaiveDate, &str), i64>) -> sqlx::Result<()> {
    let org = tx.org();
    let days: Vec<NaiveDate> = counts.keys().map(|(day, _)| *day).collect();
    let kinds: Vec<&str> = counts.keys().map(|(_, kind)| *kind).collect();
    let counts: Vec<i64> = counts.values().copied().collect();
    sqlx::query!(
        "insert into activity_daily (organization_id, day, kind, count)
         select $1, day, kind, count from unnest($2::date[], $3::text[], $4::bigint[]) as n (day, kind, count)
         on conflict (organization_id, day, kind) do update set count = activity_daily.count + excluded.count",
        org,
        &days,
        &kinds as &[&str],
        &counts,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Makes the months that are missing.
pub(super) async fn ensure_months(db: &Db) -> sqlx::Result<i32> {
    let made = sqlx::query_scalar!(r#"select app.ensure_months('public.events') as "made!""#);
    made.fetch_one(&mut *db.connection().await?).await
}

/// Drops a month that is older than so many: 1 for one that is gone, 0 for none, -1 where the log was being read.
pub(super) async fn retire_month(db: &Db, keep: i32) -> sqlx::Result<i32> {
    let gone = sqlx::query_scalar!(r#"select app.retire_months($1) as "gone!""#, keep);
    gone.fetch_one(&mut *db.connection().await?).await
}

/// What happened to somebody, by all their ids, of kinds like these; of every kind where there are none. Each id is
/// read by itself, from the end of its part of the index.
pub(super) async fn of_contact(
    tx: &mut OrgTx,
    contacts: &[Uuid],
    (before, limit): (Option<DateTime<Utc>>, i64),
    kinds: &[String],
) -> sqlx::Result<Vec<Recorded>> {
    let org = tx.org();
    sqlx::query_as!(
        Recorded,
        r#"select h.id as "id!", h.occurred_at as "occurred_at!", h.kind as "kind!", h.contact_id as contact,
                  h.payload as "payload!", h.is_bot as "is_bot!", h.tx as "tx!"
             from unnest($2::uuid[]) as one (id)
            cross join lateral (
                select e.id, e.occurred_at, e.kind, e.contact_id, e.payload, e.is_bot, e.tx from events e
                 where e.organization_id = $1 and e.contact_id = one.id
                   and ($3::timestamptz is null or e.occurred_at < $3)
                   and (cardinality($5::text[]) = 0 or e.kind like any ($5))
                 order by e.occurred_at desc, e.id desc
                 limit $4) h
            order by h.occurred_at desc, h.id desc
            limit $4"#,
        org,
        contacts,
        before,
        limit,
        kinds,
    )
    .fetch_all(tx.conn())
    .await
}
