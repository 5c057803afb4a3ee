//! What the ledgers of two records of one person say together. Of two words the stricter counts: who took something
//! back is not written to because another record of them had agreed. Pure, but for reading and writing.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{ConsentRecorded, TopicId, queries};
use crate::{contacts::ContactId, events, tenancy::OrgTx};

/// A line of somebody's ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub id: Uuid,
    pub channel: String,
    /// None for everything on the channel.
    pub topic: Option<TopicId>,
    pub state: String,
    pub paused_until: Option<DateTime<Utc>>,
    pub wording: String,
}

/// Something that a ledger is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub channel: String,
    pub topic: Option<TopicId>,
    pub state: String,
    pub paused_until: Option<DateTime<Utc>>,
    pub wording: String,
}

impl Line {
    fn about(&self, topic: Option<TopicId>) -> Word {
        let Self { channel, state, paused_until, wording, .. } = self.clone();
        Word { channel, topic, state, paused_until, wording }
    }

    pub fn is_refusal(&self) -> bool {
        self.state != "granted"
    }
}

/// The line that counts about this; a pause that is over does not.
fn counts<'a>(
    lines: &'a [Line],
    (channel, topic): (&str, Option<TopicId>),
    now: DateTime<Utc>,
) -> Option<&'a Line> {
    lines.iter().rev().find(|line| {
        line.channel == channel
            && (line.topic.is_none() || line.topic == topic)
            && line.paused_until.is_none_or(|until| until > now)
    })
}

fn strictness(line: Option<&Line>) -> (u8, Option<DateTime<Utc>>) {
    match line.map(|line| line.state.as_str()) {
        None => (0, None),
        Some("granted") => (1, None),
        Some("paused") => (2, line.and_then(|line| line.paused_until)),
        Some(_) => (3, None),
    }
}

/// A channel, and a topic or everything on it.
type Subject<'a> = (&'a str, Option<TopicId>);

/// Every channel, each with everything and then the topics that are spoken of.
fn subjects<'a>(ledgers: &[&'a [Line]]) -> Vec<Subject<'a>> {
    let mut all: Vec<Subject> = Vec::new();
    for line in ledgers.iter().flat_map(|lines| lines.iter()) {
        all.extend([(line.channel.as_str(), None), (line.channel.as_str(), line.topic)]);
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// What has to be written into `ledger` so that of each subject it says what is wanted. What is said about
/// everything comes first, and topics are measured against it. A subject of which nothing was known and that was
/// agreed to since is taken back: nobody agreed to it.
fn to_say(ledger: &[Line], wanted: &[(Subject, Option<&Line>)], now: DateTime<Utc>) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for ((channel, topic), line) in wanted {
        let own = counts(ledger, (channel, *topic), now).map(|line| line.about(*topic));
        let of_all = words.iter().rev().find(|word| word.channel == *channel && word.topic.is_none());
        let says = of_all.cloned().or(own).map(|word| (word.state, word.paused_until));
        let word = match line {
            Some(line) => line.about(*topic),
            None if says.as_ref().is_some_and(|(state, _)| state == "granted") => Word {
                channel: (*channel).to_owned(),
                topic: *topic,
                state: "withdrawn".to_owned(),
                paused_until: None,
                wording: "What was agreed to came with another record, which is its own again.".to_owned(),
            },
            None => continue,
        };
        if says != Some((word.state.clone(), word.paused_until)) {
            words.push(word);
        }
    }
    words
}

/// What the one who stays has to say too, once the other is part of them.
pub fn both(stays: &[Line], goes: &[Line], now: DateTime<Utc>) -> Vec<Word> {
    let wanted: Vec<_> = subjects(&[stays, goes])
        .into_iter()
        .map(|subject| {
            let (own, other) = (counts(stays, subject, now), counts(goes, subject, now));
            (subject, if strictness(other) > strictness(own) { other } else { own })
        })
        .filter(|(_, line)| line.is_some())
        .collect();
    to_say(stays, &wanted, now)
}

/// What a ledger has to say to say again what it said before, but for what was said since.
pub fn again(ledger: &[Line], before: &[Line], since: &[Line], now: DateTime<Utc>) -> Vec<Word> {
    let wanted: Vec<_> = subjects(&[ledger])
        .into_iter()
        .filter(|(channel, _)| !since.iter().any(|line| line.channel == *channel && line.topic.is_none()))
        .map(|subject| (subject, counts(since, subject, now).or_else(|| counts(before, subject, now))))
        .collect();
    to_say(ledger, &wanted, now)
}

