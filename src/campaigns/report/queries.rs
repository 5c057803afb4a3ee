//! All SQL of reports. The list of people is put together out of parts that stand here; what an address says is
//! always bound.

use chrono::{DateTime, Utc};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{
    chart::Hour,
    people::{Asked, Row, What},
    sums::{Cause, FollowedLink, Machines, Sums},
};
use crate::{
    tenancy::OrgTx,
    web::page::{Cursor, Going, PAGE, Page},
};

pub(super) async fn sums(tx: &mut OrgTx, broadcast: Uuid) -> sqlx::Result<Sums> {
    let org = tx.org();
    sqlx::query_as!(
        Sums,
        r#"select count(*) as "people!",
                  count(*) filter (where r.skipped <> '' or o.status = 'suppressed') as "skipped!",
                  count(*) filter (where o.status in ('scheduled', 'claimed', 'handing_over')) as "waiting!",
                  count(*) filter (where o.status = 'sent') as "sent!",
                  count(*) filter (where o.status = 'sent' and r.bounced_at is null) as "delivered!",
                  count(*) filter (where o.status = 'failed' and r.bounced_at is null) as "failed!",
                  count(*) filter (where o.status = 'unknown') as "unknown!",
                  count(r.bounced_at) as "bounced!",
                  count(r.first_opened_at) as "opened!",
                  count(r.first_clicked_at) as "clicked!",
                  count(r.unsubscribed_at) as "unsubscribed!",
                  count(r.complained_at) as "complained!",
                  coalesce(sum(r.opens), 0) as "opens!",
                  coalesce(sum(r.clicks), 0) as "clicks!"
             from recipients r
             left join channel_outbox o on o.organization_id = $1 and o.source_id = r.broadcast_id
                                       and o.subject_id = r.contact_id and o.step = 0
            where r.organization_id = $1 and r.broadcast_id = $2"#,
        org,
        broadcast,
    )
    .fetch_one(tx.conn())
    .await
}

