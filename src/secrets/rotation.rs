//! Sealing everything with the current master key: organizations' data keys, and people's two-factor
//! secrets. The values that a data key seals stay as they are.
//!
//! Every row is changed by itself, and only if it is still what was read: this may run beside readers,
//! writers and another of its kind, and may be ended at any moment and begun again.

use uuid::Uuid;

use super::{SecretError, data_key, queries};
use crate::{
    accounts::two_factor,
    tenancy::{JobScope, OrgId},
    web::App,
};

/// Rows of a batch.
const BATCH: i32 = 200;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotated {
    pub data_keys: u64,
    pub two_factor_secrets: u64,
    /// What could not be opened, and why: sentences.
    pub left: Vec<String>,
}

/// Seals everything that is sealed with another master key with the current one.
pub async fn rotate(app: &App) -> Result<Rotated, SecretError> {
    let mut done = Rotated::default();
    let mut after = Uuid::nil();
    loop {
        let batch = queries::sealed_with_another(&app.db, &app.keys.id().0, after, BATCH).await?;
        let Some(last) = batch.last() else { break };
        after = *last;
        for org in &batch {
            rewrap_organization(app, OrgId(*org), &mut done).await?;
        }
    }
    let people = two_factor::reseal::everybody(&app.db, &app.keys, BATCH).await?;
    done.two_factor_secrets = people.resealed;
    done.left.extend(people.left.into_iter().map(|(user, error)| {
        format!("The two-factor secret of the person {user} was left as it is: {error}.")
    }));
    Ok(done)
}

async fn rewrap_organization(app: &App, org: OrgId, done: &mut Rotated) -> Result<(), SecretError> {
    let mut tx = JobScope::new(app.db.clone(), org, "secrets.rotate").enter().await?;
    let mut changed = 0;
    for key in queries::keys_sealed_with_another(&mut tx, &app.keys.id().0).await? {
        match data_key::rewrap(tx.org(), &app.keys, key.version, &key.wrapped_key) {
            Ok(wrapped) => changed += u64::from(queries::rewrap(&mut tx, &key, &wrapped).await?),
            Err(error) => done.left.push(format!(
                "The data key {} of the organization {org} was left as it is: {error}.",
                key.version
            )),
        }
    }
    tx.commit().await?;
    done.data_keys += changed;
    Ok(())
}
