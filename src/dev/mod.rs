//! `/dev/components`: every component in every state, working, on plainly made-up rows.
//!
//! Open in development only. Owns no tables; what is done here is forgotten at the next start.
//!
//! - [`routes`]: small handlers that make the page work
//! - `list`: filter, order and pages as an address; `sample`: the rows; `views`: the templates

mod list;
pub mod routes;
mod sample;
mod views;
