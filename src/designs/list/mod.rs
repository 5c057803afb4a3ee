//! The list of designs: beginning, naming, copying one, and putting it away.

mod queries;
pub mod routes;
mod views;
