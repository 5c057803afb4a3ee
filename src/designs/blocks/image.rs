//! A picture, which may be a link.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    heading::ALIGN,
    kind::Block,
};
use crate::designs::merge::Problem;

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Image {
    src: String,
    alt: String,
    href: String,
    /// In pixels.
    width: i64,
    align: String,
}

impl Default for Image {
    fn default() -> Self {
        let [src, alt, href] = [String::new(), String::new(), String::new()];
        Self { src, alt, href, width: 536, align: "center".to_owned() }
    }
}

/// What is wrong with a picture.
pub(super) fn faults(src: &str, alt: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if src.is_empty() {
        problems.push(Problem::error("This picture has no address: add one, or remove the block.", ""));
    } else if src.to_lowercase().starts_with("http://") {
        problems.push(Problem::warning(
            "This picture is not fetched by https://; many mail programs do not show it.",
            src,
        ));
    } else if !src.to_lowercase().starts_with("https://") && !src.starts_with("{{") {
        problems.push(Problem::error("A picture's address begins with https://.", src));
    }
    if alt.is_empty() {
        problems.push(Problem::warning("This picture has no description for those who do not see it.", src));
    }
    problems
}

/// What stands where no picture is yet.
pub(super) fn placeholder(draw: &mut Draw<'_>) -> String {
    format!(
        "<mj-text css-class=\"gw-hole {}\" align=\"center\" color=\"#6b7280\" font-size=\"14px\" padding=\"32px\">Picture: add its address</mj-text>",
        draw.class()
    )
}

impl Block for Image {
    const KEY: &'static str = "image";
    const NAME: &'static str = "Image";
    const ICON: &'static str = "photo";

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::address("src", "Address of the picture", &self.src)
                .hint("Begins with https://. JPEG, PNG or GIF, best below 200 KB."),
            Field::line("alt", "Description", &self.alt).hint("Read out, and shown where pictures are off."),
            Field::address("href", "Leads to", &self.href),
            Field::number("width", "Width in pixels", self.width, 20, 700),
            Field::choice("align", "Align", &self.align, ALIGN),
        ]
    }

    fn summary(&self) -> String {
        self.alt.clone()
    }

    fn check(&self) -> Vec<Problem> {
        faults(&self.src, &self.alt)
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        if self.src.is_empty() {
            let hole = placeholder(draw);
            return draw.section(&hole);
        }
        let [src, alt, href] = [&self.src, &self.alt, &self.href].map(|text| draw.words(text));
        let href = if href.is_empty() { String::new() } else { format!(" href=\"{href}\"") };
        let side = draw.side();
        draw.section(&format!(
            "<mj-image css-class=\"{}\" src=\"{src}\" alt=\"{alt}\"{href} width=\"{}px\" align=\"{}\" padding=\"12px {side}\" />",
            draw.class(),
            self.width,
            self.align
        ))
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        match (self.alt.is_empty(), self.href.is_empty()) {
            (true, true) => {}
            (false, true) => part.paragraph(&format!("[{}]", self.alt)),
            (true, false) => part.paragraph(&self.href),
            (false, false) => part.paragraph(&format!("[{}]\n{}", self.alt, self.href)),
        }
    }
}
