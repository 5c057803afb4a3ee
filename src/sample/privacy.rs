//! Somebody who asked the sample business to be forgotten, and was; and a rule about what is kept for how long.

use chrono::TimeDelta;

use super::past::{Remember, SEED};
use crate::{
    accounts::UserId,
    audit::{Actor, Entry},
    campaigns,
    contacts::{
        self,
        contact::ContactForm,
        notes::{self, Author},
        record,
    },
    deals, events, notices,
    personal::Holdings,
    privacy, tasks,
    tenancy::{OrgId, VisitorScope},
    web::App,
};

/// As the program itself has them.
const HOLDINGS: &[&[crate::personal::Held]] = &[
    tasks::personal::HELD,
    deals::personal::HELD,
    campaigns::personal::HELD,
    notices::personal::HELD,
    events::personal::HELD,
    contacts::personal::FILES,
    contacts::personal::HELD,
    privacy::below::HELD,
];

/// Adds somebody, notes something, and erases them.
pub(super) async fn plant(app: &App, org: OrgId, owner: UserId) -> anyhow::Result<()> {
    let (now, asked) = (app.clock.now(), app.clock.now() - TimeDelta::days(6));
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    let typed = [("email", "robin@forgetme.example"), ("first_name", "Robin"), ("last_name", "Forgetme")];
    let form = ContactForm(typed.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
    let checked = form.check(&[]).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    let id = record::add(&mut tx, &checked, owner.0, now - TimeDelta::days(40)).await?;
    let id = id.map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    if let Some(contact) = record::find(&mut tx, id).await? {
        let author = Author { id: owner.0, at: asked };
        notes::write(&mut tx, &contact, ("Asked by mail to be forgotten.", &[]), author).await?;
    }
    tx.record(Entry::new("contacts.erasure_ordered").on("contact", id, ""), asked).await?;
    let holdings = Holdings::new(HOLDINGS);
    privacy::erasing::work::erase_now(&mut tx, &holdings, id.0, (Some(owner.0), asked)).await?;
    privacy::rules::decide(&mut tx, "read_notices", 90, asked).await?;
    tx.commit().await?;
    Ok(())
}
