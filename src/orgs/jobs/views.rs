//! What the template `templates/orgs/jobs/index.html` is given.

use askama::Template;

use crate::{
    accounts::User,
    jobs::list::{Listed, PAGE},
    orgs::EditJobs,
    tenancy::Member,
    web::Shell,
};

/// The jobs of a page, with all that their rows need.
pub(super) struct Jobs {
    path: String,
    rows: Vec<Listed>,
    /// The status that is shown, or all of them.
    status: &'static str,
    /// The last job of this page, where there are more behind it.
    next: Option<String>,
    may_edit: bool,
    reader: User,
}

impl Jobs {
    /// Whether something may change by itself, so that the page looks again.
    fn is_moving(&self) -> bool {
        self.rows.iter().any(|job| ["waiting", "running"].contains(&job.status.as_str()))
    }

    fn when(&self, job: &Listed) -> String {
        job.when(|moment| self.reader.date_and_time(moment))
    }

    fn address(&self) -> String {
        if self.status.is_empty() {
            self.path.clone()
        } else {
            format!("{}?status={}", self.path, self.status)
        }
    }
}

#[derive(Template)]
#[template(path = "orgs/jobs/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    /// Every status: key, words, how many.
    pub counts: Vec<(&'static str, &'static str, i64)>,
    pub jobs: Jobs,
}

/// The list alone, for a page that looks again.
#[derive(Template)]
#[template(path = "orgs/jobs/index.html", block = "rows")]
pub(super) struct List {
    pub counts: Vec<(&'static str, &'static str, i64)>,
    pub jobs: Jobs,
}

impl Index {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        counts: Vec<(&'static str, &'static str, i64)>,
        mut rows: Vec<Listed>,
        status: &'static str,
    ) -> Self {
        let has_more = i64::try_from(rows.len()).is_ok_and(|rows| rows > PAGE);
        rows.truncate(usize::try_from(PAGE).unwrap_or(rows.len()));
        let next = rows.last().filter(|_| has_more).map(|job| job.id.to_string());
        let jobs = Jobs {
            path: member.link("/settings/jobs"),
            rows,
            status,
            next,
            may_edit: member.may::<EditJobs>(),
            reader: member.user.clone(),
        };
        Self { shell, counts, jobs }
    }

    pub(super) fn list(self) -> List {
        List { counts: self.counts, jobs: self.jobs }
    }
}
