//! What a line holds for a contact, or why it is refused.

use std::collections::BTreeMap;

use phonenumber::country;
use serde_json::Value;

use super::{
    known_by::KnownBy,
    records::Record,
    values::{Meanings, Unknown},
};
use crate::{
    contacts::{
        contact::{FIELDS, LEAD_STATUSES, STAGES, key_of, tidy},
        fields::{Kind, OwnField},
    },
    csv,
    email_address::EmailAddress,
};

/// A line that can be imported.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    pub number: u64,
    /// Empty only where people are known by something else.
    pub email: String,
    /// What they are known by, as it is compared, where that is not the address.
    pub key: String,
    pub external_id: String,
    /// The values of [`FIELDS`] but the address, in their order; empty for those the file does not have.
    pub values: Vec<String>,
    /// Keys of the vocabularies; empty where the file says nothing.
    pub stage: String,
    pub lead_status: String,
    /// Values of own fields, each of its kind.
    pub custom: BTreeMap<String, Value>,
}

impl Line {
    /// By what it is told apart from others.
    pub fn key(&self) -> &str {
        if self.key.is_empty() { &self.email } else { &self.key }
    }

    /// The value of one of the [`FIELDS`] but the address.
    fn value(&self, key: &str) -> &str {
        let at = FIELDS.iter().skip(1).position(|field| field.key == key);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }
}

/// A line that cannot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub line: u64,
    pub reason: String,
    pub cells: Vec<String>,
}

impl Refusal {
    /// Of a line with these cells, of which as much is kept as a page can show.
    pub fn new(line: u64, reason: String, cells: Vec<String>) -> Self {
        let cells = cells.into_iter().take(200).map(|cell| cell.chars().take(1000).collect());
        Self { line, reason, cells: cells.collect() }
    }
}

