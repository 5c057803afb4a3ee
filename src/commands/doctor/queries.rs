//! What the database says about itself, whatever stands in it: it may never have been migrated.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

pub(super) async fn version(conn: &mut PgConnection) -> sqlx::Result<String> {
    let version = sqlx::query_scalar!(r#"select current_setting('server_version') as "version!""#);
    version.fetch_one(conn).await
}

/// What the database's clock says, in the middle of a transaction too.
pub(super) async fn now(conn: &mut PgConnection) -> sqlx::Result<DateTime<Utc>> {
    sqlx::query_scalar!(r#"select clock_timestamp() as "now!""#).fetch_one(conn).await
}
