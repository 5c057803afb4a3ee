//! Telling a database that is away from one that says no, and getting over it.
//!
//! Connections are handed out without asking whether they still work: that would cost a round trip on
//! every page. When one turns out broken, all that are older have to prove themselves once, so that a
//! restart of the server costs a request or two and not one for every connection in the pool.

use std::{
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use sqlx::{Connection, PgConnection, error::DatabaseError, pool::PoolConnectionMetadata};

static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
/// Milliseconds since [`BEGINNING`] at which a connection was last found broken; 0 is never.
static LAST: AtomicU64 = AtomicU64::new(0);

/// Whether waiting may help: the database is away, starting, or busy.
pub fn is_passing(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_) => true,
        // 08 connection, 53 out of resources, 55P03 lock not available, 57 stopped or cancelled.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            code == "55P03" || ["08", "53", "57"].iter().any(|class| code.starts_with(class))
        }),
        _ => false,
    }
}

/// Somebody sent the sign whose number is nothing: no text and no JSON of the database can hold it.
pub fn is_no_text(error: &sqlx::Error) -> bool {
    let code = |error: &dyn DatabaseError| matches!(error.code().as_deref(), Some("22021" | "22P05"));
    error.as_database_error().is_some_and(code)
}

/// Whether a statement took longer than it may.
pub fn is_too_slow(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Database(error) if error.code().as_deref() == Some("57014"))
}

/// Remembers that a connection was broken, if that is what `error` says.
pub fn note(error: &sqlx::Error) {
    let is_broken = match error {
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) => true,
        // The server was stopped, crashed, or is not up yet.
        sqlx::Error::Database(error) => {
            error.code().is_some_and(|code| ["57P01", "57P02", "57P03"].contains(&code.as_ref()))
        }
        _ => false,
    };
    if is_broken {
        LAST.store(elapsed(BEGINNING.elapsed()).max(1), Ordering::Relaxed);
    }
}

/// Whether a pooled connection may be used: those from before the last trouble are asked first.
pub(super) async fn prove(conn: &mut PgConnection, meta: PoolConnectionMetadata) -> sqlx::Result<bool> {
    let last = LAST.load(Ordering::Relaxed);
    let opened = elapsed(BEGINNING.elapsed().saturating_sub(meta.age));
    if last == 0 || opened > last { Ok(true) } else { Ok(conn.ping().await.is_ok()) }
}

fn elapsed(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
