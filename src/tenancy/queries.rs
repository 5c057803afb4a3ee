//! The question who may enter what, asked of `app.user_organizations`, and what a refusal tells.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{OrgId, OrgTx};
use crate::{accounts::UserId, db::Db};

/// An organization that a person may enter, and as what.
#[derive(Clone, Debug)]
pub struct Access {
    pub org: OrgId,
    pub slug: String,
    pub name: String,
    pub kind: String,
    /// The agency whose client this is.
    pub agency_id: Option<OrgId>,
    pub hue: i16,
    pub time_zone: String,
    pub requires_two_factor: bool,
    pub is_sample: bool,
    pub role_id: Uuid,
    pub role_key: String,
    pub role_name: String,
    pub permissions: Vec<String>,
    /// The agency through which the person enters, when they have no membership of their own.
    pub via_agency: Option<OrgId>,
    /// The grant through which the platform's support enters, with all there is to it; nothing for others.
    pub support_grant: Option<Uuid>,
    pub support_until: Option<DateTime<Utc>>,
    pub support_reason: Option<String>,
    pub support_reads_only: Option<bool>,
}

impl Access {
    /// Whether the person is of the platform's support, and here to look only.
    pub fn only_looks(&self) -> bool {
        self.support_reads_only == Some(true)
    }
}

/// What the person may do in the organization at `slug` now, if they may enter it.
pub(super) async fn access(
    db: &Db,
    user: UserId,
    slug: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Access>> {
    Ok(find(db, user, Some(slug), now).await?.pop())
}

/// Every organization that the person may enter now, by name.
pub async fn accessible_organizations(
    db: &Db,
    user: UserId,
    now: DateTime<Utc>,
) -> sqlx::Result<Vec<Access>> {
    find(db, user, None, now).await
}

/// The same without those that somebody of the support may enter for a while.
pub(super) async fn accessible(db: &Db, user: UserId) -> sqlx::Result<Vec<Access>> {
    let all = find(db, user, None, DateTime::UNIX_EPOCH).await?;
    Ok(all.into_iter().filter(|access| access.support_grant.is_none()).collect())
}

async fn find(db: &Db, user: UserId, slug: Option<&str>, now: DateTime<Utc>) -> sqlx::Result<Vec<Access>> {
    sqlx::query_as!(
        Access,
        r#"select organization_id as "org!: OrgId", slug as "slug!", name as "name!", kind as "kind!",
                  agency_id as "agency_id: OrgId", hue as "hue!", time_zone as "time_zone!",
                  requires_two_factor as "requires_two_factor!", is_sample as "is_sample!",
                  role_id as "role_id!", role_key as "role_key!", role_name as "role_name!",
                  permissions as "permissions!",
                  via_agency as "via_agency: OrgId",
                  support_grant, support_until, support_reason, support_reads_only
             from app.user_organizations($1, $2, $3)"#,
        user as UserId,
        slug,
        now,
    )
    .fetch_all(&mut *db.connection().await?)
    .await
}

/// A role of the organization, for looking at its workspace as a holder of it would.
pub(super) struct RoleSeen {
    pub name: String,
    pub permissions: Vec<String>,
}

pub(super) async fn role(tx: &mut OrgTx, role: Uuid) -> sqlx::Result<Option<RoleSeen>> {
    let org = tx.org();
    sqlx::query_as!(
        RoleSeen,
        r#"select r.name,
                  array(select p.permission from role_permissions p
                         where p.organization_id = $1 and p.role_id = r.id) as "permissions!"
             from roles r
            where r.organization_id = $1 and r.id = $2"#,
        org,
        role,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The names of a few active members who can give `permission` to somebody: who hold it themselves, and
/// may change roles or give people another one.
pub(super) async fn grantors(tx: &mut OrgTx, permission: &str) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    let can_give: Vec<String> = vec!["members.edit".to_owned(), "roles.edit".to_owned()];
    sqlx::query_scalar!(
        "select p.name
           from organization_members m
           join users u on u.id = m.user_id and u.disabled_at is null
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1 and m.status = 'active'
            and exists (select 1 from role_permissions g
                         where g.organization_id = $1 and g.role_id = m.role_id and g.permission = any($2))
            and exists (select 1 from role_permissions h
                         where h.organization_id = $1 and h.role_id = m.role_id and h.permission = $3)
          order by m.created_at, p.name
          limit 3",
        org,
        &can_give,
        permission,
    )
    .fetch_all(tx.conn())
    .await
}

/// What the person may do for the installation; nothing for almost everybody.
pub(super) async fn platform_permissions(db: &Db, user: UserId) -> sqlx::Result<Vec<String>> {
    sqlx::query_scalar!(r#"select app.platform_permissions($1) as "permissions!""#, user as UserId)
        .fetch_one(&mut *db.connection().await?)
        .await
}

/// Whether the last thing that this person is known to have looked at is this path: a page that asks
/// again by itself, or is reloaded, is one line of the log.
pub(super) async fn looked_last_at(tx: &mut OrgTx, person: UserId, path: &str) -> sqlx::Result<bool> {
    let org = tx.org();
    let last = sqlx::query_scalar!(
        "select subject_id from audit_log
          where organization_id = $1 and actor_id = $2 and action = 'support.looked' order by seq desc limit 1",
        org,
        person as UserId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(last.is_some_and(|last| last == path))
}

/// The grants of the platform's support whose time is over and of which nobody wrote down the end.
pub async fn support_to_end(db: &Db, now: DateTime<Utc>) -> sqlx::Result<Vec<(OrgId, Uuid)>> {
    let rows = sqlx::query!(
        r#"select organization_id as "org!: OrgId", id as "id!" from app.support_to_end($1)"#,
        now
    )
    .fetch_all(&mut *db.connection().await?)
    .await?;
    Ok(rows.into_iter().map(|row| (row.org, row.id)).collect())
}
