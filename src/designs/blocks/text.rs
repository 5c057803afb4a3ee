//! Paragraphs and lists.

use serde::{Deserialize, Serialize};

use super::{
    Control, Draw, Field,
    draw::{Inside, TextPart},
    heading::ALIGN,
    kind::Block,
    rich,
};
use crate::designs::merge::Problem;

pub(super) const HINT: &str =
    "<b>, <i>, <u>, <a href>, <ul>, <ol>, <li>, <p> and <br> are kept. An empty line begins a paragraph.";
const SIZES: &[(&str, &str)] = &[("14", "Small"), ("16", "Normal"), ("18", "Large")];

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Text {
    html: String,
    size: String,
    align: String,
}

impl Default for Text {
    fn default() -> Self {
        let html = "<p>Hi {{ contact.first_name | default(\"there\") }},</p>\n<p>Write here what you have to say.</p>";
        let [html, size, align] = [html, "16", "left"].map(str::to_owned);
        Self { html, size, align }
    }
}

impl Block for Text {
    const KEY: &'static str = "text";
    const NAME: &'static str = "Text";
    const ICON: &'static str = "align-left";

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::new("html", "Text", Control::Rich, &self.html).hint(HINT),
            Field::choice("size", "Size", &self.size, SIZES),
            Field::choice("align", "Align", &self.align, ALIGN),
        ]
    }

    fn summary(&self) -> String {
        rich::plain(&self.html)
    }

    fn check(&self) -> Vec<Problem> {
        let is_empty = rich::plain(&self.html).is_empty();
        if is_empty { vec![Problem::warning("This text is empty.", "")] } else { Vec::new() }
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let html = rich::for_mjml(&self.html, draw.hidden);
        let side = draw.side();
        draw.section(&format!(
            "<mj-text css-class=\"gw-text {}\" align=\"{}\" font-size=\"{}px\" padding=\"8px {side}\">{html}</mj-text>",
            draw.class(),
            self.align,
            self.size
        ))
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        part.paragraph(&rich::plain(&self.html));
    }
}
