//! All SQL of the staff.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::ADMIN;
use crate::{accounts::UserId, tenancy::OrgTx};

pub(super) async fn join(tx: &mut OrgTx, user: UserId, role: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at)
         select $1, $2, r.id, 'active', $4, $4 from roles r where r.organization_id = $1 and r.key = $3
         on conflict (organization_id, user_id) do update
            set role_id = excluded.role_id, status = 'active', updated_at = excluded.updated_at",
        org,
        user as UserId,
        role,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Those who may do everything and can sign in, locked until the transaction ends.
pub(super) async fn admins(tx: &mut OrgTx) -> sqlx::Result<Vec<UserId>> {
    let org = tx.org();
    let all: Vec<Uuid> = sqlx::query_scalar!(
        "select m.user_id
           from organization_members m
           join roles r on r.organization_id = m.organization_id and r.id = m.role_id and r.key = $2
           join users u on u.id = m.user_id and u.disabled_at is null
          where m.organization_id = $1 and m.status = 'active'
          order by m.user_id
            for update of m",
        org,
        ADMIN,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(all.into_iter().map(UserId).collect())
}
