//! The list of the components page: its whole state is its address.

use serde::Deserialize;

use super::sample::{Person, STAGES, Sample};

const PAGE: usize = 12;
const HERE: &str = "/dev/components";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Query {
    pub q: String,
    pub stage: String,
    pub sort: String,
    pub dir: String,
    /// The page begins after the row with this id, or ends before it.
    pub after: Option<u32>,
    pub before: Option<u32>,
}

pub(super) struct List {
    pub query: Query,
    pub rows: Vec<Person>,
    pub count: String,
    pub total: String,
    pub previous: String,
    pub next: String,
    /// Name, address, whether it is the one shown.
    pub views: Vec<(String, String, bool)>,
    pub here: String,
}

impl List {
    pub fn of(sample: Sample, query: Query) -> Self {
        let mut rows = matching(sample, &query);
        let total = rows.len();
        let start = query.start(&rows);
        let rows: Vec<Person> = rows.drain(..).skip(start).take(PAGE).collect();
        let end = start + rows.len();
        let key = |row: Option<&Person>| row.map(|row| row.id);
        let previous = if start > 0 { query.href(None, key(rows.first()), "", "") } else { String::new() };
        let next = if end < total { query.href(key(rows.last()), None, "", "") } else { String::new() };
        let here = query.href(query.after, query.before, "", "");
        let plain = Query::default().href(None, None, "", "");
        let mut views = vec![("All".to_owned(), plain.clone(), here == plain)];
        views.extend(sample.views().into_iter().map(|(name, saved)| {
            let href = format!("{HERE}?{saved}");
            let is_shown = href == here;
            (name, href, is_shown)
        }));
        let count = if total == 0 { "None".to_owned() } else { format!("{}–{end} of {total}", start + 1) };
        Self { rows, count, total: total.to_string(), previous, next, views, here, query }
    }

    pub fn sort_href(&self, key: &str) -> String {
        let dir = if self.query.sort == key && self.query.dir != "down" { "down" } else { "up" };
        self.query.href(None, None, key, dir)
    }

    /// For `aria-sort` of a column.
    pub fn direction(&self, key: &str) -> &'static str {
        match (self.query.sort == key, self.query.dir == "down") {
            (false, _) => "none",
            (true, false) => "ascending",
            (true, true) => "descending",
        }
    }

    pub fn with_stage(&self, stage: &str) -> String {
        Query { stage: stage.to_owned(), ..self.query.clone() }.href(None, None, "", "")
    }

    pub fn has_stage(&self, stage: &str) -> bool {
        self.query.stage == stage
    }

    pub fn stages(&self) -> Vec<(&'static str, &'static str)> {
        [("", "Any")].into_iter().chain(STAGES.iter().map(|(key, label, _)| (*key, *label))).collect()
    }

    /// What stands after the "?".
    pub fn address(&self) -> &str {
        self.here.split_once('?').map_or("", |(_, query)| query)
    }
}

pub(super) fn matching(sample: Sample, query: &Query) -> Vec<Person> {
    let wanted = query.q.to_lowercase();
    let mut rows = sample.people();
    rows.retain(|row| query.stage.is_empty() || row.stage == query.stage);
    rows.retain(|row| row.name.to_lowercase().contains(&wanted) || row.email.contains(&wanted));
    match query.sort.as_str() {
        "score" => rows.sort_by_key(|row| (row.score, row.id)),
        "active" => rows.sort_by_key(|row| (row.days, row.id)),
        "name" => rows.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id))),
        _ => {}
    }
    if query.dir == "down" {
        rows.reverse();
    }
    rows
}

impl Query {
    fn start(&self, rows: &[Person]) -> usize {
        let place = |id: Option<u32>| id.and_then(|id| rows.iter().position(|row| row.id == id));
        match (place(self.after), place(self.before)) {
            (Some(at), _) => at + 1,
            (None, Some(at)) => at.saturating_sub(PAGE),
            (None, None) => 0,
        }
    }

    /// The address with another place or order. An empty `sort` keeps the order of now.
    fn href(&self, after: Option<u32>, before: Option<u32>, sort: &str, dir: &str) -> String {
        let (sort, dir) = if sort.is_empty() { (self.sort.as_str(), self.dir.as_str()) } else { (sort, dir) };
        let after = after.map(|id| id.to_string()).unwrap_or_default();
        let before = before.map(|id| id.to_string()).unwrap_or_default();
        let pairs = [("q", self.q.as_str()), ("stage", &self.stage), ("sort", sort), ("dir", dir)];
        let given = pairs.into_iter().chain([("after", after.as_str()), ("before", before.as_str())]);
        let query = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(given.filter(|(_, value)| !value.is_empty()))
            .finish();
        if query.is_empty() { HERE.to_owned() } else { format!("{HERE}?{query}") }
    }
}