/// Where each cell of a line goes.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    columns: Vec<Column>,
    known_by: KnownBy,
    /// Where numbers are from that do not say so.
    country: Option<country::Id>,
    /// What cells mean that nobody knew.
    meanings: Meanings,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Nowhere,
    Email,
    /// First and last name in one cell.
    Name,
    /// The place among the [`FIELDS`] behind the address.
    Value(usize),
    ExternalId,
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
            "external_id" => Column::ExternalId,
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
        let columns = mapping.iter().map(column).collect();
        Self { columns, ..Self::default() }
    }

    /// The same where people are known by this; numbers that do not say where they are from are of this country.
    pub fn known_by(self, known_by: KnownBy, country: Option<country::Id>) -> Self {
        Self { known_by, country, ..self }
    }

    /// The same where it was decided what some cells mean.
    pub fn meaning(self, meanings: &Meanings) -> Self {
        Self { meanings: meanings.clone(), ..self }
    }

    /// What this record holds, or why it is refused. Cells that nobody knows are noted.
    pub fn read(&self, record: &Record, unknown: &mut Unknown) -> Result<Line, String> {
        if record.is_cut {
            return Err("The line is too long to be read. A quotation mark may be missing.".to_owned());
        }
        let (has, wants) = (record.cells.len(), self.columns.len());
        if has != wants {
            return Err(format!("The line has {has} columns, the first one has {wants}."));
        }
        let mut line =
            Line { number: record.line, values: vec![String::new(); FIELDS.len() - 1], ..Line::default() };
        // Of a line that is refused for a cell that nobody knows, the other cells are looked at too.
        let mut strange = None;
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
                Column::ExternalId if value.chars().count() > 100 => {
                    return Err("External id is longer than 100 characters.".to_owned());
                }
                Column::ExternalId => line.external_id = value,
                Column::Stage => {
                    let read = |cell: &str| word(STAGES, "stage", cell);
                    put(&mut line.stage, self.understood(("stage", &value), unknown, read), &mut strange);
                }
                Column::LeadStatus => {
                    let read = |cell: &str| word(LEAD_STATUSES, "lead status", cell);
                    let read = self.understood(("lead_status", &value), unknown, read);
                    put(&mut line.lead_status, read, &mut strange);
                }
                Column::Custom(key) if value.chars().count() > 1000 => {
                    return Err(format!("{key} is longer than 1000 characters."));
                }
                Column::Custom(key) if !value.is_empty() => {
                    line.custom.insert(key.clone(), value.into());
                }
                Column::Typed(field) => match self.typed(field, value, unknown) {
                    Ok(Some(value)) => {
                        line.custom.insert(field.key.clone(), value);
                    }
                    Ok(None) => {}
                    Err(told) => strange = strange.or(Some(format!("{}: {told}", field.label))),
                },
                Column::Custom(_) | Column::Nowhere => {}
            }
        }
        if let Some(told) = strange {
            return Err(told);
        }
        self.tell_apart(&mut line)?;
        Ok(line)
    }

    /// What a cell says, or what it was decided to mean; one that nobody knows is noted.
    fn understood<T>(
        &self,
        (column, cell): (&str, &str),
        unknown: &mut Unknown,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, String> {
        read(cell).or_else(|told| {
            unknown.note(column, cell);
            self.meanings.of(column, cell).map_or(Err(told), read)
        })
    }

    /// The value of an own field; of several choices, each is understood by itself.
    fn typed(&self, field: &OwnField, cell: String, unknown: &mut Unknown) -> Result<Option<Value>, String> {
        match field.kind {
            Kind::Choice | Kind::Boolean | Kind::User => {
                self.understood((&field.input(), &cell), unknown, |cell| field.parse_tidy(cell.to_owned()))
            }
            Kind::Choices => {
                let one = |part: String| {
                    let read = |part: &str| match part.is_empty() || field.knows(part) {
                        true => Ok(part.to_owned()),
                        false => field.parse(part).map(|_| String::new()),
                    };
                    self.understood((&field.input(), &part), unknown, read)
                };
                let parts: Vec<Result<String, String>> = field.parts(&cell).into_iter().map(one).collect();
                let parts = parts.into_iter().collect::<Result<Vec<String>, String>>()?;
                field.parse(&parts.join("\n"))
            }
            _ => field.parse_tidy(cell),
        }
    }

    /// Sees to the address of a line, and to what somebody is known by.
    fn tell_apart(&self, line: &mut Line) -> Result<(), String> {
        if !line.email.is_empty() {
            match EmailAddress::parse(&line.email) {
                Some(email) => line.email = email.to_string(),
                None => return Err("The e-mail address is not one.".to_owned()),
            }
        }
        match self.known_by {
            KnownBy::Email => {}
            KnownBy::ExternalId => line.key.clone_from(&line.external_id),
            KnownBy::CustomerCode => line.key = line.value("customer_code").to_owned(),
            KnownBy::Phone if !line.value("phone").is_empty() => {
                let number = self.known_by.kind().read(line.value("phone"), self.country);
                let told = "The phone number is not one. It may have to begin with the country, such as +49.";
                line.key = number.map_err(|_| told)?.norm;
            }
            KnownBy::Phone => {}
        }
        let key = if self.known_by == KnownBy::Email { &line.email } else { &line.key };
        if key.is_empty() {
            return Err(format!("There is no {} in this line.", self.known_by.words()));
        }
        Ok(())
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

/// Puts what was read into its place; of what could not be, the first is told.
fn put(slot: &mut String, read: Result<String, String>, strange: &mut Option<String>) {
    match read {
        Ok(value) => *slot = value,
        Err(told) => {
            strange.get_or_insert(told);
        }
    }
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
        Plan::of(&text(mapping), &[area]).read(&record, &mut Unknown::default())
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
    fn cells_that_nobody_knows_are_noted_all_of_a_line_and_mean_what_was_decided() {
        let text = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
        let option = |key: &str| crate::contacts::fields::Choice::new(key, key);
        let options = vec![option("red"), option("blue")];
        let own = OwnField {
            kind: Kind::Choices,
            options: options.clone(),
            ..OwnField::named("colours", "Colours")
        };
        let is = OwnField { kind: Kind::Boolean, ..OwnField::named("is", "Is it") };
        let plan = Plan::of(&text(&["email", "stage", "custom.colours", "custom.is"]), &[own, is]);
        let record = Record {
            line: 2,
            cells: text(&["a@b.test", "warm", "rot, blue; grün", "jawohl"]),
            is_cut: false,
        };
        let mut unknown = Unknown::default();
        assert!(plan.read(&record, &mut unknown).unwrap_err().starts_with("“warm” is no stage"));
        let noted: Vec<(&str, &str, i64)> = unknown.all().collect();
        let expected = [
            ("custom.colours", "grün", 1),
            ("custom.colours", "rot", 1),
            ("custom.is", "jawohl", 1),
            ("stage", "warm", 1),
        ];
        assert_eq!(noted, expected);
        let mut meanings = Meanings::default();
        for (column, cell, meaning) in [
            ("stage", "warm", "mql"),
            ("custom.colours", "rot", "red"),
            ("custom.colours", "grün", ""),
            ("custom.is", "jawohl", "yes"),
        ] {
            meanings.put(column, cell, Some(meaning));
        }
        let line = plan.meaning(&meanings).read(&record, &mut unknown).unwrap();
        assert_eq!((line.stage.as_str(), line.custom.get("is")), ("mql", Some(&Value::from(true))));
        assert_eq!(line.custom.get("colours"), Some(&serde_json::json!(["red", "blue"])));
    }

    #[test]
    fn people_may_be_known_by_something_else_than_their_address() {
        let read = |by: KnownBy, cells: &[&str]| {
            let text = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<String>>();
            let record = Record { line: 7, cells: text(cells), is_cut: false };
            let plan = Plan::of(&text(&["phone", "external_id", "email"]), &[]);
            plan.known_by(by, Some(country::DE)).read(&record, &mut Unknown::default())
        };
        let line = read(KnownBy::Phone, &["030 901820", "X-1", ""]).unwrap();
        assert_eq!((line.key(), line.value("phone"), line.email.as_str()), ("+4930901820", "030 901820", ""));
        assert_eq!(read(KnownBy::ExternalId, &["", "X-1", "A@b.test"]).unwrap().key(), "X-1");
        assert!(
            read(KnownBy::Phone, &["12", "", ""]).unwrap_err().starts_with("The phone number is not one")
        );
        assert!(read(KnownBy::Phone, &["", "X-1", "a@b.test"]).unwrap_err().contains("no phone number"));
        assert!(read(KnownBy::ExternalId, &["1", "", "a@b.test"]).unwrap_err().contains("no external id"));
        assert!(read(KnownBy::ExternalId, &["", "X-1", "nobody"]).unwrap_err().contains("is not one"));
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
