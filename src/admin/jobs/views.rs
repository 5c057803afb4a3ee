//! What the template `templates/admin/jobs/index.html` is given.

use askama::Template;
use uuid::Uuid;

use super::routes::ListQuery;
use crate::{
    accounts::User,
    jobs::{
        list::{Listed, PAGE},
        schedule::Standing,
    },
    web::Shell,
};

/// The jobs of a page, with all that their rows need.
pub(super) struct Jobs {
    rows: Vec<Listed>,
    names: Vec<(Uuid, String)>,
    query: ListQuery,
    /// The last job of this page, where there are more behind it.
    next: Option<String>,
    reader: User,
}

impl Jobs {
    pub(super) fn new(
        mut rows: Vec<Listed>,
        names: Vec<(Uuid, String)>,
        query: ListQuery,
        reader: User,
    ) -> Self {
        let has_more = i64::try_from(rows.len()).is_ok_and(|rows| rows > PAGE);
        rows.truncate(usize::try_from(PAGE).unwrap_or(rows.len()));
        let next = rows.last().filter(|_| has_more).map(|job| job.id.to_string());
        Self { rows, names, query, next, reader }
    }

    fn name(&self, org: &Uuid) -> &str {
        self.names.iter().find(|(id, _)| id == org).map_or("", |(_, name)| name)
    }

    fn is_filtered(&self) -> bool {
        !self.view("").is_empty()
    }

    /// The view as it is with another status; with all of them for none.
    fn view(&self, status: &str) -> String {
        let query = &self.query;
        let pairs = [("status", status), ("kind", &query.kind), ("organization", &query.organization)];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }

    fn when(&self, job: &Listed) -> String {
        job.when(|moment| self.reader.date_and_time(moment))
    }

    /// Where what is to be done to it is sent.
    fn path(&self, job: &Listed) -> String {
        format!("/admin/jobs/{}", job.organization_id)
    }
}

#[derive(Template)]
#[template(path = "admin/jobs/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    /// Every status: key, words, how many.
    pub counts: Vec<(String, String, i64)>,
    pub kinds: Vec<String>,
    pub schedules: Vec<Standing>,
    pub may_manage_jobs: bool,
    pub jobs: Jobs,
    pub reader: User,
}
