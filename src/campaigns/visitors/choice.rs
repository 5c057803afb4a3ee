//! What somebody hears about, and what a change of it says in the ledger. Pure.
//!
//! Of what was said about a topic and about everything, the last word counts. So whoever pauses everything, or
//! begins to hear again, must not thereby hear again of a topic that they had stopped: those words are said anew.

use chrono::{DateTime, TimeDelta, Utc};

use crate::contacts::consent::{LastWord, Topic, TopicId};

/// A topic as its reader sees it.
#[derive(Clone, Debug)]
pub struct Choice {
    pub topic: Topic,
    pub is_on: bool,
}

/// How somebody stands with all mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Open,
    PausedUntil(DateTime<Utc>),
    Stopped,
}

/// What somebody hears about.
#[derive(Clone, Debug)]
pub struct Choices {
    pub topics: Vec<Choice>,
    pub standing: Standing,
}

/// What somebody wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To hear about these topics and no others.
    Topics(Vec<TopicId>),
    /// To hear about everything but this.
    Without(TopicId),
    /// Nothing for so many days.
    Pause(i64),
    Stop,
    /// To hear again of what they heard before.
    Start,
}

/// A line for the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub topic: Option<TopicId>,
    pub state: &'static str,
    pub paused_until: Option<DateTime<Utc>>,
}

impl Line {
    fn new(topic: Option<TopicId>, state: &'static str) -> Self {
        Self { topic, state, paused_until: None }
    }
}

impl Choices {
    pub fn of(topics: Vec<Topic>, said: &[LastWord], now: DateTime<Utc>) -> Self {
        let of_all = said.iter().find(|word| word.topic.is_none());
        let topics = topics.into_iter().map(|topic| {
            let own = said.iter().find(|word| word.topic == Some(topic.id));
            let last = own.into_iter().chain(of_all).max_by_key(|word| word.id);
            Choice { topic, is_on: last.is_none_or(|word| word.state != "withdrawn") }
        });
        let topics: Vec<Choice> = topics.collect();
        let standing = match of_all {
            Some(word) if word.state == "withdrawn" && !topics.iter().any(|choice| choice.is_on) => {
                Standing::Stopped
            }
            Some(LastWord { paused_until: Some(until), .. }) if *until > now => Standing::PausedUntil(*until),
            _ => Standing::Open,
        };
        Self { topics, standing }
    }

    /// What is to be said for this wish; nothing where it is so already.
    pub fn lines(&self, wish: &Wish, now: DateTime<Utc>) -> Vec<Line> {
        match wish {
            Wish::Topics(wanted) => {
                let changed = self.topics.iter().filter(|one| one.is_on != wanted.contains(&one.topic.id));
                changed
                    .map(|one| Line::new(Some(one.topic.id), if one.is_on { "withdrawn" } else { "granted" }))
                    .collect()
            }
            Wish::Without(topic) => {
                let known = self.topics.iter().find(|one| one.topic.id == *topic);
                // One that nobody can choose any more can be stopped still.
                let is_off = known.map_or(self.standing == Standing::Stopped, |one| !one.is_on);
                if is_off { Vec::new() } else { vec![Line::new(Some(*topic), "withdrawn")] }
            }
            Wish::Stop if self.standing == Standing::Stopped => Vec::new(),
            Wish::Stop => vec![Line::new(None, "withdrawn")],
            Wish::Pause(days) => {
                let until = Some(now + TimeDelta::days(*days));
                self.anew(Line { topic: None, state: "paused", paused_until: until })
            }
            Wish::Start if self.standing == Standing::Open => Vec::new(),
            Wish::Start if self.standing == Standing::Stopped => vec![Line::new(None, "granted")],
            Wish::Start => self.anew(Line::new(None, "granted")),
        }
    }

    /// A word about everything, and again those about topics that were stopped before.
    fn anew(&self, line: Line) -> Vec<Line> {
        let stopped = self.topics.iter().filter(|one| !one.is_on);
        let stopped = stopped.map(|one| Line::new(Some(one.topic.id), "withdrawn"));
        std::iter::once(line).chain(stopped).collect()
    }

