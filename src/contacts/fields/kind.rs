//! What a field of the organization's own can hold, and how that stands in `contacts.custom`.
//!
//! A key that is missing is an empty value; nothing is kept as null, as an empty text or as an empty list.
//! What stands under the key of a field is always of its kind: what is typed and imported is read by it,
//! and when a field gets another kind, what does not fit moves to a text field of its own.
//!
//! | kind | JSON | example | compared in SQL as |
//! |---|---|---|---|
//! | text | string, up to 1000 characters | `"red"` | `custom->>'key'` |
//! | number | number, 15 digits at most | `38.5` | `(custom->'key')::numeric` |
//! | money | object of minor units and currency | `{"amount": 123450, "currency": "EUR"}` | `(custom->'key'->>'amount')::bigint`, and its `currency` |
//! | date | string, `YYYY-MM-DD` | `"2026-11-21"` | `custom->>'key'`, which sorts as dates do |
//! | time | string, `HH:MM` | `"14:30"` | `custom->>'key'`, which sorts as times do |
//! | boolean | boolean | `true` | `custom->'key' = 'true'` |
//! | choice | string, the key of an option | `"de"` | `custom->>'key'` |
//! | choices | array of keys of options, in the options' order, each once | `["solar", "roof"]` | `custom->'key' @> '["solar"]'`, `jsonb_exists` |
//! | url | string, `https://…` or `http://…` | `"https://a.example/"` | `custom->>'key'` |
//! | email | string in lower case | `"a@b.example"` | `custom->>'key'` |
//! | phone | string as it was typed, up to 40 characters | `"+1 303 555 0142"` | `custom->>'key'` |
//! | user | string, the id of a user | `"01…"` | `custom->>'key'` |

/// The kind of a field's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Text,
    Number,
    Money,
    Date,
    Time,
    Boolean,
    Choice,
    Choices,
    Url,
    Email,
    Phone,
    User,
}

/// Every kind, with its key in the database and its words, in the order in which people choose one.
const ALL: &[(Kind, &str, &str)] = &[
    (Kind::Text, "text", "Text"),
    (Kind::Number, "number", "Number"),
    (Kind::Money, "money", "Money"),
    (Kind::Date, "date", "Date"),
    (Kind::Time, "time", "Time"),
    (Kind::Boolean, "boolean", "Yes or no"),
    (Kind::Choice, "choice", "One choice"),
    (Kind::Choices, "choices", "Several choices"),
    (Kind::Url, "url", "Web address"),
    (Kind::Email, "email", "E-mail address"),
    (Kind::Phone, "phone", "Phone number"),
    (Kind::User, "user", "Somebody of this workspace"),
];

impl Kind {
    /// Key and words of each, for choosing one.
    pub fn choices() -> Vec<(&'static str, &'static str)> {
        ALL.iter().map(|(_, key, words)| (*key, *words)).collect()
    }

    pub fn parse(key: &str) -> Option<Self> {
        ALL.iter().find(|(_, known, _)| *known == key).map(|(kind, _, _)| *kind)
    }

    pub fn key(self) -> &'static str {
        ALL.iter().find(|(kind, _, _)| *kind == self).map_or("text", |(_, key, _)| key)
    }

    pub fn words(self) -> &'static str {
        ALL.iter().find(|(kind, _, _)| *kind == self).map_or("Text", |(_, _, words)| words)
    }

    /// Whether somebody says what can be chosen.
    pub fn has_options(self) -> bool {
        matches!(self, Self::Choice | Self::Choices)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_key() {
        for (key, _) in Kind::choices() {
            assert_eq!(Kind::parse(key).map(Kind::key), Some(key));
        }
        assert_eq!((Kind::choices().len(), Kind::parse("colour")), (12, None));
    }
}
