//! What the templates `templates/deals/archive.html` and `templates/deals/archived.html` are given, and what the
//! settings say of pipelines that are archived.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{Away, There, routes::ArchiveForm, stays};
use crate::{
    accounts::User,
    deals::{
        board::Around,
        pipelines::{Kind, Pipeline, StageId},
        table::DealQuery,
    },
    numbers,
    web::{FieldErrors, Shell},
};

/// The question what becomes of the deals of a pipeline.
pub(super) struct Asked {
    pub path: String,
    pub pipeline: Pipeline,
    /// Where they can go.
    pub others: Vec<Pipeline>,
    /// How many of them are open, won and lost.
    pub open: i64,
    pub won: i64,
    pub lost: i64,
    /// Why it cannot go at all.
    pub stays: Option<&'static str>,
    pub form: ArchiveForm,
    pub errors: FieldErrors,
}

impl Asked {
    pub(super) fn new(
        path: String,
        pipeline: Pipeline,
        (all, held): (&[Pipeline], &[(StageId, i64)]),
        (form, errors): (ArchiveForm, FieldErrors),
    ) -> Self {
        let of = |kind| {
            let is_there = |id: &StageId| pipeline.of_kind(kind).any(|stage| stage.id == *id);
            held.iter().filter(|(id, _)| is_there(id)).map(|(_, deals)| deals).sum()
        };
        let others = all.iter().filter(|one| one.id != pipeline.id).cloned().collect();
        let (open, won, lost) = (of(Kind::Open), of(Kind::Won), of(Kind::Lost));
        let stays = stays(all, pipeline.id);
        Self { path, others, open, won, lost, stays, form, errors, pipeline }
    }

    fn deals(&self) -> i64 {
        self.open + self.won + self.lost
    }

    fn holds(&self) -> String {
        let each = [(self.open, "open"), (self.won, "won"), (self.lost, "lost")];
        let named: Vec<String> = each
            .iter()
            .filter(|(deals, _)| *deals > 0)
            .map(|(deals, kind)| numbers::many(*deals, kind, kind))
            .collect();
        format!("{}: {}", numbers::many(self.deals(), "deal", "deals"), named.join(", "))
    }

    fn open_stages<'a>(&self, pipeline: &'a Pipeline) -> Vec<&'a crate::deals::pipelines::Stage> {
        pipeline.of_kind(Kind::Open).collect()
    }
}

#[derive(Template)]
#[template(path = "deals/archive.html")]
pub(super) struct Archive {
    pub shell: Shell,
    pub asked: Asked,
}

#[derive(Template)]
#[template(path = "deals/archive.html", block = "question")]
pub(super) struct Question {
    pub asked: Asked,
}

#[derive(Template)]
#[template(path = "deals/archived.html")]
pub(super) struct Gone {
    pub shell: Shell,
    pub around: Around,
    pub away: Away,
    pub there: Vec<There>,
    pub may_manage: bool,
    pub settings: String,
    pub now: DateTime<Utc>,
}

impl Gone {
    fn since(&self) -> String {
        self.around.me.date(self.away.archived_at)
    }

    fn table(&self, there: &There) -> String {
        let (pipeline, stage) = (there.pipeline_id.to_string(), there.stage_id.to_string());
        let query = DealQuery { pipeline, stage, ..DealQuery::default() };
        format!("{}?{}", self.around.path, query.table())
    }

    /// Whether its deals come back with it.
    fn is_fresh(&self) -> bool {
        self.away.until(self.now).is_some()
    }
}

/// An archived pipeline as the settings list it.
pub(in crate::deals::pipelines) struct Line {
    pub away: Away,
    pub since: String,
    /// Until when its deals come back with it.
    pub until: Option<String>,
}

impl Line {
    pub(in crate::deals::pipelines) fn new(away: Away, me: &User, now: DateTime<Utc>) -> Self {
        let until = away.until(now).map(|until| me.date_and_time(until));
        Self { since: me.date(away.archived_at), until, away }
    }
}
