//! What the template `templates/deals/pipelines.html` is given.

use askama::Template;

use super::{Kind, Pipeline, Stage, StageId, archiving::Line, stages::StageForm};
use crate::{
    numbers,
    web::{FieldErrors, Shell},
};

/// What was typed and is wrong, and where: a pipeline or a stage by its id, or where a new one is typed.
#[derive(Default)]
pub(super) struct Trouble {
    pub at: String,
    pub name: String,
    pub stage: StageForm,
    pub errors: FieldErrors,
}

#[derive(Template)]
#[template(path = "deals/pipelines.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    /// Where the boards are.
    pub deals: String,
    pub pipelines: Vec<Pipeline>,
    pub away: Vec<Line>,
    /// How many deals each stage holds.
    pub held: Vec<(StageId, i64)>,
    pub trouble: Trouble,
}

impl Index {
    /// What is wrong with a field there; nothing elsewhere.
    fn error(&self, at: &str, field: &str) -> &str {
        if self.trouble.at == at { self.trouble.errors.of(field) } else { "" }
    }

    fn held(&self, stage: &Stage) -> i64 {
        self.held.iter().find(|(id, _)| *id == stage.id).map_or(0, |(_, deals)| *deals)
    }

    fn deals(&self, stage: &Stage) -> String {
        match self.held(stage) {
            0 => "no deals".to_owned(),
            n => numbers::many(n, "deal", "deals"),
        }
    }

    fn is_open(&self, stage: &Stage) -> bool {
        stage.kind == Kind::Open
    }

    fn is_first(&self, pipeline: &Pipeline, stage: &Stage) -> bool {
        pipeline.of_kind(Kind::Open).next().is_some_and(|first| first.id == stage.id)
    }

    fn is_last(&self, pipeline: &Pipeline, stage: &Stage) -> bool {
        pipeline.of_kind(Kind::Open).last().is_some_and(|last| last.id == stage.id)
    }

    /// The stages that deals of this one can go to.
    fn others<'a>(&self, pipeline: &'a Pipeline, stage: &Stage) -> Vec<&'a Stage> {
        pipeline.of_kind(Kind::Open).filter(|one| one.id != stage.id).collect()
    }

    /// What stands in a field: what was typed where it was refused, else what is kept.
    fn typed<'a>(&'a self, stage: &'a Stage, field: &str) -> String {
        let form = &self.trouble.stage;
        let was_refused = self.trouble.at == stage.id.to_string() && self.trouble.errors.of("to").is_empty();
        match (was_refused, field) {
            (true, "name") => form.name.clone(),
            (true, "probability") => form.probability.clone(),
            (true, _) => form.rot_days.clone(),
            (false, "name") => stage.name.clone(),
            (false, "probability") => stage.probability.to_string(),
            (false, _) => stage.rot_days.map(|days| days.to_string()).unwrap_or_default(),
        }
    }

    fn typed_new(&self, pipeline: &Pipeline, field: &str) -> &str {
        if self.trouble.at != format!("{}-new", pipeline.id) {
            return "";
        }
        match field {
            "name" => &self.trouble.stage.name,
            "probability" => &self.trouble.stage.probability,
            _ => &self.trouble.stage.rot_days,
        }
    }
}
