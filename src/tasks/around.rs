//! Where somebody was when they did something to a task, so that they come back there; and a task as a line there.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;

use super::{
    EditTasks,
    due::{Standing, wall},
    task::Task,
};
use crate::{accounts::User, tenancy::Member};

/// The query part of every address that does something.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Around {
    /// `contact`, `deal`, `my-day`, `task`, or nothing for the list.
    pub back: String,
    /// Of the list: `all` for everybody's.
    pub whose: String,
    /// Of the list: `done`.
    pub state: String,
}

impl Around {
    pub(super) fn at(back: &str) -> Self {
        Self { back: back.to_owned(), ..Self::default() }
    }

    /// As the query part of an address.
    pub(super) fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("back", &self.back), ("whose", &self.whose), ("state", &self.state)] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        query.finish()
    }

    /// The page to come back to after something was done to `task`.
    pub(super) fn page(&self, member: &Member, task: &Task) -> String {
        match (self.back.as_str(), task.contact_id, task.deal_id) {
            ("contact", Some(contact), _) => member.link(&format!("/contacts/{contact}")),
            ("deal", _, Some(deal)) => member.link(&format!("/deals/{deal}")),
            ("task", ..) if task.deleted_at.is_none() => member.link(&format!("/tasks/{}", task.id)),
            ("my-day", ..) => "/my-day".to_owned(),
            _ => {
                let list = Self { back: String::new(), ..self.clone() };
                member.link(&format!("/tasks?{}", list.query())).trim_end_matches('?').to_owned()
            }
        }
    }
}

/// A task in a list, for whoever looks at it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub task: Task,
    /// The address of its page.
    pub path: String,
    pub due: String,
    pub standing: Standing,
    pub may_edit: bool,
    /// The query part that leads back here.
    pub around: String,
    /// The workspace and its colour, on pages that are of none.
    pub place: Option<(String, i16)>,
}

impl Line {
    pub(super) fn new(task: Task, member: &Member, around: &Around, wall: NaiveDateTime) -> Self {
        Self {
            path: member.link(&format!("/tasks/{}", task.id)),
            due: words(&task, &member.user, wall),
            standing: Standing::of(task.due(), wall),
            may_edit: member.may::<EditTasks>() && !member.access.only_looks(),
            around: around.query(),
            place: None,
            task,
        }
    }

    pub(super) fn all(tasks: Vec<Task>, member: &Member, around: &Around, now: DateTime<Utc>) -> Vec<Self> {
        let wall = wall(&member.access.time_zone, now);
        tasks.into_iter().map(|task| Self::new(task, member, around, wall)).collect()
    }

    pub(super) fn is_overdue(&self) -> bool {
        self.standing == Standing::Overdue && !self.task.is_done()
    }

    pub(super) fn hue(&self) -> i16 {
        self.place.as_ref().map_or(0, |(_, hue)| *hue)
    }

    /// What is known beside the title and the day.
    pub(super) fn beside(&self) -> String {
        let task = &self.task;
        let repeats = task.repeats.words().to_lowercase();
        let parts = [
            task.assignee.clone().unwrap_or_else(|| "Nobody’s".to_owned()),
            if repeats == "never" { String::new() } else { repeats },
            task.contact.clone().unwrap_or_default(),
            task.deal.clone().unwrap_or_default(),
        ];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
    }
}

/// By when, or when it was done.
pub(super) fn words(task: &Task, me: &User, wall: NaiveDateTime) -> String {
    match (task.done_at, task.due()) {
        (Some(at), _) => format!("Done {}", me.date_and_time(at)),
        (None, Some(due)) => due.words(me, wall),
        (None, None) => String::new(),
    }
}

/// Lines under the words for where they stand, in order.
pub(super) fn grouped(lines: Vec<Line>) -> Vec<(Standing, Vec<Line>)> {
    let mut groups: Vec<(Standing, Vec<Line>)> = Vec::new();
    for standing in [Standing::Overdue, Standing::Today, Standing::Later, Standing::Undated] {
        let of: Vec<Line> = lines.iter().filter(|line| line.standing == standing).cloned().collect();
        if !of.is_empty() {
            groups.push((standing, of));
        }
    }
    groups
}
