//! The one test program: linking the application once is what takes long.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that meets the unexpected should stop there, in a function that tests share too"
)]

mod support;

mod access;
mod accounts;
mod admin;
mod audit;
mod campaigns;
mod channels;
mod commands;
mod contacts;
mod cross_site;
mod deals;
mod designs;
mod events;
mod faults;
mod foreign_ids;
mod headers;
mod house_rules;
mod isolation;
mod jobs;
mod mail;
mod metrics;
mod net;
mod notices;
mod orgs;
mod pool;
mod postgres;
mod powers;
mod privacy;
mod sample;
mod schema;
mod secrets;
mod senders;
mod smoke;
mod statements;
mod tasks;
