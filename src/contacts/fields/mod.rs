//! The organization's own fields: which there are, of what kind, in which order, and what their values are.
//!
//! Always true: what `contacts.custom` holds under a field's key is of the field's kind; a key never changes,
//! for mail names fields by it; an option that was taken away is still known to those who have it; what a
//! field holds stays when it is put away, and mail that names it goes on.
//!
//! - [`kind`]: the kinds, and the JSON of each
//! - [`value`]: one value, read and shown; `amount` and `moment`: numbers, money, days and times
//! - [`order`]: which stands where
//! - [`retype`]: another kind for a field that holds something
//! - [`form`], [`routes`]: the page in the settings

pub(in crate::contacts) mod amount;
pub mod form;
pub mod kind;
mod moment;
pub mod order;
mod queries;
pub mod retype;
mod retype_page;
pub mod routes;
pub mod value;
mod views;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::uses::Finder;
use crate::{audit::Entry, tenancy::OrgTx};

pub use kind::Kind;
pub use queries::make;

crate::id!(
    /// A field of the organization's own.
    FieldId
);

/// The imports that filled a field.
pub const FINDER: Finder = Finder { find: |tx, key| Box::pin(queries::imports_of(tx, key)) };

/// What can be chosen. Its key stays when it is called something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choice {
    pub key: String,
    pub label: String,
    /// Whether it is offered no more; whoever has it keeps it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_gone: bool,
}

impl Choice {
    pub fn new(key: &str, label: &str) -> Self {
        Self { key: key.to_owned(), label: label.to_owned(), is_gone: false }
    }
}

/// A field of the organization's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnField {
    pub id: FieldId,
    /// What mail and files name it by.
    pub key: String,
    pub label: String,
    pub kind: Kind,
    /// In order. Of money, its currency; of a user, everybody who is or was a member.
    pub options: Vec<Choice>,
    /// What it stands under; empty for none.
    pub group: String,
    pub help: String,
    pub is_required: bool,
    pub archived_at: Option<DateTime<Utc>>,
}

impl OwnField {
    /// A field that holds any text.
    pub fn named(key: &str, label: &str) -> Self {
        Self {
            id: FieldId(uuid::Uuid::nil()),
            key: key.to_owned(),
            label: label.to_owned(),
            kind: Kind::Text,
            options: Vec::new(),
            group: String::new(),
            help: String::new(),
            is_required: false,
            archived_at: None,
        }
    }

    /// What the log keeps of it.
    fn kept(&self) -> serde_json::Value {
        let options: Vec<&str> = self.offered().map(|option| option.label.as_str()).collect();
        let options = if self.kind == Kind::User { Vec::new() } else { options };
        serde_json::json!({ "label": self.label, "kind": self.kind.key(), "group": self.group, "help": self.help,
                            "is_required": self.is_required, "options": options })
    }

    /// Its name in the form of a contact.
    pub fn input(&self) -> String {
        format!("custom.{}", self.key)
    }
}

/// The fields that people fill in, group by group in their order.
pub async fn in_use(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnField>> {
    let mut fields = all(tx).await?;
    fields.retain(|field| field.archived_at.is_none());
    Ok(order::grouped(fields))
}

/// Every field, also those that were put away: what reads and writes values knows them all.
pub async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnField>> {
    let mut fields = queries::all(tx).await?;
    if fields.iter().any(|field| field.kind == Kind::User) {
        let people = queries::people(tx).await?;
        for field in fields.iter_mut().filter(|field| field.kind == Kind::User) {
            field.options.clone_from(&people);
        }
    }
    Ok(fields)
}

/// The same as [`in_use`] for whoever writes values: until the transaction ends, no field gets another kind.
pub async fn held(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnField>> {
    queries::hold(tx).await?;
    in_use(tx).await
}

/// The same as [`all`] for whoever writes values.
pub async fn all_held(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnField>> {
    queries::hold(tx).await?;
    all(tx).await
}

/// Adds a field behind the others; its key is free, its id may be none yet. Gives its id.
pub async fn add(tx: &mut OrgTx, field: &OwnField, now: DateTime<Utc>) -> sqlx::Result<FieldId> {
    let id = FieldId::new();
    queries::insert(tx, &OwnField { id, ..field.clone() }, now).await?;
    let added = Entry::new("fields.added").on("field", id, &field.label);
    tx.record(added.after(field.kept()), now).await?;
    Ok(id)
}

/// Adds a choice to a field that has some, or brings back one that was taken away; gives its key, or why not.
pub async fn add_choice(
    tx: &mut OrgTx,
    id: FieldId,
    label: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<String, &'static str>> {
    queries::lock(tx, id).await?;
    let Some(before) = queries::all(tx).await?.into_iter().find(|field| field.id == id) else {
        return Ok(Err("The field is gone."));
    };
    let is_it = |one: &Choice| one.label.to_lowercase() == label.to_lowercase();
    let mut field = before.clone();
    let key = match field.options.iter_mut().find(|one| is_it(one)) {
        Some(there) => {
            there.is_gone = false;
            there.key.clone()
        }
        None if before.options.len() >= form::MOST || label.chars().count() > 100 => {
            return Ok(Err("A field has up to 200 choices, each of up to 100 characters."));
        }
        None => {
            let key = retype::key_for(label, &before.options);
            field.options.push(Choice::new(&key, label));
            key
        }
    };
    if field != before {
        queries::update(tx, &field, now).await?;
        let changed = Entry::new("fields.changed").on("field", id, &field.label);
        tx.record(changed.before(before.kept()).after(field.kept()), now).await?;
    }
    Ok(Ok(key))
}

/// A key that no field has, out of the words for one.
pub async fn free_key(tx: &mut OrgTx, words: &str) -> sqlx::Result<String> {
    let wanted = super::imports::columns::key_of(words);
    let taken = queries::keys(tx).await?;
    // A field that all contacts have would be another one in mail.
    let is_free = |key: &String| {
        !taken.contains(key) && !super::contact::FIELDS.iter().any(|field| field.key == key) && key != "name"
    };
    let numbered = (2..).map(|n| format!("{wanted}_{n}"));
    Ok(std::iter::once(wanted.clone()).chain(numbered).find(is_free).unwrap_or(wanted))
}
