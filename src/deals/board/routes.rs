//! `/w/{org}/deals`: the board, or the table where the address says so.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};
use axum_extra::extract::Query;

use super::{
    Column, queries,
    views::{Around, Board},
};
use crate::{
    deals::{
        ViewDeals,
        deal::owners,
        pipelines::{self, Pipeline, archiving},
        table::{self, DealQuery},
    },
    orgs::frame::frame,
    tenancy::{OrgTx, Permission, Scope},
    web::{App, Result, Routes, Shell, Toast, View, toast::ToastPart},
};

pub fn routes() -> Routes {
    Routes::workspace().get("/deals", index)
}

async fn index(
    scope: Scope<ViewDeals>,
    State(app): State<App>,
    Query(query): Query<DealQuery>,
) -> Result<Response> {
    let all = pipelines::at_hand(&app, &scope).await?;
    let mut tx = scope.enter().await?;
    if let Some(away) = archiving::is_away(&mut tx, &all, &query).await? {
        return archiving::gone(&app, &scope, tx, (all, away)).await;
    }
    if !query.is_table() {
        let board = board(&app, &scope, &mut tx, (all, &query)).await?;
        drop(tx);
        let shell = frame(&app, &scope, "deals").await?;
        return Ok(View(Board { shell, ..board }).into_response());
    }
    let page = table::queries::page(&mut tx, &query).await?;
    let count = table::queries::count(&mut tx, &query).await?;
    let around = Around::new(&scope.member, all, owners(&mut tx).await?, query);
    drop(tx);
    let shell = frame(&app, &scope, "deals").await?;
    Ok(View(table::views::Table::new(shell, around, page, (count, app.clock.now()))).into_response())
}

/// The board with nothing around it yet.
async fn board<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    tx: &mut OrgTx,
    (all, query): (Vec<Pipeline>, &DealQuery),
) -> Result<Board> {
    let chosen = all.iter().find(|one| one.id.to_string() == query.pipeline).or(all.first()).cloned();
    let columns = match &chosen {
        Some(pipeline) => columns(tx, pipeline, query).await?,
        None => Vec::new(),
    };
    let around = Around::new(&scope.member, all, owners(tx).await?, query.clone());
    Ok(Board { shell: Shell::default(), around, pipeline: chosen, columns, now: app.clock.now() })
}

async fn columns(tx: &mut OrgTx, pipeline: &Pipeline, query: &DealQuery) -> sqlx::Result<Vec<Column>> {
    let owner = query.owner.parse().ok();
    let cards = queries::cards(tx, pipeline.id, owner).await?;
    let sums = queries::sums(tx, pipeline.id, owner).await?;
    let column = |stage: &pipelines::Stage| Column {
        stage: stage.clone(),
        sums: sums.iter().filter(|sum| sum.stage_id == stage.id).cloned().collect(),
        cards: cards.iter().filter(|card| card.stage_id == stage.id).cloned().collect(),
    };
    Ok(pipeline.stages.iter().map(column).collect())
}

/// The board as it is now, and a sentence beside it.
pub(in crate::deals) async fn part<P: Permission>(
    app: &App,
    scope: &Scope<P>,
    query: &DealQuery,
    (status, toast): (StatusCode, Toast),
) -> Result<Response> {
    let mut tx = scope.enter().await?;
    let all = pipelines::all(&mut tx).await?;
    let part = board(app, scope, &mut tx, (all, query)).await?.into_part();
    let html = part.render()? + &ToastPart { toast }.render()?;
    Ok((status, Html(html)).into_response())
}
