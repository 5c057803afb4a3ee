//! The application as a browser meets it, against a database of its own.
//!
//! One PostgreSQL for the whole test program, started by the application's own `postgres` module; one
//! migrated template with the town in it; a copy of that for every test. The application under test
//! connects as the role it has in production; only the town was written by the owner.

pub mod app;
pub mod browser;
pub mod cluster;

pub use app::TestApp;
pub use browser::{Browser, Reply};
