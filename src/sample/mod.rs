//! Sample data, to try the product on: a roofing business, and an agency with three clients, which exist
//! nowhere.
//!
//! Plainly labelled: the organizations are marked as sample, which every page of them says, and all
//! addresses end in `.example`, which no mail can reach (RFC 2606 §2). Making it twice makes it once.

mod agency;
mod business;
mod campaign;
mod client;
mod companies;
mod contacts;
mod deals;
mod duplicates;
mod fields;
mod imports;
mod past;
mod person;
mod privacy;
mod queries;
mod segments;
mod staff;
mod tasks;

pub use staff::plant_staff;

use crate::{accounts::password, web::App};

/// What every sample person signs in with.
pub const PASSWORD: &str = "groundswell-demo";

/// The slug of the sample business.
pub const SLUG: &str = "summit-roofing";

/// A key that was made up, so that the page of secrets has something to show.
pub const SECRET: &str = "sample-key-that-opens-nothing-0000";

/// Makes the sample organizations, each unless it is there. Gives the addresses to sign in with, as pairs
/// of address and role, the owner of the business first.
pub async fn plant(app: &App) -> anyhow::Result<Vec<(String, &'static str)>> {
    let hash = password::hash(app, PASSWORD).await?;
    let mut sign_ins = business::plant(app, &hash).await?;
    sign_ins.extend(agency::plant(app, &hash).await?);
    Ok(sign_ins)
}
