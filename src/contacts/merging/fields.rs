//! What differs between two records, field by field, and which of the two counts unless somebody says otherwise.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::contacts::{
    contact::{Contact, FIELDS, LEAD_STATUSES, STAGES, words_of},
    fields::OwnField,
};

/// One of the two.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    #[default]
    One,
    Other,
}

impl Side {
    pub fn key(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Other => "other",
        }
    }

    pub fn called(key: &str) -> Option<Self> {
        [Self::One, Self::Other].into_iter().find(|side| side.key() == key)
    }

    /// What stands on this side.
    pub fn of<T>(self, (one, other): (T, T)) -> T {
        match self {
            Self::One => one,
            Self::Other => other,
        }
    }

    pub fn opposite(self) -> Self {
        self.of((Self::Other, Self::One))
    }
}

/// A field in which they differ: what each holds, in words, and which counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub key: String,
    pub label: String,
    pub one: String,
    pub other: String,
    pub chosen: Side,
}

/// Every field in which they differ, in the order of the form.
pub fn differing(one: &Contact, other: &Contact, own: &[OwnField]) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let mut add = |key: &str, label: &str, a: String, b: String, chosen: Side| {
        if a != b {
            rows.push(Row { key: key.to_owned(), label: label.to_owned(), one: a, other: b, chosen });
        }
    };
    let newer = if other.updated_at > one.updated_at { Side::Other } else { Side::One };
    for field in FIELDS {
        let (a, b) = (one.value(field.key), other.value(field.key));
        add(field.key, field.label, a.to_owned(), b.to_owned(), fuller(a, b, newer));
    }
    let stage = |contact: &Contact| words_of(STAGES, &contact.lifecycle_stage).to_owned();
    add(
        "lifecycle_stage",
        "Stage",
        stage(one),
        stage(other),
        further(STAGES, one, other, |c| &c.lifecycle_stage),
    );
    let status = |contact: &Contact| words_of(LEAD_STATUSES, &contact.lead_status).to_owned();
    add(
        "lead_status",
        "Lead status",
        status(one),
        status(other),
        further(LEAD_STATUSES, one, other, |c| &c.lead_status),
    );
    let owner = |contact: &Contact| contact.owner.clone().unwrap_or_default();
    add("owner_id", "Owner", owner(one), owner(other), fuller(&owner(one), &owner(other), newer));
    for field in own {
        let words = |contact: &Contact| {
            contact.custom.get(&field.key).map(|value| field.words(value)).unwrap_or_default()
        };
        let (a, b) = (words(one), words(other));
        let chosen = fuller(&a, &b, newer);
        add(&field.input(), &field.label, a, b, chosen);
    }
    rows
}

/// What says something, what says more, or what was written last.
fn fuller(one: &str, other: &str, newer: Side) -> Side {
    let (a, b) = (one.to_lowercase(), other.to_lowercase());
    match () {
        () if b.is_empty() => Side::One,
        () if a.is_empty() => Side::Other,
        () if a != b && a.contains(&b) => Side::One,
        () if a != b && b.contains(&a) => Side::Other,
        () => newer,
    }
}

/// Who has come further.
fn further<'a>(
    words: &[(&str, &str)],
    one: &'a Contact,
    other: &'a Contact,
    of: impl Fn(&'a Contact) -> &'a String,
) -> Side {
    let place = |contact| {
        let key = of(contact);
        words.iter().position(|(known, _)| known == key && *known != "inactive" && *known != "lost")
    };
    if place(other) > place(one) { Side::Other } else { Side::One }
}

/// What the one who stays holds afterwards: of each field that differs what was chosen, and of fields that nobody is
/// asked for any more what either has.
pub fn joined(
    stays: Side,
    (one, other): (&Value, &Value),
    chosen: &BTreeMap<String, Side>,
) -> Map<String, Value> {
    let (own, theirs) = (stays.of((one, other)), stays.of((other, one)));
    let mut values = own.as_object().cloned().unwrap_or_default();
    let custom = |of: &Value| of.get("custom").and_then(Value::as_object).cloned().unwrap_or_default();
    let (mut kept, given) = (custom(own), custom(theirs));
    for (key, value) in &given {
        kept.entry(key.clone()).or_insert_with(|| value.clone());
    }
    for (key, side) in chosen {
        let from = side.of((one, other));
        if let Some(key) = key.strip_prefix("custom.") {
            match from.get("custom").and_then(|custom| custom.get(key)) {
                Some(value) => kept.insert(key.to_owned(), value.clone()),
                None => kept.remove(key),
            };
            continue;
        }
        // The company is its name and the one that is kept under it.
        let also = if key == "company" { "company_id" } else { key };
        for key in [key.as_str(), also] {
            if let Some(value) = from.get(key) {
                values.insert(key.to_owned(), value.clone());
            }
        }
    }
    values.insert("custom".to_owned(), kept.into());
    values
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_more_counts_and_of_two_that_say_as_much_the_newer() {
        assert_eq!(fuller("Ann", "", Side::Other), Side::One);
        assert_eq!(fuller("", "Ann", Side::One), Side::Other);
        assert_eq!(fuller("Main St", "12 main st", Side::One), Side::Other);
        assert_eq!(fuller("Ulm", "Bern", Side::Other), Side::Other);
        assert_eq!(fuller("ANN", "Ann", Side::One), Side::One);
    }

    #[test]
    fn values_come_from_where_they_were_chosen_whoever_stays() {
        let one = json!({ "city": "Ulm", "company": "A", "company_id": "1", "custom": { "shoe": "38", "old": "x" } });
        let other = json!({ "city": "Bern", "company": "B", "company_id": "2", "custom": { "hat": "L" } });
        let chosen = BTreeMap::from(
            [("city", Side::One), ("company", Side::Other), ("custom.shoe", Side::Other)]
                .map(|(key, side)| (key.to_owned(), side)),
        );
        for stays in [Side::One, Side::Other] {
            let joined = Value::from(joined(stays, (&one, &other), &chosen));
            assert_eq!(joined["city"], "Ulm");
            assert_eq!((joined["company"].as_str(), joined["company_id"].as_str()), (Some("B"), Some("2")));
            assert_eq!(joined["custom"], json!({ "old": "x", "hat": "L" }));
        }
    }
}
