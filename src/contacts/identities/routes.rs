//! `/w/{org}/contacts/{contact}/identities`: adding one, using another one, taking one away.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use serde_json::json;

use super::{IdentityId, Kind, holder, kind::Value, phone, queries, step};
use crate::{
    audit::Entry,
    contacts::{
        Contact, ContactId, EditContacts,
        happened::ContactChanged,
        record::{Around, Trouble, find, page},
    },
    events,
    tenancy::{OrgTx, Scope},
    web::{App, Form, OrNotFound, Result, Routes, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .post("/contacts/{contact}/identities", add)
        .post("/contacts/{contact}/identities/{identity}/primary", make_primary)
        .post("/contacts/{contact}/identities/{identity}/remove", remove)
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
struct IdentityForm {
    kind: String,
    value: String,
}

fn back(scope: &Scope<EditContacts>, id: ContactId) -> Response {
    Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response()
}

async fn add(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    around: Around,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<IdentityForm>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let (kind, value) = match check(&mut tx, id, &form).await? {
        Ok(checked) => checked,
        Err(trouble) => {
            drop(tx);
            return page(&app, &scope, around, id, *trouble).await;
        }
    };
    if queries::insert(&mut tx, id, (kind.key(), &value), now).await? {
        step::lead(&mut tx, id, kind, now).await?;
        let entry = Entry::new("contacts.identity_added").on("contact", id, &contact.name());
        tx.record(entry.after(json!({ kind.key(): value.value })), now).await?;
        changed(&mut tx, &contact, kind).await?;
        tx.commit().await?;
    }
    Ok(back(&scope, id))
}

/// What is to be added, or the page with what is wrong: also that somebody else is known by it, and who.
async fn check(
    tx: &mut OrgTx,
    id: ContactId,
    form: &IdentityForm,
) -> sqlx::Result<std::result::Result<(Kind, Value), Box<Trouble>>> {
    let wrong = |told: &str| {
        let trouble = Trouble::at("identity", told);
        Box::new(Trouble { typed: form.value.clone(), chosen: form.kind.clone(), ..trouble })
    };
    let Some(kind) = Kind::called(&form.kind) else { return Ok(Err(wrong("Choose what it is."))) };
    let value = match kind.read(&form.value, phone::country(&queries::zone(tx).await?)) {
        Ok(value) => value,
        Err(told) => return Ok(Err(wrong(told))),
    };
    let Some(holder) = holder(tx, Some(id), (kind, &form.value)).await? else {
        return Ok(Ok((kind, value)));
    };
    let mut trouble = wrong(&format!("{} is known by it already.", holder.name));
    trouble.holder = Some((holder.contact, holder.name));
    Ok(Err(trouble))
}

/// Who changes what a contact names changes the contact.
async fn changed(tx: &mut OrgTx, contact: &Contact, kind: Kind) -> sqlx::Result<()> {
    let is_other =
        find(tx, contact.id).await?.is_some_and(|after| after.value(kind.key()) != contact.value(kind.key()));
    if is_other {
        let fields = vec![kind.key().to_owned()];
        events::record(tx, &ContactChanged { contact: contact.id.0, fields }).await?;
    }
    Ok(())
}

async fn make_primary(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, identity)): Path<(String, ContactId, IdentityId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let held = queries::held(&mut tx, (id, identity)).await?.or_404()?;
    let kind = Kind::called(&held.kind).or_404()?;
    queries::make_primary(&mut tx, id, &held.kind, Some(identity)).await?;
    step::lead(&mut tx, id, kind, now).await?;
    let entry = Entry::new("contacts.identity_used").on("contact", id, &contact.name());
    let was = json!({ kind.key(): contact.value(kind.key()) });
    tx.record(entry.before(was).after(json!({ kind.key(): held.value })), now).await?;
    changed(&mut tx, &contact, kind).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn remove(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, identity)): Path<(String, ContactId, IdentityId)>,
) -> Result<Response> {
    let now = app.clock.now();
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let held = queries::held(&mut tx, (id, identity)).await?.or_404()?;
    let kind = Kind::called(&held.kind).or_404()?;
    queries::delete(&mut tx, identity).await?;
    if held.is_primary {
        queries::make_primary(&mut tx, id, &held.kind, None).await?;
        step::lead(&mut tx, id, kind, now).await?;
    }
    let entry = Entry::new("contacts.identity_removed").on("contact", id, &contact.name());
    tx.record(entry.before(json!({ kind.key(): held.value })), now).await?;
    changed(&mut tx, &contact, kind).await?;
    tx.commit().await?;
    flash::say(&scope.session, &format!("Removed {}.", held.value)).await?;
    Ok(back(&scope, id))
}
