//! People of whom the sample business has two records each: one wrote with a tag in the address, one from work.

use chrono::TimeDelta;
use uuid::Uuid;

use super::past::{Remember, SEED};
use crate::{
    audit::Actor,
    contacts::{contact::ContactForm, duplicates::look, record},
    tenancy::{OrgId, VisitorScope},
    web::App,
};

/// First name, last name, address, company, city, telephone.
const AGAIN: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("Harriet", "Pemberton-Smythe", "harriet+garden@pembertonsmythe.example", "", "Castle Rock", ""),
    ("Bjørn", "Østby", "office@nordlyscabins.example", "Nordlys Cabins", "Evergreen", "+1 303-555-0163"),
];

pub(super) async fn plant(app: &App, org: OrgId, by: Uuid) -> anyhow::Result<()> {
    let now = app.clock.now();
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    for (first, last, email, company, city, phone) in AGAIN {
        let typed = [
            ("email", *email),
            ("first_name", *first),
            ("last_name", *last),
            ("company", *company),
            ("city", *city),
            ("phone", *phone),
        ];
        let form = ContactForm(typed.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
        let checked = form.check(&[]).map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
        let added = record::add(&mut tx, &checked, by, now - TimeDelta::days(1)).await?;
        added.map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    }
    look::now(app, &mut tx).await?;
    tx.commit().await?;
    Ok(())
}
