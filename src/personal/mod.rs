//! What is kept of a person, table by table: each domain says so of its own, beside its statements.
//!
//! Always true: every table is in the catalogue, or stands on the list of those that hold nobody; of a table that is
//! in it, every column that can hold a word is named. A test holds the catalogue against the database.
//!
//! - [`person`]: how somebody is found, also where nothing but their words stand
//! - [`held`]: a table that holds something about people
//! - [`retention`]: what is kept for so long and no longer

pub mod held;
pub mod person;
pub mod retention;

pub use held::{Held, Holdings};
pub use person::{Person, forms};
pub use retention::{Cut, Retention, Retentions};
