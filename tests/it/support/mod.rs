//! The application as a browser meets it, against a database of its own.
//!
//! One PostgreSQL for the whole test program, started by the application's own `postgres` module; one
//! migrated template with the town in it; a copy of that for every test. The application under test
//! connects as the role it has in production; only the town was written by the owner.
//!
//! - [`app`], [`browser`], [`cluster`]: the application, who visits it, where it keeps its rows
//! - [`tenant`], [`visitors`]: the town's organizations and people, for tests that try every door
//! - [`left`]: what a test leaves in the queue
//! - [`memory`]: what something takes of it
//! - [`rows`], [`canaries`]: what the database holds, and words that must not leave their organization

pub mod app;
pub mod browser;
pub mod canaries;
pub mod cluster;
pub mod left;
pub mod memory;
pub mod rows;
pub mod tenant;
pub mod visitors;

pub use app::TestApp;
pub use browser::{Browser, Reply};
