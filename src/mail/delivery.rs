//! The queue of the system's mail, from the first attempt to the last.
//!
//! A message is claimed by moving its `next_attempt_at` to the end of a lease, and sent outside of any
//! transaction. Whoever dies in between loses the lease, and the message is sent again with the same
//! Message-ID: twice is possible, lost is not.

use chrono::{DateTime, TimeDelta, Utc};
use lettre::Address;

use super::{
    message::headers_of,
    queries::{self, Claimed},
    transport::{Outcome, Transport},
};
use crate::web::App;

pub use super::queries::Backlog;

/// Messages taken at a time. All of a batch, each at its slowest, must fit into the lease.
const BATCH: i64 = 10;
const LEASE: TimeDelta = TimeDelta::minutes(10);
/// Batches in a row, before others have their turn.
const BATCHES: usize = 20;
/// After this long, nobody waits for a confirmation any more.
const GIVE_UP_AFTER: TimeDelta = TimeDelta::hours(24);
/// How long the headers of settled messages are kept.
const KEEP_SETTLED: TimeDelta = TimeDelta::days(30);

/// Sends what is due, and says how many messages were settled or put off.
pub async fn deliver_due(app: &App, transport: &Transport) -> sqlx::Result<u64> {
    let mut tried = 0;
    for _ in 0..BATCHES {
        let now = app.clock.now();
        let batch = queries::claim(&mut *app.db.connection().await?, now, now + LEASE, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        tried += batch.len() as u64;
        deliver(app, transport, &batch).await?;
    }
    Ok(tried)
}

async fn deliver(app: &App, transport: &Transport, batch: &[Claimed]) -> sqlx::Result<()> {
    let mut gone: Option<String> = None;
    for claimed in batch {
        // A server that did not answer for the last one will not answer for this one.
        let outcome = match &gone {
            Some(why) => Outcome::Unreachable(why.clone()),
            None => attempt(app, transport, claimed).await,
        };
        settle(app, claimed, &outcome).await?;
        if let Outcome::Unreachable(why) = outcome {
            gone = Some(why);
        }
    }
    match gone {
        Some(_) => app.warnings.set("mail", "the mail server does not answer"),
        None => app.warnings.clear("mail"),
    }
    Ok(())
}

async fn attempt(app: &App, transport: &Transport, claimed: &Claimed) -> Outcome {
    match claimed.recipient.parse::<Address>() {
        Ok(to) => transport.deliver(&app.config.mail_from.email, &to, &claimed.source).await,
        Err(error) => Outcome::Refused(error.to_string()),
    }
}

async fn settle(app: &App, claimed: &Claimed, outcome: &Outcome) -> sqlx::Result<()> {
    let now = app.clock.now();
    let mut conn = app.db.connection().await?;
    match outcome {
        Outcome::Taken => {
            tracing::info!(mail.id = %claimed.id, mail.kind = claimed.kind, "Sent the message {}", claimed.id);
            queries::mark_sent(&mut conn, claimed, headers_of(&claimed.source), now).await
        }
        Outcome::Refused(why) => {
            tracing::warn!(mail.id = %claimed.id, mail.kind = claimed.kind, "The mail server refused the message {}", claimed.id);
            queries::mark_not_sent(&mut conn, claimed, why, None).await
        }
        Outcome::Later(why) | Outcome::Unreachable(why) => {
            let next = next_attempt(claimed.created_at, claimed.attempts, now);
            tracing::warn!(mail.id = %claimed.id, attempts = claimed.attempts, "Could not send the message {} yet", claimed.id);
            queries::mark_not_sent(&mut conn, claimed, why, next).await
        }
    }
}

/// When to try again after so many attempts; never, once it is too late to matter.
fn next_attempt(created_at: DateTime<Utc>, attempts: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let wait = match attempts {
        ..=1 => TimeDelta::minutes(1),
        2 => TimeDelta::minutes(5),
        3 => TimeDelta::minutes(30),
        4 => TimeDelta::hours(2),
        _ => TimeDelta::hours(6),
    };
    Some(now + wait).filter(|next| *next <= created_at + GIVE_UP_AFTER)
}

/// Forgets messages that were settled long ago.
pub async fn forget_settled(app: &App) -> sqlx::Result<u64> {
    let before = app.clock.now() - KEEP_SETTLED;
    queries::delete_settled(&mut *app.db.connection().await?, before).await
}

/// What waits and what failed.
pub async fn backlog(app: &App) -> sqlx::Result<Backlog> {
    queries::backlog(&mut *app.db.connection().await?).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_come_ever_later_and_end_after_a_day() {
        let start = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        let mut now = start;
        let mut waits = Vec::new();
        for attempts in 1.. {
            let Some(next) = next_attempt(start, attempts, now) else { break };
            waits.push((next - now).num_minutes());
            now = next;
        }
        assert_eq!(waits, [1, 5, 30, 120, 360, 360, 360]);
        assert!(now - start <= GIVE_UP_AFTER);
    }
}
