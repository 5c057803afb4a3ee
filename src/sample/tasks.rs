//! Tasks of the sample: late, for today, to come, done; about contacts and deals, and in an agency's clients.

use chrono::{Days, NaiveTime, TimeDelta};

use super::{
    past::{Remember, SEED},
    person::Known,
    queries,
};
use crate::{
    audit::Actor,
    notices::{self, Said},
    tasks::{
        self, NewTask,
        due::{Due, Repeats, wall},
        task::{Kind, Priority},
    },
    tenancy::{OrgId, VisitorScope},
    web::App,
};

/// What there is to do: for whom of its people, in days from now and at which hour, and whom it is about.
pub(super) struct Story {
    title: &'static str,
    whose: usize,
    day: i64,
    hour: Option<u32>,
    who: &'static str,
    kind: Kind,
    repeats: Repeats,
    is_done: bool,
}

const fn story(title: &'static str, whose: usize, day: i64, hour: Option<u32>, who: &'static str) -> Story {
    Story { title, whose, day, hour, who, kind: Kind::ToDo, repeats: Repeats::Never, is_done: false }
}

const fn call(title: &'static str, whose: usize, day: i64, hour: Option<u32>, who: &'static str) -> Story {
    Story { kind: Kind::Call, ..story(title, whose, day, hour, who) }
}

pub(super) const BUSINESS: &[Story] = &[
    call("Tell Wei the price for each house", 0, -1, None, "Wei"),
    call("Call Yuki about the clinic roof", 0, 0, None, "Yuki"),
    story("Sign the order of roof tiles", 0, 1, None, ""),
    Story { repeats: Repeats::Weekly, ..story("Go through next week’s site visits", 0, 4, Some(9), "") },
    Story { is_done: true, ..call("Thank Bjørn for the order", 0, -2, None, "Bjørn") },
    story("Choose photos for the spring mail", 2, 1, None, ""),
    Story { kind: Kind::Email, ..story("Ask Dana for a review", 2, -1, None, "Dana") },
    Story { kind: Kind::Meeting, ..story("Measure the roof with Omar", 5, 2, Some(10), "Omar") },
    Story { is_done: true, ..story("Send Grace the drawings", 5, -3, None, "Grace") },
    Story { repeats: Repeats::Monthly, ..story("Close the month’s books", 1, 9, None, "") },
];

/// For somebody of the agency, in one of its clients.
pub(super) const CLIENT: &[Story] = &[
    story("Send the draft of the winter campaign", 0, 0, None, ""),
    Story { is_done: true, ..call("Agree on the offer for new patients", 0, -2, None, "") },
];

/// Makes the tasks; the first of the people has given the others theirs, and the first of those was told.
pub(super) async fn plant(
    app: &App,
    (org, zone): (OrgId, &str),
    people: &[Known],
    stories: &[Story],
) -> anyhow::Result<()> {
    let now = app.clock.now();
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    let contacts = queries::first_names(&mut tx).await?;
    let by = people.first().map(|person| person.id.0);
    for story in stories {
        let today = wall(zone, now).date();
        let days = Days::new(story.day.unsigned_abs());
        let on = if story.day < 0 { today.checked_sub_days(days) } else { today.checked_add_days(days) };
        let (Some(on), Some(whose)) = (on, people.get(story.whose)) else { continue };
        let due = Due { on, at: story.hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0)) };
        let new = NewTask {
            title: story.title.to_owned(),
            notes: String::new(),
            kind: story.kind,
            priority: if story.day == 0 { Priority::High } else { Priority::Normal },
            due: Some(due),
            remind_at: Some(due.remind_at(zone)),
            repeats: story.repeats,
            repeat_day: Some(due.day_of_month()),
            assignee: Some(whose.id.0),
            contact: contacts.iter().find(|(name, _)| name == story.who).map(|(_, id)| *id),
            deal: None,
        };
        let made = tasks::make(&mut tx, &new, by, now - TimeDelta::days(story.day.abs())).await?;
        if story.is_done {
            tasks::complete(&mut tx, made, zone, (Some(whose.id.0), now - TimeDelta::hours(20))).await?;
        } else if let Some(giver) = people.first().filter(|giver| giver.id != whose.id) {
            let title = format!("{} gave you the task “{}”", giver.name, story.title);
            let said = Said { to: whose.id, title, path: format!("/tasks/{made}") };
            notices::tell(&mut tx, app, tasks::GIVEN, &said).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
