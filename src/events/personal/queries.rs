//! The SQL of what the log holds of a person.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use crate::{personal::held::MOST, tenancy::OrgTx};

pub(super) async fn rows(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<Vec<Value>> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select to_jsonb(e) - 'organization_id' - 'tx' as "row!" from events e
            where organization_id = $1 and contact_id = $2 order by occurred_at, id limit $3"#,
        org,
        who,
        MOST,
    )
    .fetch_all(tx.conn())
    .await
}

/// The log is closed to the application: this is its function for somebody whose erasure is under way.
pub(super) async fn blank(tx: &mut OrgTx, who: Uuid) -> sqlx::Result<u64> {
    let blanked = sqlx::query_scalar!(r#"select app.blank_events($1) as "blanked!""#, who);
    Ok(u64::try_from(blanked.fetch_one(tx.conn()).await?).unwrap_or(0))
}

pub(super) async fn count_before(tx: &mut OrgTx, before: DateTime<Utc>) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from events where organization_id = $1 and occurred_at < $2"#,
        org,
        before,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn forget_before(tx: &mut OrgTx, before: DateTime<Utc>, at_most: i64) -> sqlx::Result<u64> {
    let at_most = i32::try_from(at_most).unwrap_or(i32::MAX);
    let gone = sqlx::query_scalar!(r#"select app.forget_events($1, $2) as "gone!""#, before, at_most);
    Ok(u64::try_from(gone.fetch_one(tx.conn()).await?).unwrap_or(0))
}
