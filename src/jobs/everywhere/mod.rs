//! The jobs of every organization, for those who look after the installation: read and steered as
//! `groundswell_worker`, which sees the queue and nothing else.

mod queries;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    JobId,
    list::{Listed, PAGE, STATUSES},
    queries as of_one,
};
use crate::web::App;

/// Which of all jobs are looked at. What is left out is any.
#[derive(Clone, Copy, Debug, Default)]
pub struct Which<'a> {
    pub status: Option<&'a str>,
    pub kind: Option<&'a str>,
    pub org: Option<Uuid>,
    /// The last job of the page before.
    pub before: Option<Uuid>,
}

/// Up to a page of jobs, the newest first, and one more when there are more.
pub async fn page(app: &App, which: Which<'_>) -> sqlx::Result<Vec<Listed>> {
    queries::page(&mut *app.queue.connection().await?, which, PAGE + 1).await
}

/// How many jobs stand how, of this organization or of all. A status that this program does not know is counted as well.
pub async fn counts(app: &App, org: Option<Uuid>) -> sqlx::Result<Vec<(String, String, i64)>> {
    let found = queries::counts(&mut *app.queue.connection().await?, org).await?;
    let count = |key: &str| found.iter().find(|(status, _)| status == key).map_or(0, |(_, count)| *count);
    let known = STATUSES.iter().map(|(key, word)| ((*key).to_owned(), (*word).to_owned(), count(key)));
    let strange = found.iter().filter(|(status, _)| !STATUSES.iter().any(|(key, _)| key == status));
    Ok(known.chain(strange.map(|(status, count)| (status.clone(), status.clone(), *count))).collect())
}

/// The kinds of job that are in the queue, of this organization or of all, by name.
pub async fn kinds(app: &App, org: Option<Uuid>) -> sqlx::Result<Vec<String>> {
    queries::kinds(&mut *app.queue.connection().await?, org).await
}

/// Lets a job be tried again, at once; as [`super::list::retry`].
pub async fn retry(app: &App, org: Uuid, id: JobId) -> sqlx::Result<Option<String>> {
    of_one::retry(&mut *app.queue.connection().await?, org, id).await
}

/// Calls a job off; as [`super::list::cancel`].
pub async fn cancel(app: &App, org: Uuid, id: JobId, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    of_one::cancel(&mut *app.queue.connection().await?, org, id, now).await
}

/// Lets the schedule of this name come due at once. `false` when there is none.
pub async fn run_now(app: &App, schedule: &str) -> sqlx::Result<bool> {
    queries::run_now(&mut *app.queue.connection().await?, schedule).await
}
