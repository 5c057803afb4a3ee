//! Many connections write down what they do, in few transactions.
//!
//! Before a message's end is given to the server it must be written down for good that this is about to
//! happen. A transaction for each would be the slowest part of sending; so all that are ready wait for one
//! transaction together, and those who become ready meanwhile wait for the next.
//!
//! What became of a message is written down beside that, by transactions that do not wait for the disk: a
//! message is in the air from one to the other, and whatever is in the air when the process dies is an
//! unknown for somebody to settle. If PostgreSQL falls and forgets an outcome, that is an unknown too, never
//! a second message.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout_at},
    try_join,
};
use uuid::Uuid;

use super::{Run, Settlement, queries};
use crate::{clock::Clock, tenancy::JobScope};

/// What is waiting to be written down at the most.
const WAITING: usize = 1024;
/// Rows of one transaction.
const TOGETHER: usize = 500;
/// How long those who are ready wait for the other connections. They were let go together, so most are ready
/// together again; without the wait they drift apart, and each has a transaction of its own.
const LINGER: Duration = Duration::from_millis(1);

/// Whether a message may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Go {
    /// It is written down: give the server its end.
    Now,
    /// Its owner does not want it, or must not have it; that is written down.
    Refused,
    /// It is not ours to send any more, or nothing is to be sent now: leave it.
    Stop,
}

/// Ends when an outcome is written down.
pub struct Noted(oneshot::Receiver<()>);

type Asked = (Uuid, oneshot::Sender<Go>);
type Told = (Settlement, oneshot::Sender<()>);

/// Where connections write down what they do. Cheap to clone; ends when all clones are gone.
#[derive(Clone)]
pub struct Ledger {
    asked: mpsc::Sender<Asked>,
    told: mpsc::Sender<Told>,
}

impl Ledger {
    /// Begins to write for so many connections; the second value ends with the ledger, and says what went
    /// wrong.
    pub fn open(
        scope: Arc<JobScope>,
        run: Run,
        clock: Clock,
        connections: usize,
    ) -> (Self, impl Future<Output = sqlx::Result<()>> + Send + 'static) {
        let ((asked, asking), (told, telling)) = (mpsc::channel(WAITING), mpsc::channel(WAITING));
        let writing = async move {
            try_join!(go(&scope, run, (&clock, connections), asking), note(&scope, run, &clock, telling))
                .map(|_| ())
        };
        (Self { asked, told }, writing)
    }

    /// Writes down that this message is about to be handed over, and says whether it may be. A connection
    /// says what became of its last message before: there are never more in the air than connections.
    pub async fn hand_over(&self, subject: Uuid, last: Option<Noted>) -> Go {
        if let Some(Noted(last)) = last
            && last.await.is_err()
        {
            return Go::Stop;
        }
        let (answer, answered) = oneshot::channel();
        if self.asked.send((subject, answer)).await.is_err() {
            return Go::Stop;
        }
        answered.await.unwrap_or(Go::Stop)
    }

    /// Writes down what became of it, while the connection gets the next one ready.
    pub async fn settle(&self, settlement: Settlement) -> Noted {
        let (written, noted) = oneshot::channel();
        // Without a ledger it stays handed over, and becomes an unknown: nothing else would be true.
        let _ = self.told.send((settlement, written)).await;
        Noted(noted)
    }
}

async fn go(
    scope: &JobScope,
    run: Run,
    (clock, connections): (&Clock, usize),
    mut asking: mpsc::Receiver<Asked>,
) -> sqlx::Result<()> {
    let mut together = Vec::with_capacity(TOGETHER);
    while asking.recv_many(&mut together, TOGETHER).await > 0 {
        let until = Instant::now() + LINGER;
        while together.len() < connections
            && let Ok(Some(one)) = timeout_at(until, asking.recv()).await
        {
            together.push(one);
        }
        let wanted: Vec<Uuid> = together.iter().map(|(subject, _)| *subject).collect();
        let mut tx = scope.enter_often().await?;
        let gone = queries::hand_over(&mut tx, run, &wanted, clock.now()).await?;
        tx.commit().await?;
        for (subject, answer) in together.drain(..) {
            // Whoever does not wait any more has not sent it.
            let _ = answer.send(gone.get(&subject).copied().unwrap_or(Go::Stop));
        }
    }
    Ok(())
}

async fn note(
    scope: &JobScope,
    run: Run,
    clock: &Clock,
    mut telling: mpsc::Receiver<Told>,
) -> sqlx::Result<()> {
    let mut together = Vec::with_capacity(TOGETHER);
    while telling.recv_many(&mut together, TOGETHER).await > 0 {
        let (settled, waiting): (Vec<_>, Vec<_>) = together.drain(..).unzip();
        let mut tx = scope.enter_to_note().await?;
        queries::settle(&mut tx, run, &settled, clock.now()).await?;
        tx.commit().await?;
        for waits in waiting {
            // A connection that has ended needs no answer.
            let _ = waits.send(());
        }
    }
    Ok(())
}
