//! This process: memory, processor time, connections to the database.

use std::{convert::Infallible, fs};

use super::Reading;
use crate::web::App;

/// Linux tells processor time in these, on every machine we run on (proc(5), USER_HZ).
const TICKS_PER_SECOND: f64 = 100.0;

pub(super) async fn readings(app: App) -> Result<Vec<Reading>, Infallible> {
    let pool = app.db.pool();
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    let pool_is = "Connections to the database";
    let mut readings = vec![
        Reading::new("db_pool_connections", pool_is, f64::from(idle)).of("state", "idle"),
        Reading::new("db_pool_connections", pool_is, f64::from(pool.size().saturating_sub(idle)))
            .of("state", "used"),
        Reading::new("db_pool_limit", "Connections there may be", f64::from(app.config.database_pool)),
        Reading::new("process_start_time_seconds", "When it was started", seconds(app.metrics.started_at)),
    ];
    // Where there is no /proc, these are left out.
    let memory = "Memory held";
    readings
        .extend(resident_bytes().map(|bytes| Reading::new("process_resident_memory_bytes", memory, bytes)));
    let time = "Processor time used";
    readings.extend(cpu_seconds().map(|used| Reading::total("process_cpu_seconds", time, used)));
    Ok(readings)
}

/// Good to the second for longer than this program will run.
#[expect(clippy::cast_precision_loss, reason = "seconds since 1970 fit into 53 bits")]
fn seconds(timestamp: i64) -> f64 {
    timestamp as f64
}

fn resident_bytes() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0)
}

/// The 14th and 15th field of stat, counted from behind the name, which may hold anything.
fn cpu_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let (_, behind_name) = stat.rsplit_once(") ")?;
    let ticks: Vec<f64> =
        behind_name.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Some(ticks.iter().sum::<f64>() / TICKS_PER_SECOND)
}
