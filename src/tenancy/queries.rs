//! The question who may enter what, asked of `app.user_organizations`, and what a refusal tells.

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
}

/// What the person may do in the organization at `slug`, if they may enter it.
pub(super) async fn access(db: &Db, user: UserId, slug: &str) -> sqlx::Result<Option<Access>> {
    Ok(find(db, user, Some(slug)).await?.pop())
}

/// Every organization that the person may enter, by name.
pub async fn accessible_organizations(db: &Db, user: UserId) -> sqlx::Result<Vec<Access>> {
    find(db, user, None).await
}

async fn find(db: &Db, user: UserId, slug: Option<&str>) -> sqlx::Result<Vec<Access>> {
    sqlx::query_as!(
        Access,
        r#"select organization_id as "org!: OrgId", slug as "slug!", name as "name!", kind as "kind!",
                  agency_id as "agency_id: OrgId", hue as "hue!", time_zone as "time_zone!",
                  requires_two_factor as "requires_two_factor!", is_sample as "is_sample!",
                  role_id as "role_id!", role_key as "role_key!", role_name as "role_name!",
                  permissions as "permissions!",
                  via_agency as "via_agency: OrgId"
             from app.user_organizations($1, $2)"#,
        user as UserId,
        slug,
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
