//! By when: days and times as the clocks of a workspace show them, in words, and when the next one is.

use chrono::{
    DateTime, Datelike, Days, LocalResult, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Utc,
};
use chrono_tz::Tz;

use super::task::words;
use crate::accounts::User;

words!(
    /// Whether there is a next one, and how much later.
    Repeats { Never "never" "Never", Daily "daily" "Daily", Weekly "weekly" "Weekly", Monthly "monthly" "Monthly" }
);

/// A day, and a time of it where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Due {
    pub on: NaiveDate,
    pub at: Option<NaiveTime>,
}

/// Where a task stands by its day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    Overdue,
    Today,
    Later,
    Undated,
}

impl Standing {
    pub fn words(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Today",
            Self::Later => "Upcoming",
            Self::Undated => "Without a day",
        }
    }

    pub fn of(due: Option<Due>, wall: NaiveDateTime) -> Self {
        match due {
            None => Self::Undated,
            Some(due) if due.is_over(wall) => Self::Overdue,
            Some(due) if due.on == wall.date() => Self::Today,
            Some(_) => Self::Later,
        }
    }
}

/// What the clocks show in this time zone.
pub fn wall(zone: &str, now: DateTime<Utc>) -> NaiveDateTime {
    now.with_timezone(&zone.parse().unwrap_or(Tz::UTC)).naive_local()
}

/// When whoever has a task without a time is reminded of it, by the same clocks.
const MORNING: NaiveTime = match NaiveTime::from_hms_opt(8, 0, 0) {
    Some(morning) => morning,
    None => NaiveTime::MIN,
};

impl Due {
    /// Whether its time is over; a day alone is over with the day.
    pub fn is_over(self, wall: NaiveDateTime) -> bool {
        match self.at {
            Some(at) => self.on.and_time(at) < wall,
            None => self.on < wall.date(),
        }
    }

    /// `Yesterday`, `Today 15:00`, `Friday`, or the day itself.
    pub fn words(self, me: &User, wall: NaiveDateTime) -> String {
        let day = match (self.on - wall.date()).num_days() {
            -1 => "Yesterday".to_owned(),
            0 => "Today".to_owned(),
            1 => "Tomorrow".to_owned(),
            2..=6 => self.on.format("%A").to_string(),
            _ => me.day(self.on),
        };
        self.at.map_or(day.clone(), |at| format!("{day} {}", me.time(at)))
    }

    /// When whoever has it is reminded. A time that the clocks skip is an hour later.
    pub fn remind_at(self, zone: &str) -> DateTime<Utc> {
        let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
        let wall = self.on.and_time(self.at.unwrap_or(MORNING));
        match zone.from_local_datetime(&wall) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at.with_timezone(&Utc),
            LocalResult::None => zone
                .from_local_datetime(&(wall + TimeDelta::hours(1)))
                .earliest()
                .map_or_else(|| wall.and_utc(), |at| at.with_timezone(&Utc)),
        }
    }
}

impl Repeats {
    /// The first time after `due` that is not over yet on this day; none for what does not repeat. `day` is the
    /// day of the month on which the first one was.
    pub fn next(self, due: Due, day: i16, today: NaiveDate) -> Option<Due> {
        let mut on = due.on;
        loop {
            on = match self {
                Self::Never => return None,
                Self::Daily => on.checked_add_days(Days::new(1))?,
                Self::Weekly => on.checked_add_days(Days::new(7))?,
                Self::Monthly => {
                    let next = on.checked_add_months(Months::new(1))?;
                    let wanted = u32::try_from(day).unwrap_or(1);
                    (0..4).find_map(|less| next.with_day(wanted.checked_sub(less)?))?
                }
            };
            if on > due.on && on >= today {
                return Some(Due { on, at: due.at });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn next(repeats: Repeats, on: &str, today: &str) -> String {
        let due = Due { on: day(on), at: None };
        let first = i16::try_from(day("2027-01-31").day()).unwrap();
        repeats.next(due, first, day(today)).unwrap().on.to_string()
    }

    #[test]
    fn the_next_one_is_after_this_one_and_not_in_the_past() {
        assert_eq!(next(Repeats::Daily, "2026-11-20", "2026-11-20"), "2026-11-21");
        assert_eq!(next(Repeats::Daily, "2026-11-01", "2026-11-20"), "2026-11-20");
        assert_eq!(next(Repeats::Weekly, "2026-11-06", "2026-11-20"), "2026-11-20");
        assert_eq!(next(Repeats::Weekly, "2026-11-27", "2026-11-20"), "2026-12-04");
        assert_eq!(Repeats::Never.next(Due { on: day("2026-11-27"), at: None }, 1, day("2026-11-20")), None);
    }

    #[test]
    fn a_short_month_does_not_move_the_rest() {
        assert_eq!(next(Repeats::Monthly, "2027-01-31", "2027-01-31"), "2027-02-28");
        assert_eq!(next(Repeats::Monthly, "2027-02-28", "2027-02-28"), "2027-03-31");
        assert_eq!(next(Repeats::Monthly, "2027-03-31", "2027-03-31"), "2027-04-30");
    }

    #[test]
    fn a_reminder_is_by_the_clocks_of_the_workspace() {
        let due = |at| Due { on: day("2026-03-08"), at };
        assert_eq!(due(None).remind_at("America/New_York").to_rfc3339(), "2026-03-08T12:00:00+00:00");
        let skipped = due(NaiveTime::from_hms_opt(2, 30, 0));
        assert_eq!(skipped.remind_at("America/New_York").to_rfc3339(), "2026-03-08T07:30:00+00:00");
    }

    #[test]
    fn a_day_alone_is_over_with_the_day_and_a_time_with_the_time() {
        let wall = day("2026-11-21").and_hms_opt(9, 0, 0).unwrap();
        let due = |on: &str, at| Some(Due { on: day(on), at });
        let stands = |due| Standing::of(due, wall);
        assert_eq!(stands(due("2026-11-21", None)), Standing::Today);
        assert_eq!(stands(due("2026-11-21", NaiveTime::from_hms_opt(8, 59, 0))), Standing::Overdue);
        assert_eq!(stands(due("2026-11-20", None)), Standing::Overdue);
        assert_eq!((stands(due("2026-11-22", None)), stands(None)), (Standing::Later, Standing::Undated));
    }
}
