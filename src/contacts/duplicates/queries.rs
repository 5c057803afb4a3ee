//! The SQL of finding who may be one person.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Crowd, Look, Pair, REASONS, Read};
use crate::{contacts::ContactId, db::Db, tenancy::OrgTx};

/// What more people than this share says nothing of any two of them.
const CROWD: i64 = 20;
/// Pairs that are kept, the likeliest.
const PAIRS: i64 = 5_000;

pub(super) async fn organizations(db: &Db) -> sqlx::Result<Vec<Uuid>> {
    sqlx::query_scalar!(r#"select app.organizations_to_compare() as "id!""#)
        .fetch_all(&mut *db.connection().await?)
        .await
}

pub(super) async fn zone(tx: &mut OrgTx) -> sqlx::Result<String> {
    let org = tx.org();
    sqlx::query_scalar!("select time_zone from organizations where id = $1", org).fetch_one(tx.conn()).await
}

/// Numbers that are nobody's identity for whoever names them: somebody else's, or not understood.
pub(super) async fn loose_numbers(tx: &mut OrgTx) -> sqlx::Result<Vec<(Uuid, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select c.id, c.phone from contacts c
          where c.organization_id = $1 and c.archived_at is null and c.phone <> ''
            and not exists (select from contact_identities i
                             where i.organization_id = $1 and i.contact_id = c.id and i.kind = 'phone' and i.is_primary)
          order by c.id
          limit 200000",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.phone)).collect())
}

/// Finds everybody who shares something with somebody, and keeps the pairs; those that are found no more go. Gives
/// what too many share.
#[expect(clippy::too_many_lines, reason = "one statement, which reads better in one piece")]
pub(super) async fn find(
    tx: &mut OrgTx,
    (whose, numbers): (&[Uuid], &[String]),
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Crowd>> {
    let org = tx.org();
    let (keys, points): (Vec<&str>, Vec<i32>) =
        REASONS.iter().map(|(key, _, points)| (*key, *points)).unzip();
    let crowds = sqlx::query_as!(
        Crowd,
        r#"with people as materialized (
               select c.id, c.email, c.customer_code,
                      least(n.first, n.last) || ' ' || greatest(n.first, n.last) as name,
                      n.first <> '' and n.last <> '' as is_named,
                      regexp_replace(lower(c.company collate "und-x-icu"), '\W', '', 'g') collate "C" as company,
                      regexp_replace(lower(c.postal_code collate "und-x-icu"), '\W', '', 'g') collate "C" as postal_code,
                      regexp_replace(lower(c.street collate "und-x-icu"), '\W', '', 'g') collate "C" as street
                 from contacts c
                cross join lateral (select lower(btrim(c.first_name) collate "und-x-icu") collate "C" as first,
                                           lower(btrim(c.last_name) collate "und-x-icu") collate "C" as last) n
                where c.organization_id = $1 and c.archived_at is null
           ),
           -- What somebody is told by, and how it reads.
           told as (
               select 'email' as why, p.id,
                      case when split_part(p.email, '@', 2) in ('gmail.com', 'googlemail.com')
                           then replace(split_part(split_part(p.email, '@', 1), '+', 1), '.', '') || '@gmail.com'
                           else split_part(split_part(p.email, '@', 1), '+', 1) || '@' || split_part(p.email, '@', 2)
                      end collate "C" as value
                 from people p where p.email is not null
               union all
               select 'email', i.contact_id, i.value_norm collate "C" from contact_identities i
                 join people p on p.id = i.contact_id
                where i.organization_id = $1 and i.kind = 'email' and not i.is_primary
               union all
               select 'code', p.id, lower(p.customer_code) collate "C" from people p where p.customer_code <> ''
               union all
               select 'phone', i.contact_id, i.value_norm collate "C" from contact_identities i
                 join people p on p.id = i.contact_id
                where i.organization_id = $1 and i.kind in ('phone', 'whatsapp')
               union all
               select 'phone', n.id, n.number collate "C" from unnest($2::uuid[], $3::text[]) as n (id, number)
               union all
               select 'place', p.id, (p.name || ', ' || p.postal_code) collate "C" from people p
                where p.is_named and p.postal_code <> ''
               union all
               select 'place', p.id, (p.name || ', ' || p.street) collate "C" from people p where p.is_named and p.street <> ''
               union all
               select 'company', p.id, (p.name || ', ' || p.company) collate "C" from people p
                where p.is_named and p.company <> ''
           ),
           alike as (
               select t.why, t.value, array_agg(distinct t.id) as ids, count(distinct t.id) as people
                 from told t group by t.why, t.value having count(*) > 1 and count(distinct t.id) > 1
           ),
           -- Of several reasons of one kind one counts.
           reasons as (
               select a.id as low, b.id as high, g.why, min(g.value) as value
                 from alike g
                cross join lateral unnest(g.ids) as a (id)
                cross join lateral unnest(g.ids) as b (id)
                where g.people <= $6 and a.id < b.id
                group by 1, 2, 3
           ),
           pairs as (
               select r.low, r.high, least(100, sum(k.points)) as score,
                      jsonb_agg(jsonb_build_object('why', r.why, 'value', r.value) order by k.points desc, r.why) as reasons
                 from reasons r
                 join unnest($4::text[], $5::integer[]) as k (why, points) on k.why = r.why
                group by r.low, r.high
                order by 3 desc, 1, 2
                limit $7
           ),
           kept as (
               insert into duplicate_candidates (organization_id, low_id, high_id, score, reasons, found_at, seen_at)
               select $1, p.low, p.high, p.score, p.reasons, $8, $8 from pairs p
                   on conflict (organization_id, low_id, high_id) do update
                  set score = excluded.score, reasons = excluded.reasons, seen_at = excluded.seen_at
               returning 1
           )
           select g.why as "why!", g.value as "value!", g.people as "people!" from alike g
            where g.people > $6
            order by g.people desc, g.why, g.value
            limit 10"#,
        org,
        whose,
        numbers,
        &keys as &[&str],
        &points,
        CROWD,
        PAIRS,
        now,
    )
    .fetch_all(tx.conn())
    .await?;
    sqlx::query!(
        "delete from duplicate_candidates where organization_id = $1 and seen_at < $2 and dismissed_at is null",
        org,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(crowds)
}

/// Pairs nobody has decided about, the likeliest first: all, or those of one contact.
pub(super) async fn pairs(tx: &mut OrgTx, of: Option<ContactId>, at_most: i64) -> sqlx::Result<Vec<Pair>> {
    let org = tx.org();
    let rows = sqlx::query_as!(
        Read,
        r#"select d.low_id, d.high_id, d.score, d.reasons,
                  array[a.first_name, a.last_name, a.company, coalesce(a.email, ''), a.phone, a.city] as "low!",
                  array[b.first_name, b.last_name, b.company, coalesce(b.email, ''), b.phone, b.city] as "high!",
                  a.created_at as low_created_at, b.created_at as high_created_at
             from duplicate_candidates d
             join contacts a on a.organization_id = $1 and a.id = d.low_id and a.archived_at is null
             join contacts b on b.organization_id = $1 and b.id = d.high_id and b.archived_at is null
            where d.organization_id = $1 and d.dismissed_at is null
              and ($2::uuid is null or d.low_id = $2 or d.high_id = $2)
            order by d.score desc, d.low_id, d.high_id
            limit $3"#,
        org,
        of as Option<ContactId>,
        at_most,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(Pair::from).collect())
}

pub(super) async fn count(tx: &mut OrgTx) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!"
             from (select 1 from duplicate_candidates d
                     join contacts a on a.organization_id = $1 and a.id = d.low_id and a.archived_at is null
                     join contacts b on b.organization_id = $1 and b.id = d.high_id and b.archived_at is null
                    where d.organization_id = $1 and d.dismissed_at is null
                    limit 101) some_of_them"#,
        org,
    )
    .fetch_one(tx.conn())
    .await
}

