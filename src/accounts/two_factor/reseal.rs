//! Sealing everybody's two-factor secret with the current master key.

use uuid::Uuid;

use super::{place, queries};
use crate::{
    accounts::UserId,
    crypto::{Keys, Purpose, SealError, sealed},
    db::Db,
};

pub use queries::master_keys;

/// What was done.
#[derive(Debug, Default)]
pub struct Resealed {
    pub resealed: u64,
    /// Whose secret could not be opened, and why.
    pub left: Vec<(UserId, SealError)>,
}

/// Seals every secret that is sealed with another master key with the current one, a row at a time.
///
/// A secret that was changed meanwhile is left alone: it was sealed with the current key.
pub async fn everybody(db: &Db, keys: &Keys, batch: i32) -> sqlx::Result<Resealed> {
    let mut done = Resealed::default();
    let mut after = UserId(Uuid::nil());
    loop {
        let others =
            queries::sealed_with_another(db, &sealed::prefix(keys.id()), after, i64::from(batch)).await?;
        let Some((last, _)) = others.last() else { break };
        after = *last;
        for (user, former) in &others {
            match resealed(keys, *user, former) {
                Ok(fresh) => done.resealed += u64::from(queries::reseal(db, *user, former, &fresh).await?),
                Err(error) => done.left.push((*user, error)),
            }
        }
    }
    Ok(done)
}

fn resealed(keys: &Keys, user: UserId, former: &[u8]) -> Result<Vec<u8>, SealError> {
    let secret = sealed::open(keys, Purpose::TwoFactorSecret, &place(user), former)?;
    sealed::seal(keys, Purpose::TwoFactorSecret, &place(user), &secret)
}
