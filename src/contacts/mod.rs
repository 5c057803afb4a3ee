//! The people an organization talks to: who they are, what they agreed to, and how they came.
//!
//! Owns `contacts`, `contact_identities`, `postal_addresses`, `companies`, `contact_notes`, `contact_note_mentions`, `contact_fields`, `tags`, `contact_tags`, `contact_changes`, `contact_change_pieces`, `contact_change_people`, `contact_lists`,
//! `contact_list_members`, `segment_mentions`, `score_rules`, `score_holdings`, `score_entries`, `subscription_topics`, `consents`, `suppressions`, `imports`, `import_pieces`,
//! `import_refusals`, `import_changes`, `contact_merges`, `duplicate_candidates`, `duplicate_looks`, `exports` and `export_pieces`, and `import_stage` for as long as a transaction lasts.
//!
//! Always true: an address is in lower case and at most one contact of an organization has it; being in a
//! list says nothing about consent; the ledger of consents only grows, and what was said last counts; a
//! suppressed address is not written to, whatever else is known of it.
//!
//! - [`contact`]: what a contact is, and what its form accepts
//! - [`table`]: everybody, searched and sorted
//! - [`found`]: some of them, by words
//! - [`record`]: the page of one person
//! - [`standing`]: their stage, their status as a lead, and who looks after them
//! - [`notes`]: what somebody wants to remember of them, and whom they call on
//! - [`companies`]: whom they work for
//! - [`identities`]: by what they are known: addresses, numbers, names elsewhere
//! - [`addresses`]: where post reaches them
//! - [`fields`]: what the organization wants to know of them besides, each of its kind
//! - [`tags`]: words put on them, and by whom
//! - [`changes`]: what is done to many of them at once, and taken back
//! - [`beside`]: what other domains show there
//! - [`duplicates`]: who may be one person
//! - [`merging`]: two records of one person, made one
//! - [`lists`]: people put together by hand
//! - [`segments`]: people put together by a rule
//! - [`scoring`]: points by rules, and a ledger that explains every one
//! - [`consent`]: topics, the ledger, addresses not to write to
//! - [`uses`]: who names a field or goes to a list
//! - [`imports`]: a file of people, from upload to undo
//! - [`exports`]: a view of them as a file
//! - [`personal`]: what all of this holds of one of them

pub mod addresses;
pub mod beside;
pub mod changes;
pub mod companies;
pub mod consent;
pub mod contact;
pub mod duplicates;
pub mod exports;
pub mod fields;
pub mod found;
pub mod happened;
pub mod identities;
pub mod imports;
pub mod lists;
pub mod merging;
pub mod notes;
mod permissions;
pub mod personal;
pub mod record;
pub mod scoring;
pub mod segments;
pub mod standing;
pub mod table;
pub mod tags;
pub mod uses;

pub use contact::{Contact, ContactId};
pub use permissions::{EditContacts, ExportContacts, ProtectContacts, ViewContacts};

use crate::web::Routes;

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(table::routes::routes())
        .merge(record::routes::routes())
        .merge(standing::routes::routes())
        .merge(merging::routes::routes())
        .merge(duplicates::routes::routes())
        .merge(identities::routes::routes())
        .merge(addresses::routes::routes())
        .merge(companies::all_routes())
        .merge(notes::routes::routes())
        .merge(lists::routes::routes())
        .merge(segments::routes::routes())
        .merge(scoring::all_routes())
        .merge(fields::routes::routes())
        .merge(tags::all_routes())
        .merge(changes::routes::routes())
        .merge(consent::routes::routes())
        .merge(imports::routes())
        .merge(exports::routes::routes())
}
