//! The grid of roles and permissions: what can be ticked, and what ticking would change.

use serde::Deserialize;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Giver, Role};
use crate::tenancy::{CATALOGUE, Described, sentence_of};

/// The words above the permissions whose keys begin so; others go by the key itself.
const DOMAINS: &[(&str, &str)] = &[
    ("workspace", "Workspace"),
    ("security", "Signing in"),
    ("members", "People"),
    ("roles", "Roles"),
    ("audit", "Audit log"),
    ("brand", "Brand"),
    ("clients", "Clients"),
];

/// The grid as it was sent: which roles it showed, and each tick as `role:permission`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct GridForm {
    pub role: Vec<Uuid>,
    pub grant: Vec<String>,
    /// The digest of the difference that was looked at; empty before that.
    pub seen: String,
}

impl GridForm {
    fn has(&self, role: Uuid, permission: &str) -> bool {
        let tick = format!("{role}:{permission}");
        self.grant.contains(&tick)
    }
}

/// What a role would gain and lose.
#[derive(Clone, Debug)]
pub struct Change {
    pub role: Role,
    pub gained: Vec<&'static str>,
    pub lost: Vec<&'static str>,
}

impl Change {
    /// What changes, for those who decide it: “Marketer will no longer be able to: …; 3 people”.
    pub fn sentences(&self) -> Vec<String> {
        let told = |what: &str, keys: &[&'static str]| {
            let all: Vec<String> = keys.iter().map(|key| sentence_of(key).to_lowercase()).collect();
            format!("{} {what}: {}; {}", self.role.name, all.join(", "), self.role.people_in_words())
        };
        let lost = (!self.lost.is_empty()).then(|| told("will no longer be able to", &self.lost));
        let gained = (!self.gained.is_empty()).then(|| told("will be able to", &self.gained));
        lost.into_iter().chain(gained).collect()
    }

    /// The permissions of the role when this is done, in order.
    pub fn after(&self) -> Vec<String> {
        let stays = self.role.permissions.iter().filter(|key| !self.lost.contains(&key.as_str()));
        let mut after: Vec<String> =
            stays.cloned().chain(self.gained.iter().map(ToString::to_string)).collect();
        after.sort_unstable();
        after
    }
}

/// Somebody ticked what is not theirs to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotTheirs {
    pub role: String,
    pub sentence: &'static str,
}

/// The permissions that mean something in an organization of this kind.
pub fn catalogue(kind: &str) -> impl Iterator<Item = &'static Described> {
    let is_agency = kind == "agency";
    CATALOGUE.iter().filter(move |known| is_agency || !known.key.starts_with("clients."))
}

/// What the form would change. Roles that it did not show stay as they are, and so does what this
/// person may not decide; a tick there was not made on our page.
pub fn changes(
    roles: &[Role],
    giver: &Giver<'_>,
    kind: &str,
    form: &GridForm,
) -> Result<Vec<Change>, NotTheirs> {
    let mut all = Vec::new();
    for role in roles.iter().filter(|role| form.role.contains(&role.id)) {
        let mut change = Change { role: role.clone(), gained: Vec::new(), lost: Vec::new() };
        for known in catalogue(kind) {
            let (is, wanted) = (role.has(known.key), form.has(role.id, known.key));
            if !giver.may_decide(role, known.key) {
                if wanted && !is {
                    return Err(NotTheirs { role: role.name.clone(), sentence: known.sentence });
                }
                continue;
            }
            match (is, wanted) {
                (false, true) => change.gained.push(known.key),
                (true, false) => change.lost.push(known.key),
                _ => {}
            }
        }
        if !change.gained.is_empty() || !change.lost.is_empty() {
            all.push(change);
        }
    }
    Ok(all)
}

/// What names a difference: whoever confirms it confirms this one and no other.
pub fn digest(changes: &[Change]) -> String {
    let text: Vec<String> = changes
        .iter()
        .map(|change| format!("{} +{:?} -{:?}", change.role.id, change.gained, change.lost))
        .collect();
    data_encoding::HEXLOWER.encode(&Sha256::digest(text.join("\n")))
}

/// A box of the grid.
pub struct Cell {
    /// `role:permission`.
    pub tick: String,
    pub label: String,
    pub is_on: bool,
    pub is_open: bool,
}

pub struct Line {
    pub key: &'static str,
    pub sentence: &'static str,
    pub cells: Vec<Cell>,
}

pub struct Domain {
    pub label: String,
    pub lines: Vec<Line>,
}

/// The grid's lines, grouped by domain in the catalogue's order. `giver` is none for who only looks.
pub fn domains(roles: &[Role], giver: Option<&Giver<'_>>, kind: &str) -> Vec<Domain> {
    let mut domains: Vec<(&str, Domain)> = Vec::new();
    for known in catalogue(kind) {
        let prefix = known.key.split('.').next().unwrap_or_default();
        let cells = roles.iter().map(|role| cell(role, known, giver)).collect();
        let line = Line { key: known.key, sentence: known.sentence, cells };
        match domains.iter_mut().find(|(mine, _)| *mine == prefix) {
            Some((_, domain)) => domain.lines.push(line),
            None => domains.push((prefix, Domain { label: label(prefix), lines: vec![line] })),
        }
    }
    domains.into_iter().map(|(_, domain)| domain).collect()
}

fn cell(role: &Role, known: &'static Described, giver: Option<&Giver<'_>>) -> Cell {
    Cell {
        tick: format!("{}:{}", role.id, known.key),
        label: format!("{}: {}", role.name, known.sentence),
        is_on: role.has(known.key),
        is_open: giver.is_some_and(|giver| giver.may_decide(role, known.key)),
    }
}

fn label(prefix: &str) -> String {
    if let Some((_, label)) = DOMAINS.iter().find(|(key, _)| *key == prefix) {
        return (*label).to_owned();
    }
    let mut letters = prefix.replace('_', " ");
    if let Some(first) = letters.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    letters
}
