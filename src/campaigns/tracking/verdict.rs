//! Whether a hit was a person's. Pure: what is known is passed in.
//!
//! Machines that check mail before its owner sees it come right after it was handed over, or follow every
//! link at once. The first is told when a hit is written down; the second can be told only at the third
//! link, so what was counted of the first two is taken back.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Agent, Hit, What};
use crate::campaigns::tokens::Addressee;

/// Nobody has read a mail so soon after the server took it.
const TOO_SOON: TimeDelta = TimeDelta::seconds(3);
/// Clocks differ a little.
const EARLIER: TimeDelta = TimeDelta::seconds(-2);
/// Nobody follows so many links of one mail …
const MANY: usize = 3;
/// … within this.
const AT_ONCE: TimeDelta = TimeDelta::seconds(2);
/// Mails whose last clicks are remembered.
const REMEMBERED: usize = 50_000;

/// Whether it was a person, or else why not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Person,
    Machine(&'static str),
}

/// `handed` is when the server was given the mail; `is_burst` that too many links were followed at once.
pub fn of(hit: &Hit, handed: Option<DateTime<Utc>>, is_burst: bool) -> Verdict {
    let since = handed.map(|handed| hit.at - handed);
    let is_too_soon = since.is_some_and(|since| since > EARLIER && since < TOO_SOON);
    match (hit.by, hit.what) {
        (Agent::Machine(why), _) => Verdict::Machine(why),
        // Such a machine fetches pictures and follows no links.
        (Agent::Proxy(_), What::Clicked(_)) => Verdict::Machine("a proxy for pictures"),
        _ if is_burst => Verdict::Machine("followed every link at once"),
        _ if is_too_soon => Verdict::Machine("came with the delivery"),
        _ => Verdict::Person,
    }
}

/// A click that was remembered.
#[derive(Clone, Copy, Debug)]
struct Click {
    at: DateTime<Utc>,
    position: u16,
    /// Whether it may have been counted as a person's.
    is_counted: bool,
}

/// The last clicks of each mail.
#[derive(Debug, Default)]
pub struct Recent {
    clicks: HashMap<Addressee, Vec<Click>>,
    /// Up to when old ones were forgotten.
    swept: Option<DateTime<Utc>>,
}

/// A click that was counted as a person's, and should not have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mistaken {
    pub to: Addressee,
    pub position: u16,
}

impl Recent {
    /// For each of these, in order, whether it is one of many at once; and what was counted before.
    pub fn judge(&mut self, hits: &[Hit]) -> (Vec<bool>, Vec<Mistaken>) {
        self.forget(hits);
        let before: HashMap<Addressee, usize> =
            hits.iter().filter_map(|hit| Some((hit.to, self.clicks.get(&hit.to)?.len()))).collect();
        for hit in hits {
            if let (What::Clicked(position), Agent::Person) = (hit.what, hit.by) {
                let click = Click { at: hit.at, position, is_counted: true };
                self.clicks.entry(hit.to).or_default().push(click);
            }
        }
        let is_burst: Vec<bool> = hits.iter().map(|hit| self.is_burst(hit)).collect();
        let mut mistaken = Vec::new();
        for (hit, _) in hits.iter().zip(&is_burst).filter(|(_, is_burst)| **is_burst) {
            let known = before.get(&hit.to).copied().unwrap_or_default();
            let Some(clicks) = self.clicks.get_mut(&hit.to) else { continue };
            let all = clicks.clone();
            for (n, click) in clicks.iter_mut().enumerate().filter(|(_, click)| click.is_counted) {
                if is_among_many(&all, click.at) {
                    click.is_counted = false;
                    if n < known {
                        mistaken.push(Mistaken { to: hit.to, position: click.position });
                    }
                }
            }
        }
        (is_burst, mistaken)
    }

    fn is_burst(&self, hit: &Hit) -> bool {
        let clicks = self.clicks.get(&hit.to);
        matches!(hit.what, What::Clicked(_)) && clicks.is_some_and(|clicks| is_among_many(clicks, hit.at))
    }

