//! What happens to deals, in words, for the timeline of their contacts.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::{
    ViewDeals,
    deal::named,
    happened::{DealCreated, DealLost, DealStageChanged, DealWon},
};
use crate::{
    events::{
        Event, Recorded,
        timeline::{Teller, Told},
    },
    tenancy::{OrgTx, Permission},
};

pub const TELLER: Teller = Teller {
    kinds: &[DealCreated::KIND, DealStageChanged::KIND, DealWon::KIND, DealLost::KIND],
    tell: |tx, happened| Box::pin(tell(tx, happened)),
};

async fn tell(tx: &mut OrgTx, happened: &[Recorded]) -> sqlx::Result<Vec<Told>> {
    let mut all: Vec<Uuid> = happened.iter().filter_map(deal).collect();
    all.sort_unstable();
    all.dedup();
    let names = named(tx, &all).await?;
    Ok(happened.iter().map(|one| told(one, &names)).collect())
}

/// Every event of a deal says which.
fn deal(happened: &Recorded) -> Option<Uuid> {
    happened.payload.get("deal").and_then(Value::as_str)?.parse().ok()
}

fn told(happened: &Recorded, names: &HashMap<Uuid, String>) -> Told {
    let id = deal(happened);
    let name =
        id.and_then(|id| names.get(&id)).map_or_else(|| "a deal".to_owned(), |name| format!("“{name}”"));
    let words = if let Ok(Some(made)) = happened.read::<DealCreated>() {
        format!("Deal {name} made, in {}", made.to_name)
    } else if let Ok(Some(moved)) = happened.read::<DealStageChanged>() {
        format!("Deal {name} moved from {} to {}", moved.from_name, moved.to_name)
    } else if let Ok(Some(lost)) = happened.read::<DealLost>() {
        if lost.reason.is_empty() {
            format!("Deal {name} lost")
        } else {
            format!("Deal {name} lost: {}", lost.reason)
        }
    } else {
        format!("Deal {name} won")
    };
    let path = id.map_or_else(String::new, |id| format!("/deals/{id}"));
    Told { words, path, needs: ViewDeals::KEY }
}
