//! A broadcast: to whom, from whom, what, when, and how far it is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{BroadcastId, CampaignId, queries};
use crate::{contacts::consent::TopicId, designs::DesignId, senders::SenderId, tenancy::OrgTx};

/// A broadcast as it is stored.
#[derive(Clone, Debug)]
pub struct Broadcast {
    pub id: BroadcastId,
    pub campaign: CampaignId,
    /// The campaign's name.
    pub name: String,
    /// What tokens in mail call it.
    pub number: i64,
    pub status: Status,
    pub sender: Option<SenderId>,
    pub subject: String,
    pub preview_text: String,
    pub design: Option<DesignId>,
    /// What the design was when it started.
    pub version: Option<Uuid>,
    pub topic: Option<TopicId>,
    pub to_everybody: bool,
    pub track_opens: bool,
    pub track_clicks: bool,
    pub begins_at: Option<DateTime<Utc>>,
    pub rev: i64,
    /// Whom it was for when it started, and how many of them were left out.
    pub people: i64,
    pub skipped: i64,
    pub started_at: Option<DateTime<Utc>>,
    pub frozen_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub trouble: String,
    pub is_archived: bool,
}

/// Where a broadcast stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum Status {
    Draft,
    /// Begins at a time that was chosen.
    Scheduled,
    /// Begins in a moment, so that it can be undone.
    Queued,
    Sending,
    Paused,
    Sent,
    Cancelled,
    Failed,
}

impl Status {
    /// As people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "Draft",
            Self::Scheduled => "Scheduled",
            Self::Queued => "About to start",
            Self::Sending => "Sending",
            Self::Paused => "Paused",
            Self::Sent => "Sent",
            Self::Cancelled => "Called off",
            Self::Failed => "Failed",
        }
    }

    /// The tone of its badge.
    pub fn tone(self) -> &'static str {
        match self {
            Self::Sent => "ok",
            Self::Paused | Self::Queued => "warn",
            Self::Failed | Self::Cancelled => "bad",
            _ => "plain",
        }
    }

    /// Whether what it says and to whom may still be changed.
    pub fn is_draft(self) -> bool {
        self == Self::Draft
    }

    /// Whether nothing more will come of it.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Sent | Self::Cancelled | Self::Failed)
    }
}

/// Reads a broadcast; archived campaigns too.
pub async fn find(tx: &mut OrgTx, id: BroadcastId) -> sqlx::Result<Option<Broadcast>> {
    queries::broadcast(tx, Some(id), None).await
}

/// The broadcast of a campaign.
pub async fn of_campaign(tx: &mut OrgTx, id: CampaignId) -> sqlx::Result<Option<Broadcast>> {
    queries::broadcast(tx, None, Some(id)).await
}
