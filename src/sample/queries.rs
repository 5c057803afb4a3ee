//! All SQL of the sample data.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use crate::{
    accounts::UserId,
    campaigns::{BroadcastId, CampaignId},
    db::Db,
    designs::DesignId,
    senders::SenderId,
    tenancy::{OrgId, OrgTx},
};

/// The sample organization with this name that this person may enter.
pub(super) async fn organization(db: &Db, email: &str, name: &str) -> sqlx::Result<Option<OrgId>> {
    let found = sqlx::query_scalar!(
        r#"select o.organization_id as "id!" from users u, app.user_organizations(u.id) o
            where u.email = $1 and o.name = $2 and o.is_sample"#,
        email,
        name,
    );
    Ok(found.fetch_optional(&mut *db.connection().await?).await?.map(OrgId::from))
}

/// Whether a sample organization is there already.
pub(super) async fn exists(db: &Db, email: &str, name: &str) -> sqlx::Result<bool> {
    Ok(organization(db, email, name).await?.is_some())
}

pub(super) async fn user(db: &Db, email: &str) -> sqlx::Result<Option<UserId>> {
    let found = sqlx::query_scalar!("select id from users where email = $1", email);
    Ok(found.fetch_optional(&mut *db.connection().await?).await?.map(UserId))
}

/// Makes somebody a member, as the role with this key; by the agency where somebody there placed them.
pub(super) async fn join(
    tx: &mut OrgTx,
    user: UserId,
    (role, status, placed_by): (&str, &str, Option<Uuid>),
    joined: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into organization_members
             (organization_id, user_id, role_id, status, invited_by, assigned_by_agency, created_at, updated_at)
         select $1, $2, id, $4, $5::uuid, $5::uuid is not null, $6, $6 from roles where organization_id = $1 and key = $3
         on conflict do nothing",
        org,
        user as UserId,
        role,
        status,
        placed_by,
        joined,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Gives a member the role with this name.
pub(super) async fn make(tx: &mut OrgTx, user: UserId, role: &str) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update organization_members m set role_id = r.id
           from roles r
          where m.organization_id = $1 and m.user_id = $2 and r.organization_id = $1 and r.name = $3",
        org,
        user as UserId,
        role,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Every contact by first name.
pub(super) async fn first_names(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, Uuid)>> {
    let org = tx.org();
    let rows =
        sqlx::query!("select first_name, id from contacts where organization_id = $1 order by id", org);
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.first_name, row.id)).collect())
}

/// A job that was over so many hours ago.
pub(super) struct Finished {
    pub kind: &'static str,
    pub status: &'static str,
    pub hours: i64,
    pub attempts: i32,
    pub last_error: &'static str,
}

pub(super) async fn finished(tx: &mut OrgTx, job: &Finished, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    let ended = now - TimeDelta::hours(job.hours);
    let seconds = u64::try_from(ended.timestamp()).unwrap_or_default();
    sqlx::query!(
        r#"insert into job_queue (organization_id, id, kind, payload, status, attempts, max_attempts, last_error,
                                run_at, created_at, started_at, finished_at)
         values ($1, $2, $3, '"succeed"', $4, $5, 5, $6, $7, $7, $7, $7)"#,
        org,
        Uuid::new_v7(Timestamp::from_unix(NoContext, seconds, 0)),
        job.kind,
        job.status,
        job.attempts,
        job.last_error,
        ended,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A campaign that was sent in the past.
pub(super) struct Past<'a> {
    pub campaign: CampaignId,
    pub broadcast: BroadcastId,
    pub sender: Option<SenderId>,
    pub name: &'a str,
    pub subject: &'a str,
    pub preview: &'a str,
    pub design: DesignId,
    pub version: Option<Uuid>,
    pub start: DateTime<Utc>,
}

/// Writes the campaign with its links, to everybody there is; gives the number that tokens call it by.
pub(super) async fn sent(tx: &mut OrgTx, past: &Past<'_>, targets: &[String]) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query!(
        "insert into campaigns (organization_id, id, name, created_at, updated_at) values ($1, $2, $3, $4, $4)",
        org,
        past.campaign as CampaignId,
        past.name,
        past.start,
    )
    .execute(tx.conn())
    .await?;
    let number = sqlx::query_scalar!(
        "insert into broadcasts (organization_id, id, campaign_id, status, sender_id, subject, preview_text, design_id, version_id,
                                 to_everybody, people, skipped, started_at, frozen_at, finished_at, created_at, updated_at)
         select $1, $2, $3, 'sent', $9, $4, $5, $6, $7, true, count(*), 0, $8, $8, $8, $8, $8
           from contacts where organization_id = $1 and archived_at is null
         returning number",
        org,
        past.broadcast as BroadcastId,
        past.campaign as CampaignId,
        past.subject,
        past.preview,
        past.design as DesignId,
        past.version,
        past.start,
        past.sender as Option<SenderId>,
    )
    .fetch_one(tx.conn())
    .await?;
    sqlx::query!(
        "insert into tracked_links (organization_id, broadcast_id, position, target)
         select $1, $2, n - 1, target from unnest($3::text[]) with ordinality as t (target, n)",
        org,
        past.broadcast as BroadcastId,
        targets,
    )
    .execute(tx.conn())
    .await?;
    Ok(number)
}

/// Sends it to everybody but those who had unsubscribed; gives all, in the order in which they were added.
pub(super) async fn mailed(tx: &mut OrgTx, past: &Past<'_>) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query!(
        "insert into recipients (organization_id, broadcast_id, contact_id, address, merge, skipped)
         select $1, $2, c.id, coalesce(c.email, ''),
                jsonb_build_object('email', c.email, 'first_name', c.first_name, 'last_name', c.last_name,
                                   'company', c.company, 'city', c.city),
                case when exists (select from consents k where k.organization_id = $1 and k.contact_id = c.id
                                                           and k.state = 'withdrawn') then 'opted_out' else '' end
           from contacts c where c.organization_id = $1 and c.archived_at is null",
        org,
        past.broadcast as BroadcastId,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update broadcasts set skipped = (select count(*) from recipients r where r.organization_id = $1
                                             and r.broadcast_id = $2 and r.skipped <> '')
          where organization_id = $1 and id = $2",
        org,
        past.broadcast as BroadcastId,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into channel_outbox (organization_id, source_id, subject_id, channel, address_hash, status, attempts,
                                     due_at, handed_at, settled_at, code, detail)
         select $1, $2, r.contact_id, 'email', app.address_hash($1, r.address), 'sent', 1, $3, $3, $3, 250, 'Ok'
           from recipients r where r.organization_id = $1 and r.broadcast_id = $2 and r.skipped = ''",
        org,
        past.broadcast as BroadcastId,
        past.start,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query_scalar!(
        "select contact_id from recipients where organization_id = $1 and broadcast_id = $2 order by contact_id",
        org,
        past.broadcast as BroadcastId,
    )
    .fetch_all(tx.conn())
    .await
}

/// Mail to one of them came back an hour later: for good or not, why, and in which words.
pub(super) async fn bounced(
    tx: &mut OrgTx,
    past: &Past<'_>,
    contact: Uuid,
    (bounce, reason, said): (&str, &str, &str),
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update recipients set bounced_at = $4, bounce = $5, bounce_reason = $6, bounce_detail = $7
          where organization_id = $1 and broadcast_id = $2 and contact_id = $3",
        org,
        past.broadcast as BroadcastId,
        contact,
        past.start + TimeDelta::hours(1),
        bounce,
        reason,
        said,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
