//! What a rule may speak of: the fields, lists and topics that the organization has, and what people do.

use std::pin::Pin;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{queries, test::Place};
use crate::{
    contacts::{
        contact::{FIELDS, LEAD_STATUSES, STAGES},
        fields::{self, OwnField},
        scoring::Score,
        standing, tags,
    },
    tenancy::OrgTx,
};

/// What kind of thing a line is about, which says how it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Text,
    /// One of several: key and words.
    Choice(Vec<(String, String)>),
    /// Several of several.
    Choices(Vec<(String, String)>),
    Number,
    Flag,
    /// A day without a time.
    Day,
    Moment,
    Tag,
    /// In lists and segments.
    Member,
    Consent,
    /// Something people do.
    Deed,
}

impl Kind {
    fn one_of(vocabulary: &[(&str, &str)]) -> Self {
        let choice = |(key, words): &(&str, &str)| ((*key).to_owned(), (*words).to_owned());
        Self::Choice(vocabulary.iter().map(choice).collect())
    }

    fn of(field: &OwnField) -> Self {
        let options = || field.options.iter().map(|one| (one.key.clone(), one.label.clone())).collect();
        match field.kind {
            fields::Kind::Number | fields::Kind::Money => Self::Number,
            fields::Kind::Date => Self::Day,
            fields::Kind::Boolean => Self::Flag,
            fields::Kind::Choice | fields::Kind::User => Self::Choice(options()),
            fields::Kind::Choices => Self::Choices(options()),
            fields::Kind::Text
            | fields::Kind::Time
            | fields::Kind::Url
            | fields::Kind::Email
            | fields::Kind::Phone => Self::Text,
        }
    }
}

/// Something that a line can be about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    /// As kept in the rule: `field:city`.
    pub about: String,
    pub label: String,
    pub kind: Kind,
}

type Which = for<'a> fn(
    &'a mut OrgTx,
) -> Pin<Box<dyn Future<Output = sqlx::Result<Vec<(String, String)>>> + Send + 'a>>;

/// Something people do, as its own domain describes it.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// The kind of its event.
    pub kind: &'static str,
    /// "opened a mail".
    pub words: &'static str,
    /// The key under which its event names what it was done to, and what there is: id and name.
    pub of: Option<(&'static str, Which)>,
}

/// Everything people do that a rule may ask for.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behaviours(pub &'static [&'static [Behaviour]]);

impl Behaviours {
    fn all(self) -> impl Iterator<Item = &'static Behaviour> {
        self.0.iter().copied().flatten()
    }
}

/// What there is, at a moment.
#[derive(Clone, Debug)]
pub struct Catalogue {
    pub now: DateTime<Utc>,
    /// The workspace's: where its days begin.
    pub zone: Tz,
    pub subjects: Vec<Subject>,
    /// Tags: id and name.
    pub tags: Vec<(String, String)>,
    /// Lists and segments: id and name.
    pub lists: Vec<(String, String)>,
    /// Topics of consent: id and name.
    pub topics: Vec<(String, String)>,
    /// For each kind of event the key and the choices of what it was done to.
    pub deeds: Vec<(&'static Behaviour, Vec<(String, String)>)>,
}

impl Catalogue {
    pub async fn load(tx: &mut OrgTx, behaviours: Behaviours, now: DateTime<Utc>) -> sqlx::Result<Self> {
        let mut subjects: Vec<Subject> =
            FIELDS.iter().map(|field| subject("field", field.key, field.label, Kind::Text)).collect();
        subjects.push(subject("field", "lifecycle_stage", "Stage", Kind::one_of(STAGES)));
        subjects.push(subject("field", "lead_status", "Lead status", Kind::one_of(LEAD_STATUSES)));
        subjects.push(subject("field", "owner_id", "Owner", Kind::Choice(standing::members(tx).await?)));
        for score in Score::ALL {
            subjects.push(subject("field", score.column(), score.label(), Kind::Number));
        }
        subjects.push(subject("field", "source", "Source", Kind::Text));
        subjects.push(subject("field", "created_at", "Added", Kind::Moment));
        let own = fields::in_use(tx).await?;
        subjects.extend(own.iter().map(|own| subject("custom", &own.key, &own.label, Kind::of(own))));
        subjects.push(subject("tag", "", "Tag", Kind::Tag));
        subjects.push(subject("list", "", "List or segment", Kind::Member));
        subjects.push(subject("consent", "", "Consent to e-mail", Kind::Consent));
        let mut deeds = Vec::new();
        for behaviour in behaviours.all() {
            subjects.push(subject("event", behaviour.kind, behaviour.words, Kind::Deed));
            let choices = match behaviour.of {
                Some((_, which)) => which(tx).await?,
                None => Vec::new(),
            };
            deeds.push((behaviour, choices));
        }
        Ok(Self {
            now,
            zone: queries::zone(tx).await?.parse().unwrap_or(Tz::UTC),
            subjects,
            tags: tags::choices(tx).await?,
            lists: queries::all_lists(tx).await?,
            topics: queries::topics(tx).await?,
            deeds,
        })
    }

    pub fn subject(&self, about: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.about == about)
    }

    /// What a line can be about, under headings.
    pub fn under_headings(&self) -> Vec<(&'static str, Vec<Subject>)> {
        let mut all: Vec<(&'static str, Vec<Subject>)> = Vec::new();
        for subject in &self.subjects {
            match all.iter_mut().find(|(heading, _)| *heading == subject.heading()) {
                Some((_, under)) => under.push(subject.clone()),
                None => all.push((subject.heading(), vec![subject.clone()])),
            }
        }
        all
    }

    /// What a kind of event can be done to.
    pub fn of(&self, about: &str) -> Option<(&'static str, &[(String, String)])> {
        let kind = about.strip_prefix("event:")?;
        let (behaviour, choices) = self.deeds.iter().find(|(behaviour, _)| behaviour.kind == kind)?;
        behaviour.of.map(|(key, _)| (key, choices.as_slice()))
    }
}

impl Subject {
    /// Where its value stands.
    pub fn place(&self) -> Place {
        match self.about.split_once(':') {
            Some(("field", key)) => {
                let others = ["lifecycle_stage", "lead_status", "owner_id", "source", "created_at"];
                let scores = Score::ALL.map(Score::column);
                let known = FIELDS.iter().map(|field| field.key).chain(others).chain(scores);
                known
                    .into_iter()
                    .find(|known| *known == key)
                    .map_or(Place::Own(key.to_owned()), Place::Column)
            }
            Some((_, key)) => Place::Own(key.to_owned()),
            None => Place::Own(self.about.clone()),
        }
    }

    /// The heading under which it is offered.
    pub fn heading(&self) -> &'static str {
        match self.about.split_once(':').map_or("", |(kind, _)| kind) {
            "field" => "Contact",
            "custom" => "Own fields",
            "event" => "Activity",
            _ => "Belonging",
        }
    }
}

fn subject(kind: &str, key: &str, label: &str, is: Kind) -> Subject {
    Subject { about: format!("{kind}:{key}"), label: label.to_owned(), kind: is }
}

/// The id of a choice, when it is one of these.
pub fn chosen(choices: &[(String, String)], typed: &str) -> Option<Uuid> {
    choices.iter().any(|(id, _)| id == typed).then(|| typed.parse().ok()).flatten()
}
