//! All SQL that writes the log.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Actor, Entry};

/// Adds a row to the organization's chain, within the caller's transaction, which is inside of it.
///
/// Holds the end of the chain until that transaction ends: call it last.
pub async fn append(
    conn: &mut PgConnection,
    org: Uuid,
    actor: &Actor,
    entry: &Entry,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    // Every organization has its end from the moment it is founded.
    sqlx::query!(
        "insert into audit_heads (organization_id, seq, hash) values ($1, 0, '') on conflict do nothing",
        org
    )
    .execute(&mut *conn)
    .await?;
    let head = sqlx::query!("select seq, hash from audit_heads where organization_id = $1 for update", org)
        .fetch_one(&mut *conn)
        .await?;
    let (kind, id, name) = &entry.subject;
    sqlx::query!(
        r#"
        with entry as (
            select $2::bigint as seq, $3::timestamptz as occurred_at, $4 as actor_kind,
                   $5::uuid as actor_id, $6 as actor_name, $7 as action, $8 as outcome, $9 as subject_kind,
                   $10 as subject_id, $11 as subject_name, $12::jsonb as before, $13::jsonb as after, $14 as reason,
                   $15 as address, $16 as request_id
        ),
        written as (
            insert into audit_log
                (organization_id, seq, occurred_at, actor_kind, actor_id, actor_name, action, outcome, subject_kind,
                 subject_id, subject_name, before, after, reason, address, request_id, previous_hash, hash)
            select $1, e.*, $17::bytea, sha256($17 || convert_to(jsonb_build_array(
                       $1::uuid, e.seq, (extract(epoch from e.occurred_at) * 1000000)::bigint, e.actor_kind,
                       e.actor_id, e.actor_name, e.action, e.outcome, e.subject_kind, e.subject_id, e.subject_name,
                       e.before, e.after, e.reason, e.address, e.request_id)::text, 'UTF8'))
              from entry e
            returning seq, hash
        )
        update audit_heads h set seq = w.seq, hash = w.hash from written w where h.organization_id = $1"#,
        org,
        head.seq + 1,
        now,
        actor.kind,
        actor.id,
        actor.name,
        entry.action,
        if entry.was_denied { "denied" } else { "done" },
        kind,
        id,
        name,
        entry.before,
        entry.after,
        entry.reason,
        actor.address,
        actor.request_id,
        head.hash,
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A place where a chain is broken, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    pub seq: i64,
    pub what: String,
}

/// The first places at which the organization's chain is broken; none is good. Reads all of it.
pub(super) async fn breaks(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<Vec<Break>> {
    sqlx::query_as!(
        Break,
        r#"
        -- Each row beside the one before it.
        with chain as (
            select l.*, lag(l.seq, 1, 0::bigint) over w as seq_before, lag(l.hash, 1, ''::bytea) over w as hash_before,
                   sha256(l.previous_hash || convert_to(jsonb_build_array(
                       l.organization_id, l.seq, (extract(epoch from l.occurred_at) * 1000000)::bigint, l.actor_kind,
                       l.actor_id, l.actor_name, l.action, l.outcome, l.subject_kind, l.subject_id, l.subject_name,
                       l.before, l.after, l.reason, l.address, l.request_id)::text, 'UTF8')) as hash_now
              from audit_log l
             where l.organization_id = $1
            window w as (order by l.seq)
        ),
        -- Rows out of which somebody was taken who was erased, with the hash that each has since: an entry of the
        -- chain says so.
        erased as materialized (
            select l.seq as told_in, r.key::bigint as seq, r.value #>> '{}' as hash
              from audit_log l cross join lateral jsonb_each(l.after -> 'rows') r
             where l.organization_id = $1 and l.action = 'contacts.erased' and jsonb_typeof(l.after -> 'rows') = 'object'
        ),
        -- The end that was written down, against the end that is there.
        ending as (
            select h.seq, h.hash, coalesce((select max(seq) from chain), 0) as last,
                   coalesce((select hash from chain order by seq desc limit 1), '') as last_hash
              from audit_heads h
             where h.organization_id = $1
        )
        select seq as "seq!", what as "what!" from (
            select c.seq, 'the row was changed' as what from chain c
             where c.hash <> c.hash_now
               and not exists (select 1 from erased e
                                where e.seq = c.seq and e.told_in > c.seq and e.hash = encode(c.hash_now, 'hex'))
            union all
            select seq, 'rows before it are missing' from chain where seq <> seq_before + 1
            union all
            select seq, 'it does not follow the row before it' from chain
             where seq = seq_before + 1 and previous_hash <> hash_before
            union all
            select last, 'the log does not end where it ended' from ending where seq <> last or hash <> last_hash
        ) broken
        order by 1
        limit 100"#,
        org,
    )
    .fetch_all(conn)
    .await
}

/// How many rows the organization's log has by its end, if that is known.
pub(super) async fn length(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<Option<i64>> {
    let seq = sqlx::query_scalar!("select seq from audit_heads where organization_id = $1", org);
    seq.fetch_optional(conn).await
}

/// What the log says of somebody: entries about them whole, of others that name them when they were written and what
/// about.
pub async fn naming(
    conn: &mut PgConnection,
    org: Uuid,
    (contact, pattern): (Uuid, &str),
) -> sqlx::Result<Vec<serde_json::Value>> {
    sqlx::query_scalar!(
        r#"select case when subject_kind = 'contact' and subject_id = $2
                       then to_jsonb(l) - 'organization_id' - 'hash' - 'previous_hash'
                       else jsonb_build_object('seq', seq, 'occurred_at', occurred_at, 'action', action) end as "row!"
             from audit_log l
            where organization_id = $1
              and (subject_kind = 'contact' and subject_id = $2
                   or concat_ws(' ', subject_name, before, after, reason) ~ $3)
            order by seq limit 50000"#,
        org,
        contact.to_string(),
        pattern,
    )
    .fetch_all(conn)
    .await
}

/// Takes somebody out of the log whose erasure is under way. Gives the rows, each with the hash that it has now: they
/// belong into an entry of the log itself, `contacts.erased`, by which [`breaks`] knows them.
pub async fn blank(
    conn: &mut PgConnection,
    (contact, pattern): (Uuid, &str),
) -> sqlx::Result<Vec<(i64, String)>> {
    let rows = sqlx::query!(
        r#"select row_seq as "seq!", row_hash as "hash!" from app.blank_audit($1, $2)"#,
        contact,
        pattern,
    );
    Ok(rows.fetch_all(conn).await?.into_iter().map(|row| (row.seq, row.hash)).collect())
}
