//! Where the links of a broadcast lead, kept in memory: read once, and again after a while.

use std::{
    cell::RefCell,
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use tokio::sync::{Mutex, MutexGuard};
use url::Url;
use uuid::Uuid;

use super::queries;
use crate::{
    campaigns::tokens::Addressee,
    designs::merge::{
        Compiled, MergeField, MergeFields, Templates, Values,
        address::{fault, is_web},
        html::encoded,
    },
    tenancy::{Mode, OrgId, OrgTx, Visit, VisitorScope},
    web::App,
};

/// How long what was read is believed: a broadcast that was erased leads nowhere after that.
const BELIEVED: TimeDelta = TimeDelta::minutes(10);
/// Broadcasts that are remembered at once.
const REMEMBERED: usize = 1_000;
/// Broadcasts that are read at the same time, at the most.
const READINGS: usize = 16;

/// Following a link of a mail that one has.
struct Follow;

impl Visit for Follow {
    const MODE: Mode = Mode::Read;
}

/// A broadcast as its number leads to it.
pub(in crate::campaigns) struct Known {
    pub org: OrgId,
    pub broadcast: Uuid,
    targets: HashMap<u16, Target>,
    read_at: DateTime<Utc>,
}

enum Target {
    /// The same for everybody.
    Fixed(String),
    /// To be filled in for each; where it leads when that makes no address.
    Filled(Box<Compiled>, Option<String>),
    Nowhere,
}

#[derive(Default)]
struct Links {
    known: RwLock<HashMap<i64, Arc<Known>>>,
    /// Held while a broadcast is read, so that a thousand people who follow its links at once read it once.
    reading: [Mutex<()>; READINGS],
}

impl Links {
    fn remembered(&self, number: i64, now: DateTime<Utc>) -> Option<Arc<Known>> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&number).cloned();
        known.filter(|known| now - known.read_at < BELIEVED)
    }

    /// Waits until nobody else reads this broadcast.
    async fn turn(&self, number: i64) -> Option<MutexGuard<'_, ()>> {
        let place = number.unsigned_abs() % READINGS as u64;
        Some(self.reading.get(usize::try_from(place).ok()?)?.lock().await)
    }
}

/// The broadcast with this number, asked of the database when it is not remembered.
pub(in crate::campaigns) async fn known(app: &App, number: i64) -> sqlx::Result<Option<Arc<Known>>> {
    let links = app.memory.of::<Links>();
    let now = app.clock.now();
    if let Some(known) = links.remembered(number, now) {
        return Ok(Some(known));
    }
    let _turn = links.turn(number).await;
    if let Some(known) = links.remembered(number, now) {
        return Ok(Some(known));
    }
    let read = read(app, number, now).await?.map(Arc::new);
    let mut all = links.known.write().unwrap_or_else(PoisonError::into_inner);
    if all.len() >= REMEMBERED {
        all.clear();
    }
    match &read {
        Some(known) => all.insert(number, Arc::clone(known)),
        None => all.remove(&number),
    };
    Ok(read)
}

async fn read(app: &App, number: i64, now: DateTime<Utc>) -> sqlx::Result<Option<Known>> {
    let Some((org, broadcast)) = queries::broadcast_of(&app.db, number).await? else { return Ok(None) };
    let mut tx = enter(app, org).await?;
    let targets = queries::targets(&mut tx, broadcast).await?;
    let targets = targets.into_iter().map(|(position, target)| (position, Target::of(&target))).collect();
    Ok(Some(Known { org, broadcast, targets, read_at: now }))
}

async fn enter(app: &App, org: OrgId) -> sqlx::Result<OrgTx> {
    VisitorScope::<Follow>::new(app.db.clone(), org).enter().await
}

/// Where this link leads whoever the mail was for; none for a link that the broadcast does not have.
pub(super) async fn target(app: &App, to: Addressee, position: u16) -> sqlx::Result<Option<String>> {
    let Some(known) = known(app, to.broadcast).await? else { return Ok(None) };
    match known.targets.get(&position) {
        None | Some(Target::Nowhere) => Ok(None),
        Some(Target::Fixed(address)) => Ok(Some(address.clone())),
        Some(Target::Filled(template, otherwise)) => {
            let mut tx = enter(app, known.org).await?;
            let merge = queries::merge(&mut tx, known.broadcast, to.contact).await?;
            // Without the person's values there is still what the template shows in their place.
            let filled = merge.and_then(|merge| filled(template, merge));
            Ok(filled.or_else(|| self::filled(template, json!({}))).or_else(|| otherwise.clone()))
        }
    }
}

