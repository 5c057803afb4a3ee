//! Whether a chain is whole: nothing changed, taken out, put in or moved behind the application's back.

use sqlx::PgConnection;
use uuid::Uuid;

use super::queries;
pub use super::queries::Break;

/// What reading a whole chain found.
#[derive(Clone, Debug)]
pub struct Verified {
    /// Rows that the log should have.
    pub rows: i64,
    /// Up to a hundred places at which it is broken; none is good.
    pub breaks: Vec<Break>,
}

/// Reads the whole log of an organization; `conn` is inside of it, or may read all of them.
pub async fn verify(conn: &mut PgConnection, org: Uuid) -> sqlx::Result<Verified> {
    let mut breaks = queries::breaks(conn, org).await?;
    let rows = queries::length(conn, org).await?;
    if rows.is_none() {
        breaks.push(Break { seq: 0, what: "the end of the log is not known".to_owned() });
    }
    Ok(Verified { rows: rows.unwrap_or(0), breaks })
}
