//! The one test program: linking the application once is what takes long.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets the unexpected should stop there, in a function that tests share too"
)]

mod support;

mod accounts;
mod commands;
mod house_rules;
mod mail;
mod orgs;
mod schema;
mod smoke;