impl Target {
    fn of(target: &str) -> Self {
        if !target.contains("{{") {
            return safe(target).map_or(Self::Nowhere, Self::Fixed);
        }
        let html = format!("<a href=\"{}\">.</a>", encoded(target));
        match Compiled::new(Templates { subject: "", html: &html, text: "" }, &fields_in(target)) {
            Ok(compiled) => Self::Filled(Box::new(compiled), beginning(target)),
            Err(_) => beginning(target).map_or(Self::Nowhere, Self::Fixed),
        }
    }
}

/// The fields that a target names, whether or not anybody has them still.
fn fields_in(target: &str) -> MergeFields {
    let keys = target.split("contact.").skip(1);
    let key = |rest: &str| rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    MergeFields::new(keys.map(|rest| MergeField::new(&format!("contact.{}", key(rest)), "", "")))
}

/// The address that these values make, when a mail may lead there.
fn filled(template: &Compiled, contact: Value) -> Option<String> {
    let whole = RefCell::new(None);
    let catch = |_: usize, target: &str| {
        *whole.borrow_mut() = safe(target);
        None
    };
    let values = Values::from(json!({ "contact": contact, "organization": {} }));
    template.render_html(&values, &catch).ok()?;
    whole.into_inner()
}

/// The address as a header can hold it, when it leads to the web and nowhere else.
fn safe(address: &str) -> Option<String> {
    if fault(address).is_some() || !is_web(address) {
        return None;
    }
    let url = Url::parse(address).ok()?;
    let is_plain = url.username().is_empty() && url.password().is_none() && url.host_str().is_some();
    (is_plain && matches!(url.scheme(), "http" | "https")).then(|| url.to_string())
}

/// The server that a target names before its first merge field.
fn beginning(target: &str) -> Option<String> {
    let (fixed, _) = target.split_once("{{")?;
    let (scheme, rest) = fixed.split_once("://")?;
    let end = rest.find(['/', '?', '#'])?;
    safe(&format!("{scheme}://{}/", rest.get(..end)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(target: &str, contact: Value) -> Option<String> {
        match Target::of(target) {
            Target::Fixed(address) => Some(address),
            Target::Filled(template, otherwise) => filled(&template, contact).or(otherwise),
            Target::Nowhere => None,
        }
    }

    #[test]
    fn a_target_leads_to_the_web_or_nowhere() {
        let lead = |target: &str| lead(target, json!({}));
        assert_eq!(
            lead("https://a.test/x?utm_source=b#c").as_deref(),
            Some("https://a.test/x?utm_source=b#c")
        );
        assert_eq!(lead("https://münchen.test/ü").as_deref(), Some("https://xn--mnchen-3ya.test/%C3%BC"));
        for wrong in [
            "javascript:alert(1)",
            "//a.test",
            "https://a@b.test",
            "https://a.test\r\nx: y",
            "mailto:a@b.test",
            "",
        ] {
            assert_eq!(lead(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn values_are_filled_in_and_lead_to_no_other_server() {
        let target = "https://shop.test/{{ contact.first_name | default(\"you\") }}?c={{ contact.code }}";
        let made = |contact| lead(target, contact).unwrap();
        assert_eq!(made(json!({ "first_name": "Zoë", "code": "a&b" })), "https://shop.test/Zo%C3%AB?c=a%26b");
        assert_eq!(made(json!({})), "https://shop.test/you?c=");
        for evil in
            ["\r\nSet-Cookie: a=b", "../../@evil.test", "javascript:alert(1)", "//evil.test", "\u{202e}"]
        {
            let made = made(json!({ "first_name": evil, "code": evil }));
            assert!(made.starts_with("https://shop.test/") && made.is_ascii(), "{evil:?} made {made}");
            assert!(!made.contains(char::is_whitespace), "{made}");
        }
        let host = "https://{{ contact.city | default(\"www\") }}.shop.test/";
        assert_eq!(lead(host, json!({ "city": "evil.test/" })), None);
        assert_eq!(lead(host, json!({})).as_deref(), Some("https://www.shop.test/"));
        let whole = "{{ contact.website | default(\"https://shop.test/\") }}";
        assert_eq!(lead(whole, json!({ "website": "javascript:alert(1)" })), None);
    }
}
