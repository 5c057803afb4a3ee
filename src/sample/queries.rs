//! All SQL of the sample data.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::{NoContext, Timestamp, Uuid};

use crate::{
    accounts::UserId,
    db::Db,
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
