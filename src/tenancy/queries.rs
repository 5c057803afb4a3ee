//! The question who may enter what, asked of `app.user_organizations`.

use super::OrgId;
use crate::{accounts::UserId, db::Db};

/// An organization that a person may enter, and as what.
#[derive(Clone, Debug)]
pub struct Access {
    pub org: OrgId,
    pub slug: String,
    pub name: String,
    pub kind: String,
    pub hue: i16,
    pub time_zone: String,
    pub requires_two_factor: bool,
    pub is_sample: bool,
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
        r#"select organization_id as "org!: OrgId", slug as "slug!", name as "name!", kind as "kind!", hue as "hue!",
                  time_zone as "time_zone!", requires_two_factor as "requires_two_factor!",
                  is_sample as "is_sample!", role_name as "role_name!", permissions as "permissions!",
                  via_agency as "via_agency: OrgId"
             from app.user_organizations($1, $2)"#,
        user as UserId,
        slug,
    )
    .fetch_all(&mut *db.connection().await?)
    .await
}
