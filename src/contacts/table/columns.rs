//! Which columns a list shows: those its address names, in that order, or the usual ones.

use serde_json::Value;

use super::Row;
use crate::contacts::{
    contact::{FIELDS, LEAD_STATUSES, stage_words, words_of},
    fields::{Kind, OwnField},
};

/// What is shown where nobody chose.
pub(super) const USUAL: [&str; 5] = ["email", "company", "stage", "added", "tags"];
/// More are not shown.
const MOST: usize = 30;
/// Stands for the name, which is always there: an address that names nothing else wants no other column.
const NAME: &str = "name";

/// Something to know of people, under its heading.
#[derive(Clone, Debug)]
pub struct Column {
    /// As an address names it.
    pub key: String,
    pub label: String,
    of: Of,
}

#[derive(Clone, Debug)]
enum Of {
    /// One of [`FIELDS`], by its place among them.
    Field(usize),
    Stage,
    LeadStatus,
    Owner,
    LeadScore,
    Engagement,
    Tags,
    Source,
    Added,
    Changed,
    Active,
    Own(Box<OwnField>),
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    Text(String),
    /// Stands at the end of its cell, below and above its like.
    Number(String),
    /// Tone and words.
    Badge(&'static str, String),
    Moment(chrono::DateTime<chrono::Utc>),
    Day(chrono::NaiveDate),
    Time(chrono::NaiveTime),
    /// Their tags, which the page has.
    Tags,
}

impl Column {
    fn new(key: &str, label: &str, of: Of) -> Self {
        Self { key: key.to_owned(), label: label.to_owned(), of }
    }

    /// Every column there is, with the organization's own fields last.
    pub fn all(own: &[OwnField]) -> Vec<Self> {
        let known =
            FIELDS.iter().enumerate().map(|(n, field)| Self::new(field.key, field.label, Of::Field(n)));
        let facts = [
            ("stage", "Stage", Of::Stage),
            ("lead_status", "Lead status", Of::LeadStatus),
            ("owner", "Owner", Of::Owner),
            ("lead_score", "Lead score", Of::LeadScore),
            ("engagement_score", "Engagement score", Of::Engagement),
            ("tags", "Tags", Of::Tags),
            ("source", "Source", Of::Source),
            ("added", "Added", Of::Added),
            ("changed", "Changed", Of::Changed),
            ("last_activity", "Last activity", Of::Active),
        ];
        let facts = facts.into_iter().map(|(key, label, of)| Self::new(key, label, of));
        let own =
            own.iter().map(|field| Self::new(&field.input(), &field.label, Of::Own(Box::new(field.clone()))));
        known.chain(facts).chain(own).collect()
    }

    /// Those of all columns that an address names, in its order; the usual ones where it names none that there is.
    pub fn chosen(all: &[Self], keys: &[String]) -> Vec<Self> {
        let named = |key: &str| all.iter().find(|column| column.key == key).cloned();
        let chosen: Vec<Self> = keys.iter().filter_map(|key| named(key)).collect();
        if chosen.is_empty() && !keys.iter().any(|key| key == NAME) {
            return USUAL.iter().filter_map(|key| named(key)).collect();
        }
        chosen
    }

    /// What sorts by it, where something does.
    pub fn sort(&self) -> Option<&'static str> {
        Some(match (&self.of, self.key.as_str()) {
            (Of::Field(_), "email") => "email",
            (Of::Field(_), "company") => "company",
            (Of::Stage, _) => "stage",
            (Of::LeadStatus, _) => "lead_status",
            (Of::LeadScore, _) => "lead_score",
            (Of::Engagement, _) => "engagement_score",
            (Of::Added, _) => "added",
            (Of::Changed, _) => "changed",
            _ => return None,
        })
    }

    pub fn is_number(&self) -> bool {
        match &self.of {
            Of::LeadScore | Of::Engagement => true,
            Of::Own(field) => matches!(field.kind, Kind::Number | Kind::Money),
            _ => false,
        }
    }

    /// What it says of somebody.
    pub fn cell(&self, row: &Row) -> Cell {
        match &self.of {
            Of::Stage => {
                Cell::Badge(tone(&row.lifecycle_stage), stage_words(&row.lifecycle_stage).to_owned())
            }
            Of::LeadScore => Cell::Number(row.lead_score.to_string()),
            Of::Engagement => Cell::Number(row.engagement_score.to_string()),
            Of::Tags => Cell::Tags,
            Of::Added => Cell::Moment(row.created_at),
            Of::Changed => Cell::Moment(row.updated_at),
            Of::Active => row.active_at.map_or_else(|| Cell::Text(String::new()), Cell::Moment),
            Of::Own(field) => row
                .custom
                .get(&field.key)
                .map_or_else(|| Cell::Text(String::new()), |value| own(field, value)),
            Of::Field(_) | Of::LeadStatus | Of::Owner | Of::Source => Cell::Text(self.text(row, &[])),
        }
    }