/// The ledger of a contact, as it was said.
pub async fn ledger(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Line>> {
    queries::ledger(tx, contact).await
}

/// Writes these into a contact's ledger, and gives the lines.
pub async fn say(
    tx: &mut OrgTx,
    contact: ContactId,
    words: &[Word],
    (source, by, now): (&str, Uuid, DateTime<Utc>),
) -> sqlx::Result<Vec<Uuid>> {
    let mut lines = Vec::with_capacity(words.len());
    for word in words {
        lines.push(queries::say(tx, contact, word, (source, by, now)).await?);
        let said = ConsentRecorded {
            contact: contact.0,
            topic: word.topic.map(|topic| topic.0),
            state: word.state.clone(),
            source: source.to_owned(),
        };
        events::record(tx, &said).await?;
    }
    Ok(lines)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEWS: Option<TopicId> = Some(TopicId(Uuid::from_u128(7)));

    fn ledger(said: &[(Option<TopicId>, &str)]) -> Vec<Line> {
        let line = |(n, (topic, state)): (usize, &(Option<TopicId>, &str))| Line {
            id: Uuid::from_u128(n as u128),
            channel: "email".to_owned(),
            topic: *topic,
            state: (*state).to_owned(),
            paused_until: None,
            wording: String::new(),
        };
        said.iter().enumerate().map(line).collect()
    }

    fn short(words: &[Word]) -> Vec<(Option<TopicId>, &str)> {
        words.iter().map(|word| (word.topic, word.state.as_str())).collect()
    }

    #[test]
    fn a_refusal_of_either_counts_and_what_was_agreed_counts_where_nothing_was_said() {
        let now = DateTime::UNIX_EPOCH;
        let (none, yes, no) = (ledger(&[]), ledger(&[(None, "granted")]), ledger(&[(None, "withdrawn")]));
        let said = |stays: &[Line], goes: &[Line]| {
            short(&both(stays, goes, now)).into_iter().map(|(_, state)| state.to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(said(&yes, &no), ["withdrawn"]);
        assert_eq!(said(&no, &yes), Vec::<String>::new());
        assert_eq!(said(&none, &yes), ["granted"]);
        assert_eq!(said(&yes, &none), Vec::<String>::new());
        // Taken back before anything was agreed to is taken back all the same.
        let stopped = ledger(&[(NEWS, "withdrawn")]);
        assert_eq!(short(&both(&stopped, &yes, now)), [(None, "granted"), (NEWS, "withdrawn")]);
        assert_eq!(short(&both(&yes, &stopped, now)), [(NEWS, "withdrawn")]);
    }

    #[test]
    fn of_two_pauses_the_longer_counts_and_one_that_is_over_counts_no_more() {
        let now = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(10);
        let until = |days: i64| Some(DateTime::UNIX_EPOCH + chrono::TimeDelta::days(days));
        let paused = |days: i64| {
            let mut lines = ledger(&[(None, "paused")]);
            lines.iter_mut().for_each(|line| line.paused_until = until(days));
            lines
        };
        let said = |stays: &[Line], goes: &[Line]| {
            both(stays, goes, now).into_iter().map(|word| (word.state, word.paused_until)).collect::<Vec<_>>()
        };
        let (yes, no) = (ledger(&[(None, "granted")]), ledger(&[(None, "withdrawn")]));
        assert_eq!(said(&paused(20), &paused(30)), [("paused".to_owned(), until(30))]);
        assert_eq!(said(&paused(30), &paused(20)), []);
        assert_eq!(said(&yes, &paused(20)), [("paused".to_owned(), until(20))]);
        assert_eq!(said(&paused(20), &no), [("withdrawn".to_owned(), None)]);
        assert_eq!(said(&no, &paused(20)), []);
        assert_eq!(said(&yes, &paused(5)), []);
        assert_eq!(said(&paused(20), &yes), []);
    }

    #[test]
    fn taken_apart_each_says_what_it_said_and_what_was_said_since() {
        let now = DateTime::UNIX_EPOCH;
        let before = ledger(&[(None, "granted"), (NEWS, "withdrawn")]);
        let merged = ledger(&[(None, "granted"), (NEWS, "withdrawn"), (None, "withdrawn")]);
        assert_eq!(short(&again(&merged, &before, &[], now)), [(None, "granted"), (NEWS, "withdrawn")]);
        let since = ledger(&[(None, "withdrawn")]);
        assert_eq!(again(&merged, &before, &since, now), Vec::new());
        let came = ledger(&[(None, "granted")]);
        assert_eq!(short(&again(&came, &[], &[], now)), [(None, "withdrawn")]);
    }
}
