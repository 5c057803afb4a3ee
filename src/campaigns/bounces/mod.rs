//! What comes back of campaigns by mail: notices of failure, complaints, and wishes for no more.
//!
//! Whose mail it was stands in the address that it came back to, which only we can make; whatever else a mail
//! says about that is not believed. Always true: the same notice twice does nothing more; an address that
//! will never take mail, or whose owner complained, is written to no more from that moment on.
//!
//! - [`happened`]: for the timeline
//! - [`postbox`]: the small server that such mail comes to
//!
//! [`take`] is for a mail as it came, [`came_back`] for one that was understood already.

pub mod happened;
pub mod postbox;
mod queries;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{
    BroadcastId,
    tokens::{Addressee, return_addresses},
};
use crate::{
    channels::{
        bounces::{Bounce, Kind, Verp, read},
        replies::Reason,
    },
    contacts::{
        ContactId,
        consent::{self, NewConsent},
        merging,
    },
    crypto::{Keys, Purpose},
    events,
    outbox::arrived,
    tenancy::{JobScope, OrgId, OrgTx},
    web::App,
};
use happened::{EmailBounced, EmailComplained};

/// So many mails in a row that came back softly, within so long, and an address is given up.
const SOFT_ONES: i64 = 5;
const SOFT_FOR: TimeDelta = TimeDelta::days(14);
/// Characters of what a server said that are kept.
const LONGEST: usize = 500;

/// What became of a mail or a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Bounced(Kind),
    Complained,
    OptedOut,
    /// It was known already, says nothing, or is about nobody who is still there.
    Nothing,
}

/// The key that addresses for unsubscribing are made with: the current one first, then those for reading.
pub fn unsubscribe_addresses(keys: &Keys, domain: &str) -> Vec<Verp> {
    keys.signatures(Purpose::MailToken, &[b"unsubscribe"]).map(|key| Verp::unsubscribe(key, domain)).collect()
}

/// What an address of ours stands for.
enum Meant {
    Returned(Addressee, Verp),
    Unsubscribe(Addressee),
}

fn meant(keys: &Keys, domain: &str, to: &str) -> Option<Meant> {
    let addressee = |verp: &Verp| Addressee::of_octets(&verp.decode(to)?.0);
    let back = return_addresses(keys, domain).into_iter();
    let back = back.filter_map(|verp| Some(Meant::Returned(addressee(&verp)?, verp))).next();
    back.or_else(|| unsubscribe_addresses(keys, domain).iter().find_map(addressee).map(Meant::Unsubscribe))
}

/// A mail as it came to this address: deals with it for good, or fails.
pub async fn take(app: &App, raw: &[u8], envelope_to: &str) -> sqlx::Result<Done> {
    let Some(domain) = &app.config.bounce_domain else { return Ok(Done::Nothing) };
    match meant(&app.keys, domain, envelope_to) {
        Some(Meant::Unsubscribe(of)) => opt_out(app, of).await,
        Some(Meant::Returned(of, verp)) => match read(raw, Some(envelope_to), &verp) {
            Some(bounce) => came_back(app, of, &bounce).await,
            // An automatic answer, a notice of success.
            None => Ok(Done::Nothing),
        },
        None => Ok(Done::Nothing),
    }
}

/// Somebody's mail came back, or they complained about it.
pub async fn came_back(app: &App, of: Addressee, bounce: &Bounce) -> sqlx::Result<Done> {
    if bounce.kind == Kind::Delayed {
        return Ok(Done::Nothing);
    }
    let Some((mut tx, broadcast)) = enter(app, of).await? else { return Ok(Done::Nothing) };
    let mail = Mail { broadcast, contact: of.contact };
    let now = app.clock.now();
    let done = match bounce.kind {
        Kind::Hard => hard(&mut tx, mail, bounce, now).await?,
        Kind::Soft => soft(&mut tx, mail, bounce, now).await?,
        Kind::Complaint => complaint(&mut tx, mail, bounce, now).await?,
        Kind::Delayed => Done::Nothing,
    };
    tx.commit().await?;
    Ok(done)
}

/// Inside of the organization whose broadcast has this number.
async fn enter(app: &App, of: Addressee) -> sqlx::Result<Option<(OrgTx, BroadcastId)>> {
    let Some((org, broadcast)) = queries::broadcast_of(&app.db, of.broadcast).await? else { return Ok(None) };
    let tx = JobScope::new(app.db.clone(), OrgId(org), "campaigns.bounces").enter().await?;
    Ok(Some((tx, BroadcastId(broadcast))))
}

