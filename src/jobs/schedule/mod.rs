//! What is done again and again: at times of a calendar in a time zone, each time once.
//!
//! The database says what time it is and which process orders the job: whoever finds a schedule due
//! moves it on and orders its job in one transaction. Times that passed while nobody worked are made up
//! for once, not one by one. A time that the clocks skip is kept at the moment they skip to; one that
//! they repeat is kept once.

mod queries;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use croner::Cron;
use sqlx::PgConnection;

pub use queries::{Standing, standings};

use super::Job;
use crate::web::App;

/// A job that is ordered again and again. It takes nothing: its payload is empty.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    /// The kind of its job, which is also its name.
    pub kind: &'static str,
    /// Minute, hour, day of month, month, day of week.
    pub pattern: &'static str,
    pub time_zone: Tz,
    attempts: i32,
}

impl Schedule {
    /// Orders `J` at these times, in UTC.
    pub fn of<J: Job>(pattern: &'static str) -> Self {
        Self { kind: J::KIND, pattern, time_zone: Tz::UTC, attempts: J::ATTEMPTS }
    }

    #[must_use]
    pub fn in_zone(self, time_zone: Tz) -> Self {
        Self { time_zone, ..self }
    }
}

/// The first time after `after` that fits `pattern` in this zone. `None` for a pattern that never comes.
pub fn next_after(pattern: &str, zone: Tz, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let cron: Cron = pattern.parse().ok()?;
    let next = cron.find_next_occurrence(&after.with_timezone(&zone), false).ok()?;
    Some(next.with_timezone(&Utc))
}

/// Writes down the schedules of this program. One that changed begins anew; one that is gone is forgotten.
pub async fn keep(app: &App, schedules: &[Schedule]) -> sqlx::Result<()> {
    let mut conn = app.queue.connection().await?;
    let now = queries::now(&mut conn).await?;
    for schedule in schedules {
        match next_after(schedule.pattern, schedule.time_zone, now) {
            Some(next) => queries::keep(&mut conn, schedule, next).await?,
            None => tracing::error!("The schedule {} has a pattern that never comes", schedule.kind),
        }
    }
    let kinds: Vec<String> = schedules.iter().map(|schedule| schedule.kind.to_owned()).collect();
    queries::forget_others(&mut conn, &kinds).await
}

/// Orders the jobs whose time has come, and says how many.
pub(super) async fn order_due(conn: &mut PgConnection) -> sqlx::Result<usize> {
    let mut ordered = 0;
    for due in queries::due(conn).await? {
        let zone = due.time_zone.parse().unwrap_or(Tz::UTC);
        let Some(next) = next_after(&due.pattern, zone, due.now) else { continue };
        ordered += usize::from(queries::order(conn, &due, next).await?);
    }
    Ok(ordered)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(pattern: &str, zone: &str, from: &str, n: usize) -> Vec<String> {
        let zone: Tz = zone.parse().unwrap();
        let mut at: DateTime<Utc> = from.parse().unwrap();
        let mut times = Vec::new();
        for _ in 0..n {
            at = next_after(pattern, zone, at).unwrap();
            times.push(at.with_timezone(&zone).format("%m-%d %H:%M %z").to_string());
        }
        times
    }

    #[test]
    fn a_time_that_the_clocks_skip_is_kept_once_where_they_skip_to() {
        let new_york = times("30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", 2);
        assert_eq!(new_york, ["03-08 03:00 -0400", "03-09 02:30 -0400"]);
        // Lord Howe moves by half an hour: at 02:00 it is 02:30.
        let lord_howe = times("15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 2);
        assert_eq!(lord_howe, ["10-04 02:30 +1100", "10-05 02:15 +1100"]);
    }

    #[test]
    fn a_time_that_the_clocks_repeat_is_kept_once() {
        let new_york = times("30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", 2);
        assert_eq!(new_york, ["11-01 01:30 -0400", "11-02 01:30 -0500"]);
        let lord_howe = times("45 1 * * *", "Australia/Lord_Howe", "2026-04-03T20:00:00Z", 2);
        assert_eq!(lord_howe, ["04-05 01:45 +1100", "04-06 01:45 +1030"]);
    }

    #[test]
    fn a_pattern_that_never_comes_or_means_nothing_is_none() {
        let now = DateTime::from_timestamp(1_795_251_600, 0).unwrap();
        assert_eq!(next_after("0 0 31 2 *", Tz::UTC, now), None);
        assert_eq!(next_after("every day", Tz::UTC, now), None);
    }
}
