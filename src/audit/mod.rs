//! Who changed what in an organization, when and from where: a log that only grows.
//!
//! Owns `audit_log` and `audit_heads`. Always true: a row is written in the transaction of the change
//! it tells about, so there is neither without the other; no role of the application may change or
//! remove one; each row's hash covers the one before it, so that a row changed behind the
//! application's back is found by [`verify`]; an erasure takes somebody out of rows by a function of the database
//! alone, and tells which rows, with the hash that each has since, in an entry of the same chain. Whoever holds an `OrgTx` records through it
//! (`tx.record(…)`); the pages that show the log belong to `orgs`.
//!
//! - [`entry`]: what is written, and by whom
//! - [`verify`]: whether a chain is whole

pub mod entry;
mod queries;
pub mod verify;

pub use entry::{Actor, Entry};
pub use queries::{append, blank, naming};
