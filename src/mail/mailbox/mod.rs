//! The built-in mailbox: what the system wrote to people, to be read in development; how each message
//! stands, for those who look after an installation.
//!
//! Open to everybody who can reach a development installation, and absent from every other: what
//! lies here signs people in.
//!
//! - [`queries`]: all SQL
//! - [`reading`]: a stored message, taken apart
//! - [`mod@routes`]: the pages under `/dev/mailbox`, and one answer for tests
//! - [`views`]: what the templates are given

mod queries;
mod reading;
pub mod routes;
mod views;

pub use queries::{Line, Stored, find, page};
pub use reading::{Reading, headers};
pub use routes::{routes, send_again};
pub use views::Tab;
