//! The log as its address describes it.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

/// The query part of the address, exactly as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct LogQuery {
    /// Part of a name: whoever did it, or what it was done to.
    pub q: String,
    /// The beginning of an action, such as `members`.
    pub kind: String,
    pub outcome: String,
    pub from: String,
    pub to: String,
    /// Lines older than this number.
    pub older: String,
}

/// The beginnings of actions, and what they are about.
pub const KINDS: &[(&str, &str)] = &[
    ("", "Everything"),
    ("access", "Attempts"),
    ("members", "People"),
    ("invitations", "Invitations"),
    ("roles", "Roles"),
    ("workspace", "Workspace"),
    ("security", "Signing in"),
    ("brand", "Brand"),
    ("clients", "Clients"),
    ("secrets", "Secrets"),
    ("jobs", "Jobs"),
    ("views", "Views"),
    ("checklist", "Checklist"),
];

pub const OUTCOMES: &[(&str, &str)] = &[("", "Done or denied"), ("done", "Done"), ("denied", "Denied")];

impl LogQuery {
    pub fn older(&self) -> Option<i64> {
        self.older.parse().ok()
    }

    /// A kind that exists, or all of them.
    pub fn kind(&self) -> &'static str {
        KINDS.iter().map(|(key, _)| *key).find(|key| *key == self.kind).unwrap_or("")
    }

    pub fn outcome(&self) -> &'static str {
        OUTCOMES.iter().map(|(key, _)| *key).find(|key| *key == self.outcome).unwrap_or("")
    }

    /// A search with the wildcards of LIKE taken literally.
    pub fn pattern(&self) -> String {
        let literal = self.q.trim().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
        format!("%{literal}%")
    }

    /// The first moment that counts, by the workspace's own calendar.
    pub fn since(&self, zone: &str) -> Option<DateTime<Utc>> {
        midnight(self.from.parse().ok()?, zone)
    }

    /// The first moment that counts no more: the day named is still in.
    pub fn until(&self, zone: &str) -> Option<DateTime<Utc>> {
        let day: NaiveDate = self.to.parse().ok()?;
        midnight(day.checked_add_days(Days::new(1))?, zone)
    }

    pub fn is_filtered(&self) -> bool {
        !self.view().is_empty()
    }

    /// The query without the place in it, for links.
    pub fn view(&self) -> String {
        let pairs = [
            ("q", self.q.trim()),
            ("kind", self.kind()),
            ("outcome", self.outcome()),
            ("from", &self.from),
            ("to", &self.to),
        ];
        let given = pairs.iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

fn midnight(day: NaiveDate, zone: &str) -> Option<DateTime<Utc>> {
    let zone: Tz = zone.parse().unwrap_or(Tz::UTC);
    let local = zone.from_local_datetime(&day.and_time(NaiveTime::MIN)).earliest();
    Some(local?.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::LogQuery;

    #[test]
    fn days_are_those_of_the_workspace_and_the_last_one_is_in() {
        let query = LogQuery { from: "2026-11-20".into(), to: "2026-11-20".into(), ..LogQuery::default() };
        let day = |at: Option<chrono::DateTime<chrono::Utc>>| at.unwrap().to_rfc3339();
        assert_eq!(day(query.since("America/Denver")), "2026-11-20T07:00:00+00:00");
        assert_eq!(day(query.until("America/Denver")), "2026-11-21T07:00:00+00:00");
        assert_eq!(LogQuery { from: "soon".into(), ..LogQuery::default() }.since("UTC"), None);
    }
}
