//! E-mail designs.

pub mod blocks;
pub mod document;
pub mod merge;
pub mod render;
pub mod samples;
pub mod starters;
pub mod styles;
