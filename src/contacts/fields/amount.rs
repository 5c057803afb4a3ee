//! Numbers and money as people in different countries type them.

use serde_json::Value;

/// A currency: its code, its sign where it has one of its own, and its digits behind the point.
struct Currency {
    code: &'static str,
    sign: &'static str,
    digits: usize,
}

const fn currency(code: &'static str, sign: &'static str, digits: usize) -> Currency {
    Currency { code, sign, digits }
}

const CURRENCIES: &[Currency] = &[
    currency("USD", "$", 2),
    currency("EUR", "€", 2),
    currency("GBP", "£", 2),
    currency("CHF", "", 2),
    currency("CAD", "", 2),
    currency("AUD", "", 2),
    currency("NZD", "", 2),
    currency("SEK", "", 2),
    currency("NOK", "", 2),
    currency("DKK", "", 2),
    currency("PLN", "", 2),
    currency("CZK", "", 2),
    currency("HUF", "", 2),
    currency("RON", "", 2),
    currency("JPY", "¥", 0),
    currency("CNY", "", 2),
    currency("INR", "₹", 2),
    currency("KRW", "₩", 0),
    currency("BRL", "", 2),
    currency("MXN", "", 2),
    currency("ZAR", "", 2),
    currency("TRY", "", 2),
    currency("ILS", "₪", 2),
    currency("AED", "", 2),
    currency("SGD", "", 2),
];

/// The codes there are.
pub(super) fn currencies() -> impl Iterator<Item = &'static str> {
    CURRENCIES.iter().map(|one| one.code)
}

/// The codes of those that have no digits behind the point.
pub(in crate::contacts) fn whole() -> impl Iterator<Item = &'static str> {
    CURRENCIES.iter().filter(|one| one.digits == 0).map(|one| one.code)
}

fn known(code: &str) -> Option<&'static Currency> {
    CURRENCIES.iter().find(|one| one.code.eq_ignore_ascii_case(code))
}

/// A number with digits, a point and a minus only, out of `1,234.5`, `1.234,5`, `1 234,5` or `12,5`.
///
/// Where only one sign separates digits, three digits behind a comma make it one between thousands, and a
/// point is always a decimal point: `1,234` is more than a thousand, `1.234` a little more than one.
pub(super) fn plain(typed: &str) -> Option<String> {
    let (minus, rest) = match typed.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest.trim_start()),
        None => ("", typed.strip_prefix('+').unwrap_or(typed)),
    };
    let point = decimal_point(rest);
    let (whole, decimals) = match point {
        Some(at) => (rest.get(..at)?, rest.get(at + 1..)?),
        None => (rest, ""),
    };
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if point.is_some() && !is_digits(decimals) {
        return None;
    }
    let separates = |c: char| matches!(c, ',' | '.' | '\'' | '’') || c.is_whitespace();
    let groups: Vec<&str> = whole.split(separates).collect();
    let (first, others) = groups.split_first()?;
    let is_grouped = others.iter().all(|group| group.len() == 3 && is_digits(group));
    if !is_digits(first) || !is_grouped || (!others.is_empty() && first.len() > 3) {
        return None;
    }
    // One kind of separator throughout: 1,234.567.8 is no number.
    let mut signs = whole.chars().filter(|c| !c.is_ascii_digit());
    let sign = signs.next();
    if signs.any(|other| Some(other) != sign) || whole.len() > 24 || decimals.len() > 10 {
        return None;
    }
    let whole: String = whole.chars().filter(char::is_ascii_digit).collect();
    let whole = whole.trim_start_matches('0');
    let decimals = decimals.trim_end_matches('0');
    if whole.len() + decimals.len() > 15 {
        return None;
    }
    let whole = if whole.is_empty() { "0" } else { whole };
    let is_zero = whole == "0" && decimals.is_empty();
    let minus = if is_zero { "" } else { minus };
    Some(if decimals.is_empty() { format!("{minus}{whole}") } else { format!("{minus}{whole}.{decimals}") })
}

/// Where the decimals begin.
fn decimal_point(text: &str) -> Option<usize> {
    let (commas, points) = (text.matches(',').count(), text.matches('.').count());
    match (text.rfind(','), text.rfind('.')) {
        (Some(comma), Some(point)) => Some(comma.max(point)),
        (Some(comma), None) => {
            let is_thousands = text.len() - comma == 4 && !text.starts_with('0') && comma <= 3;
            (commas == 1 && !is_thousands).then_some(comma)
        }
        (None, Some(point)) => (points == 1).then_some(point),
        (None, None) => None,
    }
}

/// A number as JSON has it.
pub(super) fn number(typed: &str) -> Option<Value> {
    let plain = plain(typed)?;
    match plain.parse::<i64>() {
        Ok(whole) => Some(whole.into()),
        Err(_) => plain.parse::<f64>().ok().map(Value::from),
    }
}

