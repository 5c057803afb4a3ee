//! Drafts in the database: read, changed step by step, undone and done again.

mod change;
pub(super) mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use self::change::Change;
use super::document::{Document, Refusal};
use crate::{audit::Entry, tenancy::OrgTx};

/// Typing that goes on within this time is one step.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// Steps that are kept of one design.
const STEPS: i32 = 200;

/// A design and its draft.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: Uuid,
    pub name: String,
    pub is_archived: bool,
    pub rev: i64,
    pub cursor: i32,
    /// Who changed it last.
    pub changed_by: String,
    pub document: Document,
    /// What could be undone, and done again, in words; empty for nothing.
    pub undo: String,
    pub redo: String,
}

/// Reads a draft as it is.
pub async fn load(tx: &mut OrgTx, id: Uuid) -> sqlx::Result<Option<Draft>> {
    let Some(head) = queries::head(tx, id).await? else { return Ok(None) };
    let document = Document { styles: head.styles(), blocks: queries::blocks(tx, id).await? };
    Ok(Some(head.with(document)))
}

/// What a step is: in words, and the block that is typed in.
#[derive(Clone, Copy, Debug)]
pub struct Step<'a> {
    pub summary: &'a str,
    pub typing: Option<Uuid>,
}

/// What became of a change.
pub enum Changed<T> {
    Done(T),
    /// It cannot be done, and why.
    Refused(Refusal),
    /// Somebody else changed the same block meanwhile.
    Conflict {
        by: String,
    },
}

#[derive(Serialize)]
struct Told<'a> {
    step: &'a str,
    rev: i64,
}

/// Changes a draft, which nobody else can do meanwhile, and keeps the step. The audit log gets a line for
/// each step, not for each pause in typing.
pub async fn change<T>(
    tx: &mut OrgTx,
    draft: &Draft,
    step: Step<'_>,
    now: DateTime<Utc>,
    edit: impl FnOnce(&mut Document) -> Result<T, Refusal>,
) -> sqlx::Result<Changed<T>> {
    let mut after = draft.document.clone();
    let given = match edit(&mut after) {
        Ok(given) => given,
        Err(refusal) => return Ok(Changed::Refused(refusal)),
    };
    let change = Change::between(&draft.document, &after);
    if change.is_empty() {
        return Ok(Changed::Done(given));
    }
    let rev = draft.rev + 1;
    queries::write(tx, draft.id, &change, rev).await?;
    queries::drop_undone(tx, draft.id, draft.cursor, STEPS).await?;
    let last = queries::step(tx, draft.id, draft.cursor).await?;
    let goes_on = last.filter(|last| {
        step.typing.is_some()
            && last.block_id == step.typing
            && last.made_by == tx.actor().name
            && now - last.made_at <= PAUSE
    });
    let cursor = match &goes_on {
        Some(last) => {
            let whole = together(last.change(), change);
            queries::go_on(tx, draft, &whole, now).await?;
            draft.cursor
        }
        None => {
            queries::add_step(tx, draft, step, &change, now).await?;
            draft.cursor + 1
        }
    };
    queries::advance(tx, draft.id, rev, cursor, now).await?;
    if goes_on.is_none() {
        note(tx, draft, step.summary, now).await?;
    }
    Ok(Changed::Done(given))
}

/// Two changes of one block, one after the other, as one.
fn together(first: Change, second: Change) -> Change {
    let before = first.blocks.into_iter().next().and_then(|(before, _)| before);
    let after = second.blocks.into_iter().next().and_then(|(_, after)| after);
    Change { styles: None, blocks: vec![(before, after)] }
}

async fn note(tx: &mut OrgTx, draft: &Draft, summary: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let told = |rev| Told { step: summary, rev };
    let entry = Entry::new("designs.changed").on("design", draft.id, &draft.name);
    tx.record(entry.before(told(draft.rev)).after(told(draft.rev + 1)), now).await
}

/// Which way along the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    Undo,
    Redo,
}

/// Takes the last step back, or does the next one again; gives what it was, or nothing where there is none.
pub async fn walk(
    tx: &mut OrgTx,
    draft: &Draft,
    along: Along,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let (seq, cursor) = match along {
        Along::Undo => (draft.cursor, draft.cursor - 1),
        Along::Redo => (draft.cursor + 1, draft.cursor + 1),
    };
    let Some(step) = queries::step(tx, draft.id, seq).await? else { return Ok(None) };
    let change = if along == Along::Undo { step.change().inverse() } else { step.change() };
    let mut after = draft.document.clone();
    change.apply(&mut after);
    let change = Change::between(&draft.document, &after);
    queries::write(tx, draft.id, &change, draft.rev + 1).await?;
    queries::advance(tx, draft.id, draft.rev + 1, cursor, now).await?;
    let by = if step.made_by == tx.actor().name { String::new() } else { format!(", by {}", step.made_by) };
    let word = if along == Along::Undo { "Undid" } else { "Did again" };
    let said = format!("{word}: {}{by}.", step.summary);
    note(tx, draft, &said, now).await?;
    Ok(Some(said))
}
