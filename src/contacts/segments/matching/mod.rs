//! Whom a rule holds, asked of the database.

mod queries;

use uuid::Uuid;

pub(in crate::contacts) use queries::{about, bound, make_room};
pub use queries::{about_how_many, counts, truths, truths_of};
pub(super) use queries::{counts_and_newest, sample, settle, some};

/// One of those whom a rule holds.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: Uuid,
    pub first_name: String,
    pub last_name: String,
    pub email: Option<String>,
    pub company: String,
    pub city: String,
}

/// Who came into a segment and who left it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub came: Vec<Uuid>,
    pub gone: Vec<Uuid>,
}
