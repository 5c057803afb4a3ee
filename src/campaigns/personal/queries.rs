//! The SQL of what campaigns hold of a person.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    personal::{Person, held::MOST},
    tenancy::OrgTx,
};

/// The broadcasts that they were a recipient of.
pub(super) async fn sources(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select broadcast_id from recipients where organization_id = $1 and contact_id = $2",
        org,
        who
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn recipients(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(r) - 'organization_id' || jsonb_build_object('campaign', c.name, 'campaign_subject', b.subject) as "row!"
             from recipients r
             join broadcasts b on b.organization_id = $1 and b.id = r.broadcast_id
             join campaigns c on c.organization_id = $1 and c.id = b.campaign_id
            where r.organization_id = $1 and r.contact_id = $2 order by r.broadcast_id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn blank_recipients(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let org = tx.org();
    let blanked = sqlx::query!(
        "update recipients set address = '', merge = '{}', bounce_detail = ''
          where organization_id = $1 and contact_id = $2",
        org,
        who,
    );
    Ok(blanked.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn clicks(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let (org, sources) = (tx.org(), sources(tx, who).await?);
    sqlx::query_scalar!(
        r#"select to_jsonb(k) - 'organization_id' || jsonb_build_object('link', l.target) as "row!"
             from link_clicks k
             join tracked_links l on l.organization_id = $1 and l.broadcast_id = k.broadcast_id and l.position = k.position
            where k.organization_id = $1 and k.broadcast_id = any ($2) and k.contact_id = $3
            order by k.first_clicked_at limit $4"#,
        org,
        &sources,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// Nothing in a click says who it was but the id.
pub(super) async fn count_clicks(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    Ok(clicks(tx, who).await?.len() as u64)
}

/// Mails to them, and those that were tried out with them and went to a colleague.
pub(super) async fn kept(tx: &mut OrgTx, who: &Person) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(k) - 'organization_id' - 'source' || jsonb_build_object('source', encode(k.source, 'escape')) as "row!"
             from kept_mail k
            where organization_id = $1
              and (recipient = any ($2) or subject ~ $3 or encode(source, 'escape') ~ $3)
            order by id limit $4"#,
        org,
        &who.emails,
        who.pattern(),
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn erase_kept(tx: &mut OrgTx, who: &Person) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from kept_mail
          where organization_id = $1
            and (recipient = any ($2) or subject ~ $3 or encode(source, 'escape') ~ $3)",
        org,
        &who.emails,
        who.pattern(),
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}

pub(super) async fn count_kept(tx: &mut OrgTx, before: DateTime<Utc>) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from kept_mail where organization_id = $1 and kept_at < $2"#,
        org,
        before,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn forget_kept(tx: &mut OrgTx, before: DateTime<Utc>, at_most: i64) -> sqlx::Result<u64> {
    let org = tx.org();
    let gone = sqlx::query!(
        "delete from kept_mail
          where organization_id = $1
            and id in (select k.id from kept_mail k
                        where k.organization_id = $1 and k.kept_at < $2 order by k.id limit $3)",
        org,
        before,
        at_most,
    );
    Ok(gone.execute(tx.conn()).await?.rows_affected())
}
