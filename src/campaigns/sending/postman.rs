//! One message at a time, over one connection, until there are no more.

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use tokio::{
    sync::{Mutex, mpsc},
    time::Instant,
};
use uuid::Uuid;

use super::{
    pace::{Pace, Turn},
    plan::{Mail, Plan, Reader, Unwritten},
};
use crate::{
    campaigns::mailbox::{self, Kept},
    channels::{
        replies::Reason,
        smtp::{Envelope, OpenError, Outcome, Pool, Prepared},
    },
    clock::Clock,
    outbox::{Go, Ledger, Settled, Settlement},
};

/// Readers that are claimed and wait.
pub(super) type Readers = Arc<Mutex<mpsc::Receiver<Reader>>>;

/// What the postmen of a run share.
#[derive(Clone)]
pub(super) struct Round {
    pub plan: Arc<Plan>,
    pub readers: Readers,
    pub ledger: Ledger,
    pub pace: Arc<Pace>,
    pub clock: Clock,
    /// Addresses that a server said nobody has, for whoever collects them.
    pub nobody: mpsc::UnboundedSender<(Uuid, String)>,
    /// What went to the built-in mailbox.
    pub kept: mpsc::Sender<Kept>,
}

/// Why a postman came back before the bag was empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Back {
    /// There are no more.
    Done,
    /// The broadcast was paused or called off, or is another process's by now.
    Stopped,
    /// There is no server to give anything to.
    NoServer(String),
}

/// Delivers over a server.
pub(super) async fn deliver(round: Round, pool: Pool) -> Back {
    loop {
        let Some(reader) = next(&round).await else { return Back::Done };
        let Some(mail) = written(&round, &reader).await else { continue };
        if let Some(rest) = round.pace.rests(mail.to.domain(), Instant::now()) {
            put_off(&round, reader.contact, rest, "Its domain asked for a rest.").await;
            continue;
        }
        match round.pace.turn_at(mail.to.domain(), Instant::now()) {
            Turn::At(at) => tokio::time::sleep_until(at).await,
            Turn::PutOff(at) => {
                let rest = at.saturating_duration_since(Instant::now());
                put_off(&round, reader.contact, rest, "Its domain has had as many as it is to get.").await;
                continue;
            }
        }
        round.pace.turn().await;
        let connection = match pool.get().await {
            Ok(connection) => connection,
            Err(OpenError::Resting { until }) => {
                let rest = until.saturating_duration_since(Instant::now());
                let later = round.clock.now() + TimeDelta::from_std(rest).unwrap_or_default();
                settle(&round, reader.contact, Settled::NotTried(later), "connection", String::new()).await;
                return Back::NoServer("The server could not be reached a moment ago.".to_owned());
            }
            Err(error) => {
                let words = error.to_string();
                let later = round.clock.now() + TimeDelta::seconds(15);
                settle(&round, reader.contact, Settled::NotTried(later), "connection", words.clone()).await;
                return Back::NoServer(words);
            }
        };
        let envelope = Envelope { from: Some(&mail.from), to: &mail.to };
        let outcome = match connection.prepare(&envelope, &mail.source).await {
            Prepared::Settled(outcome) => outcome,
            Prepared::Ready(ready) => match round.ledger.hand_over(reader.contact).await {
                Go::Now => ready.release().await,
                Go::Refused => continue,
                Go::Stop => return Back::Stopped,
            },
        };
        note(&round, &reader, &mail, &outcome);
        let settlement = Settlement::of(reader.contact, outcome, reader.attempts, round.clock.now());
        round.ledger.settle(settlement).await;
    }
}

/// Puts them into the built-in mailbox, which answers as a server would.
pub(super) async fn keep(round: Round) -> Back {
    loop {
        let Some(reader) = next(&round).await else { return Back::Done };
        let Some(mail) = written(&round, &reader).await else { continue };
        let outcome = match mailbox::answer(&mail.to, reader.attempts) {
            Some(refused) => refused,
            None => match round.ledger.hand_over(reader.contact).await {
                Go::Now => mailbox::taken(&mail.to),
                Go::Refused => continue,
                Go::Stop => return Back::Stopped,
            },
        };
        note(&round, &reader, &mail, &outcome);
        if matches!(outcome, Outcome::Accepted(_)) {
            let kept =
                Kept { contact: reader.contact, to: mail.to, subject: mail.subject, source: mail.source };
            // Whoever keeps them ends after us.
            let _ = round.kept.send(kept).await;
        }
        let settlement = Settlement::of(reader.contact, outcome, reader.attempts, round.clock.now());
        round.ledger.settle(settlement).await;
    }
}

async fn next(round: &Round) -> Option<Reader> {
    round.readers.lock().await.recv().await
}

/// The mail, or nothing where none can be written: that is settled then.
async fn written(round: &Round, reader: &Reader) -> Option<Mail> {
    match round.plan.write(reader, round.clock.now()) {
        Ok(mail) => Some(mail),
        Err(error) => {
            let reason = if matches!(error, Unwritten::Address) { "address" } else { "unwritten" };
            settle(round, reader.contact, Settled::Failed, reason, error.to_string()).await;
            None
        }
    }
}

/// Leaves it for later: it was not tried.
async fn put_off(round: &Round, subject: Uuid, rest: Duration, words: &str) {
    let later = round.clock.now() + TimeDelta::from_std(rest).unwrap_or_default();
    settle(round, subject, Settled::NotTried(later), "throttled", words.to_owned()).await;
}

async fn settle(round: &Round, subject: Uuid, settled: Settled, reason: &'static str, detail: String) {
    round.ledger.settle(Settlement { subject, settled, code: None, reason, detail }).await;
}

/// Draws conclusions for others from what became of one.
fn note(round: &Round, reader: &Reader, mail: &Mail, outcome: &Outcome) {
    if Settlement::is_nobody(outcome)
        && let Outcome::Permanent(refusal) = outcome
    {
        let _ = round.nobody.send((reader.contact, refusal.text.clone()));
    }
    if let Outcome::Transient(refusal) = outcome
        && refusal.reason == Reason::Throttled
    {
        round.pace.rest(mail.to.domain(), Instant::now());
    }
}
