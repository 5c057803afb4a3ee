//! Tags: words that people of the organization put on contacts, and how each came there.
//!
//! Always true: no two tags in use have one name, whatever the letters' case; a contact has a tag once, with
//! who or what put it there first.
//!
//! - [`wearing`]: who has which tag, putting them on and taking them off
//! - [`merging`]: two tags that mean one thing
//! - [`routes`]: the page of tags; `contact_routes`: those of one person

mod contact_routes;
mod merge_page;
pub mod merging;
mod queries;
pub mod routes;
mod views;
pub mod wearing;

use chrono::{DateTime, Utc};

pub use wearing::{TELLER, Worn, of_contact, of_several};

use super::contact::tidy;
use crate::{
    audit::Entry,
    tenancy::OrgTx,
    web::{FieldErrors, Routes},
};

crate::id!(
    /// A word that contacts can have.
    TagId
);

/// The colours there are: those of workspaces.
pub const HUES: i16 = 12;

/// A tag with how many have it.
#[derive(Clone, Debug)]
pub struct Tag {
    pub id: TagId,
    pub name: String,
    /// What it stands under; may be empty.
    pub category: String,
    pub hue: i16,
    pub people: i64,
    pub archived_at: Option<DateTime<Utc>>,
}

/// Everything under `/w/{org}` that belongs to tags.
pub fn all_routes() -> Routes {
    Routes::workspace().merge(routes::routes()).merge(contact_routes::routes())
}

/// What can be said of a tag, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub name: String,
    pub category: String,
    pub hue: i16,
}

impl Named {
    /// Out of what was typed.
    pub fn check(name: &str, category: &str, hue: i16) -> Result<Self, FieldErrors> {
        let mut errors = FieldErrors::default();
        let (name, category) = (tidy(name), tidy(category));
        if name.is_empty() || name.chars().count() > 60 {
            errors.add("name", "Give the tag a name of up to 60 characters.");
        }
        if category.chars().count() > 60 {
            errors.add("category", "Please keep this under 60 characters.");
        }
        if !(0..HUES).contains(&hue) {
            errors.add("hue", "Choose a colour from the list.");
        }
        errors.into_result()?;
        Ok(Self { name, category, hue })
    }
}

/// Every tag in use by name, for choosing one: id and name.
pub async fn choices(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let tags = queries::named(tx).await?;
    Ok(tags.into_iter().map(|(id, name)| (id.to_string(), name)).collect())
}

/// The names of the tags in use.
pub async fn names(tx: &mut OrgTx) -> sqlx::Result<Vec<String>> {
    Ok(queries::named(tx).await?.into_iter().map(|(_, name)| name).collect())
}

/// The tag in use that is called this, whatever the letters' case.
pub async fn called(tx: &mut OrgTx, name: &str) -> sqlx::Result<Option<TagId>> {
    queries::called(tx, &tidy(name)).await
}

/// The name of a tag in use.
pub async fn name(tx: &mut OrgTx, tag: TagId) -> sqlx::Result<Option<String>> {
    queries::name(tx, tag).await
}

/// Makes a tag; `None` when another has its name.
pub async fn make(tx: &mut OrgTx, named: &Named, now: DateTime<Utc>) -> sqlx::Result<Option<TagId>> {
    let id = TagId::new();
    if !queries::insert(tx, id, named, now).await? {
        return Ok(None);
    }
    let after = serde_json::json!({ "name": named.name, "category": named.category });
    tx.record(Entry::new("tags.added").on("tag", id, &named.name).after(after), now).await?;
    Ok(Some(id))
}

/// The tag that is called this, made when there is none. `Err` says what is wrong with the name.
pub async fn called_or_made(
    tx: &mut OrgTx,
    name: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Result<TagId, String>> {
    if let Some(there) = called(tx, name).await? {
        return Ok(Ok(there));
    }
    let named = match Named::check(name, "", hue_of(name)) {
        Ok(named) => named,
        Err(errors) => return Ok(Err(errors.of("name").to_owned())),
    };
    // Somebody may make it at the same moment: then it is theirs.
    match make(tx, &named, now).await? {
        Some(made) => Ok(Ok(made)),
        None => Ok(called(tx, name).await?.ok_or_else(|| "Please try again.".to_owned())),
    }
}

/// A colour for a tag that nobody chose one for: the same for the same name.
fn hue_of(name: &str) -> i16 {
    let sum = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)));
    i16::try_from(sum % 12).unwrap_or(0)
}
