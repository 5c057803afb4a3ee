//! What a line holds for a contact, or why it is refused.

use std::collections::BTreeMap;

use serde_json::Value;

use super::records::Record;
use crate::{
    contacts::{
        contact::{FIELDS, LEAD_STATUSES, STAGES, key_of, tidy},
        fields::{Kind, OwnField},
    },
    csv,
    email_address::EmailAddress,
};

/// A line that can be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    pub email: String,
    /// The values of [`FIELDS`] but the address, in their order; empty for those the file does not have.
    pub values: Vec<String>,
    /// Keys of the vocabularies; empty where the file says nothing.
    pub stage: String,
    pub lead_status: String,
    /// Values of own fields, each of its kind.
    pub custom: BTreeMap<String, Value>,
}

/// A line that cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub line: u64,
    pub reason: String,
    pub cells: Vec<String>,
}

/// Where each cell of a line goes.
#[derive(Clone, Debug)]
pub struct Plan {
    columns: Vec<Column>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Nowhere,
    Email,
    /// First and last name in one cell.
    Name,
    /// The place among the [`FIELDS`] behind the address.
    Value(usize),
    Stage,
    LeadStatus,
    /// A text under this key.
    Custom(String),
    /// A value of another kind.
    Typed(Box<OwnField>),
}

impl Plan {
    /// A key that is no field goes nowhere; what is known of own fields says how their cells are read.
    pub fn of(mapping: &[String], own: &[OwnField]) -> Self {
        let typed = |key: &str| own.iter().find(|field| field.key == key && field.kind != Kind::Text);
        let column = |key: &String| match key.as_str() {
            "email" => Column::Email,
            "name" => Column::Name,
            "stage" => Column::Stage,
            "lead_status" => Column::LeadStatus,
            key => {
                match (FIELDS.iter().skip(1).position(|field| field.key == key), key.strip_prefix("custom."))
                {
                    (Some(at), _) => Column::Value(at),
                    (None, Some(own)) => match typed(own) {
                        Some(field) => Column::Typed(Box::new(field.clone())),
                        None => Column::Custom(own.to_owned()),
                    },
                    (None, None) => Column::Nowhere,
                }
            }
        };
        Self { columns: mapping.iter().map(column).collect() }
    }

    pub fn has_email(&self) -> bool {
        self.columns.contains(&Column::Email)
    }

    /// What this record holds, or why it is refused.
    pub fn read(&self, record: Record) -> Result<Line, Refusal> {
        match self.fill(&record) {
            Ok(line) => Ok(line),
            Err(reason) => {
                let cells = record.cells.into_iter().take(200).map(|cell| cell.chars().take(1000).collect());
                Err(Refusal { line: record.line, reason, cells: cells.collect() })
            }
        }
    }

    fn fill(&self, record: &Record) -> Result<Line, String> {
        if record.is_cut {
            return Err("The line is too long to be read. A quotation mark may be missing.".to_owned());
        }
        let (has, wants) = (record.cells.len(), self.columns.len());
        if has != wants {
            return Err(format!("The line has {has} columns, the first one has {wants}."));
        }
        let mut line = Line {
            number: record.line,
            email: String::new(),
            values: vec![String::new(); FIELDS.len() - 1],
            stage: String::new(),
            lead_status: String::new(),
            custom: BTreeMap::new(),
        };
        for (cell, column) in record.cells.iter().zip(&self.columns) {
            let value = tidy(csv::as_written(cell));
            match column {
                Column::Email => line.email = value,
                Column::Name => {
                    let (first, last) = value.rsplit_once(' ').unwrap_or((&value, ""));
                    set(&mut line.values, "first_name", first.trim());
                    set(&mut line.values, "last_name", last);
                }
                Column::Value(at) => {
                    if let (Some(field), Some(slot)) = (FIELDS.get(at + 1), line.values.get_mut(*at)) {
                        if value.chars().count() > field.longest {
                            return Err(format!(
                                "{} is longer than {} characters.",
                                field.label, field.longest
                            ));
                        }
                        *slot = value;
                    }
                }
                Column::Stage => line.stage = word(STAGES, "stage", &value)?,
                Column::LeadStatus => line.lead_status = word(LEAD_STATUSES, "lead status", &value)?,
                Column::Custom(key) if value.chars().count() > 1000 => {
                    return Err(format!("{key} is longer than 1000 characters."));
                }
                Column::Custom(key) if !value.is_empty() => {
                    line.custom.insert(key.clone(), value.into());
                }
                Column::Typed(field) => {
                    let value = field.parse_tidy(value);
                    if let Some(value) = value.map_err(|told| format!("{}: {told}", field.label))? {
                        line.custom.insert(field.key.clone(), value);
                    }
                }
                Column::Custom(_) | Column::Nowhere => {}
            }
        }
        if line.email.is_empty() {
            return Err("There is no e-mail address in this line.".to_owned());
        }
        match EmailAddress::parse(&line.email) {
            Some(email) => line.email = email.to_string(),
            None => return Err("The e-mail address is not one.".to_owned()),
        }
        Ok(line)
    }
}

