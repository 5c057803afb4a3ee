//! Room between blocks.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    kind::Block,
};

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Spacer {
    height: i64,
}

impl Default for Spacer {
    fn default() -> Self {
        Self { height: 24 }
    }
}

impl Block for Spacer {
    const KEY: &'static str = "spacer";
    const NAME: &'static str = "Spacer";
    const ICON: &'static str = "arrows-vertical";

    fn fields(&self) -> Vec<Field> {
        vec![Field::number("height", "Height in pixels", self.height, 4, 160)]
    }

    fn summary(&self) -> String {
        format!("Spacer of {} px", self.height)
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        draw.section(&format!("<mj-spacer css-class=\"{}\" height=\"{}px\" />", draw.class(), self.height))
    }

    fn text(&self, _: &mut TextPart, _: &Inside) {}
}
