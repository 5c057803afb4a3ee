//! A campaign that is being made: whom it is for, whom it is from, what it says, when it leaves.
//!
//! - [`form`]: what is typed, part by part, and what it means
//! - `page`: the checklist
//! - [`routes`]: its doors

mod form;
mod page;
mod queries;
pub mod routes;
mod views;

pub use form::{Draft, DraftForm, Known, Part, checked_name};

use chrono_tz::Tz;

use super::Broadcast;
use crate::{
    contacts::{consent, lists},
    designs::{self, people},
    senders,
    tenancy::OrgTx,
};

/// The draft of a broadcast, with its lists.
pub(super) async fn load(tx: &mut OrgTx, broadcast: &Broadcast) -> sqlx::Result<Draft> {
    let lists = queries::lists(tx, broadcast.id).await?;
    let of = |wanted: &str| {
        let these = lists.iter().filter(|(_, mode)| mode == wanted);
        these.map(|(id, _)| *id).collect()
    };
    Ok(Draft {
        name: broadcast.name.clone(),
        to_everybody: broadcast.to_everybody,
        include: of("include"),
        exclude: of("exclude"),
        topic: broadcast.topic.map(|id| id.0),
        sender: broadcast.sender.map(|id| id.0),
        subject: broadcast.subject.clone(),
        preview_text: broadcast.preview_text.clone(),
        design: broadcast.design.map(|id| id.0),
        begins_at: broadcast.begins_at,
        track_opens: broadcast.track_opens,
        track_clicks: broadcast.track_clicks,
    })
}

/// What can be chosen.
pub(super) async fn known(
    tx: &mut OrgTx,
    zone: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> sqlx::Result<Known> {
    let topics = consent::topics(tx).await?;
    Ok(Known {
        lists: lists::choices(tx).await?,
        topics: topics.into_iter().map(|topic| (topic.id.to_string(), topic.name)).collect(),
        senders: senders::choices(tx).await?,
        designs: designs::choices(tx).await?,
        fields: people::fields(tx).await?,
        zone: zone.parse().unwrap_or(Tz::UTC),
        now,
    })
}
