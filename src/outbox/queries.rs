//! The SQL of the ledger.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Claimed, Go, Run, Settlement};
use crate::{contacts::consent::TopicId, tenancy::OrgTx};

/// What was handed over and has no answer may have arrived. When a run begins that is what others left; when
/// it ends, what the database has forgotten.
pub(super) async fn doubt(tx: &mut OrgTx, run: Run, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox
            set status = 'unknown', settled_at = $3, attempts = attempts + 1, reason = 'interrupted',
                detail = 'The process that sent it ended before the server had answered.'
          where organization_id = $1 and source_id = $2 and status = 'handing_over'",
        org,
        run.source,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// What was claimed and not begun is scheduled again.
pub(super) async fn release(tx: &mut OrgTx, run: Run) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox set status = 'scheduled', holder = null
          where organization_id = $1 and source_id = $2 and status = 'claimed'",
        org,
        run.source,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// Rows of one source are found by the whole key. Never by a join with the rows of a source: for one that has
/// just been filled the statistics know nothing yet, and the plan reads all of it for each row of the join.
pub(super) async fn claim(
    tx: &mut OrgTx,
    run: Run,
    after: Uuid,
    (limit, now): (i64, DateTime<Utc>),
) -> sqlx::Result<Vec<Claimed>> {
    let org = tx.org();
    let due = sqlx::query_scalar!(
        "select subject_id from channel_outbox
          where organization_id = $1 and source_id = $2 and subject_id > $3 and step = 0 and status = 'scheduled'
            and due_at <= $4
          order by subject_id
          limit $5
          for update skip locked",
        org,
        run.source,
        after,
        now,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    let mut claimed = sqlx::query_as!(
        Claimed,
        "update channel_outbox set status = 'claimed', holder = $3
          where organization_id = $1 and source_id = $2 and subject_id = any($4) and step = 0
        returning subject_id as subject, attempts",
        org,
        run.source,
        run.holder,
        &due,
    )
    .fetch_all(tx.conn())
    .await?;
    claimed.sort_unstable_by_key(|claimed| claimed.subject);
    Ok(claimed)
}

/// The one place where it is decided at last that a message goes. It does not when its row is another's by
/// now, when the broadcast is not being sent, when the address is suppressed, or when its owner's last word
/// about the topic or about e-mail as a whole was no; nor when they became part of somebody who gets it anyway.
///
/// Both are looked up for each row by itself: a join may read all suppressions there are for a few messages.
pub(super) async fn hand_over(
    tx: &mut OrgTx,
    run: Run,
    wanted: &[Uuid],
    now: DateTime<Utc>,
) -> sqlx::Result<HashMap<Uuid, Go>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let org = tx.org();
    let rows = sqlx::query!(
        r#"update channel_outbox o
              set handed_at = $5,
                  (status, reason, settled_at) = (
                    select case when said.no = '' then 'handing_over' else 'suppressed' end, said.no,
                           case when said.no <> '' then $5::timestamptz end
                      from (select coalesce(
                              (select 'suppressed' from suppressions s
                                where s.organization_id = $1 and s.channel = o.channel
                                  and s.address_hash = o.address_hash),
                              (select case when c.state = 'withdrawn' then 'opted_out'
                                           when c.state = 'paused' and c.paused_until > $5 then 'paused' end
                                 from consents c
                                where c.organization_id = $1
                                  and c.contact_id = coalesce((select p.merged_into from contacts p
                                                                where p.organization_id = $1 and p.id = o.subject_id),
                                                              o.subject_id)
                                  and c.channel = o.channel and (c.topic_id is null or c.topic_id = $6)
                                order by c.id desc limit 1),
                              (select 'merged'
                                 from contacts p
                                 join contacts q on q.organization_id = $1
                                                and (q.id = p.merged_into or q.merged_into = p.merged_into and q.id < p.id)
                                 join channel_outbox t on t.organization_id = $1 and t.source_id = $2
                                                      and t.subject_id = q.id and t.step = 0
                                where p.organization_id = $1 and p.id = o.subject_id and p.merged_into is not null
                                limit 1),
                              '') as no offset 0) said)
            where o.organization_id = $1 and o.source_id = $2 and o.subject_id = any($4) and o.step = 0
              and o.status = 'claimed' and o.holder = $3
              and not exists (select from broadcasts b
                               where b.organization_id = $1 and b.id = $2 and b.status <> 'sending')
          returning o.subject_id, o.status = 'handing_over' as "goes!""#,
        org,
        run.source,
        run.holder,
        wanted,
        now,
        run.topic as Option<TopicId>,
    )
    .fetch_all(tx.conn())
    .await?;
    let go = |goes| if goes { Go::Now } else { Go::Refused };
    Ok(rows.into_iter().map(|row| (row.subject_id, go(row.goes))).collect())
}

/// Writes down what became of messages that this run has. One that was taken for unknown meanwhile is known
/// after all.
pub(super) async fn settle(
    tx: &mut OrgTx,
    run: Run,
    settled: &[Settlement],
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    if settled.is_empty() {
        return Ok(());
    }
    let org = tx.org();
    let subjects: Vec<Uuid> = settled.iter().map(|one| one.subject).collect();
    let statuses: Vec<&str> = settled.iter().map(|one| one.settled.status()).collect();
    let codes: Vec<Option<i16>> = settled.iter().map(|one| one.code).collect();
    let reasons: Vec<&str> = settled.iter().map(|one| one.reason).collect();
    let details: Vec<&str> = settled.iter().map(|one| one.detail.as_str()).collect();
    let dues: Vec<Option<DateTime<Utc>>> = settled.iter().map(|one| one.settled.due()).collect();
    let tries: Vec<i16> =
        settled.iter().map(|one| i16::from(!matches!(one.settled, super::Settled::NotTried(_)))).collect();
    sqlx::query!(
        "update channel_outbox o
            set status = u.status, code = u.code, reason = u.reason, detail = u.detail,
                due_at = coalesce(u.due_at, o.due_at), attempts = o.attempts + u.tries,
                settled_at = case when u.status = 'scheduled' then null else $4::timestamptz end,
                holder = case when u.status = 'scheduled' then null else o.holder end
           from unnest($5::uuid[], $6::text[], $7::smallint[], $8::text[], $9::text[], $10::timestamptz[],
                       $11::smallint[])
                as u (subject_id, status, code, reason, detail, due_at, tries)
          where o.organization_id = $1 and o.source_id = $2 and o.subject_id = any($5) and o.step = 0
            and o.subject_id = u.subject_id and o.holder = $3 and o.status in ('claimed', 'handing_over', 'unknown')",
        org,
        run.source,
        run.holder,
        now,
        &subjects,
        &statuses as &[&str],
        &codes as &[Option<i16>],
        &reasons as &[&str],
        &details as &[&str],
        &dues as &[Option<DateTime<Utc>>],
        &tries,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn next_due(tx: &mut OrgTx, source: Uuid) -> sqlx::Result<Option<DateTime<Utc>>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select min(due_at) from channel_outbox
          where organization_id = $1 and source_id = $2 and status in ('scheduled', 'claimed')",
        org,
        source,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn cancel(tx: &mut OrgTx, source: Uuid, now: DateTime<Utc>) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update channel_outbox set status = 'cancelled', settled_at = $3, holder = null
          where organization_id = $1 and source_id = $2 and status in ('scheduled', 'claimed')",
        org,
        source,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}
