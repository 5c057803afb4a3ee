//! Looking at an organization's jobs, trying one again, calling one off.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{JobId, queries};

/// A job as a list shows it.
#[derive(Clone, Debug)]
pub struct Listed {
    pub organization_id: Uuid,
    pub id: JobId,
    pub kind: String,
    pub status: String,
    pub run_at: DateTime<Utc>,
    pub attempts: i32,
    pub max_attempts: i32,
    pub deaths: i32,
    pub items_done: i64,
    pub items_total: Option<i64>,
    pub last_error: String,
    pub created_at: DateTime<Utc>,
    pub started_at: Option<DateTime<Utc>>,
    pub finished_at: Option<DateTime<Utc>>,
    pub is_called_off: bool,
}

/// Every status there is, with what it is called on the screen, in the order of a job's life.
pub const STATUSES: &[(&str, &str)] = &[
    ("waiting", "Waiting"),
    ("running", "Running"),
    ("done", "Done"),
    ("failed", "Failed"),
    ("cancelled", "Called off"),
];

/// Jobs on a page.
pub const PAGE: i64 = 50;

impl Listed {
    /// The tone and the word of its status; one that this program does not know is shown as it is.
    pub fn state(&self) -> (&'static str, &str) {
        let word =
            STATUSES.iter().find(|(key, _)| *key == self.status).map_or(&*self.status, |(_, word)| *word);
        let tone = match self.status.as_str() {
            "running" => "info",
            "done" => "ok",
            "failed" => "bad",
            "waiting" if !self.last_error.is_empty() => "warn",
            _ => "plain",
        };
        (tone, word)
    }

    /// Its kind as words: `mail.deliver` is “Mail deliver”.
    pub fn words(&self) -> String {
        let mut words = self.kind.replace(['.', '_'], " ");
        if let Some(first) = words.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        words
    }

    /// What is to be known of its time, with moments in the words of whoever reads.
    pub fn when(&self, at: impl Fn(DateTime<Utc>) -> String) -> String {
        match (self.status.as_str(), self.finished_at) {
            ("waiting", _) if self.attempts > 0 => format!("Next attempt {}", at(self.run_at)),
            ("waiting", _) => format!("Due {}", at(self.run_at)),
            ("running", _) if self.is_called_off => "Is being called off".to_owned(),
            ("running", _) => {
                self.started_at.map_or_else(String::new, |began| format!("Since {}", at(began)))
            }
            (_, Some(over)) => at(over),
            _ => String::new(),
        }
    }

    pub fn can_retry(&self) -> bool {
        ["waiting", "failed", "cancelled"].contains(&self.status.as_str())
    }

    pub fn can_cancel(&self) -> bool {
        !self.is_called_off && ["waiting", "running"].contains(&self.status.as_str())
    }

    /// Percent done, where a total is known.
    pub fn percent(&self) -> Option<i64> {
        let total = self.items_total.filter(|total| *total > 0)?;
        Some((self.items_done * 100 / total).clamp(0, 100))
    }
}

/// Up to a page of jobs, the newest first, and one more when there are more.
pub async fn page(
    conn: &mut PgConnection,
    org: Uuid,
    status: Option<&str>,
    before: Option<Uuid>,
) -> sqlx::Result<Vec<Listed>> {
    queries::page(conn, org, status, before, PAGE + 1).await
}

/// How many jobs stand how: a number for every status.
pub async fn counts(
    conn: &mut PgConnection,
    org: Uuid,
) -> sqlx::Result<Vec<(&'static str, &'static str, i64)>> {
    let found = queries::counts(conn, org).await?;
    let count = |key: &str| found.iter().find(|(status, _)| status == key).map_or(0, |(_, count)| *count);
    Ok(STATUSES.iter().map(|(key, word)| (*key, *word, count(key))).collect())
}

/// Lets a job be tried again, at once. Gives its kind, or nothing when it does not wait, fail or lie called off.
pub async fn retry(conn: &mut PgConnection, org: Uuid, id: JobId) -> sqlx::Result<Option<String>> {
    queries::retry(conn, org, id).await
}

/// Calls a job off. Gives its kind, or nothing when it neither waits nor runs.
pub async fn cancel(
    conn: &mut PgConnection,
    org: Uuid,
    id: JobId,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<String>> {
    queries::cancel(conn, org, id, now).await
}
