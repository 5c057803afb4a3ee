//! Another kind for a field that people have values in: looked at first, then done.
//!
//! Every value is read anew by the other kind. One that does not fit is not thrown away: it moves as text to
//! a field of its own, called like this one with “(before)” behind it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Choice, FieldId, Kind, OwnField, free_key,
    queries::{self, Converted},
};
use crate::{
    audit::Entry,
    contacts::happened::ContactsTouched,
    events,
    jobs::{AtWork, Failure, Job},
    tenancy::{JobScope, OrgTx},
    web::App,
};

/// Different values that are looked at; a field with more is no other kind than text.
const MOST: i64 = 100_000;
/// Choices that are made out of values.
const MOST_CHOICES: usize = 50;
/// More people than these are changed in the background.
pub const AT_ONCE: i64 = 20_000;
/// Examples of each sort.
const EXAMPLES: usize = 8;

/// What another kind would make of the values.
#[derive(Debug, Default)]
pub struct Look {
    pub fits: i64,
    pub lost: i64,
    /// Of those that fit and would look different: before and after.
    pub changed: Vec<(String, String)>,
    /// Of those that do not: the value, how many people have it, why.
    pub refused: Vec<(String, i64, String)>,
    /// The choices that would be made out of the values.
    pub options: Vec<Choice>,
    /// Whether there are more values than anybody looks at.
    pub is_too_much: bool,
}

/// The field as it would be.
async fn target(
    tx: &mut OrgTx,
    field: &OwnField,
    (kind, currency): (Kind, &str),
    values: &[(Value, i64)],
) -> sqlx::Result<OwnField> {
    let options = match kind {
        Kind::Choice | Kind::Choices if field.kind.has_options() => field.options.clone(),
        Kind::Choice | Kind::Choices => made_of(field, kind, values),
        Kind::Money => {
            let known = super::amount::currencies().find(|code| *code == currency).unwrap_or("USD");
            vec![Choice::new(known, known)]
        }
        Kind::User => queries::people(tx).await?,
        _ => Vec::new(),
    };
    Ok(OwnField { kind, options, ..field.clone() })
}

/// A choice for each value, the usual ones first.
fn made_of(field: &OwnField, kind: Kind, values: &[(Value, i64)]) -> Vec<Choice> {
    let mut options: Vec<Choice> = Vec::new();
    for (value, _) in values {
        let text = field.text(value);
        let parts: Vec<&str> =
            if kind == Kind::Choices { text.split([';', '|', ',', '\n']).collect() } else { vec![&text] };
        for part in parts.into_iter().map(str::trim).filter(|part| !part.is_empty() && part.len() <= 100) {
            let is_new = !options.iter().any(|option| option.label.to_lowercase() == part.to_lowercase());
            if is_new && options.len() < MOST_CHOICES {
                options.push(Choice::new(&key_for(part, &options), part));
            }
        }
    }
    options
}

/// A key that no other choice has.
pub(super) fn key_for(label: &str, options: &[Choice]) -> String {
    let wanted = crate::contacts::imports::columns::key_of(label);
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    let is_free = |key: &String| !options.iter().any(|option| option.key == *key);
    std::iter::once(wanted.clone()).chain(numbered).find(is_free).unwrap_or(wanted)
}

/// What the other kind would make of what people have.
pub async fn look(tx: &mut OrgTx, field: &OwnField, to: (Kind, &str)) -> sqlx::Result<Look> {
    let values = queries::values(tx, &field.key, MOST + 1).await?;
    let target = target(tx, field, to, &values).await?;
    let mut look = Look { is_too_much: is_too_much(&values), ..Look::default() };
    if target.kind.has_options() {
        look.options.clone_from(&target.options);
    }
    for (value, count) in &values {
        match target.parse(&field.text(value)) {
            Ok(Some(is)) => {
                look.fits += count;
                let (before, after) = (field.words(value), target.words(&is));
                if before != after && look.changed.len() < EXAMPLES {
                    look.changed.push((before, after));
                }
            }
            Ok(None) => look.fits += count,
            Err(why) => {
                look.lost += count;
                if look.refused.len() < EXAMPLES {
                    look.refused.push((field.words(value), *count, why));
                }
            }
        }
    }
    Ok(look)
}

