//! What a server's answer makes of a row.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use crate::channels::{
    replies::Reason,
    smtp::{Outcome, Refusal, Step},
};

/// What became of one message, as it is written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub subject: Uuid,
    pub settled: Settled,
    pub code: Option<i16>,
    pub reason: &'static str,
    /// The server's words.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    Sent,
    Failed,
    Unknown,
    /// Once more at this time.
    Again(DateTime<Utc>),
    /// The same, and it was no attempt: nobody has seen the message.
    NotTried(DateTime<Utc>),
}

impl Settled {
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Again(_) | Self::NotTried(_) => "scheduled",
        }
    }

    pub(super) fn due(self) -> Option<DateTime<Utc>> {
        match self {
            Self::Again(at) | Self::NotTried(at) => Some(at),
            _ => None,
        }
    }
}

/// Minutes until the next attempt, after so many that were put off: within a day (RFC 5321 §4.5.4.1 asks
/// for four or five days of a relay; an offer of last week helps nobody).
const PAUSES: &[i64] = &[1, 5, 15, 30, 60, 120, 240, 360, 480];
/// Characters of a server's words that are kept.
const KEPT: usize = 500;

impl Settlement {
    /// `attempts` is how often it was tried before this time.
    pub fn of(subject: Uuid, outcome: Outcome, attempts: i16, now: DateTime<Utc>) -> Self {
        let plain = |settled, reason, detail: String| Self { subject, settled, code: None, reason, detail };
        match outcome {
            Outcome::Accepted(accepted) => {
                Self { code: Some(250), ..plain(Settled::Sent, "", kept(&accepted.text)) }
            }
            Outcome::Transient(refusal) => Self::refused(subject, later(attempts, now), &refusal),
            Outcome::Permanent(refusal) => Self::refused(subject, Settled::Failed, &refusal),
            Outcome::Unknown(words) => plain(Settled::Unknown, "no_answer", kept(&words)),
            // The server was there and went away in the middle of it: perhaps because of it.
            Outcome::NotTried(words) => plain(later(attempts, now), "connection", kept(&words)),
            Outcome::Unfit(unfit) => plain(Settled::Failed, "unfit", kept(&unfit.to_string())),
        }
    }

    fn refused(subject: Uuid, settled: Settled, refusal: &Refusal) -> Self {
        let code = i16::try_from(refusal.code).ok();
        Self { subject, settled, code, reason: word(refusal.reason), detail: kept(&refusal.text) }
    }

    /// Whether the server says that nobody has this address, which settles it for the next mail too.
    pub fn is_nobody(outcome: &Outcome) -> bool {
        matches!(outcome, Outcome::Permanent(refusal)
            if refusal.reason == Reason::MailboxUnknown && refusal.step == Step::Recipient)
    }
}

/// Once more, or never again after so many attempts.
fn later(attempts: i16, now: DateTime<Utc>) -> Settled {
    let pause = usize::try_from(attempts).ok().and_then(|tried| PAUSES.get(tried));
    pause.map_or(Settled::Failed, |minutes| Settled::Again(now + TimeDelta::minutes(*minutes)))
}

/// As it is stored.
pub fn word(reason: Reason) -> &'static str {
    match reason {
        Reason::MailboxUnknown => "mailbox_unknown",
        Reason::MailboxFull => "mailbox_full",
        Reason::Blocked => "blocked",
        Reason::Throttled => "throttled",
        Reason::Greylisted => "greylisted",
        Reason::Content => "content",
        Reason::Auth => "auth",
        Reason::Other => "other",
    }
}

fn kept(words: &str) -> String {
    words.chars().map(|c| if c.is_control() { ' ' } else { c }).take(KEPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(code: u16, reason: Reason) -> Refusal {
        Refusal { code, enhanced: None, text: "No\r\nway".to_owned(), step: Step::Recipient, reason }
    }

    #[test]
    fn what_is_put_off_is_tried_ever_later_and_given_up_within_a_day() {
        let now = DateTime::UNIX_EPOCH;
        let (mut at, mut tries) = (now, 0);
        loop {
            let outcome = Outcome::Transient(refusal(451, Reason::Greylisted));
            match Settlement::of(Uuid::nil(), outcome, tries, at).settled {
                Settled::Again(then) => at = then,
                Settled::Failed => break,
                other => panic!("{other:?}"),
            }
            tries += 1;
        }
        assert_eq!(tries, 9);
        assert!(at - now > TimeDelta::hours(12) && at - now <= TimeDelta::hours(24), "{}", at - now);
    }

    #[test]
    fn what_is_refused_for_ever_or_may_have_arrived_is_not_tried_again() {
        let now = DateTime::UNIX_EPOCH;
        let of = |outcome| Settlement::of(Uuid::nil(), outcome, 0, now);
        let gone = of(Outcome::Permanent(refusal(550, Reason::MailboxUnknown)));
        assert_eq!((gone.settled, gone.code, gone.reason), (Settled::Failed, Some(550), "mailbox_unknown"));
        assert_eq!(gone.detail, "No  way");
        assert_eq!(of(Outcome::Unknown("cut".to_owned())).settled, Settled::Unknown);
        assert!(matches!(of(Outcome::NotTried("cut".to_owned())).settled, Settled::Again(_)));
    }
}
