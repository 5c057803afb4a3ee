//! One value of a field: read from what a person types or a file holds, shown, and put into mail. The JSON
//! of each kind stands in [`super::kind`].

use serde_json::Value;
use url::Url;

use super::{Choice, Kind, OwnField, amount, moment};
use crate::{contacts::contact::tidy, email_address::EmailAddress};

const YES: &[&str] = &["yes", "y", "true", "t", "1", "on", "x", "ja", "j", "wahr", "oui", "vrai", "si", "sí"];
const NO: &[&str] = &["no", "n", "false", "f", "0", "off", "nein", "falsch", "non", "faux"];

impl OwnField {
    /// The value that was typed, none where nothing was; or why it is none of this field, in a sentence that
    /// stands beside it. Several choices stand in lines, or between semicolons or commas.
    pub fn parse(&self, typed: &str) -> Result<Option<Value>, String> {
        if self.kind == Kind::Choices {
            return self.several(typed);
        }
        self.parse_tidy(tidy(typed))
    }

    /// The same for what is tidy already: of a text, nothing is looked at but its length.
    pub fn parse_tidy(&self, typed: String) -> Result<Option<Value>, String> {
        if typed.is_empty() {
            return Ok(None);
        }
        let value = match self.kind {
            Kind::Text if typed.chars().count() > 1000 => Err("Please keep this under 1000 characters."),
            Kind::Text => return Ok(Some(typed.into())),
            Kind::Number => amount::number(&typed).ok_or("This is no number. Write it like 1234.5."),
            Kind::Money => amount::money(&typed, self.currency())
                .ok_or("This is no amount of money. Write it like 1234.50, or 1234.50 EUR."),
            Kind::Date => moment::date(&typed).map(Value::from),
            Kind::Time => {
                moment::time(&typed).map(Value::from).ok_or("This is no time. Write it like 14:30.")
            }
            Kind::Boolean => boolean(&typed).map(Value::from).ok_or("Write yes or no."),
            Kind::Choices => return self.several(&typed),
            Kind::Choice | Kind::User => return self.chosen(&typed).map(|key| Some(key.into())),
            Kind::Url => {
                url(&typed).map(Value::from).ok_or("This is no web address, such as https://example.com.")
            }
            Kind::Email => EmailAddress::parse(&typed)
                .map(|email| email.as_str().into())
                .ok_or("That does not look like an e-mail address."),
            Kind::Phone => {
                phone(&typed).map(Value::from).ok_or("This is no phone number, such as +1 303 555 0142.")
            }
        };
        value.map(Some).map_err(str::to_owned)
    }

    /// The currency of amounts that name none.
    pub fn currency(&self) -> &str {
        self.options.first().map_or("USD", |first| first.key.as_str())
    }

    /// The key of what was chosen, by its key or its label.
    fn chosen(&self, typed: &str) -> Result<&str, String> {
        if let Some(option) = self.options.iter().find(|option| option.key == typed) {
            return Ok(&option.key);
        }
        let wanted = typed.to_lowercase();
        let mut like_it = self.options.iter().filter(|option| option.label.to_lowercase() == wanted);
        match (like_it.next(), like_it.next()) {
            (Some(option), None) => Ok(&option.key),
            (Some(_), Some(_)) => Err("More than one is called that.".to_owned()),
            (None, _) => Err(self.on_offer()),
        }
    }

    fn on_offer(&self) -> String {
        let mut names: Vec<&str> = self.offered().map(|option| option.label.as_str()).take(9).collect();
        if names.len() == 9 {
            names.truncate(8);
            names.push("…");
        }
        match (names.is_empty(), self.kind) {
            (true, _) => "There is nothing to choose from yet.".to_owned(),
            (false, Kind::User) => "Nobody here is called that.".to_owned(),
            (false, _) => format!("Choose from: {}.", names.join(", ")),
        }
    }

