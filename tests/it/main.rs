//! The one test program: linking the application once is what takes long.

mod support;

mod commands;
mod mail;
mod orgs;
mod schema;
mod smoke;
