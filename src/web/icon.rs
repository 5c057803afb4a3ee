//! An icon of the sprite that `static/build.mjs` makes of the names it finds in templates and code.

use std::fmt;

use askama::filters::HtmlSafe;

use super::assets::asset;

/// Decoration: hidden from screen readers, so a button of an icon alone needs a name of its own.
#[derive(Clone, Copy, Debug)]
pub struct Icon<'a>(&'a str);

/// `{{ crate::web::icon("mail") }}`
pub fn icon(name: &str) -> Icon<'_> {
    Icon(name)
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sprite = asset("icons.svg");
        write!(f, r##"<svg class="icon" aria-hidden="true"><use href="{sprite}#{}"/></svg>"##, self.0)
    }
}

/// Names come from templates and code, never from people.
impl HtmlSafe for Icon<'_> {}