/// An amount in minor units with its currency: `$1,234.50`, `1.234,50 EUR`, or without one for the usual.
pub(super) fn money(typed: &str, usual: &str) -> Option<Value> {
    let (minus, typed) = match typed.strip_prefix(['-', '−']) {
        Some(rest) => ("-", rest.trim()),
        None => ("", typed),
    };
    let is_amount = |c: char| c.is_ascii_digit();
    let (from, to) = (typed.find(is_amount)?, typed.rfind(is_amount)?);
    let (before, amount, after) = (typed.get(..from)?, typed.get(from..=to)?, typed.get(to + 1..)?);
    let before = before.trim();
    let (before, minus) = match before.strip_suffix(['-', '−']) {
        Some(before) if minus.is_empty() => (before.trim(), "-"),
        Some(_) => return None,
        None => (before, minus),
    };
    let word = match (before, after.trim()) {
        ("", word) | (word, "") => word,
        _ => return None,
    };
    let of_sign = || CURRENCIES.iter().find(|one| !one.sign.is_empty() && one.sign == word);
    let currency = if word.is_empty() { known(usual)? } else { known(word).or_else(of_sign)? };
    let plain = plain(amount)?;
    let (whole, decimals) = plain.split_once('.').unwrap_or((&plain, ""));
    if decimals.len() > currency.digits {
        return None;
    }
    let minor: i64 = format!("{minus}{whole}{decimals:0<width$}", width = currency.digits).parse().ok()?;
    Some(serde_json::json!({ "amount": minor, "currency": currency.code }))
}

/// An amount's digits with a point, and its currency.
fn parts(value: &Value) -> Option<(String, &'static Currency)> {
    let currency = known(value.get("currency")?.as_str()?)?;
    let minor = value.get("amount")?.as_i64()?;
    let minus = if minor < 0 { "-" } else { "" };
    let digits = format!("{:0>width$}", minor.unsigned_abs(), width = currency.digits + 1);
    let (whole, decimals) = digits.split_at(digits.len() - currency.digits);
    let point = if decimals.is_empty() { "" } else { "." };
    Some((format!("{minus}{whole}{point}{decimals}"), currency))
}

/// As it is typed again: `1234.50`, with the currency where it is not the usual one.
pub(super) fn typed(value: &Value, usual: &str) -> Option<String> {
    let (amount, currency) = parts(value)?;
    Some(if currency.code == usual { amount } else { format!("{amount} {}", currency.code) })
}

/// For people: `€1,234.50`, `1,234.50 CHF`.
pub(super) fn shown(value: &Value) -> Option<String> {
    let (amount, currency) = parts(value)?;
    let (minus, amount) = amount.strip_prefix('-').map_or(("", amount.as_str()), |rest| ("-", rest));
    let (whole, decimals) = amount.split_once('.').map_or((amount, ""), |(whole, rest)| (whole, rest));
    let mut grouped = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let point = if decimals.is_empty() { "" } else { "." };
    Some(match currency.sign {
        "" => format!("{minus}{grouped}{point}{decimals} {}", currency.code),
        sign => format!("{minus}{sign}{grouped}{point}{decimals}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_they_are_written_in_many_countries() {
        let read = [
            ("38", "38"),
            ("-38.50", "-38.5"),
            ("1,234.5", "1234.5"),
            ("1.234,5", "1234.5"),
            ("1 234,5", "1234.5"),
            ("1’234.50", "1234.5"),
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("12,5", "12.5"),
            ("0,125", "0.125"),
            ("1234,567", "1234.567"),
            ("1,234,567", "1234567"),
            ("007", "7"),
            ("-0", "0"),
            ("+5", "5"),
        ];
        for (typed, plain_one) in read {
            assert_eq!(plain(typed).as_deref(), Some(plain_one), "{typed}");
        }
        let none = [
            "",
            "-",
            "x",
            "1e5",
            "12 34",
            "1,23,456",
            "5.",
            ".5",
            "1..2",
            "1 234.567.8",
            "٣",
            "9999999999999999",
            "1,234.567,8",
            "3 m²",
        ];
        for typed in none {
            assert_eq!(plain(typed), None, "{typed}");
        }
    }

    #[test]
    fn money_is_kept_in_minor_units_and_read_back_as_it_was_typed() {
        let eur = |amount: i64| Some(json!({ "amount": amount, "currency": "EUR" }));
        for typed in ["1,234.50", "€1,234.50", "1.234,50 €", "1234.5 EUR", "eur 1234,5"] {
            assert_eq!(money(typed, "EUR"), eur(123_450), "{typed}");
        }
        assert_eq!(money("-€5", "USD"), eur(-500));
        assert_eq!(money("€-5", "USD"), eur(-500));
        assert_eq!(money("¥500", "EUR"), Some(json!({ "amount": 500, "currency": "JPY" })));
        for typed in ["", "EUR", "1.005", "¥5.5", "5 bananas", "$5 €", "$ 1 2"] {
            assert_eq!(money(typed, "EUR"), None, "{typed}");
        }
        let held = money("-1234567.05", "EUR").unwrap();
        assert_eq!(typed(&held, "EUR").as_deref(), Some("-1234567.05"));
        assert_eq!(typed(&held, "USD").as_deref(), Some("-1234567.05 EUR"));
        assert_eq!(shown(&held).as_deref(), Some("-€1,234,567.05"));
        assert_eq!(shown(&money("5", "CHF").unwrap()).as_deref(), Some("5.00 CHF"));
        assert_eq!(shown(&money("¥1500", "EUR").unwrap()).as_deref(), Some("¥1,500"));
    }
}