    /// Forgets what is too old to matter, now and then: looking through all of it for each few hits would cost
    /// more than the hits.
    fn forget(&mut self, hits: &[Hit]) {
        let Some(oldest) = hits.iter().map(|hit| hit.at).min() else { return };
        let is_full = self.clicks.len() > REMEMBERED;
        if !is_full && self.swept.is_some_and(|swept| (oldest - swept).abs() < AT_ONCE) {
            return;
        }
        self.swept = Some(oldest);
        let is_near = |click: &Click| click.at >= oldest - AT_ONCE;
        self.clicks.retain(|_, clicks| {
            clicks.retain(is_near);
            !clicks.is_empty()
        });
        if self.clicks.len() > REMEMBERED {
            self.clicks.clear();
        }
    }
}

/// Whether a moment is one of a while in which too many links were followed.
fn is_among_many(clicks: &[Click], at: DateTime<Utc>) -> bool {
    let starts = clicks.iter().filter(|first| first.at <= at && at - first.at <= AT_ONCE);
    starts.into_iter().any(|first| {
        let near = clicks.iter().filter(|click| click.at >= first.at && click.at - first.at <= AT_ONCE);
        near.map(|click| click.position).collect::<BTreeSet<u16>>().len() >= MANY
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn hit(what: What, by: Agent, millis: i64) -> Hit {
        let to = Addressee { broadcast: 1, contact: Uuid::nil() };
        Hit { to, what, by, at: DateTime::from_timestamp_millis(1_000_000 + millis).unwrap() }
    }

    fn click(position: u16, millis: i64) -> Hit {
        hit(What::Clicked(position), Agent::Person, millis)
    }

    #[test]
    fn what_comes_with_the_delivery_is_no_person() {
        let handed = |millis: i64| DateTime::from_timestamp_millis(1_000_000 + millis);
        let open = hit(What::Opened, Agent::Person, 0);
        assert_eq!(of(&open, None, false), Verdict::Person);
        assert_eq!(of(&open, handed(-3_000), false), Verdict::Person);
        assert_eq!(of(&open, handed(-60_000), false), Verdict::Person);
        for soon in [-2_999, 0, 1_500] {
            assert_ne!(of(&open, handed(soon), false), Verdict::Person, "{soon}");
        }
        // Another clock altogether tells nothing.
        assert_eq!(of(&open, handed(3_600_000), false), Verdict::Person);
    }

    #[test]
    fn a_proxy_opens_for_people_and_follows_no_links() {
        assert_eq!(of(&hit(What::Opened, Agent::Proxy("Gmail"), 0), None, false), Verdict::Person);
        assert_ne!(of(&hit(What::Clicked(0), Agent::Proxy("Gmail"), 0), None, false), Verdict::Person);
        assert_ne!(of(&hit(What::Opened, Agent::Machine("curl/"), 0), None, false), Verdict::Person);
    }

    #[test]
    fn many_links_at_once_are_a_machines() {
        let all = [click(0, 0), click(1, 900), click(2, 1_800), click(2, 60_000)];
        assert_eq!(Recent::default().judge(&all), (vec![true, true, true, false], vec![]));
        let same = [click(0, 0), click(0, 10), click(0, 20), click(1, 30)];
        assert_eq!(Recent::default().judge(&same).0, [false; 4]);
        let slow = [click(0, 0), click(1, 1_500), click(2, 3_000)];
        assert_eq!(Recent::default().judge(&slow).0, [false; 3]);
    }

    #[test]
    fn what_was_counted_before_the_third_link_is_taken_back_once() {
        let mut recent = Recent::default();
        assert_eq!(recent.judge(&[click(0, 0)]), (vec![false], vec![]));
        assert_eq!(recent.judge(&[click(1, 300)]), (vec![false], vec![]));
        let (is_burst, mistaken) = recent.judge(&[click(2, 600)]);
        assert_eq!((is_burst, mistaken.len()), (vec![true], 2));
        assert_eq!(recent.judge(&[click(3, 900)]), (vec![true], vec![]));
        // Somebody else's clicks, and later ones, are their own.
        assert_eq!(recent.judge(&[click(0, 10_000)]), (vec![false], vec![]));
    }
}
