//! A heading.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    kind::Block,
};
use crate::designs::merge::Problem;

pub(super) const ALIGN: &[(&str, &str)] = &[("left", "Left"), ("center", "Centre"), ("right", "Right")];
const SIZES: &[(&str, &str)] = &[("1", "Large"), ("2", "Medium"), ("3", "Small")];

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Heading {
    text: String,
    level: String,
    align: String,
    colour: String,
}

impl Default for Heading {
    fn default() -> Self {
        let [text, level, align] = ["A heading says what this is about", "1", "left"].map(str::to_owned);
        Self { text, level, align, colour: String::new() }
    }
}

impl Block for Heading {
    const KEY: &'static str = "heading";
    const NAME: &'static str = "Heading";
    const ICON: &'static str = "heading";

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::line("text", "Heading", &self.text),
            Field::choice("level", "Size", &self.level, SIZES),
            Field::choice("align", "Align", &self.align, ALIGN),
            Field::colour("colour", "Colour", &self.colour),
        ]
    }

    fn summary(&self) -> String {
        self.text.clone()
    }

    fn check(&self) -> Vec<Problem> {
        if self.text.is_empty() {
            vec![Problem::error("This heading is empty: write one, or remove it.", "")]
        } else {
            Vec::new()
        }
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let (size, padding) = match self.level.as_str() {
            "2" => ("22px", "20px {side} 6px"),
            "3" => ("17px", "16px {side} 4px"),
            _ => ("30px", "28px {side} 8px"),
        };
        let padding = padding.replace("{side}", draw.side());
        let colour = if self.colour.is_empty() { draw.styles.text.clone() } else { self.colour.clone() };
        let (class, text) = (draw.class(), draw.words(&self.text));
        let level = &self.level;
        draw.section(&format!(
            "<mj-text css-class=\"gw-text gw-heading {class}\" align=\"{}\" color=\"{colour}\" font-size=\"{size}\" \
             font-weight=\"700\" line-height=\"1.25\" padding=\"{padding}\"><h{level}>{text}</h{level}></mj-text>",
            self.align
        ))
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        let line = if self.level == "1" { "=" } else { "-" };
        let length = self.text.chars().count().min(60);
        part.paragraph(&format!("{}\n{}", self.text, line.repeat(length)));
    }
}