/// The key of what a cell says, or why there is none.
fn word(vocabulary: &[(&'static str, &'static str)], what: &str, cell: &str) -> Result<String, String> {
    if cell.is_empty() {
        return Ok(String::new());
    }
    let known = || vocabulary.iter().map(|(_, words)| *words).collect::<Vec<_>>().join(", ");
    let cut: String = cell.chars().take(40).collect();
    let refusal = || format!("“{cut}” is no {what}. There are {}.", known());
    key_of(vocabulary, cell).map(str::to_owned).ok_or_else(refusal)
}

fn set(values: &mut [String], key: &str, value: &str) {
    let at = FIELDS.iter().skip(1).position(|field| field.key == key);
    if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
        *slot = value.chars().take(200).collect();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mapping: &[&str], cells: &[&str]) -> Result<Line, String> {
        let text = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
        let record = Record { line: 7, cells: text(cells), is_cut: false };
        let area = OwnField { kind: Kind::Number, ..OwnField::named("area", "Roof area") };
        Plan::of(&text(mapping), &[area]).read(record).map_err(|refusal| refusal.reason)
    }

    #[test]
    fn cells_go_where_the_plan_says() {
        let line =
            read(&["name", "", "email", "custom.shoe"], &["Ann van Dyk", "x", " A@B.test\u{a0}", "38"])
                .unwrap();
        assert_eq!((line.email.as_str(), line.number), ("a@b.test", 7));
        assert_eq!((line.values[0].as_str(), line.values[1].as_str()), ("Ann van", "Dyk"));
        assert_eq!(line.custom.get("shoe"), Some(&Value::from("38")));
    }

    #[test]
    fn a_cell_of_a_typed_field_becomes_a_value_of_its_kind_or_refuses_the_line() {
        let line = read(&["email", "custom.area"], &["a@b.test", "1,234.5"]).unwrap();
        assert_eq!(line.custom.get("area"), Some(&Value::from(1234.5)));
        assert!(read(&["email", "custom.area"], &["a@b.test", " "]).unwrap().custom.is_empty());
        let told = read(&["email", "custom.area"], &["a@b.test", "large"]).unwrap_err();
        assert_eq!(told, "Roof area: This is no number. Write it like 1234.5.");
    }

    #[test]
    fn a_stage_is_known_by_its_key_or_its_words_and_no_other_is_taken() {
        let line =
            read(&["email", "stage", "lead_status"], &["a@b.test", "marketing QUALIFIED", "lost"]).unwrap();
        assert_eq!((line.stage.as_str(), line.lead_status.as_str()), ("mql", "lost"));
        let told = read(&["email", "lead_status"], &["a@b.test", "hot"]).unwrap_err();
        assert!(told.starts_with("“hot” is no lead status. There are New, Contacted,"), "{told}");
    }

    #[test]
    fn a_line_that_does_not_fit_is_refused_with_its_reason() {
        assert!(
            read(&["email", "city"], &["a@b.test"]).unwrap_err().contains("1 columns, the first one has 2")
        );
        assert!(read(&["email"], &[""]).unwrap_err().contains("no e-mail address"));
        assert!(read(&["email"], &["nobody"]).unwrap_err().contains("is not one"));
        assert!(
            read(&["email", "city"], &["a@b.test", &"x".repeat(201)]).unwrap_err().contains("City is longer")
        );
    }
}
