//! Rows for the components page: plainly made up, kept in memory, the same at every start.

use std::{
    collections::BTreeSet,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

const FIRST: [&str; 12] = [
    "Ada", "Boris", "Carmen", "Dmitri", "Esther", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Liam",
];
const LAST: [&str; 12] = [
    "Sample", "Example", "Muster", "Specimen", "Exemplar", "Test", "Probe", "Model", "Pattern", "Draft",
    "Trial", "Demo",
];
/// Key, word, badge kind.
pub const STAGES: [(&str, &str, &str); 4] = [
    ("lead", "Lead", "info"),
    ("customer", "Customer", "ok"),
    ("opportunity", "Opportunity", "warn"),
    ("unsubscribed", "Unsubscribed", "bad"),
];

#[derive(Clone, Debug)]
pub struct Person {
    pub id: u32,
    pub name: String,
    pub initials: String,
    pub email: String,
    pub stage: &'static str,
    pub stage_label: &'static str,
    pub stage_kind: &'static str,
    pub score: u32,
    pub days: u32,
}

/// The rows, as whoever looks at the page left them.
#[derive(Clone, Copy)]
pub struct Sample;

static CHANGES: LazyLock<Mutex<Changes>> = LazyLock::new(Mutex::default);

#[derive(Default)]
struct Changes {
    removed: BTreeSet<u32>,
    last_removed: Vec<u32>,
    views: Vec<(String, String)>,
}

impl Sample {
    fn changes(self) -> MutexGuard<'static, Changes> {
        CHANGES.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn people(self) -> Vec<Person> {
        let changes = self.changes();
        (1..=137).filter(|id| !changes.removed.contains(id)).filter_map(person).collect()
    }

    pub fn remove(self, ids: &[u32]) {
        let mut changes = self.changes();
        changes.removed.extend(ids);
        changes.last_removed = ids.to_vec();
    }

    pub fn bring_back(self) {
        let mut changes = self.changes();
        let ids = std::mem::take(&mut changes.last_removed);
        changes.removed.retain(|id| !ids.contains(id));
    }

    pub fn views(self) -> Vec<(String, String)> {
        self.changes().views.clone()
    }

    pub fn save_view(self, name: &str, query: &str) {
        let views = &mut self.changes().views;
        if views.len() < 5 {
            views.push((name.chars().take(60).collect(), query.to_owned()));
        }
    }
}

fn person(id: u32) -> Option<Person> {
    let step = usize::try_from(id).ok()?;
    let first = FIRST.get(step * 5 % FIRST.len())?;
    let last = LAST.get((step * 7 + step / 12) % LAST.len())?;
    let (stage, stage_label, stage_kind) = *STAGES.get(step * 3 / 2 % STAGES.len())?;
    let initials = first.chars().take(1).chain(last.chars().take(1)).collect();
    Some(Person {
        id,
        name: format!("{first} {last}"),
        initials,
        email: format!("{}.{}{id}@sample.example", first.to_lowercase(), last.to_lowercase()),
        stage,
        stage_label,
        stage_kind,
        score: id * 37 % 101,
        days: id * 11 % 60,
    })
}
