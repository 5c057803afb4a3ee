//! What happened to somebody, as people are told it: each domain has words for its own events, and knows where
//! they lead.

use std::{pin::Pin, sync::Arc};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Recorded, queries};
use crate::tenancy::OrgTx;

/// What is said of an event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub words: String,
    /// Where it leads inside the workspace, with a slash in front; empty where it leads nowhere.
    pub path: String,
    /// The permission that whoever goes there needs.
    pub needs: &'static str,
}

impl Told {
    pub fn words(words: impl Into<String>) -> Self {
        Self { words: words.into(), ..Self::default() }
    }

    /// Which kinds no domain has words for still says something.
    fn plainly(kind: &str) -> Self {
        let words = kind.replace(['.', '_'], " ");
        let mut letters = words.chars();
        let first = letters.next().into_iter().flat_map(char::to_uppercase);
        Self::words(first.chain(letters).collect::<String>())
    }
}

type Telling<'a> = Pin<Box<dyn Future<Output = sqlx::Result<Vec<Told>>> + Send + 'a>>;

/// A domain's voice.
#[derive(Clone, Copy)]
pub struct Teller {
    /// The kinds of events it has words for.
    pub kinds: &'static [&'static str],
    /// What it says of each of these, in their order.
    pub tell: for<'a> fn(&'a mut OrgTx, &'a [Recorded]) -> Telling<'a>,
}

/// Every voice there is. Cheap to clone.
#[derive(Clone)]
pub struct Tellers(Arc<Vec<Teller>>);

impl Tellers {
    pub fn new(all: Vec<Teller>) -> Self {
        Self(Arc::new(all))
    }

    async fn tell(&self, tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
        let mut told: Vec<Told> = happened.iter().map(|one| Told::plainly(&one.kind)).collect();
        for teller in self.0.iter() {
            let is_theirs = |one: &Recorded| teller.kinds.contains(&one.kind.as_str());
            let theirs: Vec<Recorded> = happened.iter().filter(|one| is_theirs(one)).cloned().collect();
            if theirs.is_empty() {
                continue;
            }
            let mut words = (teller.tell)(tx, &theirs).await?.into_iter();
            for (place, _) in told.iter_mut().zip(happened).filter(|(_, one)| is_theirs(one)) {
                if let Some(words) = words.next() {
                    *place = words;
                }
            }
        }
        Ok(told)
    }
}

/// A line of somebody's timeline.
#[derive(Clone, Debug)]
pub struct Line {
    pub told: Told,
    pub is_bot: bool,
    pub occurred_at: DateTime<Utc>,
}

/// What events are about, told by the beginnings of their kinds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// As addresses name it.
    pub key: &'static str,
    pub label: &'static str,
    /// Patterns of kinds.
    kinds: &'static [&'static str],
}

/// Every theme there is, in the order in which they are offered.
pub const THEMES: &[Theme] = &[
    Theme {
        key: "messages",
        label: "Messages",
        kinds: &["email.%", "sms.%", "whatsapp.%", "telegram.%", "message.%"],
    },
    Theme { key: "notes", label: "Notes", kinds: &["contact.noted"] },
    Theme { key: "deals", label: "Deals", kinds: &["deal.%"] },
    Theme { key: "tasks", label: "Tasks", kinds: &["task.%"] },
    Theme { key: "consent", label: "Consent", kinds: &["consent.%", "email.unsubscribed"] },
    Theme {
        key: "changes",
        label: "Changes",
        kinds: &[
            "contact.added",
            "contact.changed",
            "contact.%merged",
            "contact.moved",
            "contact.company%",
            "contact.%tagged",
            "segment.%",
        ],
    },
];

impl Theme {
    pub fn called(key: &str) -> Option<&'static Self> {
        THEMES.iter().find(|theme| theme.key == key)
    }
}

/// What happened to a contact, by all their ids, the newest first: before that moment where one is given, and of that theme alone.
pub async fn of_contact(
    tx: &mut OrgTx,
    tellers: &Tellers,
    contacts: &[Uuid],
    (before, limit): (Option<DateTime<Utc>>, i64),
    theme: Option<&Theme>,
) -> sqlx::Result<Vec<Line>> {
    let kinds: Vec<String> = theme.iter().flat_map(|theme| theme.kinds).map(ToString::to_string).collect();
    let happened = queries::of_contact(tx, contacts, (before, limit), &kinds).await?;
    let told = tellers.tell(tx, &happened).await?;
    let line =
        |(told, one): (Told, Recorded)| Line { told, is_bot: one.is_bot, occurred_at: one.occurred_at };
    Ok(told.into_iter().zip(happened).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_without_words_is_told_by_its_kind() {
        assert_eq!(Told::plainly("deal.stage_changed").words, "Deal stage changed");
        assert_eq!(Told::plainly("").words, "");
    }
}
