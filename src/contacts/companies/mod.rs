//! Companies: what contacts work for. One is made by hand alone; the domain of an address only suggests it.
//!
//! Always true: at most one company of an organization has a domain; a contact works for one company at the most,
//! and stays when it goes.

pub mod assigning;
pub mod domain;
mod form;
mod found;
pub(super) mod queries;
pub mod routes;
mod views;

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::{
    Contact,
    happened::{CompanyChanged, ContactChanged},
};
use crate::{
    audit::Entry,
    contacts::beside::Cards,
    events::{
        self, Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::OrgTx,
    web::Routes,
};

pub use form::{Checked, CompanyForm};
pub use found::SEEKER;

crate::id!(
    /// A company that contacts work for.
    CompanyId
);

/// What other domains show beside a company's page: each at `/companies/{company}/{key}`.
#[derive(Clone)]
pub struct CompanyCards(pub Cards);

/// A company, with the name of who looks after it.
#[derive(Clone, Debug)]
pub struct Company {
    pub id: CompanyId,
    pub name: String,
    pub domain: String,
    pub industry: String,
    pub size: String,
    pub phone: String,
    pub website: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
    pub owner_id: Option<Uuid>,
    pub owner: Option<String>,
    pub created_at: DateTime<Utc>,
}

/// How many people work at a company: as kept, and in words.
pub const SIZES: &[(&str, &str)] = &[
    ("", "Not known"),
    ("1-10", "1 to 10"),
    ("11-50", "11 to 50"),
    ("51-200", "51 to 200"),
    ("201-1000", "201 to 1,000"),
    ("1001+", "More than 1,000"),
];

/// The company with this id.
pub async fn find(tx: &mut OrgTx, id: CompanyId) -> sqlx::Result<Option<Company>> {
    queries::find(tx, id).await
}

/// Adds a company; `None` where another one has its domain.
pub async fn add(
    tx: &mut OrgTx,
    checked: &Checked,
    (by, now): (Uuid, DateTime<Utc>),
) -> sqlx::Result<Option<CompanyId>> {
    let id = CompanyId::new();
    if !queries::insert(tx, id, checked, (by, now)).await? {
        return Ok(None);
    }
    let added = Entry::new("companies.added").on("company", id, &checked.name);
    tx.record(added.after(json!({ "name": checked.name, "domain": checked.domain })), now).await?;
    Ok(Some(id))
}

/// Who or what says for whom somebody works, and when.
#[derive(Clone, Copy, Debug)]
pub struct Because<'a> {
    pub cause: &'a str,
    pub by: Option<Uuid>,
    pub at: DateTime<Utc>,
}

/// Says that somebody works for this company, or for none. Where nothing was written of it, they get its name.
pub async fn assign(
    tx: &mut OrgTx,
    contact: &Contact,
    to: Option<(CompanyId, &str)>,
    because: Because<'_>,
) -> sqlx::Result<()> {
    let from = contact.company_id.map(CompanyId);
    if from == to.map(|(id, _)| id) {
        return Ok(());
    }
    let was = match from {
        Some(id) => queries::find(tx, id).await?.map(|company| company.name),
        None => None,
    };
    let is = to.map(|(_, name)| name.to_owned());
    queries::assign(tx, contact.id, to, because.at).await?;
    let entry = Entry::new("contacts.company_changed").on("contact", contact.id, &contact.name());
    tx.record(entry.before(json!({ "company": was })).after(json!({ "company": is })), because.at).await?;
    if contact.company.is_empty() && is.is_some() {
        let fields = vec!["company".to_owned()];
        events::record(tx, &ContactChanged { contact: contact.id.0, fields }).await?;
    }
    let changed = CompanyChanged {
        contact: contact.id.0,
        company: to.map(|(id, _)| id.0),
        from: was.unwrap_or_default(),
        to: is.unwrap_or_default(),
        cause: because.cause.to_owned(),
        by: because.by,
    };
    events::record(tx, &changed).await
}

/// The words for it.
pub const TELLER: Teller = Teller {
    kinds: &[CompanyChanged::KIND],
    tell: |_, happened| Box::pin(async move { Ok(happened.iter().map(told).collect()) }),
};

fn told(happened: &Recorded) -> Told {
    let Ok(Some(changed)) = happened.read::<CompanyChanged>() else { return Told::words("Company changed") };
    let called = |name: &str| if name.is_empty() { "none".to_owned() } else { name.to_owned() };
    Told::words(format!("Company: {} → {}", called(&changed.from), called(&changed.to)))
}

pub(super) fn all_routes() -> Routes {
    routes::routes().merge(assigning::routes())
}
