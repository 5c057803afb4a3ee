//! The jobs of a workspace: what waits, runs, is done or failed, and trying one again or calling it off.

pub mod routes;
mod views;
