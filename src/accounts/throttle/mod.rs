//! Limits on guessing, which hold across processes.
//!
//! Each bucket lets a number of attempts through at once and then one every so often (the generic cell
//! rate algorithm). An attempt is charged before it is made and given back when it was right: a crowd
//! cannot slip through between the question and the answer, and who types correctly is not slowed.

mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest, Sha256};

use crate::{
    db::Db,
    web::{ClientAddress, Error},
};

/// How many attempts at once, and how long until one more. In any time, as many get through as the burst
/// and what is refilled during it: the two together make the number that a limit promises.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    name: &'static str,
    burst: i32,
    every: TimeDelta,
}

/// Ten guesses a minute from one address.
pub const SIGN_IN_FROM: Limit = Limit { name: "sign-in-from", burst: 5, every: TimeDelta::seconds(12) };
/// A hundred guesses a day at one account by strangers, and as many by each device that signed in before.
pub const SIGN_IN_TO: Limit = Limit { name: "sign-in-to", burst: 50, every: TimeDelta::seconds(1728) };
/// Five codes in five minutes for one account.
pub const CODE: Limit = Limit { name: "code", burst: 3, every: TimeDelta::seconds(150) };
/// Ten mails an hour asked for from one address.
pub const MAIL_FROM: Limit = Limit { name: "mail-from", burst: 5, every: TimeDelta::seconds(720) };
/// Three mails an hour to one recipient.
pub const MAIL_TO: Limit = Limit { name: "mail-to", burst: 2, every: TimeDelta::seconds(3600) };
/// Ten links of invitations tried a minute from one address; one that exists is not counted.
pub const INVITATION_FROM: Limit = Limit { name: "invitation-from", burst: 4, every: TimeDelta::seconds(10) };
/// Four invitations an hour to one recipient by one organization.
pub const INVITATIONS_TO: Limit = Limit { name: "invitations-to", burst: 3, every: TimeDelta::seconds(3600) };
/// Thirty an hour to one recipient by all of them: an agency may invite somebody into many clients.
pub const INVITATIONS_TO_ALL: Limit =
    Limit { name: "invitations-to-all", burst: 20, every: TimeDelta::seconds(360) };
/// Two hundred invitations an hour by one organization.
pub const INVITATIONS_OF: Limit = Limit { name: "invitations-of", burst: 140, every: TimeDelta::seconds(60) };

/// An attempt that was charged, and can be given back.
#[derive(Clone, Debug)]
pub struct Charged {
    bucket: String,
    every: TimeDelta,
}

/// Charges one attempt to the bucket of `whom`, or says in how many seconds the next is free.
pub async fn charge(db: &Db, limit: Limit, whom: &str, now: DateTime<Utc>) -> Result<Charged, Error> {
    // Buckets are named by a hash: the table is no list of who was asked about.
    let digest = Sha256::digest(whom.as_bytes());
    let bucket = format!("{}:{}", limit.name, data_encoding::HEXLOWER.encode(&digest));
    let room = limit.every * (limit.burst - 1);
    match queries::charge(db, &bucket, now, limit.every, room).await? {
        None => Ok(Charged { bucket, every: limit.every }),
        Some(empty_at) => Err(Error::TooMany((empty_at - room - now).num_seconds().max(1))),
    }
}

/// Charges one attempt; `false` when there is no room, where nobody is to be told.
pub async fn allows(db: &Db, limit: Limit, whom: &str, now: DateTime<Utc>) -> Result<bool, Error> {
    match charge(db, limit, whom, now).await {
        Ok(_) => Ok(true),
        Err(Error::TooMany(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Charges the address that a request came from.
pub async fn charge_address(
    db: &Db,
    limit: Limit,
    from: ClientAddress,
    now: DateTime<Utc>,
) -> Result<Charged, Error> {
    charge(db, limit, &from.bucket(), now).await
}

/// Gives an attempt back: it was right.
pub async fn give_back(db: &Db, charged: &Charged) -> sqlx::Result<()> {
    queries::give_back(db, &charged.bucket, charged.every).await
}

/// Forgets buckets that are empty: they limit nobody.
pub async fn delete_empty(db: &Db, now: DateTime<Utc>) -> sqlx::Result<u64> {
    queries::delete_empty(db, now).await
}
