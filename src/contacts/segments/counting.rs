//! The exact number of people whom a rule holds, for who waits for it: beside the form in which it is made.

use std::time::Duration;

use axum::{
    Extension,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use axum_extra::extract::Query;
use uuid::Uuid;

use super::{
    Behaviours,
    catalogue::Catalogue,
    check,
    form::RuleForm,
    held::{Way, held},
    making, nodes, views,
};
use crate::{
    contacts::EditContacts,
    tenancy::Scope,
    web::{App, FieldErrors, Result, Routes, View, Wants, turns},
};

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/contacts/segments/count", count)
}

async fn count(
    scope: Scope<EditContacts>,
    State(app): State<App>,
    Extension(behaviours): Extension<Behaviours>,
    wants: Wants,
    Query(form): Query<RuleForm>,
) -> Result<Response> {
    if wants == Wants::Page {
        return making::page(&app, &scope, (None, behaviours), form, FieldErrors::default()).await;
    }
    // Nobody waits here for a turn: the page asks again by itself.
    let Some(_turn) = turns::take(&app, scope.member.org().0, Duration::ZERO).await else {
        return Ok(later(&scope));
    };
    let mut tx = scope.enter().await?;
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let checked = check::check(&nodes::settled(&form.rule, &catalogue), &catalogue);
    let held = held(&mut tx, &checked, &catalogue, Way::Exactly).await?.0;
    Ok(View(views::Count { exactly: exactly(&scope), held, waits: false }).into_response())
}

/// Asks for itself again, in a moment.
fn later(scope: &Scope<EditContacts>) -> Response {
    let view = View(views::Count { exactly: exactly(scope), held: None, waits: true });
    (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, turns::AGAIN.to_string())], view).into_response()
}

/// Where everybody is counted. Each time another address, so that a page that is changed in place asks anew.
pub(in crate::contacts) fn exactly(scope: &Scope<EditContacts>) -> views::Exactly {
    views::Exactly {
        path: scope.member.link("/contacts/segments/count"),
        key: Uuid::now_v7().simple().to_string(),
    }
}
