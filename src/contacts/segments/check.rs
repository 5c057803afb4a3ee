//! A rule against what there is: what it means, or what is wrong with it, line by line.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use uuid::Uuid;

use super::{
    catalogue::{Catalogue, Kind, Subject, chosen},
    rule::{DEEPEST, Group, Join, LONGEST, Line, Rule},
    test::{Deed, End, Like, Meaning, Place, Test, Word},
};

/// The words of a comparison and their key, for each kind.
pub fn ways(kind: &Kind) -> &'static [(&'static str, &'static str)] {
    match kind {
        Kind::Text => &[
            ("is", "is"),
            ("is_not", "is not"),
            ("one_of", "is one of"),
            ("contains", "contains"),
            ("lacks", "does not contain"),
            ("starts", "begins with"),
            ("ends", "ends with"),
            ("known", "is known"),
            ("unknown", "is unknown"),
        ],
        Kind::Choice(_) => {
            &[("is", "is"), ("is_not", "is not"), ("known", "is known"), ("unknown", "is unknown")]
        }
        Kind::Choices(_) => {
            &[("is", "has"), ("is_not", "does not have"), ("known", "is known"), ("unknown", "is unknown")]
        }
        Kind::Number => &[
            ("equals", "is"),
            ("at_least", "is at least"),
            ("more", "is more than"),
            ("at_most", "is at most"),
            ("less", "is less than"),
            ("between", "is between"),
            ("known", "is known"),
            ("unknown", "is unknown"),
        ],
        Kind::Flag => {
            &[("yes", "is yes"), ("no", "is not yes"), ("known", "is known"), ("unknown", "is unknown")]
        }
        Kind::Day => &[
            ("in_last", "was in the last"),
            ("before_last", "was longer ago than"),
            ("in_next", "is in the next"),
            ("anniversary", "has its anniversary in the next"),
            ("on", "is"),
            ("before", "is before"),
            ("after", "is after"),
            ("known", "is known"),
            ("unknown", "is unknown"),
        ],
        Kind::Moment => &[
            ("in_last", "was in the last"),
            ("before_last", "was longer ago than"),
            ("anniversary", "has its anniversary in the next"),
            ("on", "is on"),
            ("before", "is before"),
            ("after", "is after"),
        ],
        Kind::Tag => &[("has", "is on them"), ("has_not", "is not on them")],
        Kind::Member => &[("in", "includes them"), ("not_in", "does not include them")],
        Kind::Consent => &[
            ("reachable", "lets mail go to them"),
            ("unreachable", "does not let mail go to them"),
            ("yes", "was given"),
            ("no", "was taken back"),
            ("pause", "is paused"),
            ("nothing", "was never spoken of"),
        ],
        Kind::Deed => &[("did", "they did"), ("did_not", "they did not")],
    }
}

/// A rule that makes sense, with its lines by their place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub meaning: Meaning,
    /// The place of each line, and what it means.
    pub lines: Vec<(String, Meaning)>,
    /// What is wrong, by place. Only a filter goes by what is right beside it; a segment needs all of it.
    pub errors: Vec<(String, String)>,
}

pub fn check(rule: &Group, catalogue: &Catalogue) -> Checked {
    let mut checked = Checked { meaning: Meaning::All(Vec::new()), lines: Vec::new(), errors: Vec::new() };
    if rule.lines() > LONGEST || rule.depth() > DEEPEST {
        let told = format!("A rule may have {LONGEST} lines, and {DEEPEST} groups inside each other.");
        checked.errors.push(("0".to_owned(), told));
        return checked;
    }
    if let Some(meaning) = checked.group(rule, "0", catalogue) {
        checked.meaning = meaning;
    }
    checked
}

