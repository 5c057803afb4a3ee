//! Every campaign: the list, a new one, a copy, putting one away.

mod queries;
pub mod routes;
mod views;
