//! Tasks: what somebody has to do, by when, about whom.
//!
//! Owns `tasks`. Always true: a day and a time are those of the workspace's own time zone; a task that repeats
//! has a day, and is followed by exactly one next when it is done, however often that is asked for; who is given
//! a task by somebody else is told, and so is whoever has one that is due, once; what is deleted can be brought
//! back.
//!
//! - `task`: what a task is; `due`: by when, in words, and when the next one is
//! - `form`: what was typed, and what can be kept of it
//! - `making`, `doing`: a new task, a changed one; done, open again, deleted, brought back
//! - `list`: mine and everybody's; `record`: the page of one
//! - `beside`: those of a contact or a deal, beside their page
//! - `my_day`: what one person has to do, over all their workspaces
//! - `remind`: telling whoever has a task that is due
//! - [`personal`]: what they hold of a person
//! - `telling`: what was done, on somebody's timeline
//! - `carrying`: when two records of one person become one

mod around;
mod beside;
mod carrying;
mod doing;
pub mod due;
mod form;
pub mod happened;
mod list;
mod making;
mod my_day;
mod permissions;
pub mod personal;
mod queries;
mod record;
pub mod remind;
pub mod task;
mod telling;

pub use beside::CARD;
pub use carrying::CARRIER;
pub use doing::complete;
pub use making::{GIVEN, NewTask, make};
pub use my_day::routes as account_routes;
pub use permissions::{EditTasks, ViewTasks};
pub use task::TaskId;
pub use telling::TELLER;

use crate::web::Routes;

/// Everything under `/w/{org}` that belongs to this domain.
pub fn routes() -> Routes {
    Routes::workspace()
        .merge(list::routes())
        .merge(making::routes())
        .merge(record::routes())
        .merge(doing::routes())
        .merge(beside::routes())
}
