//! `/w/{org}/contacts/{contact}/merge/{other}`: both side by side, making them one; and taking that back.

use axum::{
    Extension,
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{
    Carriers, MergeId,
    fields::{self, Side},
    join::{self, Refused, Wish},
    pick, queries, undo, views,
};
use crate::{
    contacts::{Contact, ContactId, EditContacts, consent, fields::in_use, table::counted},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, Routes, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/{contact}/merge", pick::pick)
        .get("/contacts/{contact}/merge/{other}", look)
        .post("/contacts/{contact}/merge/{other}", merge)
        .post("/contacts/{contact}/merges/{merge}/undo", unmerge)
}

/// The form: `stays`, `seen`, and for each field that differs `field.` with its key; `one` or `other` each.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
struct MergeForm(Wish);

impl From<Vec<(String, String)>> for MergeForm {
    fn from(sent: Vec<(String, String)>) -> Self {
        let mut wish = Wish::default();
        for (name, value) in sent {
            match (name.as_str(), Side::called(&value)) {
                ("seen", _) => wish.seen = value,
                ("stays", Some(side)) => wish.stays = side,
                (name, Some(side)) => {
                    if let Some(key) = name.strip_prefix("field.") {
                        wish.chosen.insert(key.to_owned(), side);
                    }
                }
                _ => {}
            }
        }
        Self(wish)
    }
}

fn at(scope: &Scope<EditContacts>, id: ContactId) -> Response {
    Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response()
}

async fn look(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(carriers): Extension<Carriers>,
    Path((_, id, other)): Path<(String, ContactId, ContactId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let (one, other) = match join::both(&mut tx, (id, other)).await?.or_404()? {
        Ok(both) => both,
        Err(refused) => return refuse(&scope, (id, other), refused).await,
    };
    let rows = fields::differing(&one, &other, &in_use(&mut tx).await?);
    let heads =
        [head(&app, &mut tx, Side::One, &one).await?, head(&app, &mut tx, Side::Other, &other).await?];
    let carried = carried(&mut tx, &carriers, (one.id, other.id)).await?;
    drop(tx);
    let shell = frame(&app, &scope, "contacts").await?;
    let (stays, seen) = (stays(&one, &other, &carried), join::seen(&one, &other));
    let (path, me) = (scope.member.link("/contacts"), scope.member.user.clone());
    Ok(View(views::Look { shell, path, heads, stays, rows, carried, seen, me }).into_response())
}

async fn head(app: &App, tx: &mut OrgTx, side: Side, contact: &Contact) -> Result<views::Head> {
    let standing = consent::standing(tx, contact, app.clock.now()).await?;
    Ok(views::Head::new(side, contact, (standing.tone(), standing.word())))
}

/// What goes along, and what is read with it from there on.
async fn carried(
    tx: &mut OrgTx,
    carriers: &Carriers,
    both: (ContactId, ContactId),
) -> sqlx::Result<Vec<(&'static str, i64, i64)>> {
    let mut counts = carriers.count(tx, both).await?;
    let (one, other) = (queries::past(tx, both.0).await?, queries::past(tx, both.1).await?);
    counts.push(("words about consent", one.1, other.1));
    counts.push(("things on the timeline", one.0, other.0));
    Ok(counts)
}

/// Who stays unless somebody says otherwise: of whom there is more, or who was there first.
fn stays(one: &Contact, other: &Contact, carried: &[(&str, i64, i64)]) -> Side {
    let sum = |of: fn(&(&str, i64, i64)) -> i64| carried.iter().map(of).sum::<i64>();
    let (a, b) = (sum(|row| row.1), sum(|row| row.2));
    match a.cmp(&b) {
        std::cmp::Ordering::Greater => Side::One,
        std::cmp::Ordering::Less => Side::Other,
        std::cmp::Ordering::Equal if other.created_at < one.created_at => Side::Other,
        std::cmp::Ordering::Equal => Side::One,
    }
}

/// Nothing was changed: why, and where to go on.
async fn refuse(
    scope: &Scope<EditContacts>,
    (id, other): (ContactId, ContactId),
    refused: Refused,
) -> Result<Response> {
    let (told, to) = match refused {
        Refused::Merged(whole) => (
            "One of the two was merged meanwhile, into this record. Nothing was changed.".to_owned(),
            format!("/contacts/{whole}"),
        ),
        Refused::Archived(name) => (
            format!("{name} is archived. Bring them back first. Nothing was changed."),
            format!("/contacts/{id}"),
        ),
        Refused::Changed => (
            "One of the two was changed meanwhile. Look at both once more. Nothing was merged.".to_owned(),
            format!("/contacts/{id}/merge/{other}"),
        ),
    };
    flash::say_error(&scope.session, &told).await?;
    Ok(Redirect::to(&scope.member.link(&to)).into_response())
}

async fn merge(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(carriers): Extension<Carriers>,
    Path((_, id, other)): Path<(String, ContactId, ContactId)>,
    Form(MergeForm(wish)): Form<MergeForm>,
) -> Result<Response> {
    let by = (scope.member.user.id.0, app.clock.now());
    let mut tx = scope.enter().await?;
    let org = tx.org();
    let done = join::merge(&mut tx, &carriers, (id, other), &wish, by).await?.or_404()?;
    let (winner, loser, merge) = match done {
        Ok(done) => done,
        Err(refused) => return refuse(&scope, (id, other), refused).await,
    };
    tx.commit().await?;
    counted::forget(&app, org);
    let back = scope.member.link(&format!("/contacts/{}/merges/{merge}/undo", winner.id));
    flash::say_with_undo(&scope.session, &format!("Merged with {}.", loser.name()), back).await?;
    Ok(at(&scope, winner.id))
}

async fn unmerge(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(carriers): Extension<Carriers>,
    Path((_, id, merge)): Path<(String, ContactId, MergeId)>,
) -> Result<Response> {
    let by = (scope.member.user.id.0, app.clock.now());
    let mut tx = scope.enter().await?;
    let org = tx.org();
    let parted = match undo::unmerge(&mut tx, &carriers, (id, merge), by).await?.or_404()? {
        Ok(parted) => parted,
        Err(undo::Refused::Undone) => {
            flash::say_error(&scope.session, "That merge was undone already.").await?;
            return Ok(at(&scope, id));
        }
        Err(undo::Refused::Merged(whole)) => {
            flash::say_error(&scope.session, "This record was merged since. Undo that merge first.").await?;
            return Ok(at(&scope, whole));
        }
    };
    tx.commit().await?;
    counted::forget(&app, org);
    flash::say(&scope.session, &said(&parted)).await?;
    Ok(at(&scope, id))
}

fn said(parted: &undo::Parted) -> String {
    let back = format!("{} is a record of their own again.", parted.loser.name());
    if parted.stays.is_empty() {
        return back;
    }
    format!("{back} Changed since, and left as it is: {}.", parted.stays.join(", "))
}
