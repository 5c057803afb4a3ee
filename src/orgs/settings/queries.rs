//! All SQL of the settings.

use chrono::{DateTime, Utc};

use super::General;
use crate::tenancy::OrgTx;

/// What the settings are, locked until the transaction ends: what is kept as "before" was so.
pub(super) async fn general(tx: &mut OrgTx) -> sqlx::Result<General> {
    let org = tx.org();
    sqlx::query_as!(General, "select name, hue, time_zone from organizations where id = $1 for update", org)
        .fetch_one(tx.conn())
        .await
}

pub(super) async fn save_general(tx: &mut OrgTx, general: &General, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update organizations set name = $2, hue = $3, time_zone = $4, updated_at = $5 where id = $1",
        org,
        general.name,
        general.hue,
        general.time_zone,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Gives what it was before.
pub(super) async fn require_two_factor(
    tx: &mut OrgTx,
    required: bool,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update organizations o set requires_two_factor = $2, updated_at = $3
           from (select id, requires_two_factor from organizations where id = $1 for update) was
          where o.id = $1 and was.id = o.id
         returning was.requires_two_factor",
        org,
        required,
        now,
    )
    .fetch_one(tx.conn())
    .await
}

/// How many active members sign in with a second factor, and how many there are.
pub(super) async fn two_factor_count(tx: &mut OrgTx) -> sqlx::Result<(i64, i64)> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select count(*) filter (where u.totp_enabled_at is not null) as "with_it!", count(*) as "all!"
             from organization_members m
             join users u on u.id = m.user_id
            where m.organization_id = $1 and m.status = 'active'"#,
        org,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((row.with_it, row.all))
}
