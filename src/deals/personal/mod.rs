//! What deals hold of a person: whose they are, and what is written about them.

mod queries;

use crate::personal::{Held, held::Fate};

/// A deal stays without the person: it is the workspace's business, and counts.
pub const HELD: &[Held] = &[
    Held {
        table: "deal_stage_history",
        words: "Why deals of theirs were lost",
        personal: &["reason"],
        plain: &[],
        fate: Fate::Blanked,
        then: "kept with the deal; names, addresses and numbers of theirs are taken out of the text",
        rows: |tx, who| Box::pin(queries::history(tx, who.id)),
        erase: |tx, who| Box::pin(queries::blank_history(tx, who)),
    },
    Held {
        table: "deal_notes",
        words: "Notes about deals of theirs",
        personal: &["body"],
        plain: &[],
        fate: Fate::Blanked,
        then: "kept with the deal; names, addresses and numbers of theirs are taken out of the text",
        rows: |tx, who| Box::pin(queries::notes(tx, who)),
        erase: |tx, who| Box::pin(queries::blank_notes(tx, who)),
    },
    Held {
        table: "deals",
        words: "Deals with them",
        personal: &["name", "lost_reason", "source", "sort_name"],
        plain: &["currency", "sort_value"],
        fate: Fate::Blanked,
        then: "kept without the person; names, addresses and numbers of theirs are taken out of the text",
        rows: |tx, who| Box::pin(queries::deals(tx, who)),
        erase: |tx, who| Box::pin(queries::blank_deals(tx, who)),
    },
    Held {
        table: "deal_contacts",
        words: "That deals are with them",
        personal: &[],
        plain: &[],
        fate: Fate::Deleted,
        then: "deleted; somebody else of the deal becomes its first contact",
        rows: |tx, who| Box::pin(queries::of_contact(tx, who.id)),
        erase: |tx, who| Box::pin(queries::erase_of_contact(tx, who.id)),
    },
];
