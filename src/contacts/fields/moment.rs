//! Days and times as people type them, and as files have them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// What is said of a day that could be two.
const TWO_DAYS: &str = "This could be two different days. Write it as year, month, day: 2026-04-03.";
const NO_DAY: &str = "This is no date. Write it as year, month, day: 2026-11-21.";

/// The day as `YYYY-MM-DD`. With slashes, day and month are told apart only where one of them cannot be the
/// other: nobody can say what `3/4/2026` means.
pub(super) fn date(typed: &str) -> Result<String, &'static str> {
    let day = match typed.split('/').map(str::trim).collect::<Vec<_>>().as_slice() {
        [year, month, day] if year.len() == 4 => of_numbers(year, month, day),
        [one, other, year] if year.len() == 4 => {
            match (of_numbers(year, other, one), of_numbers(year, one, other)) {
                (Some(day), Some(another)) if day != another => return Err(TWO_DAYS),
                (day, another) => day.or(another),
            }
        }
        _ => with_words(typed),
    };
    let day = day.filter(|day| (1000..=9999).contains(&chrono::Datelike::year(day))).ok_or(NO_DAY)?;
    Ok(day.format("%Y-%m-%d").to_string())
}

fn of_numbers(year: &str, month: &str, day: &str) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// `2026-11-21`, with a time behind it or not; `21.11.2026`; `21 Nov 2026`; `November 21, 2026`.
fn with_words(typed: &str) -> Option<NaiveDate> {
    const PATTERNS: &[&str] = &["%Y-%m-%d", "%d.%m.%Y", "%d %B %Y", "%B %d, %Y", "%d. %B %Y"];
    let of_pattern = |pattern: &&str| NaiveDate::parse_from_str(typed, pattern).ok();
    PATTERNS.iter().find_map(of_pattern).or_else(|| {
        let moment = typed.trim_end_matches('Z').replacen('T', " ", 1);
        let with_time = |pattern: &&str| NaiveDateTime::parse_from_str(&moment, pattern).ok();
        ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"].iter().find_map(with_time).map(|moment| moment.date())
    })
}

/// The time as `HH:MM`, out of `14:30`, `14:30:00`, `2:30 PM`, `14.30`.
pub(super) fn time(typed: &str) -> Option<String> {
    const PATTERNS: &[&str] = &["%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p", "%H.%M"];
    let typed = typed.to_uppercase();
    let time = PATTERNS.iter().find_map(|pattern| NaiveTime::parse_from_str(&typed, pattern).ok())?;
    Some(time.format("%H:%M").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_where_there_is_only_one_that_it_can_be() {
        let same = [
            "2026-11-21",
            "21.11.2026",
            "2026/11/21",
            "11/21/2026",
            "21/11/2026",
            "21 Nov 2026",
            "21 November 2026",
            "Nov 21, 2026",
            "2026-11-21T10:00:00Z",
            "2026-11-21 00:00:00",
        ];
        for typed in same {
            assert_eq!(date(typed).as_deref(), Ok("2026-11-21"), "{typed}");
        }
        assert_eq!(date("4/4/2026").as_deref(), Ok("2026-04-04"));
        assert_eq!(date("3/4/2026"), Err(TWO_DAYS));
        for typed in ["", "soon", "2026-02-30", "21.11.26", "13/13/2026", "46347", "0000-01-01"] {
            assert_eq!(date(typed), Err(NO_DAY), "{typed}");
        }
    }

    #[test]
    fn a_time_of_day_is_read_with_twelve_hours_and_with_twenty_four() {
        for typed in ["14:30", "14:30:59", "2:30 pm", "02:30 PM", "2:30PM", "14.30"] {
            assert_eq!(time(typed).as_deref(), Some("14:30"), "{typed}");
        }
        assert_eq!(["25:00", "noon", "", "14"].map(time), [None, None, None, None]);
    }
}
