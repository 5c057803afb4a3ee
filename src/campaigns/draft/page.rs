//! The checklist, put together from the draft, what can be chosen, and what the checks say.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use super::{DraftForm, Part, known, load, views};
use crate::{
    campaigns::{
        Broadcast, EditCampaigns, SendCampaigns,
        checks::{self, checks},
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, FieldErrors, Result, View, Wants},
};

/// What went wrong with a part, and what is open.
#[derive(Default)]
pub(super) struct Trouble {
    pub open: Option<Part>,
    pub typed: Option<DraftForm>,
    pub errors: FieldErrors,
    /// Somebody else changed the campaign meanwhile.
    pub is_conflict: bool,
}

pub(super) async fn show<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    (wants, status): (Wants, StatusCode),
    (mut tx, broadcast): (OrgTx, Broadcast),
    trouble: Trouble,
) -> Result<Response> {
    let now = app.clock.now();
    let known = known(&mut tx, &scope.member.access.time_zone, now).await?;
    let draft = load(&mut tx, &broadcast).await?;
    let facts = checks::gather(app, &mut tx, &broadcast, now).await?;
    drop(tx);
    let form = DraftForm::of(&draft, broadcast.rev, known.zone);
    let form = match (trouble.open, trouble.typed) {
        (Some(part), Some(typed)) => form.with(part, typed),
        _ => form,
    };
    let is_looking = scope.member.viewing_as.is_some() || scope.member.access.only_looks();
    let page = views::Checklist {
        shell: frame(app, scope, "campaigns").await?,
        path: scope.member.link(&format!("/campaigns/{}", broadcast.campaign)),
        workspace: scope.member.link(""),
        checks: checks(&facts),
        may_edit: scope.member.may::<EditCampaigns>() && !broadcast.is_archived && !is_looking,
        may_send: scope.member.may::<SendCampaigns>() && !broadcast.is_archived && !is_looking,
        me: scope.member.user.clone(),
        open: trouble.open,
        errors: trouble.errors,
        is_conflict: trouble.is_conflict,
        broadcast,
        draft,
        facts,
        form,
        known,
    };
    Ok(match wants {
        Wants::Part => (status, View(page.as_checklist())).into_response(),
        Wants::Page => (status, View(page)).into_response(),
    })
}