impl Checked {
    /// What the parts that make sense mean together; nothing when none does.
    fn group(&mut self, group: &Group, place: &str, catalogue: &Catalogue) -> Option<Meaning> {
        if group.rules.is_empty() {
            self.errors.push((place.to_owned(), "Add a line to this group, or take it away.".to_owned()));
        }
        let mut parts = Vec::with_capacity(group.rules.len());
        for (n, rule) in group.rules.iter().enumerate() {
            let place = format!("{place}.{n}");
            match rule {
                Rule::Group(group) => parts.extend(self.group(group, &place, catalogue)),
                Rule::Line(line) => match meaning(line, catalogue) {
                    Ok(meaning) => {
                        self.lines.push((place, meaning.clone()));
                        parts.push(meaning);
                    }
                    Err(told) => self.errors.push((place, told)),
                },
            }
        }
        (!parts.is_empty()).then(|| match group.join {
            Join::All => Meaning::All(parts),
            Join::Any => Meaning::Any(parts),
            Join::None => !Meaning::Any(parts),
        })
    }

    pub fn error(&self, place: &str) -> &str {
        self.errors.iter().find(|(at, _)| at == place).map_or("", |(_, told)| told)
    }
}

/// What one line means, or what is wrong with it.
pub fn meaning(line: &Line, catalogue: &Catalogue) -> Result<Meaning, String> {
    let Some(subject) = catalogue.subject(&line.about) else {
        return Err("This is no longer there. Choose something else, or take the line away.".to_owned());
    };
    if !ways(&subject.kind).iter().any(|(key, _)| *key == line.is) {
        return Err("Choose how to compare.".to_owned());
    }
    let place = subject.place();
    match line.is.as_str() {
        "known" => return Ok(Test::Known(place).into()),
        "unknown" => return Ok(!Meaning::from(Test::Known(place))),
        _ => {}
    }
    match &subject.kind {
        Kind::Text => text(line, place),
        Kind::Choice(choices) | Kind::Choices(choices) => choice(line, subject, choices),
        Kind::Number => number(line, place),
        Kind::Flag => Ok(turned(line.is == "no", Test::Flag(place))),
        Kind::Day => day(line, place, catalogue),
        Kind::Moment => moment(line, place, catalogue),
        Kind::Tag => {
            let tags = several(line, &catalogue.tags, "Choose a tag.")?;
            Ok(turned(line.is == "has_not", Test::Tagged(tags)))
        }
        Kind::Member => {
            let lists = several(line, &catalogue.lists, "Choose a list or a segment.")?;
            Ok(turned(line.is == "not_in", Test::Member(lists)))
        }
        Kind::Consent => consent(line, catalogue),
        Kind::Deed => deed(line, catalogue),
    }
}

fn turned(is_not: bool, test: Test) -> Meaning {
    if is_not { !Meaning::from(test) } else { test.into() }
}

fn text(line: &Line, place: Place) -> Result<Meaning, String> {
    const LONGEST_TEXT: usize = 500;
    let typed = match line.is.as_str() {
        // One beside the other, or one below the other.
        "one_of" => line
            .given()
            .iter()
            .flat_map(|all| all.split([',', '\n']))
            .map(|one| one.trim().to_owned())
            .collect(),
        _ => line.given(),
    };
    let with: Vec<String> =
        typed.iter().map(|one| one.to_lowercase()).filter(|one| !one.is_empty()).collect();
    if with.is_empty() {
        return Err("Type something to compare with.".to_owned());
    }
    if with.len() > 500 || with.iter().any(|one| one.chars().count() > LONGEST_TEXT || one.contains('\0')) {
        return Err(format!("Up to 500 values of up to {LONGEST_TEXT} characters."));
    }
    let like = match line.is.as_str() {
        "contains" | "lacks" => Like::Contains,
        "starts" => Like::Starts,
        "ends" => Like::Ends,
        _ => Like::Is,
    };
    Ok(turned(matches!(line.is.as_str(), "is_not" | "lacks"), Test::Text(place, like, with)))
}

fn choice(line: &Line, subject: &Subject, choices: &[(String, String)]) -> Result<Meaning, String> {
    let given = line.given();
    if given.is_empty() || !given.iter().all(|one| choices.iter().any(|(key, _)| key == one)) {
        return Err("Choose from the list.".to_owned());
    }
    Ok(turned(line.is == "is_not", Test::Chosen(subject.place(), given)))
}

