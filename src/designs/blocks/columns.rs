//! Two or three columns, each of which holds blocks; on a phone they stand below each other.

use serde::{Deserialize, Serialize};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
    kind::{Block, Standing},
};

const COUNTS: &[(&str, &str)] = &[("2", "Two"), ("3", "Three")];
const ALIGN: &[(&str, &str)] =
    &[("top", "At the top"), ("middle", "In the middle"), ("bottom", "At the bottom")];

#[derive(Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Columns {
    count: String,
    align: String,
}

impl Default for Columns {
    fn default() -> Self {
        Self { count: "2".to_owned(), align: "top".to_owned() }
    }
}

impl Block for Columns {
    const KEY: &'static str = "columns";
    const NAME: &'static str = "Columns";
    const ICON: &'static str = "columns-2";
    const STANDING: Standing = Standing::Wide;

    fn fields(&self) -> Vec<Field> {
        vec![
            Field::choice("count", "How many", &self.count, COUNTS)
                .hint("Blocks of a third column stay, unseen, when there are two."),
            Field::choice("align", "Blocks stand", &self.align, ALIGN),
        ]
    }

    fn summary(&self) -> String {
        format!("{} columns", self.count)
    }

    fn mjml(&self, draw: &mut Draw<'_>, inside: &Inside) -> String {
        let count = if self.count == "3" { 3 } else { 2 };
        let hole = "<mj-text css-class=\"gw-hole\" align=\"center\" color=\"#6b7280\" font-size=\"13px\" padding=\"24px 12px\">Empty column</mj-text>";
        let columns = (0..count).map(|at| {
            let blocks = inside.columns.get(at).map_or("", String::as_str);
            // Only the editor shows where something could stand.
            let blocks = if blocks.is_empty() && draw.block.is_some() { hole } else { blocks };
            format!("<mj-column css-class=\"gw-col\" vertical-align=\"{}\">{blocks}</mj-column>", self.align)
        });
        let background = &draw.styles.surface;
        format!(
            "<mj-section css-class=\"gw-card gw-cols {}\" background-color=\"{background}\" padding=\"4px 16px\">{}</mj-section>",
            draw.class(),
            columns.collect::<String>()
        )
    }

    fn text(&self, part: &mut TextPart, inside: &Inside) {
        let count = if self.count == "3" { 3 } else { 2 };
        inside.texts.iter().take(count).for_each(|text| part.paragraph(text));
    }
}
