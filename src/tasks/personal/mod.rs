//! What tasks hold of a person: that they are about them, and what is written in them.

mod queries;

use crate::personal::{Held, held::Fate};

/// What there is to do stays with whoever has to do it.
pub const HELD: &[Held] = &[Held {
    table: "tasks",
    words: "Tasks about them",
    personal: &["title", "notes"],
    plain: &["kind", "priority", "repeats"],
    fate: Fate::Blanked,
    then: "kept without the person; names, addresses and numbers of theirs are taken out of the text",
    rows: |tx, who| Box::pin(queries::rows(tx, who)),
    erase: |tx, who| Box::pin(queries::blank(tx, who)),
}];