    /// What has changed, for who wished it.
    pub fn told(&self, wish: &Wish, lines: &[Line], date: impl Fn(DateTime<Utc>) -> String) -> String {
        let named = |state: &str| {
            let topics = lines.iter().filter(|line| line.state == state).filter_map(|line| line.topic);
            let name =
                |id| self.topics.iter().find(|one| one.topic.id == id).map(|one| one.topic.name.as_str());
            topics.filter_map(name).map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ")
        };
        match wish {
            _ if lines.is_empty() => "Nothing has changed: it was so already.".to_owned(),
            Wish::Topics(_) => {
                let (on, off) = (named("granted"), named("withdrawn"));
                let on = if on.is_empty() { on } else { format!("You will hear about {on}. ") };
                let off = if off.is_empty() { off } else { format!("You will hear no more about {off}.") };
                format!("Saved. {on}{off}").trim_end().to_owned()
            }
            Wish::Without(_) => format!("You will hear no more about {}.", named("withdrawn")),
            Wish::Pause(_) => {
                let until = lines.iter().find_map(|line| line.paused_until);
                format!("Paused. You get no e-mail from us until {}.", until.map(date).unwrap_or_default())
            }
            Wish::Stop => "Done. You get no more e-mail from us.".to_owned(),
            Wish::Start => "Welcome back. You get e-mail from us again.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const NEWS: TopicId = TopicId(Uuid::from_u128(1));
    const OFFERS: TopicId = TopicId(Uuid::from_u128(2));

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_795_251_600, 0).unwrap()
    }

    /// What is heard after all of these were said.
    fn after(said: &[Line]) -> Choices {
        let topic = |id, name: &str| Topic { id, name: name.into(), description: String::new() };
        let mut last: Vec<LastWord> = Vec::new();
        for (n, line) in (1..).zip(said) {
            last.retain(|word| word.topic != line.topic);
            let Line { topic, state, paused_until } = line.clone();
            last.push(LastWord { topic, state: state.into(), paused_until, id: Uuid::from_u128(n) });
        }
        Choices::of(vec![topic(NEWS, "News"), topic(OFFERS, "Offers")], &last, now())
    }

    /// The same once these wishes were granted one after the other.
    fn wished(wishes: &[Wish]) -> (Choices, Vec<Line>) {
        let mut said = Vec::new();
        for wish in wishes {
            said.extend(after(&said).lines(wish, now()));
        }
        (after(&said), said)
    }

    fn is_on(choices: &Choices) -> Vec<bool> {
        choices.topics.iter().map(|choice| choice.is_on).collect()
    }

    #[test]
    fn a_topic_is_stopped_alone_and_chosen_again() {
        let (choices, _) = wished(&[Wish::Topics(vec![NEWS])]);
        assert_eq!((is_on(&choices), choices.standing), (vec![true, false], Standing::Open));
        let (choices, said) = wished(&[Wish::Topics(vec![NEWS]), Wish::Topics(vec![NEWS, OFFERS])]);
        assert_eq!((is_on(&choices), said.len()), (vec![true, true], 2));
    }

    #[test]
    fn a_pause_ends_with_what_was_heard_before_it() {
        let (choices, _) = wished(&[Wish::Topics(vec![NEWS]), Wish::Pause(30)]);
        assert_eq!(choices.standing, Standing::PausedUntil(now() + TimeDelta::days(30)));
        assert_eq!(is_on(&choices), [true, false]);
        let (choices, _) = wished(&[Wish::Topics(vec![NEWS]), Wish::Pause(30), Wish::Start]);
        assert_eq!((is_on(&choices), choices.standing), (vec![true, false], Standing::Open));
    }

    #[test]
    fn who_stopped_everything_may_begin_again_with_one_thing_or_all() {
        let (choices, said) = wished(&[Wish::Stop, Wish::Stop]);
        assert_eq!((is_on(&choices), choices.standing, said.len()), (vec![false; 2], Standing::Stopped, 1));
        let (choices, _) = wished(&[Wish::Stop, Wish::Topics(vec![OFFERS])]);
        assert_eq!((is_on(&choices), choices.standing), (vec![false, true], Standing::Open));
        assert_eq!(is_on(&wished(&[Wish::Stop, Wish::Start]).0), [true, true]);
    }

    #[test]
    fn stopping_one_topic_twice_says_it_once() {
        let (choices, said) = wished(&[Wish::Without(NEWS), Wish::Without(NEWS)]);
        assert_eq!((is_on(&choices), said.len()), (vec![false, true], 1));
        assert!(wished(&[Wish::Stop, Wish::Without(NEWS)]).1.len() == 1);
    }
}
