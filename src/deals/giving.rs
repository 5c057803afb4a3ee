//! Telling somebody that a deal is theirs now.

use uuid::Uuid;

use super::DealId;
use crate::{
    accounts::{User, UserId},
    notices::{self, Kind, Said},
    tenancy::OrgTx,
    web::{App, Result},
};

pub const GIVEN: Kind = Kind { key: "deals.given", words: "Somebody makes you the owner of a deal" };

/// Tells the owner of a deal, unless they did it themselves.
pub(super) async fn tell_owner(
    tx: &mut OrgTx,
    app: &App,
    (deal, name): (DealId, &str),
    (owner, by): (Option<Uuid>, &User),
) -> Result<()> {
    let Some(to) = owner.map(UserId).filter(|to| *to != by.id) else { return Ok(()) };
    let title = format!("{} made you the owner of the deal “{name}”", by.name);
    notices::tell(tx, app, GIVEN, &Said { to, title, path: format!("/deals/{deal}") }).await
}
