//! What became of a broadcast: how many, when, and who each of them was.
//!
//! Numbers are of people, not of hits, and come from the ledger of recipients alone; what machines did is said
//! apart. Every number leads to the people it counts ([`people`]), who can be saved as a list.
//!
//! - [`sums`]: the numbers, and what they are a share of
//! - [`chart`]: opens and clicks over time, as bars
//! - [`words`]: causes as people read them

pub mod chart;
pub mod people;
mod queries;
pub mod routes;
pub mod sums;
mod views;
pub mod words;
