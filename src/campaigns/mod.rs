//! Campaigns: what is said to whom and when, how it goes, and what became of it.
//!
//! Owns `campaigns`, `broadcasts`, `campaign_audiences`, `recipients`, `tracked_links`, `link_clicks` and
//! `kept_mail`. Always true: whom a broadcast is for is settled when it starts, and so is what it says; every
//! one of them is in the report with what became of it; nobody is written to who has opted out.
//!
//! - [`broadcast`]: to whom, from whom, what, when
//! - [`letter`]: what it says, written for each person
//! - [`freeze`]: what it says and whom it is for, settled as it starts
//! - [`sending`]: slice by slice, to its end
//! - [`mailbox`]: where mail stays when there is no server
//! - [`tracking`]: opened mail and followed links
//! - [`visitors`]: the pages behind a mail's own links
//! - [`report`]: what became of it
//! - [`tokens`]: what links in mail carry instead of names
//! - [`bounces`]: what comes back by mail

pub mod bounces;
pub mod broadcast;
pub mod freeze;
pub mod letter;
pub mod mailbox;
mod permissions;
mod queries;
pub mod report;
pub mod sending;
pub mod tokens;
pub mod tracking;
pub mod visitors;

pub use broadcast::{Broadcast, Status};
pub use permissions::{EditCampaigns, SendCampaigns, ViewCampaigns};

use crate::web::Routes;

/// What of `/w/{org}` is here already: the reports.
pub fn routes() -> Routes {
    Routes::workspace().merge(report::routes::routes())
}

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
