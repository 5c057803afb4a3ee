//! Deals: what may be sold to whom, for how much, how likely, and how far it is.
//!
//! Owns `pipelines`, `pipeline_stages`, `deals`, `deal_contacts`, `deal_stage_history` and `deal_notes`.
//!
//! Always true: a deal is in a stage of its pipeline that has not been removed, and changes it through
//! [`moving`] alone, which writes the history with it; a pipeline has at least one open stage, exactly one won
//! and exactly one lost, and these two stand at its end; a deal has an actual close in a won or lost stage and
//! none in an open one, and a reason for being lost in the lost one alone; where a deal has contacts, exactly
//! one of them is its primary one; no deal is in a pipeline that is archived; an amount is a whole number of the smallest unit of its currency, and
//! amounts of several currencies are never added.
//!
//! - `deal`: what a deal is, and what its form accepts
//! - [`pipelines`]: the stages that deals go through, and their settings
//! - `board`: a column for each stage
//! - `table`: every deal, searched and sorted
//! - `record`: the page of one deal: what is known of it
//! - [`moving`]: from one stage to another
//! - `people`: the contacts of a deal
//! - `notes`: what somebody wants to remember about it
//! - `of_contact`: the deals of one contact, beside their page
//! - `of_company`: the deals of those who work for one company, beside its page
//! - `telling`: the same on somebody's timeline
//! - [`personal`]: what they hold of a person
//! - `found`: by words
//! - `giving`: telling somebody that a deal is theirs now
//! - `carrying`: when two records of one person become one

mod board;
mod carrying;
pub mod deal;
mod found;
mod giving;
pub mod happened;
mod making;
pub mod moving;
mod notes;
mod of_company;
mod of_contact;
mod people;
mod permissions;
pub mod personal;
pub mod pipelines;
mod queries;
mod record;
mod table;
mod telling;

pub use carrying::CARRIER;
pub use deal::{Deal, DealId, owners};
pub use found::SEEKER;
pub use giving::GIVEN;
pub use making::{NewDeal, make};
pub use notes::{NoteId, write as write_note};
pub use of_company::CARD as COMPANY_CARD;
pub use of_contact::CARD;
pub use people::meant;
pub use permissions::{EditDeals, ManagePipelines, ViewDeals};
pub use telling::TELLER;

use crate::web::Routes;

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(board::routes::routes())
        .merge(making::routes::routes())
        .merge(record::routes::routes())
        .merge(moving::routes::routes())
        .merge(people::routes::routes())
        .merge(notes::routes::routes())
        .merge(of_contact::routes())
        .merge(of_company::routes())
        .merge(pipelines::routes::routes())
}

/// A day as this person writes it, whatever zone they are in.
fn on_day(me: &crate::accounts::User, day: chrono::NaiveDate) -> String {
    me.in_zone("UTC").date(day.and_time(chrono::NaiveTime::MIN).and_utc())
}