    /// What stands in a cell of several choices, each by itself.
    pub fn parts(&self, typed: &str) -> Vec<String> {
        let mut parts = Vec::new();
        for part in typed.split(['\n', ';', '|']).map(tidy).filter(|part| !part.is_empty()) {
            match self.chosen(&part) {
                Ok(_) => parts.push(part),
                Err(_) => parts.extend(part.split(',').map(tidy).filter(|piece| !piece.is_empty())),
            }
        }
        parts
    }

    /// Whether this is one of the choices.
    pub fn knows(&self, part: &str) -> bool {
        self.chosen(part).is_ok()
    }

    fn several(&self, typed: &str) -> Result<Option<Value>, String> {
        let parts = self.parts(typed);
        let keys = parts.iter().map(|part| self.chosen(part)).collect::<Result<Vec<&str>, String>>()?;
        let ordered = self.options.iter().map(|option| option.key.as_str()).filter(|key| keys.contains(key));
        let ordered: Vec<Value> = ordered.map(Value::from).collect();
        Ok((!ordered.is_empty()).then_some(Value::Array(ordered)))
    }

    /// The choices that can still be made.
    pub fn offered(&self) -> impl Iterator<Item = &Choice> {
        self.options.iter().filter(|option| !option.is_gone)
    }

    fn label(&self, key: &str) -> String {
        self.options
            .iter()
            .find(|option| option.key == key)
            .map_or_else(|| key.to_owned(), |one| one.label.clone())
    }

    /// As it stands in the form again, several choices in lines of their keys.
    pub fn typed(&self, value: &Value) -> String {
        match self.kind {
            Kind::Money => amount::typed(value, self.currency()).unwrap_or_else(|| raw(value)),
            Kind::Boolean => if *value == Value::Bool(true) { "yes" } else { "no" }.to_owned(),
            Kind::Choices => {
                let keys = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                keys.collect::<Vec<_>>().join("\n")
            }
            _ => raw(value),
        }
    }

    /// For people: labels for choices, names for people. A date is as it is kept; its page knows who reads it.
    pub fn words(&self, value: &Value) -> String {
        match (self.kind, value) {
            (Kind::Money, _) => amount::shown(value).unwrap_or_else(|| raw(value)),
            (Kind::Boolean, Value::Bool(is_so)) => if *is_so { "Yes" } else { "No" }.to_owned(),
            (Kind::Choice, Value::String(key)) => self.label(key),
            (Kind::User, Value::String(key)) => {
                let label = self.label(key);
                if label == *key && uuid::Uuid::parse_str(key).is_ok() {
                    "Somebody who left".to_owned()
                } else {
                    label
                }
            }
            (Kind::Choices, Value::Array(keys)) => self.labels(keys).join(", "),
            _ => raw(value),
        }
    }

    fn labels(&self, keys: &[Value]) -> Vec<String> {
        keys.iter().filter_map(Value::as_str).map(|key| self.label(key)).collect()
    }

    /// As merge fields hold it: numbers and yes-or-no as they are, so that conditions can compare them, dates
    /// in their order for the filter `date`, everything else in words.
    pub fn for_mail(&self, value: &Value) -> Value {
        match (self.kind, value) {
            (Kind::Money | Kind::Choice, _) => self.words(value).into(),
            (Kind::User, _) => match self.words(value) {
                name if name == "Somebody who left" => Value::Null,
                name => name.into(),
            },
            (Kind::Choices, Value::Array(keys)) => self.labels(keys).into(),
            _ => value.clone(),
        }
    }

    /// Whether mail shows something else than what is kept.
    pub fn is_other_in_mail(&self) -> bool {
        matches!(self.kind, Kind::Money | Kind::Choice | Kind::Choices | Kind::User)
    }

