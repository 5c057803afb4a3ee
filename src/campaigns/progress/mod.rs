//! How far a campaign is: what became of each message so far, how fast it goes, what can be done.

mod queries;
mod views;

use axum::response::{IntoResponse, Response};
use chrono::TimeDelta;

use super::{Broadcast, SendCampaigns, Status, mailbox};
use crate::{
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, Result, View, Wants},
};

/// What became of the messages of a broadcast.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting, or being handed over.
    pub waiting: i64,
    pub sent: i64,
    pub failed: i64,
    pub unknown: i64,
    /// Nobody was written to who had opted out since it began.
    pub suppressed: i64,
    pub cancelled: i64,
    /// Settled within the last minute.
    pub lately: i64,
}

impl Counts {
    pub fn all(&self) -> i64 {
        self.waiting + self.over()
    }

    pub fn over(&self) -> i64 {
        self.sent + self.failed + self.unknown + self.suppressed + self.cancelled
    }
}

/// The page of a broadcast that is not a draft any more.
pub(super) async fn page<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    wants: Wants,
    (mut tx, broadcast): (OrgTx, Broadcast),
) -> Result<Response> {
    let now = app.clock.now();
    let counts = queries::counts(&mut tx, broadcast.id, now - TimeDelta::minutes(1)).await?;
    let skipped = queries::skipped(&mut tx, broadcast.id).await?;
    let has_mail = mailbox::may_read(&scope.member) && mailbox::holds(&mut tx, broadcast.id).await?;
    drop(tx);
    let is_looking = scope.member.viewing_as.is_some() || scope.member.access.only_looks();
    let progress = views::Progress {
        path: scope.member.link(&format!("/campaigns/{}", broadcast.campaign)),
        workspace: scope.member.access.name.clone(),
        zone: scope.member.access.time_zone.clone(),
        may_send: scope.member.may::<SendCampaigns>() && !is_looking,
        me: scope.member.user.clone(),
        is_moving: matches!(broadcast.status, Status::Scheduled | Status::Queued | Status::Sending),
        has_mail,
        counts,
        skipped,
        broadcast,
        now,
    };
    if wants == Wants::Part {
        return Ok(View(views::Standing { progress }).into_response());
    }
    let shell = frame(app, scope, "campaigns").await?;
    Ok(View(views::Show { shell, progress }).into_response())
}
