//! One property of a block, as a form shows it and reads it.

use serde_json::Value;

use super::rich;
use crate::designs::merge::{address, hide, without_marks};

/// How a property is typed or chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Control {
    /// One line, with merge fields.
    Line,
    /// Several lines of rich text, with merge fields.
    Rich,
    /// Where something leads or is fetched from, with merge fields.
    Address,
    Choice(&'static [(&'static str, &'static str)]),
    Number {
        least: i64,
        most: i64,
    },
    /// `#rrggbb`, or empty for that of the design.
    Colour,
}

impl Control {
    /// For templates, which know controls by their names.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Rich => "rich",
            Self::Address => "address",
            Self::Choice(_) => "choice",
            Self::Number { .. } => "number",
            Self::Colour => "colour",
        }
    }
}

/// A property with its value.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub control: Control,
    pub value: String,
}

const LINE_LIMIT: usize = 500;
const RICH_LIMIT: usize = 20_000;
const ADDRESS_LIMIT: usize = 2_000;

impl Field {
    pub(super) fn line(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, Control::Line, value)
    }

    pub(super) fn address(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, Control::Address, value)
    }

    pub(super) fn number(name: &'static str, label: &'static str, value: i64, least: i64, most: i64) -> Self {
        Self::new(name, label, Control::Number { least, most }, &value.to_string())
    }

    pub(super) fn choice(
        name: &'static str,
        label: &'static str,
        value: &str,
        options: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self::new(name, label, Control::Choice(options), value)
    }

    pub(super) fn colour(name: &'static str, label: &'static str, value: &str) -> Self {
        Self::new(name, label, Control::Colour, value).hint("Leave it empty for the design's own.")
    }

    pub fn new(name: &'static str, label: &'static str, control: Control, value: &str) -> Self {
        Self { name, label, hint: "", control, value: value.to_owned() }
    }

    pub(super) fn hint(self, hint: &'static str) -> Self {
        Self { hint, ..self }
    }

    /// For templates: the options of a choice.
    pub fn options(&self) -> &'static [(&'static str, &'static str)] {
        if let Control::Choice(options) = &self.control { options } else { &[] }
    }

    /// For templates: the bounds of a number.
    pub fn bounds(&self) -> (i64, i64) {
        if let Control::Number { least, most } = &self.control { (*least, *most) } else { (0, 0) }
    }

    /// The value to keep, or what to tell whoever typed it.
    pub fn read(&self, typed: &str) -> Result<Value, String> {
        let typed = without_marks(typed);
        match &self.control {
            Control::Line => {
                let line: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
                within(line.trim(), LINE_LIMIT).map(Value::from)
            }
            Control::Rich => within(&rich::clean(&typed), RICH_LIMIT).map(Value::from),
            Control::Address => self.read_address(typed.trim()),
            Control::Choice(options) => {
                let known = options.iter().any(|(value, _)| *value == typed);
                if known { Ok(typed.into()) } else { Err("Choose one of these.".to_owned()) }
            }
            Control::Number { least, most } => {
                let number =
                    typed.trim().parse::<i64>().ok().filter(|number| (*least..=*most).contains(number));
                number.map(Value::from).ok_or_else(|| format!("Type a number from {least} to {most}."))
            }
            Control::Colour => colour(&typed).map(Value::from),
        }
    }

    /// What holds merge fields is looked at once they are filled in; the rest already now.
    fn read_address(&self, typed: &str) -> Result<Value, String> {
        within(typed, ADDRESS_LIMIT)?;
        let mut hidden = Vec::new();
        let has_fields = {
            hide(typed, &mut hidden);
            !hidden.is_empty()
        };
        match address::fault(typed).filter(|_| !typed.is_empty() && !has_fields) {
            Some(fault) => Err(format!("This address {fault}.")),
            None => Ok(typed.into()),
        }
    }
}

fn within(text: &str, most: usize) -> Result<String, String> {
    if text.len() > most {
        Err(format!("This is longer than {most} characters."))
    } else {
        Ok(text.to_owned())
    }
}

fn colour(typed: &str) -> Result<String, String> {
    let typed = typed.trim().to_lowercase();
    let digits = typed.strip_prefix('#').unwrap_or_default();
    let is_colour = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if typed.is_empty() || is_colour { Ok(typed) } else { Err("Write a colour as #2b50c8.".to_owned()) }
}
