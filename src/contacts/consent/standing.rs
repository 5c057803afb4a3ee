//! Whether somebody may be written to, in words for who looks at them. Pure.

use chrono::{DateTime, Utc};

use super::reason_words;

/// One line of the ledger.
#[derive(Clone, Debug)]
pub struct Said {
    pub topic: Option<String>,
    pub state: String,
    pub source: String,
    pub wording: String,
    pub paused_until: Option<DateTime<Utc>>,
    pub recorded_at: DateTime<Utc>,
}

impl Said {
    /// What was said, as a person says it.
    pub fn words(&self) -> String {
        let about = self.topic.as_ref().map_or_else(|| "everything".to_owned(), |topic| format!("“{topic}”"));
        match self.state.as_str() {
            "granted" => format!("Agreed to {about}"),
            "paused" => format!("Paused {about}"),
            _ => format!("Unsubscribed from {about}"),
        }
    }

    /// How it was said.
    pub fn how(&self) -> &str {
        match self.source.as_str() {
            "one_click" => "by one click in their mail program",
            "preferences" => "on their page of preferences",
            "import" => "declared with an import",
            "staff" => "written down by somebody here",
            "merge" => "came along with another record of them",
            "unmerge" => "put back when a merge was undone",
            other => other,
        }
    }

    /// Whether it does not count any more: a pause that has ended.
    fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.paused_until.is_some_and(|until| until <= now)
    }
}

/// Whether somebody may be written to, and what they said.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Why their address is suppressed, when it is.
    pub suppressed: Option<String>,
    pub has_email: bool,
    pub is_archived: bool,
    /// The newest first.
    pub said: Vec<Said>,
    pub now: DateTime<Utc>,
}

impl Standing {
    /// The last word about e-mail as a whole, and its place.
    fn last(&self) -> Option<(usize, &str)> {
        let of_all = |line: &&Said| line.topic.is_none() && !line.is_over(self.now);
        let place = self.said.iter().position(|line| of_all(&line))?;
        self.said.get(place).map(|line| (place, line.state.as_str()))
    }

    pub fn word(&self) -> &'static str {
        let last = self.last().map(|(_, state)| state);
        match (self.suppressed.is_some(), self.has_email && !self.is_archived, last) {
            (true, ..) => "Suppressed",
            (_, false, _) => "Cannot be written to",
            (_, _, Some("granted")) => "Agreed",
            (_, _, Some("withdrawn")) => "Unsubscribed",
            (_, _, Some(_)) => "Paused",
            (_, _, None) => "Nothing known",
        }
    }

    pub fn tone(&self) -> &'static str {
        match self.word() {
            "Agreed" => "ok",
            "Suppressed" | "Unsubscribed" => "bad",
            "Paused" => "warn",
            _ => "plain",
        }
    }

    pub fn sentence(&self) -> String {
        match self.word() {
            "Suppressed" => format!(
                "Nothing is sent to this address: {}.",
                reason_words(self.suppressed.as_deref().unwrap_or_default())
            ),
            "Cannot be written to" if self.is_archived => "Archived people are not written to.".to_owned(),
            "Cannot be written to" => "No e-mail address is known.".to_owned(),
            "Agreed" => "They agreed to hear from you by e-mail.".to_owned(),
            "Unsubscribed" => "They took back what they agreed to. Campaigns leave them out.".to_owned(),
            "Paused" => "They paused e-mail for a while. Campaigns leave them out until then.".to_owned(),
            _ => "Nobody wrote down that they agreed. Ask before you write to them.".to_owned(),
        }
    }

    /// The topics about which they said something else than about everything, and since: stopped, or chosen.
    fn since(&self, state: &str) -> Vec<&str> {
        let before = self.last().map_or(self.said.len(), |(place, _)| place);
        let since = self.said.get(..before).unwrap_or_default();
        let mut topics: Vec<(&str, &str)> = Vec::new();
        for line in since.iter().filter(|line| !line.is_over(self.now)) {
            if let Some(topic) = line.topic.as_deref().filter(|topic| topics.iter().all(|(t, _)| t != topic))
            {
                topics.push((topic, line.state.as_str()));
            }
        }
        topics.into_iter().filter(|(_, said)| *said == state).map(|(topic, _)| topic).collect()
    }

    /// What is different for some topics, as a sentence; empty where nothing is.
    pub fn exceptions(&self) -> String {
        let named = |topics: Vec<&str>| -> String {
            topics.into_iter().map(|topic| format!("“{topic}”")).collect::<Vec<_>>().join(", ")
        };
        match self.word() {
            "Suppressed" | "Cannot be written to" => String::new(),
            "Unsubscribed" => match named(self.since("granted")) {
                chosen if chosen.is_empty() => chosen,
                chosen => format!("They chose {chosen} again since: campaigns about that reach them."),
            },
            _ => match named(self.since("withdrawn")) {
                stopped if stopped.is_empty() => stopped,
                stopped => format!("They unsubscribed from {stopped}: campaigns about that leave them out."),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    /// Of lines as they were said, the oldest first: topic (empty for everything), state, days of a pause.
    fn standing(lines: &[(&str, &str, i64)]) -> Standing {
        let now = DateTime::UNIX_EPOCH;
        let said = lines.iter().rev().map(|(topic, state, days)| Said {
            topic: Some((*topic).to_owned()).filter(|topic| !topic.is_empty()),
            state: (*state).to_owned(),
            source: "preferences".to_owned(),
            wording: String::new(),
            paused_until: (*state == "paused").then(|| now + TimeDelta::days(*days)),
            recorded_at: now,
        });
        Standing { suppressed: None, has_email: true, is_archived: false, said: said.collect(), now }
    }

    #[test]
    fn a_pause_that_has_ended_counts_no_more() {
        let paused = |days| standing(&[("", "granted", 0), ("", "paused", days)]).word();
        assert_eq!((paused(1), paused(-1)), ("Paused", "Agreed"));
        assert_eq!(standing(&[("", "paused", -1)]).word(), "Nothing known");
    }

    #[test]
    fn a_topic_that_was_stopped_is_named_until_it_is_chosen_again() {
        let stopped = standing(&[("", "granted", 0), ("News", "withdrawn", 0)]);
        assert_eq!(stopped.word(), "Agreed");
        assert!(stopped.exceptions().contains("“News”"), "{}", stopped.exceptions());
        let again = [("News", "withdrawn", 0), ("News", "granted", 0)];
        assert_eq!(standing(&again).exceptions(), "");
        let all = [("News", "withdrawn", 0), ("", "withdrawn", 0), ("Offers", "granted", 0)];
        assert_eq!(standing(&all).word(), "Unsubscribed");
        let told = standing(&all).exceptions();
        assert!(told.contains("“Offers” again") && !told.contains("News"), "{told}");
    }
}
