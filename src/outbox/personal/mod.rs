//! What the ledger of messages holds of a person. Whoever knows from which sources they were written to says so: the
//! ledger is found by its source.

mod queries;

pub use queries::{blank, rows};