    /// The same as text, as a file has it: words for what is chosen, moments by the clock of the world.
    pub fn text(&self, row: &Row, tags: &[String]) -> String {
        let moment = |at: chrono::DateTime<chrono::Utc>| at.format("%Y-%m-%d %H:%M:%S").to_string();
        match &self.of {
            Of::Field(n) => row.known.get(*n).cloned().unwrap_or_default(),
            Of::Stage => stage_words(&row.lifecycle_stage).to_owned(),
            Of::LeadStatus => words_of(LEAD_STATUSES, &row.lead_status).to_owned(),
            Of::Owner => row.owner.clone().unwrap_or_default(),
            Of::LeadScore => row.lead_score.to_string(),
            Of::Engagement => row.engagement_score.to_string(),
            Of::Tags => tags.join("; "),
            Of::Source => row.source.clone(),
            Of::Added => moment(row.created_at),
            Of::Changed => moment(row.updated_at),
            Of::Active => row.active_at.map(moment).unwrap_or_default(),
            Of::Own(field) => row.custom.get(&field.key).map(|value| field.text(value)).unwrap_or_default(),
        }
    }
}

/// The value of an own field, as its kind is shown.
fn own(field: &OwnField, value: &Value) -> Cell {
    let words = field.words(value);
    match field.kind {
        Kind::Number | Kind::Money => Cell::Number(words),
        Kind::Date => words.parse().map_or_else(|_| Cell::Text(words), Cell::Day),
        Kind::Time => {
            chrono::NaiveTime::parse_from_str(&words, "%H:%M").map_or_else(|_| Cell::Text(words), Cell::Time)
        }
        _ => Cell::Text(words),
    }
}

fn tone(stage: &str) -> &'static str {
    match stage {
        "customer" | "evangelist" => "ok",
        "mql" | "sql" | "opportunity" => "info",
        _ => "plain",
    }
}

/// The keys in what an address says, each once: whether there is such a field is known later.
pub(super) fn read(typed: &str) -> Vec<String> {
    let is_key = |key: &&str| {
        let plain = key.strip_prefix("custom.").unwrap_or(key);
        !plain.is_empty()
            && plain.len() <= 60
            && plain.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let mut keys: Vec<String> = Vec::new();
    for key in typed.split(',').filter(is_key).take(MOST) {
        if !keys.iter().any(|known| known == key) {
            keys.push(key.to_owned());
        }
    }
    keys
}

/// Does what a button of the panel says: `up.`, `down.`, `drop.` or `add.` with the key of a column.
pub(super) fn press(keys: &mut Vec<String>, button: &str) {
    if keys.is_empty() {
        *keys = USUAL.map(str::to_owned).to_vec();
    }
    let Some((what, key)) = button.split_once('.') else { return };
    let at = keys.iter().position(|known| known == key);
    match (what, at) {
        ("up", Some(at)) if at > 0 => keys.swap(at - 1, at),
        ("down", Some(at)) if at + 1 < keys.len() => keys.swap(at, at + 1),
        ("drop", Some(at)) => {
            keys.remove(at);
        }
        ("add", None) => keys.extend(read(key)),
        _ => {}
    }
    keys.retain(|key| key != NAME);
    if keys.is_empty() {
        keys.push(NAME.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_columns_once_and_what_is_no_key_is_left_out() {
        assert_eq!(read("email,custom.roof_area,email,'; drop,,Ä"), ["email", "custom.roof_area"]);
        let all = Column::all(&[OwnField::named("roof_area", "Roof area")]);
        let labels = |keys: &str| -> Vec<String> {
            Column::chosen(&all, &read(keys)).into_iter().map(|column| column.label).collect()
        };
        assert_eq!(labels("custom.roof_area,gone,lead_score"), ["Roof area", "Lead score"]);
        assert_eq!(labels("gone"), ["E-mail", "Company", "Stage", "Added", "Tags"]);
        assert!(labels("name").is_empty());
    }

    #[test]
    fn a_button_moves_takes_away_and_adds_a_column() {
        let after = |button: &str| {
            let mut keys = Vec::new();
            press(&mut keys, button);
            keys.join(",")
        };
        assert_eq!(after("up.company"), "company,email,stage,added,tags");
        assert_eq!(after("down.tags"), "email,company,stage,added,tags");
        assert_eq!(after("drop.tags"), "email,company,stage,added");
        assert_eq!(after("add.custom.roof"), "email,company,stage,added,tags,custom.roof");
        let mut last = vec!["email".to_owned()];
        press(&mut last, "drop.email");
        assert_eq!(last, ["name"]);
    }
}
