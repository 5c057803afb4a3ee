//! What can be changed about a deal, one by one, and what is accepted.

use chrono::NaiveDate;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    contacts::contact::tidy,
    deals::{Deal, making::day},
    money::Money,
    web::FieldErrors,
};

/// A fact as it is typed: the fields of one, and those of the others empty.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::deals) struct FactForm {
    pub name: String,
    pub value: String,
    pub currency: String,
    pub probability: String,
    pub close: String,
    pub owner: String,
    pub source: String,
}

/// What can be changed: key and words.
pub(super) const FACTS: &[(&str, &str)] = &[
    ("name", "Name"),
    ("value", "Value"),
    ("probability", "Probability"),
    ("close", "Expected close"),
    ("owner", "Owner"),
    ("source", "Source"),
];

/// Everything that can be changed, as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    pub name: String,
    pub value: Money,
    pub probability: Option<i16>,
    pub expected_close_on: Option<NaiveDate>,
    pub owner: Option<Uuid>,
    pub source: String,
}

impl Facts {
    pub(super) fn of(deal: &Deal) -> Self {
        Self {
            name: deal.name.clone(),
            value: deal.value(),
            probability: deal.probability,
            expected_close_on: deal.expected_close_on,
            owner: deal.owner_id,
            source: deal.source.clone(),
        }
    }

    /// One of them, for the log.
    pub(super) fn shown(&self, fact: &str, owners: &[(String, String)]) -> Value {
        let owner = self.owner.map(|id| id.to_string());
        let owner = owners.iter().find(|(id, _)| Some(id) == owner.as_ref()).map(|(_, name)| name);
        match fact {
            "name" => json!({ "name": self.name }),
            "value" => json!({ "value": self.value.words() }),
            "probability" => json!({ "probability": self.probability }),
            "close" => json!({ "expected_close": self.expected_close_on }),
            "owner" => json!({ "owner": owner }),
            _ => json!({ "source": self.source }),
        }
    }

    /// The same with one fact as it was typed, or what is wrong with that.
    pub(super) fn with(
        mut self,
        fact: &str,
        form: &FactForm,
        owners: &[(String, String)],
    ) -> Result<Self, FieldErrors> {
        let told = |words: &str| FieldErrors::on(fact, words);
        match fact {
            "name" => {
                self.name = short(&form.name, 1, 200)
                    .ok_or_else(|| told("Give the deal a name of up to 200 characters."))?;
            }
            "source" => {
                self.source = short(&form.source, 0, 200)
                    .ok_or_else(|| told("Please keep this under 200 characters."))?;
            }
            "value" => {
                self.value = Money::parse(&form.value, &form.currency).map_err(|words| told(&words))?;
            }
            "close" => self.expected_close_on = day(&form.close).map_err(|words| told(&words))?,
            "probability" => {
                let typed = form.probability.trim().trim_end_matches('%').trim();
                self.probability = match (typed, typed.parse()) {
                    ("", _) => None,
                    (_, Ok(per_cent @ 0..=100)) => Some(per_cent),
                    _ => {
                        return Err(told(
                            "Type a whole number from 0 to 100, or nothing for what the stage says.",
                        ));
                    }
                };
            }
            _ => {
                let is_here = form.owner.is_empty() || owners.iter().any(|(id, _)| *id == form.owner);
                self.owner = is_here
                    .then(|| form.owner.parse().ok())
                    .ok_or_else(|| told("Choose somebody of this workspace."))?;
            }
        }
        Ok(self)
    }
}

/// What was typed, tidied, where it is as long as this.
fn short(typed: &str, least: usize, most: usize) -> Option<String> {
    let tidied = tidy(typed);
    (least..=most).contains(&tidied.chars().count()).then_some(tidied)
}
