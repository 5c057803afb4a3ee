//! The editor: one page with the real output in a frame, the blocks as an outline, and a panel.
//!
//! Everything is a link or a form, so it works without JavaScript; with it, forms answer with the part of
//! the page that changed, typing saves by itself, and blocks are chosen in the frame.

mod canvas;
mod changes;
mod page;
pub mod routes;
mod views;
