//! All SQL of the sample data.

use chrono::{DateTime, Utc};

use crate::{accounts::UserId, db::Db, tenancy::OrgTx};

/// Whether the sample business is there: its owner is the one person who is asked for.
pub(super) async fn exists(db: &Db, slug: &str) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (
               select 1 from users u, app.user_organizations(u.id, $1) o where u.email = 'sam@' || $1 || '.example'
           ) as "exists!""#,
        slug,
    )
    .fetch_one(&mut *db.connection().await?)
    .await
}

/// Makes somebody a member, as the role with this key.
pub(super) async fn join(
    tx: &mut OrgTx,
    user: UserId,
    role: &str,
    status: &str,
    joined: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into organization_members (organization_id, user_id, role_id, status, created_at, updated_at)
         select $1, $2, id, $4, $5, $5 from roles where organization_id = $1 and key = $3
         on conflict do nothing",
        org,
        user as UserId,
        role,
        status,
        joined,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
