//! The background work of everybody: every status that the database can hold is shown.

pub mod routes;
mod views;
