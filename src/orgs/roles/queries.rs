//! All SQL of roles.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Role;
use crate::tenancy::OrgTx;

pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Role>> {
    let org = tx.org();
    sqlx::query_as!(
        Role,
        r#"select r.id, r.key, r.name, r.is_system, r.client_role,
                  array(select p.permission from role_permissions p
                         where p.organization_id = $1 and p.role_id = r.id
                         order by p.permission) as "permissions!",
                  (select count(*) from organization_members m
                    where m.organization_id = $1 and m.role_id = r.id) as "people!"
             from roles r
            where r.organization_id = $1
            order by not r.is_system, r.key not in ('company_owner', 'agency_owner'), r.created_at, r.id"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Holds every role of the organization until the transaction ends: a difference that was looked at stays
/// the difference that is made.
pub(super) async fn lock(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("select id from roles where organization_id = $1 order by id for update", org)
        .fetch_all(tx.conn())
        .await?;
    Ok(())
}

/// `None` when another role has this name.
pub(super) async fn insert(
    tx: &mut OrgTx,
    name: &str,
    client_role: Option<&str>,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Uuid>> {
    let org = tx.org();
    let id = Uuid::now_v7();
    sqlx::query_scalar!(
        "insert into roles (organization_id, id, key, name, client_role, created_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict do nothing
         returning id",
        org,
        id,
        format!("custom_{}", id.simple()),
        name,
        client_role,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn grant(tx: &mut OrgTx, role: Uuid, permissions: &[String]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into role_permissions (organization_id, role_id, permission)
         select $1, $2, unnest($3::text[])
         on conflict do nothing",
        org,
        role,
        permissions,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn revoke(tx: &mut OrgTx, role: Uuid, permissions: &[String]) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from role_permissions where organization_id = $1 and role_id = $2 and permission = any($3)",
        org,
        role,
        permissions,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// `false` when another role has this name.
pub(super) async fn rename(
    tx: &mut OrgTx,
    role: Uuid,
    name: &str,
    client_role: Option<&str>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update roles r set name = $3, client_role = $4
          where r.organization_id = $1 and r.id = $2
            and not exists (select 1 from roles o
                             where o.organization_id = $1 and o.id <> $2 and lower(o.name) = lower($3))",
        org,
        role,
        name,
        client_role,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Removes a role that nobody has and nobody was ever invited as. `false` when somebody was.
pub(super) async fn delete(tx: &mut OrgTx, role: Uuid) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "delete from roles r
          where r.organization_id = $1 and r.id = $2 and not r.is_system
            and not exists (select 1 from organization_members m
                             where m.organization_id = $1 and m.role_id = $2)
            and not exists (select 1 from invitations i
                             where i.organization_id = $1 and i.role_id = $2 and i.accepted_at is null
                               and i.withdrawn_at is null and i.replaced_at is null)",
        org,
        role,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets invitations that are over and were as this role: what they led to has its own record.
pub(super) async fn forget_invitations(tx: &mut OrgTx, role: Uuid) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "delete from invitations i
          where i.organization_id = $1 and i.role_id = $2
            and (i.accepted_at is not null or i.withdrawn_at is not null or i.replaced_at is not null)",
        org,
        role,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
