//! What every page needs and no page should write twice: state, views, forms, errors, the shell.
//!
//! - [`app`]: what every handler shares
//! - [`routes`]: a router that remembers its doors
//! - [`view`]: templates as responses; whole page or part
//! - [`error`]: everything that can go wrong, and what is told
//! - [`form`]: fields, their errors, reading a body
//! - [`csrf`]: the form token of pages for visitors
//! - [`client`]: where a request came from, through proxies that are trusted
//! - [`headers`]: what every response says
//! - [`page`]: keyset pages and sorting in the address
//! - [`sought`]: words that somebody looks for
//! - [`flash`]: a sentence for the next page
//! - [`toast`]: a sentence for this page
//! - [`turns`]: a few at once at what costs much
//! - [`health`]: whether this process should live and be given work
//! - [`memory`]: what domains keep while the process runs
//! - [`metrics`]: numbers about this process, on an address of their own
//! - [`warnings`]: what is not right outside of a request
//! - [`assets`], [`mod@icon`], [`shell`]: files, pictures, and the frame around every page

pub mod app;
pub mod assets;
pub mod client;
pub mod csrf;
pub mod error;
pub mod flash;
pub mod form;
pub mod headers;
pub mod health;
pub mod icon;
pub mod memory;
pub mod metrics;
pub mod page;
pub mod routes;
pub mod safe_html;
pub mod shell;
pub mod sought;
pub mod toast;
pub mod turns;
pub mod view;
pub mod warnings;

pub use app::App;
pub use assets::asset;
pub use client::ClientAddress;
pub use error::{Error, OrNotFound, Result, render_errors};
pub use form::{FieldErrors, Form};
pub use icon::icon;
pub use routes::{Door, Routes};
pub use shell::Shell;
pub use toast::Toast;
pub use view::{View, Wants};
