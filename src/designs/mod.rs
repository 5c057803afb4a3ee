//! E-mail designs: what a mail says and how it looks, as blocks that anybody can move.
//!
//! Owns `designs`, `design_blocks`, `design_steps` and `design_versions`. Always true: a design ends with
//! the footer that tells who writes and how to unsubscribe; every change of a draft is a step that can be
//! undone, after a reload too; nobody overwrites what somebody else has typed meanwhile without being
//! told; what was frozen never changes.
//!
//! - [`merge`]: merge fields, checked, compiled once, escaped by their place
//! - [`blocks`]: the kinds of block, one file each; [`styles`]: what holds for all of them
//! - [`document`]: a draft in memory; `draft`: the same in the database, with its steps
//! - [`render`]: blocks to the templates of both parts of a mail, and the checks
//! - [`frozen`]: a design for whoever sends it
//! - [`people`]: contacts as merge fields see them
//! - [`samples`], [`starters`]: people to try on, and designs to begin with
//! - `list`, `editor`: the pages

pub mod blocks;
pub mod document;
mod draft;
mod editor;
pub mod frozen;
mod list;
pub mod merge;
pub mod people;
mod permissions;
pub mod render;
pub mod samples;
pub mod starters;
pub mod styles;

pub use frozen::{Frozen, compile, freeze};
pub use list::begin;
pub use permissions::{EditDesigns, ViewDesigns};

use crate::{tenancy::OrgTx, web::Routes};

crate::id!(
    /// A design.
    DesignId
);

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace().merge(list::routes::routes()).merge(editor::routes::routes())
}

/// Designs that are in use, the last changed first, for choosing one: id and name.
pub async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    list::choices(tx).await
}
