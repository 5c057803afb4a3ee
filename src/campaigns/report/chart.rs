//! Opens and clicks over time as bars: by the hour for two days, by the day from then on.

use chrono::{DateTime, TimeDelta, Utc};

/// Hours that are shown one by one.
const HOURS: i64 = 48;
/// Days after them.
const DAYS: i64 = 28;
/// Hours that are shown at the least.
const LEAST: i64 = 12;
/// The room that the bars stand in.
pub const WIDTH: i64 = 960;
pub const HEIGHT: i64 = 200;

/// People who did something first in that hour after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    pub hour: i64,
    pub opened: i64,
    pub clicked: i64,
}

/// One bar of each colour: what it counts, and where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    pub from: DateTime<Utc>,
    pub is_day: bool,
    pub opened: i64,
    pub clicked: i64,
    pub x: i64,
    pub width: i64,
    pub opened_height: i64,
    pub clicked_height: i64,
}

impl Bar {
    pub fn opened_y(&self) -> i64 {
        HEIGHT - self.opened_height
    }

    pub fn clicked_y(&self) -> i64 {
        HEIGHT - self.clicked_height
    }
}

/// Which bar an hour belongs to.
fn slot(hour: i64) -> i64 {
    let hour = hour.max(0);
    if hour < HOURS { hour } else { (HOURS + (hour - HOURS) / 24).min(HOURS + DAYS - 1) }
}

/// The bars from the start to the last thing that happened.
pub fn bars(hours: &[Hour], start: DateTime<Utc>) -> Vec<Bar> {
    let count = hours.iter().map(|hour| slot(hour.hour) + 1).max().unwrap_or_default().max(LEAST);
    let sum = |at: i64, what: fn(&Hour) -> i64| -> i64 {
        hours.iter().filter(|hour| slot(hour.hour) == at).map(what).sum()
    };
    let counted: Vec<(i64, i64)> =
        (0..count).map(|at| (sum(at, |hour| hour.opened), sum(at, |hour| hour.clicked))).collect();
    let most = counted.iter().map(|(opened, clicked)| *opened.max(clicked)).max().unwrap_or_default().max(1);
    // What is there at all is to be seen.
    let height = |people: i64| if people > 0 { (people * HEIGHT / most).max(2) } else { 0 };
    let step = WIDTH / count;
    (0..count)
        .zip(counted)
        .map(|(at, (opened, clicked))| Bar {
            from: start + TimeDelta::hours(if at < HOURS { at } else { HOURS + (at - HOURS) * 24 }),
            is_day: at >= HOURS,
            opened,
            clicked,
            x: at * step,
            width: (step * 4 / 5).max(1),
            opened_height: height(opened),
            clicked_height: height(clicked),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(hours: &[(i64, i64, i64)]) -> Vec<Bar> {
        let hours: Vec<Hour> = hours
            .iter()
            .map(|(hour, opened, clicked)| Hour { hour: *hour, opened: *opened, clicked: *clicked })
            .collect();
        bars(&hours, DateTime::default())
    }

    #[test]
    fn two_days_are_hours_and_the_rest_is_days() {
        let bars = made(&[(0, 8, 2), (47, 4, 0), (48, 1, 0), (71, 1, 0), (72, 1, 1)]);
        assert_eq!(bars.len(), 50);
        assert_eq!((bars[0].opened_height, bars[0].clicked_height), (HEIGHT, HEIGHT / 4));
        assert_eq!((bars[48].opened, bars[48].is_day, bars[49].opened), (2, true, 1));
        assert_eq!(bars[49].from, DateTime::<Utc>::default() + TimeDelta::hours(72));
        assert!(bars.iter().all(|bar| bar.x + bar.width <= WIDTH && bar.opened_y() >= 0));
    }

    #[test]
    fn nothing_is_lost_at_either_end() {
        let bars = made(&[(-1, 1, 0), (100_000, 1, 1)]);
        assert_eq!(bars.iter().map(|bar| bar.opened).sum::<i64>(), 2);
        assert_eq!(made(&[]).len(), LEAST as usize);
    }
}
