//! Amounts of money: whole numbers of the smallest unit and a currency, never floating point.

use crate::numbers;

/// The currencies of ISO 4217 that are in use, without metals, funds and test codes.
pub const CURRENCIES: &[&str] = &[
    "AED", "AFN", "ALL", "AMD", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD", "BDT", "BHD", "BIF", "BMD",
    "BND", "BOB", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD", "CAD", "CDF", "CHF", "CLP", "CNY", "COP", "CRC",
    "CUP", "CVE", "CZK", "DJF", "DKK", "DOP", "DZD", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP", "GEL",
    "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HKD", "HNL", "HTG", "HUF", "IDR", "ILS", "INR", "IQD", "IRR",
    "ISK", "JMD", "JOD", "JPY", "KES", "KGS", "KHR", "KMF", "KPW", "KRW", "KWD", "KYD", "KZT", "LAK", "LBP",
    "LKR", "LRD", "LSL", "LYD", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK",
    "MXN", "MYR", "MZN", "NAD", "NGN", "NIO", "NOK", "NPR", "NZD", "OMR", "PAB", "PEN", "PGK", "PHP", "PKR",
    "PLN", "PYG", "QAR", "RON", "RSD", "RUB", "RWF", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE",
    "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TND", "TOP", "TRY", "TTD", "TWD",
    "TZS", "UAH", "UGX", "USD", "UYU", "UZS", "VED", "VES", "VND", "VUV", "WST", "XAF", "XCD", "XCG", "XOF",
    "XPF", "YER", "ZAR", "ZMW", "ZWG",
];

/// Those without a smaller unit, and those with a thousand of them; all others have a hundred.
const NONE: &[&str] = &[
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF",
    "XPF",
];
const THREE: &[&str] = &["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"];

/// The largest amount that is kept, in the smallest unit.
const MOST: i64 = 100_000_000_000_000;

/// An amount in the smallest unit of its currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    pub minor: i64,
    pub currency: String,
}

/// Digits behind the decimal sign.
fn decimals(currency: &str) -> usize {
    match currency {
        _ if NONE.contains(&currency) => 0,
        _ if THREE.contains(&currency) => 3,
        _ => 2,
    }
}

impl Money {
    /// Out of what somebody typed, with a point or a comma as their language has it; nothing typed is nothing.
    /// What could be read in two ways is refused, in words.
    pub fn parse(typed: &str, currency: &str) -> Result<Self, String> {
        if !CURRENCIES.contains(&currency) {
            return Err("Choose a currency from the list.".to_owned());
        }
        let is_blank = |c: char| c.is_whitespace() || matches!(c, '\'' | '’' | '\u{a0}' | '\u{202f}' | '_');
        let typed: String = typed.trim().chars().filter(|c| !is_blank(*c)).collect();
        if typed.chars().any(|c| !c.is_ascii_digit() && c != '.' && c != ',') {
            return Err("Type a number, such as 1234.50 or 1.234,50.".to_owned());
        }
        let decimals = decimals(currency);
        let (whole, part) = split(&typed, decimals)?;
        if part.len() > decimals {
            return Err(match decimals {
                0 => format!("{currency} has no smaller unit: type a whole number."),
                _ => format!("{currency} has {decimals} digits behind the decimal sign."),
            });
        }
        let digits = format!("{whole}{part:0<decimals$}");
        let minor = if digits.is_empty() { Ok(0) } else { digits.parse::<i64>() };
        match minor {
            Ok(minor) if minor <= MOST => Ok(Self { minor, currency: currency.to_owned() }),
            _ => Err("That is more than can be kept here.".to_owned()),
        }
    }

    /// As it is read: `EUR 1,234.50`, and `EUR 1,234` where nothing is behind the decimal sign.
    pub fn words(&self) -> String {
        let (whole, part) = self.parts();
        let whole = numbers::in_threes(&whole);
        let part = if part.chars().all(|digit| digit == '0') { String::new() } else { format!(".{part}") };
        format!("{} {whole}{part}", self.currency)
    }

    /// As it is put into a field to be changed: `1234.50`.
    pub fn plain(&self) -> String {
        let (whole, part) = self.parts();
        if part.is_empty() { whole } else { format!("{whole}.{part}") }
    }