    /// As text that any kind can be read from again: what a field of another kind makes of it.
    pub fn text(&self, value: &Value) -> String {
        match (self.kind, value) {
            (Kind::Money, _) => amount::typed(value, "").unwrap_or_else(|| raw(value)),
            (Kind::Choices, Value::Array(keys)) => self.labels(keys).join("; "),
            _ => self.words(value),
        }
    }
}

/// A value that is no longer of its field's kind is shown as it is.
fn raw(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(raw).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

fn boolean(typed: &str) -> Option<bool> {
    let typed = typed.to_lowercase();
    let is_one_of = |words: &[&str]| words.contains(&typed.as_str());
    if is_one_of(YES) { Some(true) } else { is_one_of(NO).then_some(false) }
}

/// An address of the web, with its scheme; one that was typed without gets https.
fn url(typed: &str) -> Option<String> {
    let whole = if typed.contains("://") { typed.to_owned() } else { format!("https://{typed}") };
    let url = Url::parse(&whole).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str()?.contains('.');
    let is_plain =
        url.username().is_empty() && url.password().is_none() && !whole.contains(char::is_whitespace);
    (is_web && is_plain && whole.len() <= 1000).then_some(whole)
}

fn phone(typed: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_digit() || "+-./() ".contains(c) || c == '\u{a0}';
    let digits = typed.bytes().filter(u8::is_ascii_digit).count();
    (typed.len() <= 40 && (5..=20).contains(&digits) && typed.chars().all(is_part)).then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(kind: Kind, options: &[(&str, &str)]) -> OwnField {
        let option = |(key, label): &(&str, &str)| Choice::new(key, label);
        OwnField { kind, options: options.iter().map(option).collect(), ..OwnField::named("it", "It") }
    }

    const COLOURS: &[(&str, &str)] = &[("red", "Red"), ("blue", "Light blue"), ("odd", "Black, white")];

    #[test]
    fn what_is_typed_becomes_the_json_of_its_kind() {
        let kept = [
            (field(Kind::Text, &[]), " red\u{a0}", json!("red")),
            (field(Kind::Number, &[]), "1,234.50", json!(1234.5)),
            (field(Kind::Number, &[]), "38", json!(38)),
            (
                field(Kind::Money, &[("EUR", "EUR")]),
                "1.234,50",
                json!({ "amount": 123_450, "currency": "EUR" }),
            ),
            (field(Kind::Date, &[]), "21.11.2026", json!("2026-11-21")),
            (field(Kind::Time, &[]), "2:30 pm", json!("14:30")),
            (field(Kind::Boolean, &[]), "Ja", json!(true)),
            (field(Kind::Boolean, &[]), "0", json!(false)),
            (field(Kind::Choice, COLOURS), "light BLUE", json!("blue")),
            (field(Kind::Choice, COLOURS), "red", json!("red")),
            (field(Kind::Choices, COLOURS), "Light blue, red", json!(["red", "blue"])),
            (field(Kind::Choices, COLOURS), "Black, white; red; red", json!(["red", "odd"])),
            (field(Kind::Choices, COLOURS), "odd\nblue", json!(["blue", "odd"])),
            (field(Kind::Url, &[]), "example.com/a", json!("https://example.com/a")),
            (field(Kind::Email, &[]), "Ann@B.test", json!("ann@b.test")),
            (field(Kind::Phone, &[]), "+1 (303) 555-0142", json!("+1 (303) 555-0142")),
            (field(Kind::User, &[("7", "Mia Marketer")]), "mia marketer", json!("7")),
        ];
        for (field, typed, json) in kept {
            assert_eq!(field.parse(typed), Ok(Some(json)), "{:?} {typed}", field.kind);
        }
        for (kind, _) in Kind::choices() {
            let field = field(Kind::parse(kind).unwrap(), COLOURS);
            assert_eq!(field.parse(" \u{200b} "), Ok(None), "nothing is nothing in {kind}");
        }
    }

    #[test]
    fn what_is_none_of_its_kind_is_refused_in_a_sentence() {
        let refused = [
            (Kind::Text, "x".repeat(1001), "under 1000"),
            (Kind::Number, "thirty".to_owned(), "no number"),
            (Kind::Money, "a lot".to_owned(), "no amount of money"),
            (Kind::Date, "soon".to_owned(), "no date"),
            (Kind::Date, "3/4/2026".to_owned(), "two different days"),
            (Kind::Time, "noon".to_owned(), "no time"),
            (Kind::Boolean, "maybe".to_owned(), "yes or no"),
            (Kind::Choice, "green".to_owned(), "Choose from: Red, Light blue, Black, white."),
            (Kind::Choices, "red; green".to_owned(), "Choose from"),
            (Kind::Url, "javascript:alert(1)".to_owned(), "no web address"),
            (Kind::Url, "https://a:b@c.test".to_owned(), "no web address"),
            (Kind::Url, "nowhere".to_owned(), "no web address"),
            (Kind::Email, "nobody".to_owned(), "e-mail address"),
            (Kind::Phone, "call me".to_owned(), "no phone number"),
            (Kind::User, "Nobody".to_owned(), "Nobody here is called that"),
        ];
        for (kind, typed, told) in refused {
            let error = field(kind, COLOURS).parse(&typed).unwrap_err();
            assert!(error.contains(told), "{kind:?} {typed}: {error}");
        }
        let twins = field(Kind::User, &[("1", "Ann"), ("2", "Ann")]);
        assert!(twins.parse("ann").unwrap_err().contains("More than one"));
    }

    #[test]
    fn a_value_comes_back_as_it_was_typed_and_as_text_it_can_be_read_again() {
        let held = [
            (field(Kind::Number, &[]), json!(1234.5)),
            (field(Kind::Money, &[("EUR", "EUR")]), json!({ "amount": -5, "currency": "EUR" })),
            (field(Kind::Money, &[("EUR", "EUR")]), json!({ "amount": 5, "currency": "JPY" })),
            (field(Kind::Date, &[]), json!("2026-11-21")),
            (field(Kind::Boolean, &[]), json!(false)),
            (field(Kind::Choice, COLOURS), json!("odd")),
            (field(Kind::Choices, COLOURS), json!(["red", "odd"])),
        ];
        for (field, value) in held {
            assert_eq!(field.parse(&field.typed(&value)), Ok(Some(value.clone())), "typed {value}");
            assert_eq!(field.parse(&field.text(&value)), Ok(Some(value.clone())), "text {value}");
        }
    }

    #[test]
    fn people_and_mail_get_words_and_conditions_something_to_compare() {
        let colours = field(Kind::Choices, COLOURS);
        assert_eq!(colours.words(&json!(["blue", "odd"])), "Light blue, Black, white");
        assert_eq!(colours.for_mail(&json!(["blue"])), json!(["Light blue"]));
        assert_eq!(field(Kind::Choice, COLOURS).for_mail(&json!("blue")), json!("Light blue"));
        let money = field(Kind::Money, &[]);
        assert_eq!(money.for_mail(&json!({ "amount": 100, "currency": "GBP" })), json!("£1.00"));
        assert_eq!(field(Kind::Number, &[]).for_mail(&json!(3)), json!(3));
        assert_eq!(field(Kind::Boolean, &[]).for_mail(&json!(false)), json!(false));
        assert_eq!(field(Kind::Boolean, &[]).words(&json!(false)), "No");
        let gone = json!("00000000-0000-7000-8000-000000000011");
        assert_eq!(field(Kind::User, &[]).words(&gone), "Somebody who left");
        assert_eq!(field(Kind::User, &[]).for_mail(&gone), json!(null));
        // What is in words already stays: a mail may be written from what was frozen in words.
        assert_eq!(money.for_mail(&json!("£1.00")), json!("£1.00"));
        assert_eq!(field(Kind::Number, &[]).words(&json!("38 or so")), "38 or so");
    }
}
