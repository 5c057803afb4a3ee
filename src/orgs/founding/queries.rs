//! All SQL of plan.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Plan;
use crate::{
    accounts::UserId,
    orgs::system_roles::SystemRole,
    tenancy::{OrgId, OrgTx},
};

/// `false` when the slug is another organization's.
pub(super) async fn insert_organization(
    tx: &mut OrgTx,
    plan: &Plan<'_>,
    slug: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into organizations (id, slug, name, kind, hue, time_zone, is_sample, created_at, updated_at, agency_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
         on conflict (slug) do nothing",
        org,
        slug,
        plan.name,
        plan.kind,
        // Any of the twelve, so that two workspaces side by side rarely share a colour.
        i16::from(org.as_bytes().last().copied().unwrap_or(0) % 12),
        plan.time_zone,
        plan.is_sample,
        now,
        plan.agency as Option<OrgId>,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn insert_role(tx: &mut OrgTx, role: &SystemRole, now: DateTime<Utc>) -> sqlx::Result<Uuid> {
    let org = tx.org();
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into roles (organization_id, id, key, name, is_system, client_role, created_at)
         values ($1, $2, $3, $4, true, $5, $6)",
        org,
        id,
        role.key,
        role.name,
        role.client_role,
        now,
    )
    .execute(tx.conn())
    .await?;
    let permissions: Vec<String> = role.permissions.iter().map(ToString::to_string).collect();
    sqlx::query!(
        "insert into role_permissions (organization_id, role_id, permission)
         select $1, $2, unnest($3::text[])
         on conflict do nothing",
        org,
        id,
        &permissions,
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

pub(super) async fn insert_member(
    tx: &mut OrgTx,
    user: UserId,
    role: Uuid,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at)
         values ($1, $2, $3, 'active', $4, $4)",
        org,
        user as UserId,
        role,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
