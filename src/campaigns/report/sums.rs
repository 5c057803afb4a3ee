//! The numbers of a report, and what they are a share of.

/// People, each counted once; `opens` and `clicks` are how often, and `machine_…` what no person did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    pub people: i64,
    pub skipped: i64,
    pub waiting: i64,
    pub sent: i64,
    pub delivered: i64,
    pub failed: i64,
    pub unknown: i64,
    pub bounced: i64,
    pub opened: i64,
    pub clicked: i64,
    pub unsubscribed: i64,
    pub complained: i64,
    pub opens: i64,
    pub clicks: i64,
}

/// Hits of machines, and opens that a provider's proxy made for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Machines {
    pub opens: i64,
    pub clicks: i64,
    pub proxied: i64,
}

/// A link of the mail, and who followed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowedLink {
    pub position: i16,
    pub target: String,
    pub people: i64,
    pub clicks: i64,
}

/// So many for one cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// `bounced`, `failed` or `skipped`.
    pub what: String,
    /// `hard` or `soft`, where it came back.
    pub bounce: String,
    pub cause: String,
    pub people: i64,
}

impl Sums {
    /// Whether anything has left at all.
    pub fn is_begun(&self) -> bool {
        self.sent + self.failed + self.unknown > 0
    }
}

/// A share in percent with one digit, `–` of nothing.
pub fn share(part: i64, whole: i64) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = (part.max(0) * 1_000 + whole / 2) / whole;
    format!("{}.{} %", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::share;

    #[test]
    fn a_share_is_rounded_and_of_nothing_there_is_none() {
        let shares = [share(1, 3), share(2, 3), share(0, 7), share(7, 7), share(1, 0), share(1, 2_000)];
        assert_eq!(shares, ["33.3 %", "66.7 %", "0.0 %", "100.0 %", "–", "0.1 %"]);
    }
}
