//! What the list can be sorted by.

use chrono::{DateTime, Utc};

/// A column that has an order, which is that of an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Added,
    Name,
    Email,
    Company,
    Stage,
    LeadStatus,
    LeadScore,
    Engagement,
    Changed,
}

/// What a list can be sorted by, as its address says it; nothing said is the first.
const ALL: &[(Sort, &str)] = &[
    (Sort::Added, "added"),
    (Sort::Name, "name"),
    (Sort::Email, "email"),
    (Sort::Company, "company"),
    (Sort::Stage, "stage"),
    (Sort::LeadStatus, "lead_status"),
    (Sort::LeadScore, "lead_score"),
    (Sort::Engagement, "engagement_score"),
    (Sort::Changed, "changed"),
];

/// The value at which a page starts, read out of a cursor.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Place {
    /// By their id alone.
    Id,
    Text(String),
    Number(i64),
    Moment(DateTime<Utc>),
}

impl Sort {
    pub(super) fn called(key: &str) -> Option<Self> {
        ALL.iter().find(|(_, known)| *known == key).map(|(sort, _)| *sort)
    }

    /// As an address says it; empty for the usual.
    pub(super) fn key(self) -> &'static str {
        ALL.iter().skip(1).find(|(sort, _)| *sort == self).map_or("", |(_, key)| key)
    }

    /// Whether the greatest comes first when nobody says otherwise: the newest, and who has most points.
    pub(super) fn begins_at_the_top(self) -> bool {
        matches!(self, Self::Added | Self::Changed | Self::LeadScore | Self::Engagement)
    }

    /// What the text of a cursor means in this order; nothing where it comes from another.
    pub(super) fn place(self, text: &str) -> Option<Place> {
        match self {
            Self::Added => Some(Place::Id),
            Self::Name | Self::Email | Self::Company => Some(Place::Text(text.to_owned())),
            Self::Stage | Self::LeadStatus | Self::LeadScore | Self::Engagement => {
                text.parse().ok().map(Place::Number)
            }
            Self::Changed => text.parse().ok().and_then(DateTime::from_timestamp_micros).map(Place::Moment),
        }
    }
}
