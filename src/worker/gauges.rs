//! What those who watch over the installation see of the tasks.

use super::lease::reports;
use crate::web::{App, metrics::Reading};

/// How long each of these tasks has been silent, and whether it failed last.
pub async fn readings(app: App, tasks: Vec<&'static str>) -> sqlx::Result<Vec<Reading>> {
    let now = app.clock.now();
    let mut readings = Vec::new();
    for report in reports(&app).await? {
        // A row may be of a task that an older version had.
        let Some(name) = tasks.iter().copied().find(|task| *task == report.name) else { continue };
        let is_failing = f64::from(u8::from(!report.last_error.is_empty()));
        readings.push(
            Reading::new("groundswell_task_failing", "Whether a task failed last", is_failing)
                .of("task", name),
        );
        if let Some(silence) = report.last_finished_at.and_then(|finished| (now - finished).to_std().ok()) {
            let reading = Reading::new(
                "groundswell_task_silence_seconds",
                "Since a task last wrote down that it ended its work",
                silence.as_secs_f64(),
            );
            readings.push(reading.of("task", name));
        }
    }
    Ok(readings)
}
