//! The bell of open pages: it rings for somebody who was told something, or has read it, in whichever process that
//! happened.
//!
//! The database passes it on to every process that has a page open, and nobody asks again and again. A process listens
//! from its first open page on. When it begins to, or lost its connection for a while, everybody who waits counts anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::postgres::PgListener;
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

use super::queries;
use crate::{accounts::UserId, web::App};

/// As `queries` says it.
const CHANNEL: &str = "groundswell_notices";
/// How long until it is tried again to listen.
const AGAIN: Duration = Duration::from_secs(2);
/// Rings that a page may be behind; with more it counts once instead.
const BEHIND: usize = 256;

/// For whom it rings: somebody, or everybody.
type Ring = Option<Uuid>;

/// The one of this process.
struct Bell {
    rings: broadcast::Sender<Ring>,
    is_listening: AtomicBool,
}

impl Default for Bell {
    fn default() -> Self {
        let (rings, _) = broadcast::channel(BEHIND);
        Self { rings, is_listening: AtomicBool::new(false) }
    }
}

/// An open page that waits for what somebody is told.
pub struct Waiting {
    app: App,
    who: UserId,
    rings: broadcast::Receiver<Ring>,
    /// What the page was told last.
    said: Option<i32>,
    /// Whether it rang and nobody has counted yet; also at first, as something may have happened since the page was
    /// made.
    has_rung: bool,
}

/// Begins to wait for what this person is told from now on.
pub fn wait(app: &App, who: UserId) -> Waiting {
    let bell = app.memory.of::<Bell>();
    let rings = bell.rings.subscribe();
    if !bell.is_listening.swap(true, Ordering::SeqCst) {
        tokio::spawn(listen(app.clone(), bell));
    }
    Waiting { app: app.clone(), who, rings, said: None, has_rung: true }
}

impl Waiting {
    /// How many are unread: at once at first, then whenever that has changed. May be dropped while it waits.
    pub async fn unread(&mut self) -> i32 {
        loop {
            if !self.has_rung {
                self.rung().await;
                self.has_rung = true;
            }
            let Ok(unread) = queries::unread(&self.app.db, self.who).await else {
                // The database is away for a moment. When it is back, it rings for everybody.
                self.rung().await;
                continue;
            };
            self.has_rung = false;
            if self.said != Some(unread) {
                self.said = Some(unread);
                return unread;
            }
        }
    }

    /// Returns when something may have changed for them.
    async fn rung(&mut self) {
        loop {
            match self.rings.recv().await {
                Ok(Some(who)) if who != self.who.0 => {}
                Ok(_) | Err(RecvError::Lagged(_)) => break,
                Err(RecvError::Closed) => std::future::pending().await,
            }
        }
        // Told of many things at once, they count once.
        while self.rings.try_recv().is_ok() {}
    }
}

async fn listen(app: App, bell: Arc<Bell>) {
    while !app.is_stopping() && !app.queue.pool().is_closed() {
        if let Err(error) = hear(&app, &bell).await {
            tracing::debug!(%error, "Open pages do not hear of notices for a moment");
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Rings until the connection is lost.
async fn hear(app: &App, bell: &Bell) -> sqlx::Result<()> {
    let mut listener = PgListener::connect_with(app.queue.pool()).await?;
    listener.listen(CHANNEL).await?;
    bell.rings.send(None).ok();
    while let Some(told) = listener.try_recv().await? {
        bell.rings.send(told.payload().parse().ok()).ok();
    }
    Ok(())
}
