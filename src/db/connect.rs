//! Pools, and what every connection is told.

use std::{path::Path, time::Duration};

use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::trouble;

/// The role that requests and jobs run as.
pub const APP_ROLE: &str = "groundswell_app";

/// The role that takes jobs: sees the queue of every organization and nothing else of theirs.
pub const WORKER_ROLE: &str = "groundswell_worker";

/// How long a request waits for a connection before it is answered with 503.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);

/// Where to reach a database, as somebody.
#[derive(Clone, Debug)]
pub struct Endpoint(pub PgConnectOptions);

impl Endpoint {
    /// The embedded server, through its socket.
    pub fn socket(folder: &Path, port: u16, role: &str, password: &str, database: &str) -> Self {
        let options = PgConnectOptions::new_without_pgpass()
            .host(&folder.to_string_lossy())
            .port(port)
            .username(role)
            .password(password)
            .database(database);
        Self(options)
    }

    pub fn pool(&self, size: u32) -> PgPool {
        PgPoolOptions::new()
            .max_connections(size)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            // A broken connection shows when it is used; asking first costs a round trip on every page.
            .test_before_acquire(false)
            .before_acquire(|conn, meta| Box::pin(trouble::prove(conn, meta)))
            .idle_timeout(Duration::from_secs(300))
            .connect_lazy_with(self.0.clone().application_name("groundswell"))
    }
}