fn is_too_much(values: &[(Value, i64)]) -> bool {
    i64::try_from(values.len()).is_ok_and(|found| found > MOST)
}

/// Gives the field the other kind, and its values with it. Says what was done; `None` when there is too much.
pub async fn apply(
    tx: &mut OrgTx,
    id: FieldId,
    to: (Kind, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    queries::lock(tx, id).await?;
    let Some(field) = super::all(tx).await?.into_iter().find(|field| field.id == id) else { return Ok(None) };
    let values = queries::values(tx, &field.key, MOST + 1).await?;
    if is_too_much(&values) {
        return Ok(None);
    }
    let target = target(tx, &field, to, &values).await?;
    let converted = converted(&field, &target, &values);
    let lost: i64 = lost(&converted, &values);
    let before = format!("{} (before)", field.label.chars().take(90).collect::<String>());
    let other = free_key(tx, &format!("{}_before", field.key)).await?;
    if lost > 0 {
        let kept = OwnField {
            id: FieldId::new(),
            group: field.group.clone(),
            help: format!("What was in “{}” and is no {}.", field.label, target.kind.words().to_lowercase()),
            ..OwnField::named(&other, &before)
        };
        queries::insert(tx, &OwnField { help: kept.help.chars().take(300).collect(), ..kept }, now).await?;
    }
    queries::convert(tx, (&field.key, &other), &converted, now).await?;
    queries::update(tx, &target, now).await?;
    events::record(tx, &ContactsTouched::everybody(&format!("custom:{}", field.key))).await?;
    let retyped = Entry::new("fields.retyped").on("field", id, &field.label);
    let (was, is) =
        (json!({ "kind": field.kind.key() }), json!({ "kind": target.kind.key(), "moved": lost }));
    tx.record(retyped.before(was).after(is), now).await?;
    let kind = target.kind.words();
    Ok(Some(match lost {
        0 => format!("“{}” is now: {kind}. Every value fitted.", field.label),
        lost => {
            format!("“{}” is now: {kind}. What did not fit, of {lost}, stands in “{before}”.", field.label)
        }
    }))
}

/// What becomes of each value; those that stay as they are, are left out.
fn converted(field: &OwnField, target: &OwnField, values: &[(Value, i64)]) -> Converted {
    let mut all = Converted { was: Vec::new(), is: Vec::new(), text: Vec::new() };
    for (value, _) in values {
        let text = field.text(value);
        let is = target.parse(&text).ok().flatten().unwrap_or(Value::Null);
        if is != *value {
            all.was.push(value.clone());
            all.is.push(is);
            all.text.push(text);
        }
    }
    all
}

/// How many people have a value that does not fit.
fn lost(converted: &Converted, values: &[(Value, i64)]) -> i64 {
    let moved = converted.was.iter().zip(&converted.is).filter(|(_, is)| is.is_null()).map(|(was, _)| was);
    let moved: std::collections::HashSet<String> = moved.map(Value::to_string).collect();
    values.iter().filter(|(value, _)| moved.contains(&value.to_string())).map(|(_, count)| count).sum()
}

/// How many people have a value in the field.
pub async fn people(tx: &mut OrgTx, field: &OwnField) -> sqlx::Result<i64> {
    queries::count(tx, &field.key).await
}

/// Does it for a field that very many people have values in.
#[derive(Debug, Serialize, Deserialize)]
pub struct RetypeField {
    pub field: Uuid,
    pub kind: String,
    pub currency: String,
}

impl Job for RetypeField {
    const KIND: &'static str = "contacts.retype_field";
    const TIME_LIMIT: Duration = Duration::from_secs(60 * 60);

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let Some(kind) = Kind::parse(&self.kind) else { return Ok(()) };
        let mut tx = scope.enter().await?;
        at_work.still_ours(tx.conn()).await?;
        apply(&mut tx, FieldId(self.field), (kind, &self.currency), app.clock.now()).await?;
        tx.commit().await?;
        Ok(())
    }
}