fn number(line: &Line, place: Place) -> Result<Meaning, String> {
    let typed =
        |n: usize| decimal(line.value(n)).ok_or_else(|| "Type a number, such as 12 or 9.5.".to_owned());
    let end = |number: String, is_in| Some(End { number, is_in });
    let first = typed(0)?;
    let (low, high) = match line.is.as_str() {
        "at_least" => (end(first, true), None),
        "more" => (end(first, false), None),
        "at_most" => (None, end(first, true)),
        "less" => (None, end(first, false)),
        "between" => (end(first, true), end(typed(1)?, true)),
        _ => (end(first.clone(), true), end(first, true)),
    };
    Ok(Test::Number(place, low, high).into())
}

/// A decimal number of a size that PostgreSQL can always read.
fn decimal(typed: &str) -> Option<String> {
    let digits = typed.strip_prefix('-').unwrap_or(typed);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let is_number =
        |digits: &str| (1..=18).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (is_number(whole) && is_number(rest)).then(|| typed.to_owned())
}

/// A number of days, as typed.
fn days(line: &Line) -> Result<u64, String> {
    const MOST: u64 = 3650;
    let days = line.value(0).parse().ok().filter(|days| (1..=MOST).contains(days));
    days.ok_or_else(|| format!("Type a number of days from 1 to {MOST}."))
}

fn date(line: &Line) -> Result<NaiveDate, String> {
    let date = NaiveDate::parse_from_str(line.value(0), "%Y-%m-%d").ok();
    let date = date.filter(|date| (1..=9998).contains(&date.year()));
    date.ok_or_else(|| "Choose a day, such as 2026-11-30.".to_owned())
}

/// From the first day, before the second.
type Range = (Option<NaiveDate>, Option<NaiveDate>);

/// The days that are meant, but for anniversaries.
fn range(line: &Line, today: NaiveDate) -> Result<Range, String> {
    let back = |days: u64| today.checked_sub_days(Days::new(days));
    let on = |days: u64| today.checked_add_days(Days::new(days));
    Ok(match line.is.as_str() {
        "in_last" => (back(days(line)?), on(1)),
        "before_last" => (None, back(days(line)?)),
        "in_next" => (Some(today), on(days(line)? + 1)),
        "before" => (None, Some(date(line)?)),
        "after" => (date(line)?.checked_add_days(Days::new(1)), None),
        _ => {
            let date = date(line)?;
            (Some(date), date.checked_add_days(Days::new(1)))
        }
    })
}

fn day(line: &Line, place: Place, catalogue: &Catalogue) -> Result<Meaning, String> {
    let today = catalogue.now.with_timezone(&catalogue.zone).date_naive();
    if line.is == "anniversary" {
        return Ok(Test::Anniversary(place, anniversaries(today, days(line)?), None).into());
    }
    let (from, until) = range(line, today)?;
    Ok(Test::Day(place, from, until).into())
}

fn moment(line: &Line, place: Place, catalogue: &Catalogue) -> Result<Meaning, String> {
    let today = catalogue.now.with_timezone(&catalogue.zone).date_naive();
    if line.is == "anniversary" {
        return Ok(Test::Anniversary(place, anniversaries(today, days(line)?), Some(catalogue.zone)).into());
    }
    let (from, until) = range(line, today)?;
    let begins = |day: Option<NaiveDate>| day.map(|day| begin(day, catalogue));
    Ok(Test::Moment(place, begins(from), begins(until)).into())
}

/// When a day begins in the workspace: where clocks are put forward at midnight, at the first moment there is.
fn begin(day: NaiveDate, catalogue: &Catalogue) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let tries = (0..=8).map(|quarters| midnight + TimeDelta::minutes(quarters * 15));
    let found = tries.filter_map(|at| catalogue.zone.from_local_datetime(&at).earliest()).next();
    found.map_or_else(|| midnight.and_utc(), |found| found.with_timezone(&Utc))
}

