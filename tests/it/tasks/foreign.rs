//! Ids of another organization in the forms and addresses of tasks: `foreign_ids` tries each.

use crate::{
    foreign_ids::{CONTACTS, MIA_OR_IRIS, OLGA, Try, get, post},
    support::tenant::{ACME, INITECH},
};

const ADD: &str = "/w/acme/tasks";
const DEALS: (&str, &str) = (ACME.deal, INITECH.deal);

pub(crate) const TRIES: &[Try] = &[
    post("tasks/form.rs TaskForm.assignee", (OLGA, ADD, "title=Call&assignee=ID"), MIA_OR_IRIS),
    post("tasks/form.rs TaskForm.contact", (OLGA, ADD, "title=Call&back=contact&contact=ID"), CONTACTS),
    get("tasks/form.rs TaskForm.contact", ("/w/acme/tasks/new", "contact=ID"), CONTACTS),
    post("tasks/form.rs TaskForm.deal", (OLGA, ADD, "title=Call&deal=ID"), DEALS),
    get("tasks/list.rs ListQuery.after", ("/w/acme/tasks", "whose=all&after=ID"), (ACME.task, INITECH.task)),
];