/// One mail to one person, in the organization that was entered.
#[derive(Clone, Copy, Debug)]
pub struct Mail {
    pub broadcast: BroadcastId,
    pub contact: Uuid,
}

/// It will never be delivered: its address is written to no more.
pub async fn hard(tx: &mut OrgTx, mail: Mail, bounce: &Bounce, now: DateTime<Utc>) -> sqlx::Result<Done> {
    let detail = detail(bounce);
    let Some(address) = bounced(tx, mail, ("hard", reason_key(bounce.reason), &detail), now).await? else {
        return Ok(Done::Nothing);
    };
    consent::suppress(tx, &address, ("hard_bounce", &detail), now).await?;
    Ok(Done::Bounced(Kind::Hard))
}

/// It was not delivered this time. Where it never is, the address is given up.
pub async fn soft(tx: &mut OrgTx, mail: Mail, bounce: &Bounce, now: DateTime<Utc>) -> sqlx::Result<Done> {
    let detail = detail(bounce);
    let Some(address) = bounced(tx, mail, ("soft", reason_key(bounce.reason), &detail), now).await? else {
        return Ok(Done::Nothing);
    };
    if queries::only_soft(tx, mail.contact, SOFT_ONES, now - SOFT_FOR).await? {
        consent::suppress(tx, &address, ("soft_bounces", &detail), now).await?;
    }
    Ok(Done::Bounced(Kind::Soft))
}

/// Writes down with the recipient that it came back, and gives their address. `None` when that is known.
async fn bounced(
    tx: &mut OrgTx,
    mail: Mail,
    (kind, reason, detail): (&str, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    let Some(address) = queries::mark_bounced(tx, mail, (kind, reason, detail), now).await? else {
        return Ok(None);
    };
    arrived::did_leave(tx, mail.broadcast.0, mail.contact).await?;
    let event = EmailBounced {
        contact: mail.contact,
        broadcast: mail.broadcast.0,
        bounce: kind.to_owned(),
        reason: reason.to_owned(),
    };
    events::record(tx, &event).await?;
    Ok(Some(address))
}

/// Its reader called it spam: they are written to no more.
pub async fn complaint(
    tx: &mut OrgTx,
    mail: Mail,
    bounce: &Bounce,
    now: DateTime<Utc>,
) -> sqlx::Result<Done> {
    let Some(address) = queries::mark_complained(tx, mail, now).await? else { return Ok(Done::Nothing) };
    arrived::did_leave(tx, mail.broadcast.0, mail.contact).await?;
    consent::suppress(tx, &address, ("complaint", &detail(bounce)), now).await?;
    let event = EmailComplained { contact: mail.contact, broadcast: mail.broadcast.0 };
    events::record(tx, &event).await?;
    Ok(Done::Complained)
}

/// They wrote to the address for it: nothing more of anything. Said again, it is kept once.
async fn opt_out(app: &App, of: Addressee) -> sqlx::Result<Done> {
    let Some((mut tx, broadcast)) = enter(app, of).await? else { return Ok(Done::Nothing) };
    let mail = Mail { broadcast, contact: of.contact };
    let now = app.clock.now();
    if !queries::mark_unsubscribed(&mut tx, mail, now).await? {
        return Ok(Done::Nothing);
    }
    let Some(contact) = merging::meant(&mut tx, ContactId(of.contact)).await? else {
        return Ok(Done::Nothing);
    };
    if queries::is_withdrawn(&mut tx, contact.0).await?.unwrap_or(true) {
        return Ok(Done::Nothing);
    }
    let new = NewConsent {
        contact,
        topic: None,
        state: "withdrawn",
        paused_until: None,
        source: "one_click",
        wording: "Wrote to the address for unsubscribing that stands in a campaign's mail.",
        address: "",
        by: None,
    };
    consent::record(&mut tx, new, now).await?;
    tx.commit().await?;
    Ok(Done::OptedOut)
}

/// What was said, on one line, with its code in front.
fn detail(bounce: &Bounce) -> String {
    let code = bounce.status.map(|status| format!("{}.{}.{} ", status.0, status.1, status.2));
    let said = format!("{}{}", code.unwrap_or_default(), bounce.diagnostic);
    said.replace(char::is_control, " ").trim().chars().take(LONGEST).collect()
}

fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::MailboxUnknown => "mailbox_unknown",
        Reason::MailboxFull => "mailbox_full",
        Reason::Blocked => "blocked",
        Reason::Throttled => "throttled",
        Reason::Greylisted => "greylisted",
        Reason::Content => "content",
        Reason::Auth => "auth",
        Reason::Other => "other",
    }
}
