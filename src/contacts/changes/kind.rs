//! What can be done to many at once, and its words.

use crate::contacts::standing::Fact;

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Tag,
    Untag,
    List,
    Unlist,
    /// Where they stand, or who looks after them.
    Stand(Fact),
    Archive,
    Restore,
}

const ALL: &[(Kind, &str)] = &[
    (Kind::Tag, "tag"),
    (Kind::Untag, "untag"),
    (Kind::List, "list"),
    (Kind::Unlist, "unlist"),
    (Kind::Stand(Fact::Owner), "owner"),
    (Kind::Stand(Fact::Stage), "stage"),
    (Kind::Stand(Fact::LeadStatus), "lead_status"),
    (Kind::Archive, "archive"),
    (Kind::Restore, "restore"),
];

impl Kind {
    pub fn called(key: &str) -> Option<Self> {
        ALL.iter().find(|(_, known)| *known == key).map(|(kind, _)| *kind)
    }

    pub fn key(self) -> &'static str {
        ALL.iter().find(|(kind, _)| *kind == self).map_or("restore", |(_, key)| key)
    }

    /// What is to be done: to so many people, with what is called so.
    pub fn title(self, people: &str, name: &str) -> String {
        match self {
            Self::Tag => format!("Put the tag “{name}” on {people}"),
            Self::Untag => format!("Take the tag “{name}” off {people}"),
            Self::List => format!("Add {people} to “{name}”"),
            Self::Unlist => format!("Remove {people} from “{name}”"),
            Self::Stand(Fact::Owner) if name.is_empty() => format!("Leave {people} without an owner"),
            Self::Stand(Fact::Owner) => format!("Make {name} the owner of {people}"),
            Self::Stand(fact) => {
                format!("Set the {} of {people} to “{name}”", fact.label().to_lowercase())
            }
            Self::Archive => format!("Archive {people}"),
            Self::Restore => format!("Bring {people} back"),
        }
    }

    /// What was done.
    pub fn said(self, people: &str, name: &str) -> String {
        match self {
            Self::Tag => format!("Put the tag “{name}” on {people}."),
            Self::Untag => format!("Took the tag “{name}” off {people}."),
            Self::List => format!("Added {people} to “{name}”."),
            Self::Unlist => format!("Removed {people} from “{name}”."),
            Self::Stand(Fact::Owner) if name.is_empty() => format!("Left {people} without an owner."),
            Self::Stand(Fact::Owner) => format!("Made {name} the owner of {people}."),
            Self::Stand(fact) => {
                format!("Set the {} of {people} to “{name}”.", fact.label().to_lowercase())
            }
            Self::Archive => format!("Archived {people}. They are written to no more."),
            Self::Restore => format!("Brought {people} back."),
        }
    }

    /// What is so of those whom it did not change.
    pub(super) fn others(self) -> &'static str {
        match self {
            Self::Tag => "The others had it.",
            Self::Untag => "The others did not have it.",
            Self::List => "The others were in it.",
            Self::Unlist => "The others were not in it.",
            Self::Stand(_) => "The others had that already.",
            Self::Archive => "The others were archived.",
            Self::Restore => "The others were there.",
        }
    }

    /// What somebody should know before they do it to many.
    pub(super) fn means(self) -> &'static str {
        match self {
            Self::Archive => "They are written to no more, and leave the lists that people look at.",
            Self::Restore => "They are in the lists that people look at again, and can be written to.",
            Self::List | Self::Unlist => "Being in a list says nothing about consent.",
            Self::Stand(_) => {
                "It stands on the timeline of each of them. Whoever has it already is left alone."
            }
            Self::Tag | Self::Untag => "Segments and automations that ask for the tag follow.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_key() {
        for (kind, key) in ALL {
            assert_eq!((Kind::called(key), kind.key()), (Some(*kind), *key));
        }
        assert_eq!(Kind::called("delete"), None);
    }

    #[test]
    fn a_change_is_named_by_what_it_does() {
        let owner = Kind::Stand(Fact::Owner);
        assert_eq!(owner.title("3 people", "Mia"), "Make Mia the owner of 3 people");
        assert_eq!(owner.said("1 person", ""), "Left 1 person without an owner.");
        assert_eq!(
            Kind::Stand(Fact::LeadStatus).title("3 people", "New"),
            "Set the lead status of 3 people to “New”"
        );
    }
}
