//! Secrets: what a workspace entrusts us with, and the keys that keep it.
//!
//! - [`sealing`]: a value opens in its own place alone
//! - [`rotation`]: another master key, beside readers and in spite of being killed
//! - [`leaks`]: a value stands nowhere but in its ciphertext
//! - [`columns`]: every column that may hold something secret is on a list
//! - [`page`]: the page, through which a value goes one way
//! - [`crossings`]: what opens one door opens no other

mod columns;
mod crossings;
mod leaks;
mod page;
mod rotation;
mod sealing;

use groundswell::{
    accounts::UserId,
    crypto::Keys,
    secrets::{self, INTEGRATION, NewSecret, SecretError, SecretId},
    tenancy::{JobScope, OrgId, OrgTx},
};
use secrecy::{ExposeSecret, SecretString};

use crate::support::{TestApp, tenant::Tenant};

/// What stands in the town's secrets.
const OF_ACME: &str = "acme-key-of-the-town-aaaa";
const OF_INITECH: &str = "initech-key-of-the-town-bbbb";

/// A transaction in this organization, as a job enters it.
async fn inside(app: &TestApp, tenant: &Tenant) -> OrgTx {
    enter(app, tenant.org.parse().unwrap()).await
}

async fn enter(app: &TestApp, org: OrgId) -> OrgTx {
    JobScope::new(app.app.db.clone(), org, "test").enter().await.unwrap()
}

fn id(tenant: &Tenant) -> SecretId {
    tenant.secret.parse().unwrap()
}

/// The value of a secret, as whoever calls the other service gets it.
async fn revealed(
    app: &TestApp,
    keys: &Keys,
    org: OrgId,
    id: SecretId,
) -> Result<Option<String>, SecretError> {
    let mut tx = enter(app, org).await;
    let value = secrets::reveal_for_use(&mut tx, keys, id, app.app.clock.now()).await?;
    tx.commit().await?;
    Ok(value.map(|value| value.expose_secret().to_owned()))
}

/// Keeps a value in this organization, under a name of its own.
async fn kept(app: &TestApp, org: OrgId, by: &str, label: &str, value: &str) -> SecretId {
    let (mut tx, value) = (enter(app, org).await, SecretString::from(value));
    let by: UserId = by.parse().unwrap();
    let new = NewSecret { kind: INTEGRATION, label, value: &value, created_by: by };
    let id = secrets::put(&mut tx, &app.app.keys, &new, app.app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    id.expect("a name of its own")
}
