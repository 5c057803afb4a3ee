//! How a whole design looks: its width, its colours, its font.

use serde::{Deserialize, Serialize};

use super::blocks::{Control, Field};
use crate::web::FieldErrors;

/// Fonts that are on nearly every device; anything else is replaced there by what nobody chose.
const FONTS: &[(&str, &str)] = &[
    ("Arial, Helvetica, sans-serif", "Arial"),
    ("Verdana, Geneva, sans-serif", "Verdana"),
    ("Tahoma, Geneva, sans-serif", "Tahoma"),
    ("'Trebuchet MS', Helvetica, sans-serif", "Trebuchet"),
    ("Georgia, 'Times New Roman', serif", "Georgia"),
    ("'Times New Roman', Times, serif", "Times"),
    ("'Courier New', Courier, monospace", "Courier"),
];

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Styles {
    /// In pixels.
    pub width: i64,
    pub background: String,
    pub surface: String,
    pub text: String,
    /// Of buttons and links.
    pub accent: String,
    pub font: String,
}

impl Default for Styles {
    fn default() -> Self {
        let [background, surface, text, accent] =
            ["#f3f4f7", "#ffffff", "#1f2430", "#2b50c8"].map(str::to_owned);
        Self {
            width: 600,
            background,
            surface,
            text,
            accent,
            font: "Arial, Helvetica, sans-serif".to_owned(),
        }
    }
}

impl Styles {
    pub fn fields(&self) -> Vec<Field> {
        let colour = |name, label, value: &str| Field::new(name, label, Control::Colour, value);
        vec![
            Field::new("font", "Font", Control::Choice(FONTS), &self.font),
            Field::new(
                "width",
                "Width in pixels",
                Control::Number { least: 480, most: 700 },
                &self.width.to_string(),
            ),
            colour("background", "Around the e-mail", &self.background),
            colour("surface", "Behind the text", &self.surface),
            colour("text", "Text", &self.text),
            colour("accent", "Buttons and links", &self.accent),
        ]
    }

    /// The styles that a form with these fields makes.
    pub fn read(&self, typed: &dyn Fn(&str) -> Option<String>) -> Result<Self, FieldErrors> {
        let mut read = serde_json::to_value(self).unwrap_or_default();
        let mut errors = FieldErrors::default();
        for field in self.fields() {
            let Some(typed) = typed(field.name) else { continue };
            match field.read(&typed) {
                Ok(value) if value == "" => errors.add(field.name, "Write a colour as #2b50c8."),
                Ok(value) => {
                    if let Some(all) = read.as_object_mut() {
                        all.insert(field.name.to_owned(), value);
                    }
                }
                Err(told) => errors.add(field.name, &told),
            }
        }
        errors.into_result()?;
        Ok(serde_json::from_value(read).unwrap_or_default())
    }

    /// Of the footer's words: grey on the background, dark or light as it needs.
    pub fn muted(&self) -> &'static str {
        if super::blocks::Draw::ink_on(&self.background) == "#000000" { "#5b6270" } else { "#c3c8d2" }
    }
}
