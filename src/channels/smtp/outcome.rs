//! What became of a message.

use super::{
    dots::Malformed,
    reply::{Enhanced, Reply},
};
use crate::channels::replies::{Reason, reason};

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The server answers for it now.
    Accepted(Accepted),
    /// Not now (4xx): try again later.
    Transient(Refusal),
    /// Not at all (5xx): never try this again.
    Permanent(Refusal),
    /// The dot was sent and no answer came: it may have been delivered. The words say how it was lost.
    Unknown(String),
    /// The dot was not sent: it was not delivered. The words say what stopped it.
    NotTried(String),
    /// This server cannot take this message, and was not asked.
    Unfit(Unfit),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    pub text: String,
    /// What the server calls it, for asking its operator.
    pub queue_id: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: u16,
    pub enhanced: Option<Enhanced>,
    pub text: String,
    pub step: Step,
    pub reason: Reason,
}

/// What was refused: to `Mail` it is the sender or all of us, to `Recipient` the one it was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    Mail,
    Recipient,
    Data,
    Message,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    #[error("The message has {size} octets, and the server takes {limit}.")]
    TooLarge { size: usize, limit: usize },
    #[error("The server takes no addresses outside of ASCII (SMTPUTF8).")]
    NeedsSmtpUtf8,
    #[error("The server takes ASCII only (8BITMIME), and the message has other octets.")]
    Needs8Bit,
    #[error("The message cannot be sent as it is: {0}.")]
    Malformed(#[from] Malformed),
}

impl Outcome {
    pub(super) fn refused(reply: Reply, step: Step) -> Self {
        let reason = reason(reply.code, reply.enhanced, &reply.text);
        let is_permanent = reply.code >= 500;
        let refusal = Refusal { code: reply.code, enhanced: reply.enhanced, text: reply.text, step, reason };
        if is_permanent { Self::Permanent(refusal) } else { Self::Transient(refusal) }
    }

    /// The answer to the final dot.
    pub(super) fn of_the_dot(reply: Reply) -> Self {
        match reply.code {
            200..300 => Self::Accepted(Accepted { queue_id: queue_id(&reply.text), text: reply.text }),
            400..600 => Self::refused(reply, Step::Message),
            _ => Self::Unknown(format!("the server answered {reply}")),
        }
    }
}

/// Where the big servers put their name for a message.
fn queue_id(text: &str) -> Option<String> {
    let after = |mark: &str| text.split_once(mark).and_then(|(_, rest)| rest.split_whitespace().next());
    let sendmail =
        || text.split_once(" Message accepted").and_then(|(before, _)| before.split(' ').next_back());
    let gmail = || text.strip_suffix(" - gsmtp").and_then(|rest| rest.split(' ').next_back());
    let lone = || text.strip_prefix("Ok ").filter(|rest| rest.len() > 15 && !rest.contains(' '));
    let id = after("queued as ").or_else(|| after("id=")).or_else(sendmail).or_else(gmail).or_else(lone)?;
    let id = id.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    (!id.is_empty()).then(|| id.chars().take(100).collect())
}

#[cfg(test)]
mod tests {
    use super::queue_id;

    #[test]
    fn the_servers_own_name_for_a_message_is_found() {
        for (text, id) in [
            ("Ok: queued as 4XyZ12345", Some("4XyZ12345")),
            ("OK id=1tEsT0-000abc-1A", Some("1tEsT0-000abc-1A")),
            ("4AKDlM7b012345 Message accepted for delivery", Some("4AKDlM7b012345")),
            ("OK 1732150000 d2e1a72fcca58-724 - gsmtp", Some("d2e1a72fcca58-724")),
            ("Ok 0100019345678abc-1234-000000", Some("0100019345678abc-1234-000000")),
            ("Ok", None),
            ("thanks", None),
        ] {
            assert_eq!(queue_id(text).as_deref(), id, "{text}");
        }
    }
}
