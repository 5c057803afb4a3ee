//! Dates and times as a person writes them: in their zone, in the order of their language.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::User;

impl User {
    /// The day, such as `Jan 5, 2026` or `5 Jan 2026`.
    pub fn date(&self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone()).format(day(&self.language)).to_string()
    }

    /// A day that is the same for everybody, as this person writes one.
    pub fn day(&self, on: NaiveDate) -> String {
        on.format(day(&self.language)).to_string()
    }

    /// A time of a day, such as `2:30 PM` or `14:30`.
    pub fn time(&self, at: NaiveTime) -> String {
        at.format(time(&self.language)).to_string()
    }

    /// Day and time, such as `Jan 5, 2026, 2:30 PM` or `5 Jan 2026, 14:30`.
    pub fn date_and_time(&self, at: DateTime<Utc>) -> String {
        let (day, time) = (day(&self.language), time(&self.language));
        at.with_timezone(&self.zone()).format(&format!("{day}, {time}")).to_string()
    }

    /// The same person elsewhere: for times that belong to a place, and not to whoever reads them.
    pub fn in_zone(&self, zone: &str) -> Self {
        let mut there = self.clone();
        zone.clone_into(&mut there.time_zone);
        there
    }

    fn zone(&self) -> Tz {
        self.time_zone.parse().unwrap_or(Tz::UTC)
    }
}

fn day(language: &str) -> &'static str {
    if language == "en-GB" { "%-d %b %Y" } else { "%b %-d, %Y" }
}

fn time(language: &str) -> &'static str {
    if language == "en-GB" { "%H:%M" } else { "%-I:%M %p" }
}