/// What machines did with it, from the log. `started` bounds how far back the log is read.
pub(super) async fn machines(
    tx: &mut OrgTx,
    broadcast: Uuid,
    started: DateTime<Utc>,
) -> sqlx::Result<Machines> {
    let org = tx.org();
    sqlx::query_as!(
        Machines,
        r#"select count(*) filter (where is_bot and kind = 'email.opened') as "opens!",
                  count(*) filter (where is_bot and kind = 'email.clicked') as "clicks!",
                  count(*) filter (where not is_bot and kind = 'email.opened' and payload ->> 'proxy' <> '') as "proxied!"
             from events
            where organization_id = $1 and kind in ('email.opened', 'email.clicked')
              and occurred_at >= $3::timestamptz - interval '1 day' and payload ->> 'broadcast' = $2::uuid::text"#,
        org,
        broadcast,
        started,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn links(tx: &mut OrgTx, broadcast: Uuid) -> sqlx::Result<Vec<FollowedLink>> {
    let org = tx.org();
    sqlx::query_as!(
        FollowedLink,
        r#"select l.position, l.target, l.clicks,
                  (select count(*) from link_clicks c
                    where c.organization_id = $1 and c.broadcast_id = l.broadcast_id and c.position = l.position)
                  as "people!"
             from tracked_links l
            where l.organization_id = $1 and l.broadcast_id = $2
            order by 4 desc, l.position
            limit 200"#,
        org,
        broadcast,
    )
    .fetch_all(tx.conn())
    .await
}

/// Who was left out, came back or was refused, by cause.
pub(super) async fn causes(tx: &mut OrgTx, broadcast: Uuid) -> sqlx::Result<Vec<Cause>> {
    let org = tx.org();
    sqlx::query_as!(
        Cause,
        r#"select what as "what!", bounce as "bounce!", cause as "cause!", count(*) as "people!"
             from (select case when r.bounced_at is not null then 'bounced'
                               when o.status = 'failed' then 'failed' else 'skipped' end as what,
                          r.bounce,
                          case when r.bounced_at is not null then r.bounce_reason
                               when r.skipped <> '' then r.skipped else o.reason end as cause
                     from recipients r
                     left join channel_outbox o on o.organization_id = $1 and o.source_id = r.broadcast_id
                                               and o.subject_id = r.contact_id and o.step = 0
                    where r.organization_id = $1 and r.broadcast_id = $2
                      and (r.bounced_at is not null or r.skipped <> '' or o.status in ('failed', 'suppressed'))) one
            group by what, bounce, cause
            order by what, 4 desc, cause
            limit 100"#,
        org,
        broadcast,
    )
    .fetch_all(tx.conn())
    .await
}

/// People by the hour in which they first opened it or followed a link.
pub(super) async fn hours(
    tx: &mut OrgTx,
    broadcast: Uuid,
    started: DateTime<Utc>,
) -> sqlx::Result<Vec<Hour>> {
    let org = tx.org();
    sqlx::query_as!(
        Hour,
        r#"select hour as "hour!", count(*) filter (where is_open) as "opened!",
                  count(*) filter (where not is_open) as "clicked!"
             from (select floor(extract(epoch from did.at - $3::timestamptz) / 3600)::bigint as hour, did.is_open
                     from recipients r
                    cross join lateral (values (r.first_opened_at, true), (r.first_clicked_at, false)) as did (at, is_open)
                    where r.organization_id = $1 and r.broadcast_id = $2 and did.at is not null) one
            group by hour
            order by hour"#,
        org,
        broadcast,
        started,
    )
    .fetch_all(tx.conn())
    .await
}

/// Who is counted: `$1` the organization, `$2` the broadcast, `$3` a link, `$4` a cause.
fn held(what: What) -> String {
    let (is_one, cause) = match what {
        What::Delivered => ("o.status = 'sent' and r.bounced_at is null", "''"),
        What::Opened => ("r.first_opened_at is not null", "''"),
        What::Clicked | What::Link => ("r.first_clicked_at is not null", "''"),
        What::Bounced => ("r.bounced_at is not null", "r.bounce_reason"),
        What::Unsubscribed => ("r.unsubscribed_at is not null", "''"),
        What::Complained => ("r.complained_at is not null", "''"),
        What::Skipped => (
            "(r.skipped <> '' or o.status = 'suppressed')",
            "case when r.skipped <> '' then r.skipped else o.reason end",
        ),
        What::Failed => ("o.status = 'failed' and r.bounced_at is null", "o.reason"),
        What::Unknown => ("o.status = 'unknown'", "''"),
    };
    format!(
        "from recipients r
         left join channel_outbox o on o.organization_id = $1 and o.source_id = r.broadcast_id
                                   and o.subject_id = r.contact_id and o.step = 0
         left join contacts c on c.organization_id = $1 and c.id = r.contact_id
        where r.organization_id = $1 and r.broadcast_id = $2 and {is_one}
          and ($3::smallint is null or exists (
              select from link_clicks l where l.organization_id = $1 and l.broadcast_id = $2 and l.position = $3
                                          and l.contact_id = r.contact_id))
          and ($4::text is null or {cause} = $4)"
    )
}

/// When it happened, and what is said of it.
fn told(what: What) -> (&'static str, &'static str) {
    match what {
        What::Delivered | What::Unknown => ("o.settled_at", "''"),
        What::Opened => ("r.first_opened_at", "''"),
        What::Clicked | What::Link => ("r.first_clicked_at", "''"),
        What::Bounced => ("r.bounced_at", "r.bounce_detail"),
        What::Unsubscribed => ("r.unsubscribed_at", "''"),
        What::Complained => ("r.complained_at", "''"),
        What::Skipped => ("null::timestamptz", "case when r.skipped <> '' then r.skipped else o.reason end"),
        What::Failed => ("o.settled_at", "o.detail"),
    }
}

/// One page of them.
pub(super) async fn page(tx: &mut OrgTx, broadcast: Uuid, asked: &Asked) -> sqlx::Result<Page<Row>> {
    let (going, cursor) = (asked.going, asked.from);
    let (beyond, order) = if going == Going::Back { ("<", "desc") } else { (">", "asc") };
    let (at, detail) = told(asked.what);
    let sql = format!(
        "select r.contact_id as contact, r.address, coalesce(c.first_name, '') as first_name,
                coalesce(c.last_name, '') as last_name, c.id is not null as is_here, {at} as at,
                coalesce({detail}, '') as detail
           {} and ($5::uuid is null or r.contact_id {beyond} $5)
          order by r.contact_id {order}
          limit $6",
        held(asked.what),
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(broadcast)
        .bind(asked.position)
        .bind(asked.cause.as_deref())
        .bind(cursor)
        .bind(i64::try_from(PAGE + 1).unwrap_or(i64::MAX))
        .fetch_all(tx.conn())
        .await?;
    let place = |row: &Row| Cursor { value: String::new(), id: row.contact };
    Ok(Page::cut(rows, going, cursor.is_none(), place))
}

pub(super) async fn count(tx: &mut OrgTx, broadcast: Uuid, asked: &Asked) -> sqlx::Result<i64> {
    sqlx::query_scalar(AssertSqlSafe(format!("select count(*) {}", held(asked.what))))
        .bind(tx.org())
        .bind(broadcast)
        .bind(asked.position)
        .bind(asked.cause.as_deref())
        .fetch_one(tx.conn())
        .await
}

/// All of them who are contacts still.
pub(super) async fn ids(tx: &mut OrgTx, broadcast: Uuid, asked: &Asked) -> sqlx::Result<Vec<Uuid>> {
    let sql = format!("select r.contact_id {} and c.id is not null order by r.contact_id", held(asked.what));
    sqlx::query_scalar(AssertSqlSafe(sql))
        .bind(tx.org())
        .bind(broadcast)
        .bind(asked.position)
        .bind(asked.cause.as_deref())
        .fetch_all(tx.conn())
        .await
}

/// Where this link leads.
pub(super) async fn target(tx: &mut OrgTx, broadcast: Uuid, position: i16) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select target from tracked_links where organization_id = $1 and broadcast_id = $2 and position = $3",
        org,
        broadcast,
        position,
    )
    .fetch_optional(tx.conn())
    .await
}
