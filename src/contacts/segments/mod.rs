//! Segments: lists whose members are whoever a rule says.
//!
//! A rule is kept as it was made ([`rule`]), checked against what there is ([`check`]), and asked of the database
//! as one statement ([`compile`]). Its members stand in `contact_list_members` like those of any list, so that
//! whatever goes to a list goes to a segment. They are worked out as a whole when the rule is saved and, where it
//! speaks of time, each hour ([`refresh`]); and person by person when something happens that the rule mentions
//! ([`hear`]).
//!
//! Always true: a segment is never made of itself; who comes and who goes is told to the log, but when the members
//! are worked out for the first time.

pub mod catalogue;
pub mod check;
pub mod compile;
pub(super) mod counting;
pub mod filter;
pub mod form;
pub mod hear;
pub(super) mod held;
mod making;
pub mod matching;
pub mod nodes;
mod queries;
pub mod refresh;
pub mod routes;
pub mod rule;
pub mod test;
pub(super) mod views;
pub(super) mod words;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use catalogue::Catalogue;
pub use catalogue::{Behaviour, Behaviours};
use check::Checked;
use rule::Group;

use super::{
    lists::ListId,
    uses::{Finder, Use},
};
use crate::{
    audit::Entry,
    contacts::ViewContacts,
    tenancy::{OrgTx, Permission},
    web::FieldErrors,
};

/// A segment with how many are in it.
#[derive(Clone, Debug)]
pub struct Segment {
    pub id: ListId,
    pub name: String,
    pub description: String,
    rule: Value,
    pub people: i64,
    pub updated_at: DateTime<Utc>,
    pub refreshed_at: Option<DateTime<Utc>>,
    pub refresh_ms: i32,
    /// Why its members could not be worked out; empty when they could.
    pub refresh_error: String,
}

impl Segment {
    /// Whether its members are being worked out since its rule was made or changed.
    pub fn is_moving(&self) -> bool {
        self.refresh_error.is_empty() && self.refreshed_at.is_none_or(|at| at < self.updated_at)
    }

    pub fn rule(&self) -> Group {
        serde_json::from_value(self.rule.clone()).unwrap_or_default()
    }
}

/// What working out its members needs to know of a segment.
#[derive(Clone, Debug)]
struct Standing {
    rule: Value,
    refreshed_at: Option<DateTime<Utc>>,
}

/// A segment as somebody wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub name: String,
    pub description: String,
    pub rule: Group,
}

/// Makes a segment, or changes one, and works out who is in it, within the caller's transaction. Told beside the
/// field when it cannot be.
pub async fn save(
    tx: &mut OrgTx,
    id: Option<ListId>,
    wanted: &Wanted,
    catalogue: &Catalogue,
) -> sqlx::Result<Result<ListId, FieldErrors>> {
    let (name, about) = (wanted.name.as_str(), wanted.description.as_str());
    let rule = json!(wanted.rule);
    let checked = check::check(&wanted.rule, catalogue);
    let at = id.unwrap_or_else(ListId::new);
    let mut errors = refused(&checked);
    if queries::is_taken(tx, at, name).await? {
        errors.add("name", "Another list or segment has that name.");
    }
    let mentions = check::mentions(&wanted.rule);
    let above = if id.is_some() { queries::made_of(tx, at.0).await? } else { Vec::new() };
    let is_round = |list: Uuid| list == at.0 || above.contains(&list);
    if mentions.iter().filter_map(|what| what.strip_prefix("list:")?.parse().ok()).any(is_round) {
        errors.add("rule", "A segment cannot be made of itself, or of one that is made of it.");
    }
    if !errors.is_empty() {
        return Ok(Err(errors));
    }
    let now = catalogue.now;
    let before = queries::held(tx, at).await?.map(|standing| standing.rule);
    if before.is_some() {
        queries::update(tx, at, (name, about, &rule), now).await?;
    } else if !queries::insert(tx, at, (name, about, &rule), now).await? {
        return Ok(Err(FieldErrors::on("name", "Another list or segment has that name.")));
    }
    queries::mention(tx, at, &mentions).await?;
    refresh::now_or_order(tx, at, catalogue).await?;
    let entry = match before {
        Some(before) => Entry::new("segments.changed").before(json!({ "rule": before })),
        None => Entry::new("segments.added"),
    };
    tx.record(entry.on("segment", at, name).after(json!({ "rule": rule })), now).await?;
    Ok(Ok(at))
}

/// The segments that ask for a field.
pub const FIELD_FINDER: Finder =
    Finder { find: |tx, key| Box::pin(async move { mentioning(tx, &format!("custom:{key}")).await }) };

/// The segments that are made of a list or another segment.
pub const LIST_FINDER: Finder =
    Finder { find: |tx, list| Box::pin(async move { mentioning(tx, &format!("list:{list}")).await }) };

async fn mentioning(tx: &mut OrgTx, what: &str) -> sqlx::Result<Vec<Use>> {
    let one = |(id, name): (Uuid, String)| Use {
        what: "Segment",
        name,
        path: format!("/contacts/segments/{id}"),
        needs: ViewContacts::KEY,
    };
    Ok(queries::used_by(tx, what).await?.into_iter().map(one).collect())
}

/// What is wrong with a rule, for its form.
fn refused(checked: &Checked) -> FieldErrors {
    let mut errors = FieldErrors::default();
    for (place, told) in &checked.errors {
        errors.add(&format!("rule-{place}"), told);
    }
    errors
}