    fn parts(&self) -> (String, String) {
        let decimals = decimals(&self.currency);
        let digits = format!("{:0>1$}", self.minor, decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        (whole.to_owned(), part.to_owned())
    }
}

/// The digits before and behind the decimal sign.
fn split(typed: &str, decimals: usize) -> Result<(String, String), String> {
    let Some(last) = typed.rfind(['.', ',']) else { return Ok((typed.to_owned(), String::new())) };
    let (before, after) = (typed.get(..last).unwrap_or_default(), typed.get(last + 1..).unwrap_or_default());
    let sign = typed.get(last..=last).unwrap_or_default();
    let is_alone = !before.contains(['.', ',']);
    let groups_in_threes = after.len() == 3 && (1..=3).contains(&before.len()) && !before.starts_with('0');
    // With three decimals a single sign before three digits is either: a point is the decimal one, as in the
    // field that shows an amount again, and a comma is not guessed at.
    let is_either = is_alone && groups_in_threes && decimals == 3;
    if is_either && sign == "," {
        return Err(format!("Type {before}{after}, or {before}.{after} if the comma is the decimal sign."));
    }
    let is_grouping = before.contains(sign) || (is_alone && groups_in_threes && !is_either);
    let (whole, part) = if is_grouping { (typed, "") } else { (before, after) };
    Ok((ungrouped(whole)?, part.to_owned()))
}

/// The digits of a whole number whose thousands may be set apart by one sign.
fn ungrouped(whole: &str) -> Result<String, String> {
    let unclear = || "It is not clear which sign is the decimal one. Type it as 1234.50.".to_owned();
    if whole.contains('.') && whole.contains(',') {
        return Err(unclear());
    }
    let mut groups = whole.split(['.', ',']);
    let first = groups.next().unwrap_or_default();
    let rest: Vec<&str> = groups.collect();
    let is_regular = rest.is_empty() || ((1..=3).contains(&first.len()) && rest.iter().all(|g| g.len() == 3));
    if is_regular { Ok(format!("{first}{}", rest.concat())) } else { Err(unclear()) }
}

#[cfg(test)]
mod tests {
    use super::Money;

    fn minor(typed: &str, currency: &str) -> Option<i64> {
        Money::parse(typed, currency).ok().map(|money| money.minor)
    }

    #[test]
    fn an_amount_is_read_as_people_of_many_languages_write_it() {
        for typed in ["1.234,50", "1,234.50", "1234.5", "1234,5", "1 234,50", "1’234.50", "1\u{202f}234,5"]
        {
            assert_eq!(minor(typed, "EUR"), Some(123_450), "{typed}");
        }
        for typed in ["1234", "1.234", "1,234", "1 234"] {
            assert_eq!(minor(typed, "EUR"), Some(123_400), "{typed}");
        }
        assert_eq!(minor("1.234.567", "EUR"), Some(123_456_700));
        assert_eq!(minor("1,234,567.8", "USD"), Some(123_456_780));
        assert_eq!((minor("", "EUR"), minor(".5", "EUR"), minor("12", "JPY")), (Some(0), Some(50), Some(12)));
        assert_eq!(minor("1.2345", "KWD"), None);
        assert_eq!(minor("12.5", "KWD"), Some(12_500));
    }

    #[test]
    fn what_is_unclear_or_no_number_is_refused() {
        for typed in
            ["1.2.3", "1,23.456,7", "12,34,567", "0,123", "1.2345", "-5", "5 €", "1e9", "9999999999999999"]
        {
            assert_eq!(minor(typed, "EUR"), None, "{typed}");
        }
        assert_eq!((minor("1.5", "JPY"), minor("1,234", "KWD"), minor("1", "ZZZ")), (None, None, None));
    }

    #[test]
    fn an_amount_is_written_with_its_currency_and_comes_back_from_its_field() {
        let money = |minor, currency: &str| Money { minor, currency: currency.to_owned() };
        assert_eq!(money(123_450, "EUR").words(), "EUR 1,234.50");
        assert_eq!(money(123_400, "EUR").words(), "EUR 1,234");
        assert_eq!(money(1_234_567, "JPY").words(), "JPY 1,234,567");
        assert_eq!(money(5, "KWD").words(), "KWD 0.005");
        assert_eq!(money(5, "USD").plain(), "0.05");
        for amount in [money(123_450, "EUR"), money(7, "JPY"), money(12_345, "KWD")] {
            assert_eq!(minor(&amount.plain(), &amount.currency).unwrap_or(-1), amount.minor, "{amount:?}");
        }
    }
}
