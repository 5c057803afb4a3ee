//! Campaigns: what is said to whom and when, how it goes, and what became of it.
//!
//! Owns `campaigns`, `broadcasts`, `campaign_audiences`, `recipients`, `tracked_links`, `link_clicks` and
//! `kept_mail`. Always true: whom a broadcast is for is settled when it starts, and so is what it says; every
//! one of them is in the report with what became of it; nobody is written to who has opted out.
//!
//! - [`broadcast`]: to whom, from whom, what, when
//! - [`letter`]: what it says, written for each person
//! - `table`: every campaign, a new one, a copy
//! - `draft`: what is still to be said about one, part by part
//! - [`checks`]: what stands in its way
//! - `trial`: seeing it as somebody, and sending it to oneself
//! - `control`: starting, undoing, pausing, calling off
//! - `progress`: how far it is
//! - [`freeze`]: what it says and whom it is for, settled as it starts
//! - [`sending`]: slice by slice, to its end
//! - [`mailbox`]: where mail stays when there is no server, and is read
//! - [`tracking`]: opened mail and followed links
//! - [`visitors`]: the pages behind a mail's own links
//! - [`report`]: what became of it
//! - [`telling`]: the same on somebody's timeline
//! - [`segments`]: the same as what a rule may ask for
//! - [`tokens`]: what links in mail carry instead of names
//! - [`bounces`]: what comes back by mail
//! - [`personal`]: what all of this holds of a person

pub mod bounces;
pub mod broadcast;
pub mod checks;
mod control;
mod draft;
pub mod freeze;
pub mod letter;
pub mod mailbox;
mod permissions;
pub mod personal;
mod progress;
mod queries;
pub mod report;
pub mod segments;
pub mod sending;
mod table;
pub mod telling;
pub mod tokens;
pub mod tracking;
pub mod trial;
pub mod visitors;

pub use broadcast::{Broadcast, Status};
pub use permissions::{EditCampaigns, SendCampaigns, ViewCampaigns};

use crate::web::Routes;

/// The pages behind a mail's own links whose forms are ours.
pub fn visitor_routes() -> Routes {
    Routes::public().merge(visitors::routes::routes())
}

/// The doors of mail that are opened from anywhere: pictures, links, the page, and the one click.
pub fn open_routes() -> Routes {
    Routes::public()
        .merge(tracking::routes::routes())
        .merge(visitors::page::routes())
        .merge(visitors::routes::one_click_routes())
}

crate::id!(
    /// What is said about one thing, on however many channels.
    CampaignId
);

crate::id!(
    /// One execution of a campaign on one channel.
    BroadcastId
);

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(table::routes::routes())
        .merge(draft::routes::routes())
        .merge(trial::routes())
        .merge(control::routes())
        .merge(report::routes::routes())
        .merge(mailbox::routes())
}
