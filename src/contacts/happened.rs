//! What happens to contacts, for whoever listens, and for their timeline.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::Event;

/// Somebody was added by hand.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactAdded {
    pub contact: Uuid,
    /// How they came: `staff`.
    pub source: String,
}

impl Event for ContactAdded {
    const KIND: &'static str = "contact.added";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// What is known of somebody was changed by hand.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactChanged {
    pub contact: Uuid,
    /// The keys of the fields that differ.
    pub fields: Vec<String>,
}

impl Event for ContactChanged {
    const KIND: &'static str = "contact.changed";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Where somebody stands changed, or who looks after them.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactMoved {
    pub contact: Uuid,
    /// `stage`, `lead_status` or `owner`.
    pub fact: String,
    /// As it is kept: a word, or the id of a member; empty for nobody.
    pub from: String,
    pub to: String,
    /// `staff`, `import`, or whatever else did it.
    pub cause: String,
    /// Who did it, where somebody did.
    pub by: Option<Uuid>,
}

impl ContactMoved {
    /// Everybody of the workspace whom it names.
    pub fn people(&self) -> impl Iterator<Item = Uuid> + use<> {
        let owners = [&self.from, &self.to].map(|kept| kept.parse().ok());
        owners.into_iter().chain([self.by]).flatten()
    }
}

impl Event for ContactMoved {
    const KIND: &'static str = "contact.moved";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody wrote a note about somebody.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactNoted {
    pub contact: Uuid,
    pub note: Uuid,
    /// Who wrote it.
    pub by: Uuid,
}

impl Event for ContactNoted {
    const KIND: &'static str = "contact.noted";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody came to work for another company, or for none.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct CompanyChanged {
    pub contact: Uuid,
    pub company: Option<Uuid>,
    /// As they were called then; empty for none.
    pub from: String,
    pub to: String,
    /// `staff`, or whatever else did it.
    pub cause: String,
    pub by: Option<Uuid>,
}

impl Event for CompanyChanged {
    const KIND: &'static str = "contact.company_changed";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// A file was imported, or undone: counts, not people.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactsImported {
    pub import: Uuid,
    pub created: i64,
    pub updated: i64,
}

impl Event for ContactsImported {
    const KIND: &'static str = "contacts.imported";
}

/// Something about several people was changed at once.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactsTouched {
    /// What rules of segments call it: `list:…`, `consent`; `*` for anything.
    pub what: Vec<String>,
    /// Whose; empty for more than are listed.
    pub contacts: Vec<Uuid>,
}

impl ContactsTouched {
    /// More than so many are not listed.
    const LISTED: usize = 500;

    /// Nothing when it is about nobody.
    pub fn new(what: &str, contacts: &[Uuid]) -> Option<Self> {
        let listed = if contacts.len() > Self::LISTED { &[] } else { contacts };
        (!contacts.is_empty()).then(|| Self { what: vec![what.to_owned()], contacts: listed.to_vec() })
    }

    /// Of nobody knows how many.
    pub fn everybody(what: &str) -> Self {
        Self { what: vec![what.to_owned()], contacts: Vec::new() }
    }
}

impl Event for ContactsTouched {
    const KIND: &'static str = "contacts.touched";
}

/// Somebody came into a segment.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct SegmentEntered {
    pub contact: Uuid,
    pub segment: Uuid,
}

impl Event for SegmentEntered {
    const KIND: &'static str = "segment.entered";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody is in a segment no more.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct SegmentLeft {
    pub contact: Uuid,
    pub segment: Uuid,
}

impl Event for SegmentLeft {
    const KIND: &'static str = "segment.left";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody got a tag.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactTagged {
    pub contact: Uuid,
    pub tag: Uuid,
    /// As it was called then.
    pub name: String,
}

impl Event for ContactTagged {
    const KIND: &'static str = "contact.tagged";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody lost a tag.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactUntagged {
    pub contact: Uuid,
    pub tag: Uuid,
    /// As it was called then.
    pub name: String,
}

impl Event for ContactUntagged {
    const KIND: &'static str = "contact.untagged";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Another record of somebody became part of theirs.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactMerged {
    pub contact: Uuid,
    pub merge: Uuid,
    /// Who is part of them now, and as they were called.
    pub other: Uuid,
    pub name: String,
    pub by: Option<Uuid>,
}

impl Event for ContactMerged {
    const KIND: &'static str = "contact.merged";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Two records that were made one are two again; each of them is told.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct ContactUnmerged {
    pub contact: Uuid,
    pub merge: Uuid,
    pub other: Uuid,
    pub name: String,
    pub by: Option<Uuid>,
}

impl Event for ContactUnmerged {
    const KIND: &'static str = "contact.unmerged";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}
