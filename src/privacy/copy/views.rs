//! What the templates of what is handed out are given.

use askama::Template;
use serde_json::Value;

use super::Part;
use crate::{
    personal::{Person, held::MOST},
    web::Shell,
};

/// Everything about somebody in counts, what can be done with it, and what was typed.
#[derive(Template)]
#[template(path = "privacy/copy/show.html")]
pub(in crate::privacy) struct Show {
    pub shell: Shell,
    /// The page of the contact.
    pub path: String,
    pub name: String,
    pub counts: Vec<Count>,
    /// What has to be typed to erase them.
    pub wanted: String,
    pub typed: String,
    pub error: String,
    /// The report of an erasure that is under way; empty when there is none.
    pub erasure: String,
}

/// How much of one kind there is.
pub(in crate::privacy) struct Count {
    pub words: &'static str,
    pub then: &'static str,
    pub rows: usize,
}

impl Count {
    pub(in crate::privacy) fn of(part: &Part) -> Self {
        Self { words: part.held.words, then: part.held.then, rows: part.rows.len() }
    }
}

impl Show {
    fn rows(&self) -> usize {
        self.counts.iter().map(|count| count.rows).sum()
    }
}

/// The page that lies among the files.
#[derive(Template)]
#[template(path = "privacy/copy/page.html")]
pub(super) struct Page<'a> {
    pub who: &'a Person,
    pub workspace: &'a str,
    pub made: String,
    pub parts: &'a [Part],
}

impl Part {
    /// Whether there was more than is read.
    fn is_cut(&self) -> bool {
        i64::try_from(self.rows.len()).unwrap_or(i64::MAX) >= MOST
    }

    /// Each row as what there is in it: name and value.
    fn table(&self) -> Vec<Vec<(String, String)>> {
        self.rows.iter().map(pairs).collect()
    }
}

fn pairs(row: &Value) -> Vec<(String, String)> {
    let Value::Object(fields) = row else { return vec![(String::new(), words(row))] };
    let pairs = fields.iter().map(|(name, value)| (name.replace('_', " "), words(value)));
    pairs.filter(|(_, value)| !value.is_empty()).collect()
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
