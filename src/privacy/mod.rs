//! Everything about a person handed out or erased, and what is kept for so long and no longer.
//!
//! Owns `erasures` and `retention_rules`. Always true: what there is of a person is what the catalogue of every domain
//! says ([`crate::personal`]), nothing here knows a table by itself; an erasure happens whole or not at all, and goes on
//! after a stop; it leaves a report that names nobody and a hash under which nothing is sent to them again; who handed
//! out or erased whom, by an id that leads to nobody, stands in the audit log.
//!
//! - [`copy`]: everything about somebody as files
//! - [`erasing`]: taking it away
//! - [`rules`]: what is kept for how long
//! - [`below`]: what the floor holds of a person

pub mod below;
pub mod copy;
pub mod erasing;
pub mod rules;

use crate::web::Routes;

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(copy::routes::routes())
        .merge(erasing::routes::routes())
        .merge(rules::routes::routes())
}
