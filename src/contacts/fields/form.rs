//! The form of a field: what was typed, and what it comes to.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Choice, FieldId, Kind, OwnField, amount, retype::key_for};
use crate::{contacts::contact::tidy, web::FieldErrors};

/// Choices that a field has at most.
pub(super) const MOST: usize = 200;

/// As typed: `label`, `kind`, `group`, `help`, `is_required`, `currency`, `new_options` with a choice in each
/// line, and for each choice that is there `option.` and `place.` with its key.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct FieldForm(BTreeMap<String, String>);

/// Of a field that was sent several times, the last counts.
impl From<Vec<(String, String)>> for FieldForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields.into_iter().collect())
    }
}

impl FieldForm {
    /// The form of a field as it is.
    pub fn of(field: &OwnField) -> Self {
        let mut typed = BTreeMap::from([
            ("label".to_owned(), field.label.clone()),
            ("kind".to_owned(), field.kind.key().to_owned()),
            ("group".to_owned(), field.group.clone()),
            ("help".to_owned(), field.help.clone()),
        ]);
        if field.is_required {
            typed.insert("is_required".to_owned(), "on".to_owned());
        }
        if field.kind == Kind::Money {
            typed.insert("currency".to_owned(), field.currency().to_owned());
        }
        for (place, option) in field.offered().enumerate() {
            typed.insert(format!("option.{}", option.key), option.label.clone());
            typed.insert(format!("place.{}", option.key), (place + 1).to_string());
        }
        Self(typed)
    }

