//! The environment that expressions run in: empty, but for these filters.
//!
//! A filter never fails: what it cannot read it leaves as it is, so that one odd value of one contact
//! does not stop a mail to all others.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use minijinja::{Environment, UndefinedBehavior, Value};

use super::values::{is_empty, words};

use crate::numbers;

/// The filters there are.
pub(super) const NAMES: &[&str] =
    &["default", "date", "upper", "lower", "capitalize", "truncate", "number", "money", "urlencode"];

/// Instructions that one expression may take.
const FUEL: u64 = 1_000;

pub(super) static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::empty();
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(32);
    environment.set_undefined_behavior(UndefinedBehavior::Chainable);
    environment.add_filter(
        "default",
        |value: Value, other: Option<Value>| {
            if is_empty(&value) { other.unwrap_or_default() } else { value }
        },
    );
    environment.add_filter("upper", |value: Value| words(&value).to_uppercase());
    environment.add_filter("lower", |value: Value| words(&value).to_lowercase());
    environment.add_filter("capitalize", |value: Value| capitalize(&words(&value)));
    environment.add_filter("truncate", |value: Value, most: Option<u32>| truncate(&words(&value), most));
    environment.add_filter("date", |value: Value, style: Option<String>| date(&words(&value), style));
    environment.add_filter("number", |value: Value, places: Option<u32>| {
        number(&words(&value), places.unwrap_or(0))
    });
    environment.add_filter("money", |value: Value, currency: Option<String>| {
        money(&words(&value), currency.as_deref().unwrap_or("USD"))
    });
    // Marked as done, so that an address does not encode it a second time.
    environment.add_filter("urlencode", |value: Value| {
        Value::from_safe_string(super::place::percent_encoded(&words(&value), ""))
    });
    environment
});

fn capitalize(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn truncate(text: &str, most: Option<u32>) -> String {
    let most = usize::try_from(most.unwrap_or(80)).unwrap_or(80).clamp(1, 10_000);
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most - 1).collect();
    format!("{}…", kept.trim_end())
}

/// `2026-11-21` as `21 November 2026`; `short` as `21 Nov`, `iso` as it is kept.
fn date(text: &str, style: Option<String>) -> String {
    let day = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d")
        .ok()
        .or_else(|| DateTime::parse_from_rfc3339(text.trim()).ok().map(|moment| moment.date_naive()));
    let Some(day) = day else { return text.to_owned() };
    let pattern = match style.as_deref() {
        Some("short") => "%-d %b",
        Some("iso") => "%Y-%m-%d",
        Some("us") => "%B %-d, %Y",
        Some("weekday") => "%A, %-d %B",
        _ => "%-d %B %Y",
    };
    day.format(pattern).to_string()
}

/// With commas between thousands and this many digits behind the point.
fn number(text: &str, places: u32) -> String {
    let Ok(value) = text.trim().parse::<f64>() else { return text.to_owned() };
    if !value.is_finite() || value.abs() >= 1e15 {
        return text.to_owned();
    }
    let fixed = format!("{:.*}", usize::try_from(places.min(6)).unwrap_or(0), value.abs());
    let (whole, rest) = fixed.split_once('.').unwrap_or((&fixed, ""));
    let grouped = numbers::in_threes(whole);
    let is_zero = !fixed.contains(|c: char| ('1'..='9').contains(&c));
    let sign = if value < 0.0 && !is_zero { "-" } else { "" };
    let point = if rest.is_empty() { "" } else { "." };
    format!("{sign}{grouped}{point}{rest}")
}

fn money(text: &str, currency: &str) -> String {
    if text.trim().parse::<f64>().is_err() {
        return text.to_owned();
    }
    let amount = number(text, if currency == "JPY" { 0 } else { 2 });
    let (sign, amount) = amount.strip_prefix('-').map_or(("", amount.as_str()), |amount| ("-", amount));
    let symbol = match currency {
        "USD" | "CAD" | "AUD" => "$",
        "EUR" => "€",
        "GBP" => "£",
        "JPY" => "¥",
        other => return format!("{sign}{amount} {other}"),
    };
    format!("{sign}{symbol}{amount}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_numbers_and_money_read_as_people_write_them() {
        assert_eq!(date("2026-11-01", None), "1 November 2026");
        assert_eq!(date("2026-11-01T10:00:00Z", Some("us".into())), "November 1, 2026");
        assert_eq!(date("soon", Some("short".into())), "soon");
        assert_eq!(
            ["1234567.5", "-999", "-0.2", "x"].map(|text| number(text, 0)),
            ["1,234,568", "-999", "0", "x"]
        );
        assert_eq!(money("-1234.5", "USD"), "-$1,234.50");
        assert_eq!([money("5", "CHF"), money("1e20", "EUR")], ["5.00 CHF", "€1e20"]);
        assert_eq!(
            (capitalize("élan vital").as_str(), truncate("abcdef", Some(4))),
            ("Élan vital", "abc…".into())
        );
    }
}
