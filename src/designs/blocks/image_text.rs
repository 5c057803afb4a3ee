//! A picture with text beside it; on a phone the picture stands above.

use serde::{Deserialize, Serialize};

use super::{
    Control, Draw, Field,
    draw::{Inside, TextPart},
    image,
    kind::{Block, Standing},
    rich,
    text::HINT,
};
use crate::designs::merge::Problem;

const SIDES: &[(&str, &str)] = &[("left", "Left"), ("right", "Right")];

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct ImageText {
    src: String,
    alt: String,
    side: String,
    html: String,
    href: String,
}

impl Default for ImageText {
    fn default() -> Self {
        let html = "<p><b>What the picture shows</b></p>\n<p>And what there is to say about it.</p>";
        let [src, alt, side, html, href] = ["", "", "left", html, ""].map(str::to_owned);
        Self { src, alt, side, html, href }
    }
}

impl Block for ImageText {
    const KEY: &'static str = "image_text";
    const NAME: &'static str = "Image and text";
    const ICON: &'static str = "layout-list";
    const STANDING: Standing = Standing::Wide;

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::address("src", "Address of the picture", &self.src).hint("Begins with https://."),
            Field::line("alt", "Description", &self.alt).hint("Read out, and shown where pictures are off."),
            Field::choice("side", "The picture stands", &self.side, SIDES),
            Field::new("html", "Text", Control::Rich, &self.html).hint(HINT),
            Field::address("href", "The picture leads to", &self.href),
        ]
    }

    fn summary(&self) -> String {
        if self.alt.is_empty() { rich::plain(&self.html) } else { self.alt.clone() }
    }

    fn check(&self) -> Vec<Problem> {
        image::faults(&self.src, &self.alt)
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let [src, alt, href] = [&self.src, &self.alt, &self.href].map(|text| draw.words(text));
        let href = if href.is_empty() { String::new() } else { format!(" href=\"{href}\"") };
        let picture = match src.as_str() {
            "" => image::placeholder(draw),
            _ => format!(
                "<mj-image src=\"{src}\" alt=\"{alt}\"{href} padding=\"16px\" border-radius=\"6px\" />"
            ),
        };
        let html = rich::for_mjml(&self.html, draw.hidden);
        let words =
            format!("<mj-text css-class=\"gw-text\" font-size=\"16px\" padding=\"16px\">{html}</mj-text>");
        let picture = format!("<mj-column width=\"42%\" vertical-align=\"middle\">{picture}</mj-column>");
        let words = format!("<mj-column width=\"58%\" vertical-align=\"middle\">{words}</mj-column>");
        // The picture comes first in the source, so that it stands above on a phone; `rtl` only turns it around.
        let direction = if self.side == "right" { "rtl" } else { "ltr" };
        let background = &draw.styles.surface;
        format!(
            "<mj-section css-class=\"gw-card {}\" direction=\"{direction}\" background-color=\"{background}\" padding=\"8px 16px\">{picture}{words}</mj-section>",
            draw.class()
        )
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        if !self.alt.is_empty() {
            part.paragraph(&format!("[{}]\n{}", self.alt, self.href));
        }
        part.paragraph(&rich::plain(&self.html));
    }
}
