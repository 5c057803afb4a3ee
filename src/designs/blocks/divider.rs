//! A line across.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    kind::Block,
};

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Divider {
    thickness: i64,
    colour: String,
}

impl Default for Divider {
    fn default() -> Self {
        Self { thickness: 1, colour: "#d9dce3".to_owned() }
    }
}

impl Block for Divider {
    const KEY: &'static str = "divider";
    const NAME: &'static str = "Divider";
    const ICON: &'static str = "separator-horizontal";

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::number("thickness", "Thickness in pixels", self.thickness, 1, 12),
            Field::colour("colour", "Colour", &self.colour),
        ]
    }

    fn summary(&self) -> String {
        "Divider".to_owned()
    }

    fn mjml(&self, draw: &mut Draw<'_>, _: &Inside) -> String {
        let colour = if self.colour.is_empty() { draw.styles.accent.clone() } else { self.colour.clone() };
        let side = draw.side();
        draw.section(&format!(
            "<mj-divider css-class=\"{}\" border-width=\"{}px\" border-color=\"{colour}\" padding=\"14px {side}\" />",
            draw.class(),
            self.thickness
        ))
    }

    fn text(&self, part: &mut TextPart, _: &Inside) {
        part.paragraph("----------------------------------------");
    }
}
