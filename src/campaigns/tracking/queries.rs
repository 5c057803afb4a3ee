//! All SQL of opened mail and followed links.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::Db,
    tenancy::{OrgId, OrgTx},
};

/// Whose broadcast this number is.
pub(super) async fn broadcast_of(db: &Db, number: i64) -> sqlx::Result<Option<(OrgId, Uuid)>> {
    let found = sqlx::query!(
        r#"select organization_id as "org!", broadcast_id as "broadcast!" from app.broadcast_of($1)"#,
        number,
    );
    let found = found.fetch_optional(&mut *db.connection().await?).await?;
    Ok(found.map(|row| (row.org.into(), row.broadcast)))
}

pub(super) async fn targets(tx: &mut OrgTx, broadcast: Uuid) -> sqlx::Result<Vec<(u16, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select position, target from tracked_links where organization_id = $1 and broadcast_id = $2",
        org,
        broadcast,
    );
    let rows = rows.fetch_all(tx.conn()).await?.into_iter();
    Ok(rows.filter_map(|row| Some((u16::try_from(row.position).ok()?, row.target))).collect())
}

pub(super) async fn merge(tx: &mut OrgTx, broadcast: Uuid, contact: Uuid) -> sqlx::Result<Option<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select merge from recipients where organization_id = $1 and broadcast_id = $2 and contact_id = $3",
        org,
        broadcast,
        contact,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Somebody whose mail it was, and when the server was given it.
pub(super) struct Person {
    pub broadcast: Uuid,
    pub contact: Uuid,
    pub handed_at: Option<DateTime<Utc>>,
}

/// Those of them who are there; nobody else counts what they do until the transaction ends.
pub(super) async fn people(
    tx: &mut OrgTx,
    broadcasts: &[Uuid],
    contacts: &[Uuid],
) -> sqlx::Result<Vec<Person>> {
    let org = tx.org();
    sqlx::query_as!(
        Person,
        r#"select r.broadcast_id as broadcast, r.contact_id as contact, o.handed_at as "handed_at?"
             from unnest($2::uuid[], $3::uuid[]) as wanted (broadcast_id, contact_id)
             join recipients r on r.organization_id = $1 and r.broadcast_id = wanted.broadcast_id
                              and r.contact_id = wanted.contact_id
             left join channel_outbox o on o.organization_id = $1 and o.source_id = r.broadcast_id
                                       and o.subject_id = r.contact_id and o.step = 0
            order by r.broadcast_id, r.contact_id
              for update of r"#,
        org,
        broadcasts,
        contacts,
    )
    .fetch_all(tx.conn())
    .await
}

/// What each of several recipients did, as columns.
#[derive(Default)]
pub(super) struct Deeds {
    pub broadcasts: Vec<Uuid>,
    pub contacts: Vec<Uuid>,
    pub opens: Vec<i32>,
    /// A click tells of an open too.
    pub opened_at: Vec<DateTime<Utc>>,
    pub clicks: Vec<i32>,
    pub clicked_at: Vec<Option<DateTime<Utc>>>,
}

pub(super) async fn count(tx: &mut OrgTx, deeds: &Deeds) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update recipients r
            set opens = r.opens + n.opens, first_opened_at = least(r.first_opened_at, n.opened_at),
                clicks = r.clicks + n.clicks, first_clicked_at = least(r.first_clicked_at, n.clicked_at)
           from unnest($2::uuid[], $3::uuid[], $4::integer[], $5::timestamptz[], $6::integer[], $7::timestamptz[])
                as n (broadcast_id, contact_id, opens, opened_at, clicks, clicked_at)
          where r.organization_id = $1 and r.broadcast_id = n.broadcast_id and r.contact_id = n.contact_id",
        org,
        &deeds.broadcasts,
        &deeds.contacts,
        &deeds.opens,
        &deeds.opened_at,
        &deeds.clicks,
        &deeds.clicked_at as &[Option<DateTime<Utc>>],
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Who followed which link how often, as columns.
#[derive(Default)]
pub(super) struct Followed {
    pub broadcasts: Vec<Uuid>,
    pub positions: Vec<i16>,
    pub contacts: Vec<Uuid>,
    pub clicks: Vec<i32>,
    pub at: Vec<DateTime<Utc>>,
}

pub(super) async fn follow(tx: &mut OrgTx, followed: &Followed) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into link_clicks (organization_id, broadcast_id, position, contact_id, first_clicked_at, clicks)
         select $1, n.broadcast_id, n.position, n.contact_id, n.at, n.clicks
           from unnest($2::uuid[], $3::smallint[], $4::uuid[], $5::timestamptz[], $6::integer[])
                as n (broadcast_id, position, contact_id, at, clicks)
           join tracked_links l on l.organization_id = $1 and l.broadcast_id = n.broadcast_id
                               and l.position = n.position
             on conflict (organization_id, broadcast_id, position, contact_id) do update
            set clicks = link_clicks.clicks + excluded.clicks,
                first_clicked_at = least(link_clicks.first_clicked_at, excluded.first_clicked_at)",
        org,
        &followed.broadcasts,
        &followed.positions,
        &followed.contacts,
        &followed.at,
        &followed.clicks,
    )
    .execute(tx.conn())
    .await?;
    sum(tx, followed).await
}

/// Adds to what is counted of each link.
async fn sum(tx: &mut OrgTx, followed: &Followed) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update tracked_links l set clicks = greatest(l.clicks + n.clicks, 0)
           from (select broadcast_id, position, sum(clicks) as clicks
                   from unnest($2::uuid[], $3::smallint[], $4::integer[]) as one (broadcast_id, position, clicks)
                  group by broadcast_id, position order by broadcast_id, position) as n
          where l.organization_id = $1 and l.broadcast_id = n.broadcast_id and l.position = n.position",
        org,
        &followed.broadcasts,
        &followed.positions,
        &followed.clicks,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes back clicks that were counted as those of people; `clicks` says how many, below nought.
pub(super) async fn take_back(tx: &mut OrgTx, mistaken: &Followed) -> sqlx::Result<()> {
    sum(tx, mistaken).await?;
    let org = tx.org();
    sqlx::query!(
        "update link_clicks l set clicks = l.clicks + n.clicks
           from unnest($2::uuid[], $3::smallint[], $4::uuid[], $5::integer[])
                as n (broadcast_id, position, contact_id, clicks)
          where l.organization_id = $1 and l.broadcast_id = n.broadcast_id and l.position = n.position
            and l.contact_id = n.contact_id",
        org,
        &mistaken.broadcasts,
        &mistaken.positions,
        &mistaken.contacts,
        &mistaken.clicks,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "delete from link_clicks where organization_id = $1 and broadcast_id = any($2) and contact_id = any($3)
            and clicks <= 0",
        org,
        &mistaken.broadcasts,
        &mistaken.contacts,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update recipients r
            set clicks = greatest(r.clicks + n.clicks, 0),
                first_clicked_at = case when r.clicks + n.clicks > 0 then r.first_clicked_at end,
                first_opened_at = case when r.clicks + n.clicks > 0 or r.opens > 0 then r.first_opened_at end
           from (select broadcast_id, contact_id, sum(clicks)::integer as clicks
                   from unnest($2::uuid[], $3::uuid[], $4::integer[]) as one (broadcast_id, contact_id, clicks)
                  group by broadcast_id, contact_id) as n
          where r.organization_id = $1 and r.broadcast_id = n.broadcast_id and r.contact_id = n.contact_id",
        org,
        &mistaken.broadcasts,
        &mistaken.contacts,
        &mistaken.clicks,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
