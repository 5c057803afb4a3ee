//! `/w/{org}/contacts/{contact}/addresses`: adding one, changing one, taking one away.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{Address, AddressForm, AddressId, KINDS, of_contact, queries};
use crate::{
    audit::Entry,
    contacts::{Contact, ContactId, EditContacts, record::find},
    orgs::frame::frame,
    tenancy::{OrgTx, Scope},
    web::{App, FieldErrors, Form, OrNotFound, Result, Routes, Shell, View, flash},
};

pub fn routes() -> Routes {
    Routes::workspace()
        .get("/contacts/{contact}/addresses/new", new)
        .post("/contacts/{contact}/addresses", add)
        .get("/contacts/{contact}/addresses/{address}", edit)
        .post("/contacts/{contact}/addresses/{address}", change)
        .post("/contacts/{contact}/addresses/{address}/remove", remove)
}

#[derive(Template)]
#[template(path = "contacts/address.html")]
struct Edit {
    shell: Shell,
    contacts: String,
    contact: Contact,
    /// Which one is changed; none for a new one.
    address: Option<AddressId>,
    form: AddressForm,
    errors: FieldErrors,
}

impl Edit {
    fn kinds(&self) -> &'static [(&'static str, &'static str)] {
        KINDS
    }

    fn action(&self) -> String {
        let all = format!("{}/{}/addresses", self.contacts, self.contact.id);
        self.address.map_or_else(|| all.clone(), |id| format!("{all}/{id}"))
    }
}

async fn form_page(
    app: &App,
    scope: &Scope<EditContacts>,
    (contact, address): (Contact, Option<AddressId>),
    form: AddressForm,
    errors: FieldErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    let contacts = scope.member.link("/contacts");
    Ok((status, View(Edit { shell, contacts, contact, address, form, errors })).into_response())
}

fn back(scope: &Scope<EditContacts>, id: ContactId) -> Response {
    Redirect::to(&scope.member.link(&format!("/contacts/{id}"))).into_response()
}

async fn of(tx: &mut OrgTx, contact: ContactId, id: AddressId) -> Result<Address> {
    of_contact(tx, contact).await?.into_iter().find(|one| one.id == id).or_404()
}

async fn new(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
) -> Result<Response> {
    let contact = find(&mut scope.enter().await?, id).await?.or_404()?;
    form_page(&app, &scope, (contact, None), AddressForm::default(), FieldErrors::default()).await
}

async fn add(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id)): Path<(String, ContactId)>,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    if let Err(errors) = super::add(&mut tx, &contact, &form, app.clock.now()).await? {
        drop(tx);
        return form_page(&app, &scope, (contact, None), form, errors).await;
    }
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn edit(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, address)): Path<(String, ContactId, AddressId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let form = of(&mut tx, id, address).await?.form();
    drop(tx);
    form_page(&app, &scope, (contact, Some(address)), form, FieldErrors::default()).await
}

async fn change(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, address)): Path<(String, ContactId, AddressId)>,
    Form(form): Form<AddressForm>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let was = of(&mut tx, id, address).await?.form();
    let checked = match form.check() {
        Ok(checked) => checked,
        Err(errors) => {
            drop(tx);
            return form_page(&app, &scope, (contact, Some(address)), form, errors).await;
        }
    };
    let now = app.clock.now();
    queries::keep(&mut tx, (id, address), &checked, now).await?.then_some(()).or_404()?;
    let changed = Entry::new("contacts.address_changed").on("contact", id, &contact.name());
    tx.record(changed.before(was.kept()).after(checked.kept()), now).await?;
    tx.commit().await?;
    Ok(back(&scope, id))
}

async fn remove(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Path((_, id, address)): Path<(String, ContactId, AddressId)>,
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let contact = find(&mut tx, id).await?.or_404()?;
    let was = of(&mut tx, id, address).await?.form();
    queries::delete(&mut tx, (id, address)).await?;
    let removed = Entry::new("contacts.address_removed").on("contact", id, &contact.name());
    tx.record(removed.before(was.kept()), app.clock.now()).await?;
    tx.commit().await?;
    flash::say(&scope.session, "Removed the address.").await?;
    Ok(back(&scope, id))
}
