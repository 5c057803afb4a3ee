//! All SQL of rules about what is kept for how long.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::Rule;
use crate::{db::Db, tenancy::OrgTx};

pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<Rule>> {
    let org = tx.org();
    sqlx::query_as!(
        Rule,
        "select kind, days, last_run_at, last_count, total, last_error from retention_rules
          where organization_id = $1 order by kind",
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Gives after how many days it went before.
pub(super) async fn save(
    tx: &mut OrgTx,
    (kind, days): (&str, Option<i32>),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<i32>> {
    let org = tx.org();
    let was = sqlx::query_scalar!(
        "select days from retention_rules where organization_id = $1 and kind = $2 for update",
        org,
        kind,
    );
    let was = was.fetch_optional(tx.conn()).await?.flatten();
    sqlx::query!(
        "insert into retention_rules (organization_id, kind, days, updated_at) values ($1, $2, $3, $4)
             on conflict (organization_id, kind)
             do update set days = excluded.days, updated_at = excluded.updated_at, last_error = ''",
        org,
        kind,
        days,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(was)
}

/// Writes down how many went now, and since the rule is there; what went wrong, where something did.
pub(super) async fn ran(
    tx: &mut OrgTx,
    kind: &str,
    (count, error): (i64, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let (org, error) = (tx.org(), error.chars().take(1000).collect::<String>());
    sqlx::query!(
        "update retention_rules set last_run_at = $5, last_count = $3, total = total + $3, last_error = $4
          where organization_id = $1 and kind = $2",
        org,
        kind,
        count,
        error,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Where a rule is on: ids alone, each of which is then entered.
pub(super) async fn organizations(db: &Db) -> sqlx::Result<Vec<Uuid>> {
    let all = sqlx::query_scalar!(r#"select app.organizations_that_forget() as "id!""#);
    all.fetch_all(&mut *db.connection().await?).await
}
