//! What every handler shares. Cheap to clone.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Semaphore;

use super::{memory::Memory, metrics::Metrics, warnings::Warnings};
use crate::{clock::Clock, config::Config, crypto::Keys, db::Db, net};

#[derive(Clone)]
pub struct App {
    pub db: Db,
    /// The same database as the role that sees the queue of all organizations, and nothing else of theirs.
    pub queue: Db,
    pub clock: Clock,
    pub config: Arc<Config>,
    pub keys: Keys,
    /// The one way to ask other servers.
    pub net: net::Client,
    /// Permits for hashing passwords: each takes 19 MiB and a core for a while.
    pub hashing: Arc<Semaphore>,
    /// Set when this process has been told to stop: no longer ready, still answering.
    pub stopping: Arc<AtomicBool>,
    /// Set until the database has been found fit to be served from: answering, but with no pages yet.
    pub starting: Arc<AtomicBool>,
    pub metrics: Metrics,
    pub warnings: Warnings,
    pub memory: Memory,
}

impl App {
    pub fn new(db: Db, queue: Db, clock: Clock, config: Config, keys: Keys) -> Self {
        Self {
            db,
            queue,
            metrics: Metrics::new(&clock),
            clock,
            net: net::Client::new(net::Setup::of(&config)),
            config: Arc::new(config),
            keys,
            hashing: Arc::new(Semaphore::new(2)),
            stopping: Arc::new(AtomicBool::new(false)),
            starting: Arc::new(AtomicBool::new(false)),
            warnings: Warnings::default(),
            memory: Memory::default(),
        }
    }

    /// Ends every connection to the database.
    pub async fn close(&self) {
        self.queue.pool().close().await;
        self.db.pool().close().await;
    }

    pub fn is_stopping(&self) -> bool {
        self.stopping.load(Ordering::SeqCst)
    }

    pub fn is_starting(&self) -> bool {
        self.starting.load(Ordering::SeqCst)
    }
}
