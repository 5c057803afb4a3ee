//! Looking for duplicates: everybody of an organization at once, in statements that see all of them.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::queries;
use crate::{
    contacts::identities::{Kind, country_of},
    jobs::{self, AtWork, Failure, Job, Order},
    tenancy::{JobScope, OrgId, OrgTx},
    web::App,
};

/// Looks at the contacts of an organization.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct FindDuplicates {}

impl Job for FindDuplicates {
    const KIND: &'static str = "contacts.find_duplicates";
    const TIME_LIMIT: Duration = Duration::from_secs(1800);
    /// Who is added while it looks is seen by the next one.
    const KEY_WAITS_ONLY: bool = true;

    async fn run(self, app: App, at_work: AtWork) -> Result<(), Failure> {
        let scope = JobScope::new(app.db.clone(), at_work.org.into(), Self::KIND);
        let found = find(&app, &at_work, &scope).await;
        if let Err(Failure::Again(error)) = &found
            && at_work.attempt >= Self::ATTEMPTS
        {
            let mut tx = scope.enter().await?;
            queries::finish(&mut tx, (&json!([]), &format!("{error:#}")), app.clock.now()).await?;
            tx.commit().await?;
        }
        found
    }
}

async fn find(app: &App, at_work: &AtWork, scope: &JobScope) -> Result<(), Failure> {
    let mut tx = scope.enter().await?;
    now(app, &mut tx).await?;
    at_work.still_ours(tx.conn()).await?;
    tx.commit().await?;
    Ok(())
}

/// Looks within the caller's transaction. Numbers are compared by the program alone, which knows countries.
pub async fn now(app: &App, tx: &mut OrgTx) -> sqlx::Result<()> {
    let country = country_of(&queries::zone(tx).await?);
    let (mut whose, mut numbers) = (Vec::new(), Vec::new());
    for (id, typed) in queries::loose_numbers(tx).await? {
        if let Ok(number) = Kind::Phone.read(&typed, country) {
            whose.push(id);
            numbers.push(number.norm);
        }
    }
    let at = app.clock.now();
    let crowds = queries::find(tx, (&whose, &numbers), at).await?;
    queries::finish(tx, (&json!(crowds), ""), at).await
}

/// Orders a look, soon.
pub(super) async fn order(app: &App, tx: &mut OrgTx) -> Result<(), Failure> {
    queries::order(tx, app.clock.now()).await?;
    let org = tx.org();
    let order = Order { key: Some("look"), ..Order::default() };
    jobs::enqueue(tx.conn(), org, &FindDuplicates {}, order).await?;
    Ok(())
}

/// Orders a look wherever contacts were added or changed since the last one.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct LookEverywhere;

impl Job for LookEverywhere {
    const KIND: &'static str = "contacts.look_for_duplicates";

    async fn run(self, app: App, _: AtWork) -> Result<(), Failure> {
        for org in queries::organizations(&app.db).await? {
            let mut tx = JobScope::new(app.db.clone(), OrgId(org), Self::KIND).enter().await?;
            order(&app, &mut tx).await?;
            tx.commit().await?;
        }
        Ok(())
    }
}