/// Says that two are two, or takes that back. Gives what they are called; nothing where they are no pair.
pub(super) async fn dismiss(
    tx: &mut OrgTx,
    (low, high): (ContactId, ContactId),
    at: Option<DateTime<Utc>>,
    by: Uuid,
) -> sqlx::Result<Option<(String, String)>> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"update duplicate_candidates d
              set dismissed_at = $4, dismissed_by = case when $4::timestamptz is not null then $5::uuid end
             from contacts a, contacts b
            where d.organization_id = $1 and d.low_id = $2 and d.high_id = $3
              and a.organization_id = $1 and a.id = d.low_id and b.organization_id = $1 and b.id = d.high_id
        returning coalesce(nullif(btrim(a.first_name || ' ' || a.last_name), ''), a.email, a.phone) as "low!",
                  coalesce(nullif(btrim(b.first_name || ' ' || b.last_name), ''), b.email, b.phone) as "high!""#,
        org,
        low as ContactId,
        high as ContactId,
        at,
        by,
    );
    Ok(row.fetch_optional(tx.conn()).await?.map(|row| (row.low, row.high)))
}

pub(super) async fn look(tx: &mut OrgTx) -> sqlx::Result<Option<Look>> {
    let org = tx.org();
    let row = sqlx::query!(
        "select status, crowds, last_error, ordered_at, finished_at from duplicate_looks where organization_id = $1",
        org,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.map(|row| Look {
        status: row.status,
        crowds: serde_json::from_value(row.crowds).unwrap_or_default(),
        last_error: row.last_error,
        ordered_at: row.ordered_at,
        finished_at: row.finished_at,
    }))
}

pub(super) async fn order(tx: &mut OrgTx, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into duplicate_looks (organization_id, status, ordered_at) values ($1, 'waiting', $2)
             on conflict (organization_id) do update set status = 'waiting', ordered_at = $2, last_error = ''",
        org,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Keeps how it went: what too many share, or why it failed.
pub(super) async fn finish(
    tx: &mut OrgTx,
    (crowds, error): (&Value, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into duplicate_looks (organization_id, status, crowds, last_error, ordered_at, finished_at)
         values ($1, case when $3 = '' then 'done' else 'failed' end, $2, left($3, 2000), $4, $4)
             on conflict (organization_id) do update
            set status = excluded.status, crowds = excluded.crowds, last_error = excluded.last_error,
                finished_at = excluded.finished_at",
        org,
        crowds,
        error,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