    pub fn value(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    pub fn kind(&self) -> &str {
        if self.value("kind").is_empty() { "text" } else { self.value("kind") }
    }

    pub fn is_on(&self, key: &str) -> bool {
        self.value(key) == "on"
    }

    /// The field that this comes to: a new one where `before` is none, else that one with what was changed.
    /// Neither its key nor, once it is there, its kind are changed here.
    pub fn check(&self, before: Option<&OwnField>) -> Result<OwnField, FieldErrors> {
        let mut errors = FieldErrors::default();
        let [label, group, help] = ["label", "group", "help"].map(|key| tidy(self.value(key)));
        if label.is_empty() || label.chars().count() > 100 {
            errors.add("label", "Give the field a name of up to 100 characters.");
        }
        if group.chars().count() > 60 {
            errors.add("group", "Please keep this under 60 characters.");
        }
        if help.chars().count() > 300 {
            errors.add("help", "Please keep this under 300 characters.");
        }
        let kind = before.map(|field| field.kind).or_else(|| Kind::parse(self.kind()));
        if kind.is_none() {
            errors.add("kind", "Choose what it holds.");
        }
        let kind = kind.unwrap_or(Kind::Text);
        let options = self.options(kind, before, &mut errors);
        errors.into_result()?;
        let field =
            before.cloned().unwrap_or_else(|| OwnField { id: FieldId::new(), ..OwnField::named("", "") });
        Ok(OwnField { label, kind, options, group, help, is_required: self.is_on("is_required"), ..field })
    }

    fn options(&self, kind: Kind, before: Option<&OwnField>, errors: &mut FieldErrors) -> Vec<Choice> {
        let there = before.map_or(&[][..], |field| field.options.as_slice());
        if kind == Kind::Money {
            let wanted = if self.value("currency").is_empty() { "USD" } else { self.value("currency") };
            let known = amount::currencies().find(|code| *code == wanted);
            if known.is_none() {
                errors.add("currency", "Choose a currency from the list.");
            }
            return known.map(|code| Choice::new(code, code)).into_iter().collect();
        }
        if !kind.has_options() {
            return there.to_vec();
        }
        let options = self.choices(there);
        let offered: Vec<&Choice> = options.iter().filter(|option| !option.is_gone).collect();
        if offered.is_empty() {
            errors.add("new_options", "Write at least one choice, each in a line of its own.");
        }
        if options.len() > MOST || options.iter().any(|option| option.label.chars().count() > 100) {
            errors.add("new_options", "Up to 200 choices, each of up to 100 characters.");
        }
        let is_twice =
            |one: &Choice| offered.iter().filter(|other| is_same(&other.label, &one.label)).count() > 1;
        if offered.iter().any(|option| is_twice(option)) {
            errors.add("new_options", "Two choices have the same name.");
        }
        options
    }

    /// Those that are there under their new names and in their new order, those that are new, and behind them
    /// those whose name was emptied: whoever has one of these keeps it.
    fn choices(&self, there: &[Choice]) -> Vec<Choice> {
        let mut placed: Vec<(i64, Choice)> = Vec::new();
        let mut gone: Vec<Choice> = Vec::new();
        for (at, option) in there.iter().enumerate() {
            let label = tidy(self.value(&format!("option.{}", option.key)));
            let place = self.value(&format!("place.{}", option.key)).trim().parse::<i64>();
            let place = place.unwrap_or_else(|_| i64::try_from(at).unwrap_or(i64::MAX).saturating_add(1));
            match label.is_empty() {
                true => gone.push(Choice { is_gone: true, ..option.clone() }),
                false => placed.push((place, Choice::new(&option.key, &label))),
            }
        }
        placed.sort_by_key(|(place, _)| *place);
        let mut options: Vec<Choice> = placed.into_iter().map(|(_, option)| option).collect();
        for label in self.value("new_options").lines().map(tidy).filter(|label| !label.is_empty()) {
            // One that was taken away comes back as what it was.
            if let Some(at) = gone.iter().position(|option| is_same(&option.label, &label)) {
                options.push(Choice { is_gone: false, ..gone.remove(at) });
                continue;
            }
            let known: Vec<Choice> = options.iter().chain(&gone).cloned().collect();
            options.push(Choice::new(&key_for(&label, &known), &label));
        }
        options.extend(gone);
        options
    }
}

fn is_same(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> FieldForm {
        FieldForm(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    fn keys(field: &OwnField) -> String {
        let word = |option: &Choice| {
            format!("{}={}{}", option.key, option.label, if option.is_gone { "!" } else { "" })
        };
        field.options.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn choices_keep_their_keys_through_new_names_another_order_and_being_taken_away() {
        let new = form(&[("label", "Roof"), ("kind", "choice"), ("new_options", "Tile\n Slate\n\nTin")]);
        let field = new.check(None).unwrap();
        assert_eq!(keys(&field), "tile=Tile slate=Slate tin=Tin");

        let changed = form(&[
            ("label", "Roof"),
            ("option.tile", "Tiles"),
            ("place.tile", "3"),
            ("option.slate", ""),
            ("option.tin", "Tin"),
            ("place.tin", "1"),
            ("new_options", "Thatch"),
        ]);
        let field = changed.check(Some(&field)).unwrap();
        assert_eq!(keys(&field), "tin=Tin tile=Tiles thatch=Thatch slate=Slate!");

        let back = FieldForm::of(&field);
        let back =
            FieldForm(back.0.into_iter().chain([("new_options".to_owned(), "SLATE".to_owned())]).collect());
        assert_eq!(keys(&back.check(Some(&field)).unwrap()), "tin=Tin tile=Tiles thatch=Thatch slate=Slate");
    }

    #[test]
    fn mistakes_are_told_beside_their_field() {
        let told =
            |pairs: &[(&str, &str)], field: &str| form(pairs).check(None).unwrap_err().of(field).to_owned();
        assert!(told(&[], "label").contains("name"));
        assert!(told(&[("label", "x"), ("kind", "colour")], "kind").contains("Choose"));
        assert!(told(&[("label", "x"), ("kind", "choice")], "new_options").contains("at least one"));
        assert!(
            told(&[("label", "x"), ("kind", "choices"), ("new_options", "A\na")], "new_options")
                .contains("same")
        );
        assert!(
            told(&[("label", "x"), ("kind", "money"), ("currency", "ABC")], "currency").contains("currency")
        );
    }
}
