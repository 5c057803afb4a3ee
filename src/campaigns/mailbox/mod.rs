//! The built-in mailbox: where mail stays when there is no server, and answers as servers do.
//!
//! Nothing leaves the machine. What would have left is kept to be read, the newest of it; and some addresses
//! behave as people and servers out there would, so that every outcome can be tried with no account.
//!
//! - [`reactions`]: what those addresses do once they have a mail
//! - `routes`: reading what was kept

mod queries;
pub mod reactions;
mod routes;
mod views;

use std::sync::Arc;

use chrono::{DateTime, Utc};

use tokio::sync::mpsc;
use uuid::Uuid;

use reactions::React;

use super::{BroadcastId, EditCampaigns};
use crate::{
    channels::{
        address::Address,
        replies::Reason,
        smtp::{Outcome, Refusal, Step, outcome::Accepted},
    },
    clock::Clock,
    contacts::ViewContacts,
    jobs::{self, Failure, Order},
    tenancy::{JobScope, Member, OrgTx},
};

pub(super) use routes::routes;

crate::id!(
    /// A message that was kept.
    KeptId
);

/// Messages of one organization that are kept.
const KEPT: i64 = 1_000;

/// How an address behaves, by what its local part begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Persona {
    /// There is nobody, and the server says so at once.
    Reject,
    /// It is put off twice, then taken.
    Defer,
    /// The connection is lost after the end of the message: nobody knows.
    Lost,
    /// It is taken, and comes back for ever.
    BounceHard,
    /// It is taken, and comes back this once.
    BounceSoft,
    /// Its reader calls it spam.
    Complain,
    /// A machine looks at all of it at once.
    Scanner,
    /// Opens it.
    Reader,
    /// Opens it and follows the first link.
    Clicker,
    /// Wants no more of it.
    Unsubscribe,
}

/// What addresses begin with, and what they do: for people to read.
pub const PERSONAS: &[(&str, Persona, &str)] = &[
    ("bounce-hard", Persona::BounceHard, "comes back for ever"),
    ("bounce-soft", Persona::BounceSoft, "comes back this once"),
    ("complain", Persona::Complain, "calls it spam"),
    ("defer", Persona::Defer, "is put off twice, then taken"),
    ("reject", Persona::Reject, "is refused at once: nobody is there"),
    ("lost", Persona::Lost, "loses the connection at the end: nobody knows"),
    ("scanner", Persona::Scanner, "is a machine that follows every link at once"),
    ("reader", Persona::Reader, "opens it"),
    ("clicker", Persona::Clicker, "opens it and follows a link"),
    ("unsubscribe", Persona::Unsubscribe, "wants no more of it"),
];

impl Persona {
    pub fn of(address: &Address) -> Option<Self> {
        Self::named(address.local())
    }

    /// By what an address begins with.
    pub fn named(address: &str) -> Option<Self> {
        let local = address.to_ascii_lowercase();
        PERSONAS.iter().find(|(begin, ..)| local.starts_with(begin)).map(|(_, persona, _)| *persona)
    }

    /// Whether something follows once it was taken.
    pub fn reacts(self) -> bool {
        !matches!(self, Self::Reject | Self::Defer | Self::Lost)
    }
}

/// A message that was kept.
#[derive(Clone, Debug)]
pub struct Kept {
    pub contact: Uuid,
    pub to: Address,
    pub subject: String,
    pub source: Vec<u8>,
}

/// What the mailbox says before the end of a message: nothing, when it would take it.
pub fn answer(to: &Address, attempts: i16) -> Option<Outcome> {
    let refusal = |code, text: &str, reason| Refusal {
        code,
        enhanced: None,
        text: text.to_owned(),
        step: Step::Recipient,
        reason,
    };
    match Persona::of(to)? {
        Persona::Reject => {
            Some(Outcome::Permanent(refusal(550, "5.1.1 Nobody is here", Reason::MailboxUnknown)))
        }
        Persona::Defer if attempts < 2 => {
            Some(Outcome::Transient(refusal(451, "4.7.1 Come again later", Reason::Greylisted)))
        }
        _ => None,
    }
}

/// What it says to the end.
pub fn taken(to: &Address) -> Outcome {
    match Persona::of(to) {
        Some(Persona::Lost) => Outcome::Unknown("The connection was lost before the answer.".to_owned()),
        _ => Outcome::Accepted(Accepted { text: "Kept in the built-in mailbox".to_owned(), queue_id: None }),
    }
}

/// Writes down what was kept, many at a time, until nobody brings more.
pub(super) async fn keep(
    scope: Arc<JobScope>,
    (broadcast, number): (BroadcastId, i64),
    clock: Clock,
    mut kept: mpsc::Receiver<Kept>,
) -> sqlx::Result<()> {
    let mut together = Vec::new();
    let mut any = false;
    while kept.recv_many(&mut together, 100).await > 0 {
        any = true;
        let mut tx = scope.enter().await?;
        queries::insert(&mut tx, broadcast, &together, clock.now()).await?;
        react(&mut tx, number, &together).await?;
        tx.commit().await?;
        together.clear();
    }
    if any {
        let mut tx = scope.enter().await?;
        queries::forget(&mut tx, KEPT).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// Keeps a trial, to which nobody reacts.
pub(super) async fn keep_trial(
    tx: &mut OrgTx,
    broadcast: BroadcastId,
    trial: Kept,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    queries::insert(tx, broadcast, &[trial], now).await?;
    queries::forget(tx, KEPT).await
}

/// Whether somebody may read what is kept: it holds links that choose for whoever it was for, and names them.
pub(super) fn may_read(member: &Member) -> bool {
    member.may::<EditCampaigns>() && member.may::<ViewContacts>()
}

/// Whether there is mail of this broadcast to be read.
pub(super) async fn holds(tx: &mut OrgTx, broadcast: BroadcastId) -> sqlx::Result<bool> {
    queries::holds(tx, broadcast).await
}

/// Lets those react who do.
async fn react(tx: &mut OrgTx, number: i64, kept: &[Kept]) -> sqlx::Result<()> {
    let org = tx.org();
    for one in kept.iter().filter(|one| Persona::of(&one.to).is_some_and(Persona::reacts)) {
        let react = React { number, contact: one.contact, address: one.to.to_string() };
        let order = Order { after: reactions::MOMENT, ..Order::default() };
        if let Err(Failure::Again(error)) = jobs::enqueue(tx.conn(), org, &react, order).await {
            return Err(sqlx::Error::Protocol(error.to_string()));
        }
    }
    Ok(())
}
