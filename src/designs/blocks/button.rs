//! A button: the one thing to do.

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
pub(super) struct Button {
    label: String,
    href: String,
    align: String,
    colour: String,
    /// Corners, in pixels.
    radius: i64,
}

impl Default for Button {
    fn default() -> Self {
        let [label, href, align] = ["Read more", "", "left"].map(str::to_owned);
        Self { label, href, align, colour: String::new(), radius: 6 }
    }
}

/// What is wrong with a button.
pub(super) fn faults(label: &str, href: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if label.is_empty() {
        problems.push(Problem::error("This button says nothing: write what it does.", ""));
    }
    if href.is_empty() {
        problems.push(Problem::error("This button leads nowhere: add where it leads.", label));
    }
    problems
}

impl Block for Button {
    const KEY: &'static str = "button";
    const NAME: &'static str = "Button";
    const ICON: &'static str = "square-rounded-arrow-right";

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::line("label", "What it says", &self.label),
            Field::address("href", "Leads to", &self.href).hint("Begins with https://, mailto: or tel:."),
            Field::choice("align", "Align", &self.align, ALIGN),
            Field::colour("colour", "Colour", &self.colour),
            Field::number("radius", "Round corners, in pixels", self.radius, 0, 40),
        ]
    }

    fn summary(&self) -> String {
        self.label.clone()
    }

    fn check(&self) -> Vec<Problem> {
        faults(&self.label, &self.href)
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let colour = if self.colour.is_empty() { draw.styles.accent.clone() } else { self.colour.clone() };
        let [label, href] = [&self.label, &self.href].map(|text| draw.words(text));
        let href = if href.is_empty() { "#".to_owned() } else { href };
        let side = draw.side();
        draw.section(&format!(
            "<mj-button css-class=\"{}\" href=\"{href}\" align=\"{}\" background-color=\"{colour}\" color=\"{}\" \
             border-radius=\"{}px\" font-size=\"16px\" font-weight=\"600\" inner-padding=\"13px 24px\" \
             padding=\"12px {side} 16px\">{label}</mj-button>",
            draw.class(),
            self.align,
            Draw::ink_on(&colour),
            self.radius
        ))
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        part.paragraph(&format!("{}:\n{}", self.label, self.href));
    }
}
