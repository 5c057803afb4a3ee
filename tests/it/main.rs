//! The one test program: linking the application once is what takes long.

mod support;

mod commands;
// mod house_rules;
mod mail;
mod orgs;
mod schema;
mod smoke;
