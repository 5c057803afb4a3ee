//! The loop of one task.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{sync::watch, time::sleep};
use uuid::Uuid;

use super::{
    Task,
    lease::{self, Done, LEASE},
};
use crate::web::App;

/// How often a quiet task's row is written: not for every look into an empty queue.
const WRITE_EVERY: TimeDelta = TimeDelta::seconds(30);
/// How long a task rests after it failed, or while another process has its turn.
const REST: Duration = Duration::from_secs(5);

pub(super) async fn run(app: App, task: Task, mut stopping: watch::Receiver<bool>) {
    let mut turn =
        Turn { app, task, holder: Uuid::now_v7(), held_until: None, written_at: None, done: Done::default() };
    while !*stopping.borrow() {
        let rest = turn.take().await;
        tokio::select! {
            () = sleep(rest) => {}
            _ = stopping.changed() => {}
        }
    }
    turn.end().await;
}

struct Turn {
    app: App,
    task: Task,
    holder: Uuid,
    /// Until when no other process will begin.
    held_until: Option<DateTime<Utc>>,
    written_at: Option<DateTime<Utc>>,
    done: Done,
}

impl Turn {
    /// Does the task's work if it is ours to do, and says how long to rest.
    async fn take(&mut self) -> Duration {
        match self.hold().await {
            Ok(true) => {}
            Ok(false) => return REST.max(self.task.every.min(Duration::from_secs(30))),
            Err(error) => {
                self.note_failure(&error.to_string());
                return REST;
            }
        }
        self.done.started_at = Some(self.app.clock.now());
        let failed_before = !self.done.error.is_empty();
        let (rest, items) = match self.task.work(&self.app).await {
            Ok(items) => {
                if failed_before {
                    tracing::info!(task = self.task.name, "The task {} works again", self.task.name);
                }
                self.done.error.clear();
                (self.task.every, items)
            }
            Err(error) => {
                self.note_failure(&format!("{error:#}"));
                (REST.max(self.task.every), 0)
            }
        };
        self.done.runs += 1;
        self.done.items += i64::try_from(items).unwrap_or(i64::MAX);
        let now = self.app.clock.now();
        self.done.finished_at = Some(now);
        let changed = items > 0 || failed_before == self.done.error.is_empty();
        if changed || self.written_at.is_none_or(|written| now - written >= WRITE_EVERY) {
            self.write(now, rest).await;
        }
        rest
    }

    /// Keeps the turn, asking the database only when the lease is half over.
    async fn hold(&mut self) -> sqlx::Result<bool> {
        let now = self.app.clock.now();
        if self.held_until.is_some_and(|until| until - now > LEASE / 2 && until - now <= LEASE) {
            return Ok(true);
        }
        let is_ours = lease::hold(&self.app.db, self.task.name, self.holder, now).await?;
        self.held_until = is_ours.then(|| now + LEASE);
        Ok(is_ours)
    }

    async fn write(&mut self, now: DateTime<Utc>, rest: Duration) {
        let next = now + TimeDelta::from_std(rest).unwrap_or_default();
        match lease::record(&self.app.db, self.task.name, self.holder, &self.done, next).await {
            Ok(()) => {
                let error = std::mem::take(&mut self.done.error);
                self.done = Done { error, ..Done::default() };
                self.written_at = Some(now);
            }
            // Counted on; written down with the next success.
            Err(error) => self.note_failure(&error.to_string()),
        }
    }

    /// Logs a failure when it begins, and stays quiet while it lasts.
    fn note_failure(&mut self, error: &str) {
        if self.done.error.is_empty() {
            tracing::error!(
                task = self.task.name,
                error,
                "The task {} failed and will be tried again: {error}",
                self.task.name
            );
        }
        self.done.error = error.to_owned();
    }

    async fn end(mut self) {
        let now = self.app.clock.now();
        if self.held_until.is_some() {
            self.write(now, self.task.every).await;
            // Best effort: a lease that is not given back ends by itself.
            let _ = lease::release(&self.app.db, self.task.name, self.holder, now).await;
        }
    }
}
