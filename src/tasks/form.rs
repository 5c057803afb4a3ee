//! What was typed about a task, and what can be kept of it.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    due::{Due, Repeats},
    task::{Kind, Priority, Task},
};
use crate::{
    contacts::{ContactId, contact::tidy, record},
    deals::{self, DealId},
    tenancy::OrgTx,
    web::FieldErrors,
};

/// A task as it is typed; also what an address fills in beforehand.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct TaskForm {
    pub title: String,
    pub notes: String,
    pub kind: String,
    pub priority: String,
    pub due: String,
    pub time: String,
    pub repeats: String,
    pub assignee: String,
    /// The id of a contact, and what they are called in the field for them.
    pub contact: String,
    pub who: String,
    pub deal: String,
    /// Where it was typed: `contact`, `deal`, or nothing for a page of its own.
    pub back: String,
}

/// A task that can be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub title: String,
    pub notes: String,
    pub kind: Kind,
    pub priority: Priority,
    pub due: Option<Due>,
    pub remind_at: Option<DateTime<Utc>>,
    pub repeats: Repeats,
    /// The day of the month on which the first of them is.
    pub repeat_day: Option<i16>,
    pub assignee: Option<Uuid>,
    pub contact: Option<Uuid>,
    pub deal: Option<Uuid>,
}

impl TaskForm {
    pub(super) fn of(task: &Task) -> Self {
        let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
        Self {
            title: task.title.clone(),
            notes: task.notes.clone(),
            kind: task.kind.key().to_owned(),
            priority: task.priority.key().to_owned(),
            due: task.due_on.map(|on| on.to_string()).unwrap_or_default(),
            time: task.due_time.map(|at| at.format("%H:%M").to_string()).unwrap_or_default(),
            repeats: task.repeats.key().to_owned(),
            assignee: id(task.assignee_id),
            contact: id(task.contact_id),
            who: String::new(),
            deal: id(task.deal_id),
            back: String::new(),
        }
    }

    /// Fills in what the contact in it is called, where nobody typed yet, and forgets who is not there. Gives the name of
    /// the deal.
    pub(super) async fn name_around(&mut self, tx: &mut OrgTx, is_new: bool) -> sqlx::Result<Option<String>> {
        let contact = match self.contact.parse::<ContactId>() {
            Ok(id) => record::find(tx, id).await?,
            Err(_) => None,
        };
        match contact {
            Some(contact) if is_new => self.who = contact.name(),
            Some(_) => {}
            None => self.contact.clear(),
        }
        let deal = match self.deal.parse::<DealId>() {
            Ok(id) => deals::deal::find(tx, id).await?,
            Err(_) => None,
        };
        if deal.is_none() {
            self.deal.clear();
        }
        Ok(deal.map(|deal| deal.name))
    }

    /// What can be kept, or what is wrong, for a workspace in this time zone with these members. `before` is the
    /// task as it was.
    pub(super) async fn check(
        &self,
        tx: &mut OrgTx,
        (zone, members): (&str, &[(String, String)]),
        before: Option<&Task>,
    ) -> sqlx::Result<Result<Kept, FieldErrors>> {
        let mut errors = FieldErrors::default();
        let title = tidy(&self.title);
        if title.is_empty() || title.chars().count() > 200 {
            errors.add("title", "Say what there is to do, in up to 200 characters.");
        }
        let notes = self.notes.replace("\r\n", "\n").replace('\0', "").trim().to_owned();
        if notes.chars().count() > 5000 {
            errors.add("notes", "Please keep this under 5000 characters.");
        }
        let (kind, priority) = (Kind::parse(&self.kind), Priority::parse(&self.priority));
        let repeats = Repeats::parse(&self.repeats);
        for (field, is_known) in
            [("kind", kind.is_some()), ("priority", priority.is_some()), ("repeats", repeats.is_some())]
        {
            if !is_known {
                errors.add(field, "Choose one of these.");
            }
        }
        let due = self.due(&mut errors);
        let repeats = repeats.unwrap_or_default();
        if due.is_none() && repeats != Repeats::Never && errors.of("due").is_empty() {
            errors.add("due", "What repeats needs a day to begin with.");
        }
        let is_here = |who: &str| members.iter().any(|(id, _)| id == who);
        let was = before.and_then(|task| task.assignee_id).map(|id| id.to_string());
        if !self.assignee.is_empty() && !is_here(&self.assignee) && was.as_ref() != Some(&self.assignee) {
            errors.add("assignee", "Choose somebody of this workspace.");
        }
        let contact = self.whom(tx).await?.map_err(|told| errors.add("who", &told)).unwrap_or_default();
        let deal = self.about(tx).await?.map_err(|told| errors.add("deal", told)).unwrap_or_default();
        let same_day =
            before.filter(|task| task.due_on == due.map(|due| due.on)).and_then(|task| task.repeat_day);
        let kept = Kept {
            title,
            notes,
            kind: kind.unwrap_or_default(),
            priority: priority.unwrap_or_default(),
            due,
            remind_at: due.map(|due| due.remind_at(zone)),
            repeats,
            repeat_day: same_day.or_else(|| due.map(Due::day_of_month)),
            assignee: self.assignee.parse().ok(),
            contact: contact.map(|id| id.0),
            deal: deal.map(|id| id.0),
        };
        Ok(errors.into_result().map(|()| kept))
    }

    fn due(&self, errors: &mut FieldErrors) -> Option<Due> {
        let (day, time) = (self.due.trim(), self.time.trim());
        let is_year = |on: &NaiveDate| (1970..10_000).contains(&chrono::Datelike::year(on));
        let on = day.parse::<NaiveDate>().ok().filter(is_year);
        if on.is_none() && !day.is_empty() {
            errors.add("due", "Choose a day, such as 2026-12-31.");
        }
        let at = time.parse::<NaiveTime>().or_else(|_| NaiveTime::parse_from_str(time, "%H:%M")).ok();
        if at.is_none() && !time.is_empty() {
            errors.add("time", "Type a time such as 15:00, or nothing for the whole day.");
        } else if at.is_some() && day.is_empty() {
            errors.add("due", "A time needs a day.");
        }
        Some(Due { on: on?, at })
    }

    /// Whom it is about: the one in the field still, or whoever is meant by what was typed instead.
    async fn whom(&self, tx: &mut OrgTx) -> sqlx::Result<Result<Option<ContactId>, String>> {
        let who = self.who.trim();
        if let Ok(id) = self.contact.parse::<ContactId>() {
            let Some(contact) = record::find(tx, id).await? else {
                return Ok(Err("That contact is gone. Choose somebody.".to_owned()));
            };
            // A form without the field for a name means the contact itself.
            if who.is_empty() && self.back == "contact" || who == contact.name() {
                return Ok(Ok(Some(id)));
            }
        }
        if who.is_empty() {
            return Ok(Ok(None));
        }
        Ok(deals::meant(tx, who).await?.map(Some))
    }

    async fn about(&self, tx: &mut OrgTx) -> sqlx::Result<Result<Option<DealId>, &'static str>> {
        let Ok(id) = self.deal.parse::<DealId>() else { return Ok(Ok(None)) };
        let is_here = deals::deal::find(tx, id).await?.is_some();
        Ok(if is_here { Ok(Some(id)) } else { Err("That deal is gone.") })
    }
}

impl Due {
    pub fn day_of_month(self) -> i16 {
        i16::try_from(chrono::Datelike::day(&self.on)).unwrap_or(1)
    }
}
