//! Many connections write down what they do, in one transaction at a time.
//!
//! Before a message's end is given to the server it must be written down for good that this is about to
//! happen. A transaction for each would be the slowest part of sending; so all that are ready wait for one
//! transaction together, and those who become ready meanwhile wait for the next.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{Run, Settlement, queries};
use crate::{clock::Clock, tenancy::JobScope};

/// What is waiting to be written down at the most.
const WAITING: usize = 1024;
/// Rows of one transaction.
const TOGETHER: usize = 500;

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

enum Line {
    HandOver(Uuid, oneshot::Sender<Go>),
    Settle(Settlement),
}

/// Where connections write down what they do. Cheap to clone; ends when all clones are gone.
///
/// What a connection has settled is written down before it hands over the next, or together with it: so
/// there are never more messages in the air than connections.
#[derive(Clone)]
pub struct Ledger(mpsc::Sender<Line>);

impl Ledger {
    /// Begins to write; the second value ends with the ledger, and says what went wrong.
    pub fn open(
        scope: Arc<JobScope>,
        run: Run,
        clock: Clock,
    ) -> (Self, impl Future<Output = sqlx::Result<()>> + Send + 'static) {
        let (lines, written) = mpsc::channel(WAITING);
        (Self(lines), keep(scope, run, clock, written))
    }

    /// Writes down that this message is about to be handed over, and says whether it may be.
    pub async fn hand_over(&self, subject: Uuid) -> Go {
        let (answer, answered) = oneshot::channel();
        if self.0.send(Line::HandOver(subject, answer)).await.is_err() {
            return Go::Stop;
        }
        answered.await.unwrap_or(Go::Stop)
    }

    /// Writes down what became of it, with the next transaction.
    pub async fn settle(&self, settlement: Settlement) {
        // Without a ledger it stays handed over, and becomes an unknown: nothing else would be true.
        let _ = self.0.send(Line::Settle(settlement)).await;
    }
}

async fn keep(
    scope: Arc<JobScope>,
    run: Run,
    clock: Clock,
    mut lines: mpsc::Receiver<Line>,
) -> sqlx::Result<()> {
    let mut together = Vec::with_capacity(TOGETHER);
    while lines.recv_many(&mut together, TOGETHER).await > 0 {
        let (mut asked, mut settled) = (Vec::new(), Vec::new());
        for line in together.drain(..) {
            match line {
                Line::HandOver(subject, answer) => asked.push((subject, answer)),
                Line::Settle(settlement) => settled.push(settlement),
            }
        }
        let now = clock.now();
        let wanted: Vec<Uuid> = asked.iter().map(|(subject, _)| *subject).collect();
        let mut tx = scope.enter_often().await?;
        queries::settle(&mut tx, run, &settled, now).await?;
        let gone = queries::hand_over(&mut tx, run, &wanted, now).await?;
        tx.commit().await?;
        for (subject, answer) in asked {
            // Whoever does not wait any more has not sent it.
            let _ = answer.send(gone.get(&subject).copied().unwrap_or(Go::Stop));
        }
    }
    Ok(())
}
