//! Numbers as they are read.

use std::borrow::Borrow;

/// With its digits in groups of three: `17,505`.
pub fn grouped(number: impl Borrow<i64>) -> String {
    let number = *number.borrow();
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", in_threes(&number.unsigned_abs().to_string()))
}

/// `1 deal`, `1,200 deals`.
pub fn many(count: i64, one: &str, more: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{} {more}", grouped(count)) }
}

/// `1 person`, `17,505 people`.
pub fn people(count: impl Borrow<i64>) -> String {
    many(*count.borrow(), "person", "people")
}

/// Digits, in groups of three.
pub fn in_threes(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_threes() {
        let written = [0, 7, 999, 1_000, 17_505, 1_000_000, -1_234].map(grouped);
        assert_eq!(written, ["0", "7", "999", "1,000", "17,505", "1,000,000", "-1,234"]);
    }

    #[test]
    fn one_is_said_as_one() {
        assert_eq!([1, 0, 1_200].map(people), ["1 person", "0 people", "1,200 people"]);
    }
}
