//! What the template `templates/home/index.html` is given.

use askama::Template;
use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;

use super::{Facts, Task};
use crate::{orgs::EditWorkspace, tenancy::Member, web::Shell};

#[derive(Template)]
#[template(path = "home/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub greeting: String,
    pub workspace: String,
    pub org: String,
    pub role: String,
    pub people: i64,
    pub tasks: Vec<Task>,
    pub may_hide: bool,
    pub is_hidden: bool,
}

impl Index {
    pub(super) fn new(
        shell: Shell,
        member: &Member,
        tasks: Vec<Task>,
        facts: &Facts,
        now: DateTime<Utc>,
    ) -> Self {
        Self {
            shell,
            greeting: greeting(&member.user.name, &member.user.time_zone, now),
            workspace: member.access.name.clone(),
            org: member.access.slug.clone(),
            role: member.access.role_name.clone(),
            people: facts.people,
            tasks,
            may_hide: member.may::<EditWorkspace>(),
            is_hidden: facts.is_checklist_hidden,
        }
    }

    pub(super) fn done(&self) -> usize {
        self.tasks.iter().filter(|task| task.is_done).count()
    }
}

/// A greeting by the clock on the person's own wall.
fn greeting(name: &str, time_zone: &str, now: DateTime<Utc>) -> String {
    let zone: Tz = time_zone.parse().unwrap_or(Tz::UTC);
    let part = match now.with_timezone(&zone).hour() {
        5..12 => "Good morning",
        12..18 => "Good afternoon",
        _ => "Good evening",
    };
    match name.split_whitespace().next() {
        Some(first) => format!("{part}, {first}"),
        None => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::greeting;

    #[test]
    fn the_greeting_goes_by_the_clock_on_the_persons_wall() {
        let now = chrono::DateTime::from_timestamp(1_795_251_600, 0).unwrap(); // 09:00 in London
        assert_eq!(greeting("Olga Owner", "Europe/London", now), "Good morning, Olga");
        assert_eq!(greeting("Olga Owner", "Asia/Tokyo", now), "Good evening, Olga");
        assert_eq!(greeting("", "not/a zone", now), "Good morning");
    }
}