/// Month and day of today and so many days more. Where a year has no 29 February, it is had on the 28th.
fn anniversaries(today: NaiveDate, days: u64) -> Vec<String> {
    let last = days.min(365);
    let mut all: Vec<String> = (0..=last)
        .filter_map(|n| today.checked_add_days(Days::new(n)))
        .flat_map(|day| {
            let is_short = day.month() == 2 && day.day() == 28 && !day.leap_year();
            [Some(day.format("%m-%d").to_string()), is_short.then(|| "02-29".to_owned())]
        })
        .flatten()
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn several(line: &Line, choices: &[(String, String)], otherwise: &str) -> Result<Vec<Uuid>, String> {
    let ids: Option<Vec<Uuid>> = line.given().iter().map(|typed| chosen(choices, typed)).collect();
    ids.filter(|ids| !ids.is_empty()).ok_or_else(|| otherwise.to_owned())
}

fn consent(line: &Line, catalogue: &Catalogue) -> Result<Meaning, String> {
    let topic = match line.value(0) {
        "" => None,
        typed => {
            Some(chosen(&catalogue.topics, typed).ok_or("This topic is no longer there. Choose another.")?)
        }
    };
    let word = match line.is.as_str() {
        "yes" => Word::Yes,
        "no" => Word::No,
        "pause" => Word::Pause,
        "nothing" => Word::Nothing,
        _ => Word::Reachable,
    };
    Ok(turned(line.is == "unreachable", Test::Said(topic, word)))
}

/// Values: how often at least, in how many days (empty: ever), what exactly (empty: anything), and `machines`.
fn deed(line: &Line, catalogue: &Catalogue) -> Result<Meaning, String> {
    let at_least = match line.value(0) {
        "" => 1,
        typed => typed
            .parse()
            .ok()
            .filter(|n| (1..=10_000).contains(n))
            .ok_or("Type how often, from 1 to 10000.")?,
    };
    let since = match line.value(1) {
        "" => None,
        typed => {
            let days = typed.parse().ok().filter(|n| (1..=3650).contains(n));
            let days: u64 = days.ok_or("Type a number of days from 1 to 3650, or nothing for ever.")?;
            catalogue.now.checked_sub_days(Days::new(days))
        }
    };
    let of = match (line.value(2), catalogue.of(&line.about)) {
        ("", _) => None,
        (typed, Some((key, choices))) => {
            let id = chosen(choices, typed).ok_or("This is no longer there. Choose another, or any.")?;
            Some((key, id))
        }
        (_, None) => return Err("Choose from the list.".to_owned()),
    };
    let kind = line.about.trim_start_matches("event:").to_owned();
    let deed = Deed { kind, at_least, since, of, with_machines: line.value(3) == "machines" };
    Ok(turned(line.is == "did_not", Test::Did(deed)))
}

/// What a rule mentions, for whoever changes it: `field:city`, `list:…`, `event:email.opened`, and `time` where
/// it says something else tomorrow.
pub fn mentions(rule: &Group) -> Vec<String> {
    let mut all = Vec::new();
    for rule in &rule.rules {
        match rule {
            Rule::Group(group) => all.extend(mentions(group)),
            Rule::Line(line) if matches!(line.about.as_str(), "list:" | "tag:") => {
                all.extend(line.given().iter().map(|id| format!("{}{id}", line.about)));
            }
            Rule::Line(line) => {
                let about = line.about.trim_end_matches(':').to_owned();
                let is_timed =
                    matches!(line.is.as_str(), "in_last" | "before_last" | "in_next" | "anniversary")
                        || about == "consent"
                        || about.starts_with("event:") && !line.value(1).is_empty();
                all.extend(is_timed.then(|| "time".to_owned()));
                all.push(about);
            }
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_without_the_29_february_has_it_on_the_28th() {
        let day = |year| NaiveDate::from_ymd_opt(year, 2, 27).unwrap();
        assert_eq!(anniversaries(day(2026), 1), ["02-27", "02-28", "02-29"]);
        assert_eq!(anniversaries(day(2028), 1), ["02-27", "02-28"]);
        assert_eq!(anniversaries(day(2026), 3650).len(), 366);
    }

    #[test]
    fn only_numbers_that_can_be_read_are_numbers() {
        for good in ["0", "-3", "9.50", "123456789012345678"] {
            assert_eq!(decimal(good).as_deref(), Some(good));
        }
        for bad in ["", "-", "1e5", "1.", ".5", "0x1", "NaN", "1234567890123456789", "1 2", "--1"] {
            assert_eq!(decimal(bad), None, "{bad}");
        }
    }
}
