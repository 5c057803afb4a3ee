//! What an e-mail is made of: each kind of block in a file of its own, all of them in [`KINDS`].
//!
//! A kind says what its properties are, how they are edited ([`Field`]), what is wrong with them, and how
//! it is drawn: as MJML for the HTML part, and as text. Adding one means writing its file and its line
//! in [`KINDS`]; editor, checks and both parts follow.

mod button;
mod columns;
mod divider;
pub mod draw;
mod field;
mod footer;
mod heading;
mod image;
mod image_text;
pub mod kind;
pub mod rich;
mod spacer;
mod text;

pub use draw::Draw;
pub use field::{Control, Field};
pub use kind::Kind;

use kind::{Block, Of};

/// Every kind of block, in the order of the palette.
pub static KINDS: &[&dyn Kind] = &[
    &Of::<heading::Heading>::NEW,
    &Of::<text::Text>::NEW,
    &Of::<image::Image>::NEW,
    &Of::<button::Button>::NEW,
    &Of::<image_text::ImageText>::NEW,
    &Of::<columns::Columns>::NEW,
    &Of::<divider::Divider>::NEW,
    &Of::<spacer::Spacer>::NEW,
    &Of::<footer::Footer>::NEW,
];

/// The kind that holds other blocks.
pub const COLUMNS: &str = columns::Columns::KEY;
/// The kind that ends every e-mail and cannot be removed.
pub const FOOTER: &str = footer::Footer::KEY;

/// The kind of this name.
pub fn kind(key: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.key() == key)
}
