//! Telling those on whom a note calls.

use uuid::Uuid;

use crate::{
    accounts::{User, UserId},
    contacts::Contact,
    notices::{self, Kind, Said},
    tenancy::OrgTx,
    web::{App, Result},
};

pub const MENTIONED: Kind =
    Kind { key: "contacts.mentioned", words: "Somebody calls on you in a note about a contact" };

/// Tells those whom a note calls on for the first time.
pub(super) async fn tell(
    tx: &mut OrgTx,
    app: &App,
    (contact, by): (&Contact, &User),
    whom: Vec<Uuid>,
) -> Result<()> {
    let title = format!("{} calls on you in a note about {}", by.name, contact.name());
    for to in whom {
        let said = Said { to: UserId(to), title: title.clone(), path: format!("/contacts/{}", contact.id) };
        notices::tell(tx, app, MENTIONED, &said).await?;
    }
    Ok(())
}
