//! What a piece of work cost: processor time of the application and of PostgreSQL, and the time on the wall.

use std::time::{Duration, Instant};

use super::{
    cpu::{self, Used},
    house::House,
};
use crate::commands::print;

/// Looks at the clocks when a piece of work begins.
pub(super) struct Meter {
    threads: &'static str,
    postgres: u32,
    begun: Instant,
    app: Used,
    database: Used,
}

impl Meter {
    /// For work that is done on the threads of this name, and in PostgreSQL.
    pub(super) fn start(house: &House, threads: &'static str) -> Self {
        let (app, database) = (cpu::of_threads(threads), cpu::of_children(house.postgres));
        Self { threads, postgres: house.postgres, begun: Instant::now(), app, database }
    }

    pub(super) fn read(&self) -> Cost {
        Cost {
            wall: self.begun.elapsed(),
            app: cpu::of_threads(self.threads).saturating_sub(self.app),
            database: cpu::of_children(self.postgres).saturating_sub(self.database),
        }
    }
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cost {
    pub app: Used,
    pub database: Used,
    pub wall: Duration,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            app: self.app + other.app,
            database: self.database + other.database,
            wall: self.wall + other.wall,
        }
    }
}

impl Cost {
    pub(super) fn both(self) -> Used {
        self.app + self.database
    }

    /// A line of the table: for each of so many, and how many a second.
    pub(super) fn tell(self, name: &str, count: u64) {
        print::line(&format!(
            "{name:36} {:>8.1} {:>12.1} {:>10.1} {:>10.0}",
            micros(self.app, count),
            micros(self.database, count),
            micros(self.both(), count),
            count as f64 / self.wall.as_secs_f64().max(0.001)
        ));
    }

    /// How many times as much processor time this took.
    pub(super) fn ratio_to(self, limit: Self) -> f64 {
        self.both().as_secs_f64() / limit.both().as_secs_f64().max(1e-9)
    }
}

/// The head of the table whose lines [`Cost::tell`] prints.
pub(super) fn head(what: &str) {
    let built = if cfg!(debug_assertions) { " (debug build: compare the ratios only)" } else { "" };
    print::line(&format!("{what}{built}:"));
    print::line("");
    print::line(&format!(
        "{:36} {:>8} {:>12} {:>10} {:>10}",
        "CPU time for each", "app µs", "database µs", "both µs", "a second"
    ));
}

/// Microseconds for each of so many.
pub(super) fn micros(used: Used, count: u64) -> f64 {
    used.as_secs_f64() * 1e6 / count.max(1) as f64
}
