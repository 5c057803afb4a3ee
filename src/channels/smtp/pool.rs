//! The connections to one server: opened when they are needed, used again, left alone when it fails.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::{
    opening::{OpenError, open},
    outcome::Outcome,
    server::Server,
    session::{Envelope, Session},
};

/// What the server is asked to bear.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub connections: usize,
    /// After so many messages a connection is closed: many servers close it themselves.
    pub messages_per_connection: u32,
    /// A connection that nobody used for so long is not trusted any more.
    pub idle: Duration,
    /// How long the server is left alone after it could not be reached; doubled each time, up to `rest_at_most`.
    pub rest: Duration,
    pub rest_at_most: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10,
            messages_per_connection: 100,
            idle: Duration::from_secs(30),
            rest: Duration::from_secs(1),
            rest_at_most: Duration::from_secs(300),
        }
    }
}

/// Cheap to clone; all clones share the connections.
#[derive(Clone)]
pub struct Pool(Arc<Shared>);

struct Shared {
    server: Server,
    limits: Limits,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<(Session, Instant)>>,
    rest: Mutex<Rest>,
}

/// How often in a row it failed, and until when it is left alone.
#[derive(Clone, Copy, Debug, Default)]
struct Rest {
    failures: u32,
    until: Option<Instant>,
}

/// A place at the server, for one message.
pub struct Connection {
    session: Session,
    pool: Arc<Shared>,
    place: OwnedSemaphorePermit,
}

/// What came of preparing a message.
pub enum Prepared {
    /// All but the dot is there.
    Ready(Ready),
    /// It is over already: the server refused it, or was gone.
    Settled(Outcome),
}

/// A message that the server has, but for the dot. Dropped, it was never sent.
#[must_use = "a message that is not released was not sent"]
pub struct Ready(Connection);

impl Pool {
    pub fn new(server: Server, limits: Limits) -> Self {
        let places = Arc::new(Semaphore::new(limits.connections.max(1)));
        Self(Arc::new(Shared { server, limits, places, idle: Mutex::default(), rest: Mutex::default() }))
    }

    /// Waits for a free place, and opens a connection unless one is there.
    pub async fn get(&self) -> Result<Connection, OpenError> {
        let pool = self.0.clone();
        let Ok(place) = pool.places.clone().acquire_owned().await else {
            return Err(OpenError::Resting { until: Instant::now() });
        };
        if let Some(session) = pool.kept() {
            return Ok(Connection { session, pool, place });
        }
        let rest = *held(&pool.rest);
        if let Some(until) = rest.until.filter(|until| *until > Instant::now()) {
            return Err(OpenError::Resting { until });
        }
        match open(&pool.server).await {
            Ok(session) => {
                *held(&pool.rest) = Rest::default();
                Ok(Connection { session, pool, place })
            }
            Err(error) => {
                pool.failed();
                Err(error)
            }
        }
    }

    /// Says goodbye on every connection that nobody uses.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *held(&self.0.idle));
        for (session, _) in idle {
            session.quit().await;
        }
    }
}

impl Shared {
    /// A connection from before that is still good.
    fn kept(&self) -> Option<Session> {
        let mut idle = held(&self.idle);
        while let Some((mut session, since)) = idle.pop() {
            if since.elapsed() < self.limits.idle && session.is_alive() {
                return Some(session);
            }
        }
        None
    }

    /// Those who failed at the same time count as one.
    fn failed(&self) {
        let mut rest = held(&self.rest);
        let now = Instant::now();
        if rest.until.is_some_and(|until| until > now) {
            return;
        }
        let doubled = self.limits.rest.saturating_mul(1 << rest.failures.min(20));
        rest.failures += 1;
        rest.until = Some(now + doubled.min(self.limits.rest_at_most));
    }
}

impl Connection {
    /// Envelope and body, all but the dot. Whatever a server says to that settles the message.
    pub async fn prepare(mut self, envelope: &Envelope<'_>, message: &[u8]) -> Prepared {
        match self.session.prepare(envelope, message).await {
            Ok(()) => Prepared::Ready(Ready(self)),
            Err(outcome) => {
                self.give_back().await;
                Prepared::Settled(outcome)
            }
        }
    }

    async fn give_back(self) {
        let Self { session, pool, place } = self;
        if session.is_over || session.messages >= pool.limits.messages_per_connection {
            session.quit().await;
        } else {
            held(&pool.idle).push((session, Instant::now()));
        }
        // Only now may the next one look for a connection.
        drop(place);
    }
}

impl Ready {
    /// The dot. From here on the message may be delivered, whatever happens to us.
    pub async fn release(mut self) -> Outcome {
        let outcome = self.0.session.release().await;
        self.0.give_back().await;
        outcome
    }
}

/// A lock is only held where nothing can panic.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
