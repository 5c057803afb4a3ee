//! Many connections write down what they do, in few transactions.
//!
//! Before a message's end is given to the server it must be written down for good that this is about to
//! happen. A transaction for each would be the slowest part of sending; so all that are ready wait for one
//! transaction together, and those who become ready meanwhile wait for the next.
//!
//! What became of a message is written down as soon as it is known, and where nothing else is, without waiting
//! for the disk: a message is in the air from one to the other, and whatever is in the air when the process
//! dies is an unknown for somebody to settle. If PostgreSQL falls and forgets an outcome, that is an unknown
//! too, never a second message.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout, timeout_at},
};
use uuid::Uuid;

use super::{Run, Settlement, queries};
use crate::{
    clock::Clock,
    tenancy::{Commit, JobScope, OrgTx},
};

/// What is waiting to be written down at the most.
const WAITING: usize = 1024;
/// Rows of one transaction.
const TOGETHER: usize = 500;
/// How long those who are ready wait for the other connections. They were let go together, so most are ready
/// together again; without the wait they drift apart, and each has a transaction of its own.
const LINGER: Duration = Duration::from_millis(1);
/// After how much quiet the connection to the database is given back.
const QUIET: Duration = Duration::from_millis(100);

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
    /// May it go?
    Asked(Uuid, oneshot::Sender<Go>),
    Told(Settlement),
}

/// Where connections write down what they do. Cheap to clone; ends when all clones are gone.
#[derive(Clone)]
pub struct Ledger(mpsc::Sender<Line>);

impl Ledger {
    /// Begins to write for so many connections; the second value ends with the ledger, and says what went
    /// wrong.
    pub fn open(
        scope: Arc<JobScope>,
        run: Run,
        clock: Clock,
        connections: usize,
    ) -> (Self, impl Future<Output = sqlx::Result<()>> + Send + 'static) {
        let (lines, waiting) = mpsc::channel(WAITING);
        (Self(lines), async move { write(&scope, run, (&clock, connections), waiting).await })
    }

    /// Writes down that this message is about to be handed over, and says whether it may be. What a connection
    /// told before is written down by then: there are never more in the air than connections.
    pub async fn hand_over(&self, subject: Uuid) -> Go {
        let (answer, answered) = oneshot::channel();
        if self.0.send(Line::Asked(subject, answer)).await.is_err() {
            return Go::Stop;
        }
        answered.await.unwrap_or(Go::Stop)
    }

    /// Has it written down what became of it, while the connection gets the next one ready.
    pub async fn settle(&self, settlement: Settlement) {
        // Without a ledger it stays handed over, and becomes an unknown: nothing else would be true.
        let _ = self.0.send(Line::Told(settlement)).await;
    }
}

/// What is written by one transaction.
#[derive(Default)]
struct Page {
    told: Vec<Settlement>,
    subjects: Vec<Uuid>,
    answers: Vec<oneshot::Sender<Go>>,
}

impl Page {
    fn add(&mut self, line: Line) {
        match line {
            Line::Told(settlement) => self.told.push(settlement),
            Line::Asked(subject, answer) => {
                self.subjects.push(subject);
                self.answers.push(answer);
            }
        }
    }

    /// Outcomes wait for nobody, so that little is in the air.
    fn may_wait(&self, connections: usize) -> bool {
        self.told.is_empty() && self.subjects.len() < connections
    }
}

async fn write(
    scope: &JobScope,
    run: Run,
    (clock, connections): (&Clock, usize),
    mut lines: mpsc::Receiver<Line>,
) -> sqlx::Result<()> {
    let mut open = None;
    while let Some(page) = next(&mut lines, connections, &mut open).await? {
        let mut tx = match open.take() {
            Some(tx) => tx,
            None => scope.enter_often().await?,
        };
        queries::settle(&mut tx, run, &page.told, clock.now()).await?;
        let gone = queries::hand_over(&mut tx, run, &page.subjects, clock.now()).await?;
        let commit = if page.subjects.is_empty() { Commit::Soon } else { Commit::Now };
        open = Some(tx.commit_and_go_on(commit).await?);
        for (subject, answer) in page.subjects.iter().zip(page.answers) {
            // Whoever does not wait any more has not sent it.
            let _ = answer.send(gone.get(subject).copied().unwrap_or(Go::Stop));
        }
    }
    match open {
        Some(tx) => tx.commit().await,
        None => Ok(()),
    }
}

/// What is to be written next; nothing when all connections are gone.
async fn next(
    lines: &mut mpsc::Receiver<Line>,
    connections: usize,
    open: &mut Option<OrgTx>,
) -> sqlx::Result<Option<Page>> {
    let mut first = Vec::with_capacity(TOGETHER);
    let came = timeout(QUIET, lines.recv_many(&mut first, TOGETHER)).await;
    let count = match came {
        Ok(count) => count,
        Err(_quiet) => {
            if let Some(tx) = open.take() {
                tx.commit().await?;
            }
            lines.recv_many(&mut first, TOGETHER).await
        }
    };
    if count == 0 {
        return Ok(None);
    }
    let mut page = Page::default();
    first.into_iter().for_each(|line| page.add(line));
    let until = Instant::now() + LINGER;
    while page.may_wait(connections)
        && let Ok(Some(line)) = timeout_at(until, lines.recv()).await
    {
        page.add(line);
    }
    Ok(Some(page))
}
