//! What a rule means: tests that are true of somebody or not, put together.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A column of the contact, out of the list in [`super::catalogue`].
    Column(&'static str),
    /// A field of the organization's own.
    Own(String),
}

/// How a text is compared, without regard to capitals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Like {
    Is,
    Contains,
    Starts,
    Ends,
}

/// An end of a range of numbers, as a decimal number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct End {
    pub number: String,
    pub is_in: bool,
}

/// The last word of somebody about a topic, or about all mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Word {
    Yes,
    No,
    Pause,
    Nothing,
    /// Has an address to which mail may go: not suppressed, not refused, not paused.
    Reachable,
}

/// What somebody did, so often, since then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    pub kind: String,
    pub at_least: i64,
    pub since: Option<DateTime<Utc>>,
    /// A key of what the event holds, and the id that must stand there.
    pub of: Option<(&'static str, Uuid)>,
    /// Whether what machines did counts.
    pub with_machines: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Known(Place),
    /// Compares with any of these, which are in lower case.
    Text(Place, Like, Vec<String>),
    Number(Place, Option<End>, Option<End>),
    Flag(Place),
    /// One of several choices is among these.
    Chosen(Place, Vec<String>),
    /// A day from the first, before the second.
    Day(Place, Option<NaiveDate>, Option<NaiveDate>),
    /// A moment from the first, before the second.
    Moment(Place, Option<DateTime<Utc>>, Option<DateTime<Utc>>),
    /// A day or moment whose month and day, as `MM-DD`, are among these.
    Anniversary(Place, Vec<String>, Option<Tz>),
    /// Has one of these tags.
    Tagged(Vec<Uuid>),
    /// In one of these lists or segments.
    Member(Vec<Uuid>),
    Said(Option<Uuid>, Word),
    Did(Deed),
}

/// Tests put together. True or false of everybody, never neither: who has no value is not equal to any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    All(Vec<Meaning>),
    Any(Vec<Meaning>),
    Not(Box<Meaning>),
    Test(Test),
}

impl Meaning {
    /// Every test in it, from left to right.
    pub fn tests(&self) -> Vec<&Test> {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().flat_map(Self::tests).collect(),
            Self::Not(one) => one.tests(),
            Self::Test(test) => vec![test],
        }
    }
}

impl std::ops::Not for Meaning {
    type Output = Self;

    fn not(self) -> Self {
        Self::Not(Box::new(self))
    }
}

impl From<Test> for Meaning {
    fn from(test: Test) -> Self {
        Self::Test(test)
    }
}
