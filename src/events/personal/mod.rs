//! What the log of events holds of a person. The log only grows; what happened to somebody who is erased stays as
//! counts.

mod queries;

use crate::personal::{Held, Retention, held::Fate};

pub const HELD: &[Held] = &[Held {
    table: "events",
    words: "What happened to them and what they did",
    personal: &["payload"],
    plain: &["kind"],
    fate: Fate::Blanked,
    then: "kept for the counts, under an id that leads to nobody; whatever somebody wrote is taken out",
    rows: |tx, who| Box::pin(queries::rows(tx, who.id)),
    erase: |tx, who| Box::pin(queries::blank(tx, who.id)),
}];

/// What happened long ago.
pub const OLD: Retention = Retention {
    key: "events",
    words: "What happened, on timelines",
    about: "What stands on people's timelines is deleted so long after it happened: opened mail, followed links, \
            changes. Reports of campaigns stay. Everything older than 25 months goes anyway.",
    usual: 365,
    least: 90,
    most: 760,
    count: |tx, before| Box::pin(queries::count_before(tx, before)),
    at_once: 1_000,
    forget: |tx, cut, at_most| Box::pin(queries::forget_before(tx, cut.before, at_most)),
};
