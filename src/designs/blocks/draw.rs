//! Drawing blocks: what each is given to draw with.

use uuid::Uuid;

use crate::{
    designs::{merge::hide_all, styles::Styles},
    orgs::brand::Look,
};

/// What is drawn inside of a block: one list of blocks for each column.
#[derive(Default)]
pub struct Inside {
    pub columns: Vec<String>,
    /// The same as text.
    pub texts: Vec<String>,
}

/// Draws one block as MJML. Merge fields are hidden until the HTML is there.
pub struct Draw<'a> {
    pub styles: &'a Styles,
    pub hidden: &'a mut Vec<String>,
    /// The block that is drawn, where its HTML is to say so.
    pub block: Option<Uuid>,
    /// Whether it stands in a column already.
    pub is_nested: bool,
}

impl Draw<'_> {
    /// Text of a person's, for an attribute or between tags.
    pub fn words(&mut self, text: &str) -> String {
        if text.is_empty() { String::new() } else { hide_all(text, self.hidden) }
    }

    /// The class by which the editor finds the block in its HTML.
    pub fn class(&self) -> String {
        self.block.map_or_else(String::new, |block| format!("gw-b-{block}"))
    }

    /// Room at both sides.
    pub fn side(&self) -> &'static str {
        if self.is_nested { "16px" } else { "32px" }
    }

    /// A component as a section of its own, where it does not stand in a column already.
    pub fn section(&self, component: &str) -> String {
        if self.is_nested {
            return component.to_owned();
        }
        self.wide(&format!("<mj-column>{component}</mj-column>"), "")
    }

    /// Columns as a section.
    pub fn wide(&self, columns: &str, class: &str) -> String {
        let background = &self.styles.surface;
        format!(
            "<mj-section css-class=\"gw-card {class}\" background-color=\"{background}\" padding=\"0\">{columns}</mj-section>"
        )
    }

    /// Black or white, whichever is read better on this colour.
    pub fn ink_on(colour: &str) -> &'static str {
        Look { name: String::new(), colour: colour.to_owned() }.ink()
    }
}

/// The text part, block by block.
#[derive(Default)]
pub struct TextPart(String);

impl TextPart {
    /// A paragraph of its own.
    pub fn paragraph(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.0.push_str(text);
            self.0.push_str("\n\n");
        }
    }

    pub fn finish(self) -> String {
        let text = self.0.trim_end();
        if text.is_empty() { String::new() } else { format!("{text}\n") }
    }
}
