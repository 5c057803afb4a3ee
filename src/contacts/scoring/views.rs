//! What the templates of scores are given.

use askama::Template;
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Score, ScoreRule, signed};
use crate::{
    contacts::segments::{
        catalogue::Subject,
        nodes::{Node, Shape},
        rule::Join,
        views::{Exactly, Held},
    },
    numbers,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// A rule on the page of all: in words, and how many it holds.
pub(super) struct Told {
    pub rule: ScoreRule,
    pub sentence: String,
    pub people: i64,
}

impl Told {
    /// "12 people have them", or what there is to wait for.
    fn many(&self) -> String {
        match (self.rule.refreshed_at, self.people) {
            (None, _) => "being worked out".to_owned(),
            (Some(_), people) => numbers::people(people),
        }
    }
}

#[derive(Template)]
#[template(path = "contacts/scoring/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub path: String,
    pub rules: Vec<Told>,
    pub may_edit: bool,
}

impl Index {
    fn of(&self, score: &Score) -> Vec<&Told> {
        self.rules.iter().filter(|told| told.rule.score == *score).collect()
    }
}

pub(super) struct Builder {
    /// Where the form goes when it is saved, and where it is looked at.
    pub save: String,
    pub look: String,
    pub path: String,
    pub score: String,
    pub points: String,
    pub sentence: String,
    pub nodes: Vec<Node>,
    /// What a line can be about, under headings.
    pub subjects: Vec<(&'static str, Vec<Subject>)>,
    /// Nothing while the rule has an error.
    pub held: Option<Held>,
    pub exactly: Exactly,
    pub errors: FieldErrors,
}

impl Builder {
    /// The scores to choose from: key and words.
    fn scores(&self) -> Vec<(&'static str, &'static str)> {
        Score::ALL.map(|score| (score.key(), score.label())).to_vec()
    }
}

#[derive(Template)]
#[template(path = "contacts/scoring/edit.html")]
pub(super) struct Edit {
    pub shell: Shell,
    pub title: String,
    pub builder: Builder,
}

#[derive(Template)]
#[template(path = "contacts/scoring/look.html")]
pub(super) struct Look {
    pub builder: Builder,
}

/// A line of the ledger, with the rule that wrote it.
pub(super) struct Given {
    pub points: i16,
    pub occurred_at: DateTime<Utc>,
    pub rule_id: Uuid,
    pub score: Score,
    pub rule: Value,
    /// What the rule gives.
    pub worth: i16,
}

/// A line of the ledger in words.
pub(super) struct Line {
    pub given: Given,
    pub sentence: String,
    pub is_held: bool,
}

impl Line {
    fn signed(&self) -> String {
        signed(self.given.points)
    }

    /// Whether the rule began to hold them, or ceased to.
    fn came(&self) -> bool {
        self.given.points == self.given.worth
    }
}

/// What somebody has and why.
pub(super) struct Scores {
    /// Each score with its number.
    pub figures: Vec<(Score, i16)>,
    /// The rules that hold them: points, whose score, and the rule in words.
    pub now: Vec<(String, Score, String)>,
    /// The ledger, newest first; empty beside the page.
    pub ledger: Vec<Line>,
    /// Where what is older stands.
    pub older: String,
    /// Of everything about their scores.
    pub path: String,
    /// Of all rules.
    pub rules: String,
}

#[derive(Template)]
#[template(path = "contacts/scoring/card.html")]
pub(super) struct Page {
    pub shell: Shell,
    pub name: String,
    /// The person's page.
    pub page: String,
    pub scores: Scores,
    pub member: Member,
}

impl Page {
    fn when(&self, at: DateTime<Utc>) -> String {
        self.member.user.date_and_time(at)
    }
}

#[derive(Template)]
#[template(path = "contacts/scoring/card.html", block = "card")]
pub(super) struct Part {
    pub scores: Scores,
}
