//! Work that is done beside requests: asked for in the transaction of whatever wants it, so that there is
//! neither without the other; tried again when it fails; kept to be seen when it is over.
//!
//! Owns `job_queue` and `job_schedules`. Always true: a job belongs to one organization, or to the
//! installation itself; one process at a time has it, by a lease that it renews, and what a process that
//! lost its lease does is refused ([`AtWork::still_ours`]); a job that fails is tried again ever later,
//! then kept as failed with its last error; one that takes processes down with it is set aside after
//! three of them, unless it came further each time; no organization waits behind another's thousand jobs. All
//! times are the database's.
//!
//! - [`job`]: what a job is, and what it may do while at work
//! - [`kinds`]: every kind of job this program knows
//! - [`everywhere`]: the jobs of all organizations, for those who look after the installation
//! - [`list`]: looking at jobs, trying one again, calling one off
//! - [`schedule`]: what is done again and again
//! - [`worker`]: taking jobs and doing them

pub mod everywhere;
pub mod job;
pub mod kinds;
pub mod list;
mod queries;
pub mod schedule;
pub mod trial;
pub mod worker;

use sqlx::PgConnection;
use uuid::Uuid;

pub use job::{AtWork, Failure, Job};
pub use kinds::Kinds;
pub use queries::{blank_naming, naming};

crate::id!(
    /// One piece of work.
    JobId
);

/// The organization of what belongs to the installation as a whole.
pub const INSTALLATION: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0000);

/// What an order for a job says beside the job itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Order<'a> {
    /// While a job of this kind with this key waits or runs, ordering another does nothing.
    pub key: Option<&'a str>,
    /// Who asks, when it is a person.
    pub requested_by: Option<Uuid>,
    /// How long it waits before its first attempt.
    pub after: std::time::Duration,
}

/// Orders a job of an organization, within the caller's transaction, which is inside of it. `None` when
/// one with the same key waits or runs.
pub async fn enqueue<J: Job>(
    conn: &mut PgConnection,
    org: Uuid,
    job: &J,
    order: Order<'_>,
) -> Result<Option<JobId>, Failure> {
    let payload = serde_json::to_value(job).map_err(|error| Failure::Never(error.to_string()))?;
    Ok(queries::insert(conn, org, (J::KIND, &payload, J::ATTEMPTS), order).await?)
}

/// Orders a job of the installation, within any transaction.
pub async fn enqueue_for_installation<J: Job>(
    conn: &mut PgConnection,
    job: &J,
    key: Option<&str>,
) -> sqlx::Result<()> {
    let payload = serde_json::to_value(job).map_err(|error| sqlx::Error::Encode(error.into()))?;
    queries::insert_for_installation(conn, (J::KIND, &payload, J::ATTEMPTS), key).await
}
