//! What people do with a campaign's mail, in words, for their timeline.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::{
    CampaignId, ViewCampaigns,
    bounces::happened::{EmailBounced, EmailComplained},
    queries,
    tracking::happened::{EmailClicked, EmailOpened},
    visitors::EmailUnsubscribed,
};
use crate::{
    contacts::uses::{Finder, Use},
    events::{
        Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::{OrgTx, Permission},
};

pub const TELLER: Teller = Teller {
    kinds: &[
        EmailOpened::KIND,
        EmailClicked::KIND,
        EmailBounced::KIND,
        EmailComplained::KIND,
        EmailUnsubscribed::KIND,
    ],
    tell: |tx, happened| Box::pin(tell(tx, happened)),
};

/// A broadcast, as a line of a timeline names it.
#[derive(Clone, Debug)]
pub struct Mail {
    pub campaign: CampaignId,
    pub name: String,
    /// Where its links lead, by their position.
    pub links: Vec<String>,
}

/// The campaigns whose subject names a field of contacts.
pub const FINDER: Finder = Finder { find: |tx, key| Box::pin(naming(tx, key)) };

async fn naming(tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<Use>> {
    let named = queries::naming(tx, key).await?.into_iter();
    let one = |(id, name): (CampaignId, String)| Use {
        what: "Campaign",
        name,
        path: format!("/campaigns/{id}"),
        needs: ViewCampaigns::KEY,
    };
    Ok(named.map(one).collect())
}

async fn tell(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let mut all: Vec<Uuid> = happened.iter().filter_map(broadcast).collect();
    all.sort_unstable();
    all.dedup();
    let mails = queries::mails(tx, &all).await?;
    Ok(happened.iter().map(|one| told(one, &mails)).collect())
}

/// Every event about a mail says whose it was.
fn broadcast(happened: &Recorded) -> Option<Uuid> {
    happened.payload.get("broadcast").and_then(Value::as_str)?.parse().ok()
}

fn told(happened: &Recorded, mails: &HashMap<Uuid, Mail>) -> Told {
    let mail = broadcast(happened).and_then(|id| mails.get(&id));
    let name = mail.map_or_else(|| "a mail".to_owned(), |mail| format!("“{}”", mail.name));
    let words = if let Ok(Some(clicked)) = happened.read::<EmailClicked>() {
        match mail.and_then(|mail| mail.links.get(usize::from(clicked.position))) {
            Some(target) => format!("Followed the link to {} in {name}", shown(target)),
            None => format!("Followed a link in {name}"),
        }
    } else if let Ok(Some(bounced)) = happened.read::<EmailBounced>() {
        let how = if bounced.bounce == "hard" { "came back for good" } else { "came back" };
        if mail.is_some() { format!("{name} {how}") } else { format!("A mail {how}") }
    } else {
        match happened.kind.as_str() {
            EmailComplained::KIND => format!("Called {name} spam"),
            EmailUnsubscribed::KIND => format!("Asked for no more by a link in {name}"),
            _ => format!("Opened {name}"),
        }
    };
    let path = mail.map_or_else(String::new, |mail| format!("/campaigns/{}/report", mail.campaign));
    Told { words, path, needs: ViewCampaigns::KEY }
}

/// An address, as short as it still says where it leads.
fn shown(target: &str) -> String {
    const LONGEST: usize = 60;
    let bare = target.trim_start_matches("https://").trim_start_matches("http://").trim_end_matches('/');
    if bare.chars().count() <= LONGEST {
        return bare.to_owned();
    }
    bare.chars().take(LONGEST).chain(['…']).collect()
}
