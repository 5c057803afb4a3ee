//! What a member may be allowed to do with tasks.

use crate::tenancy::{Mode, Permission};

pub struct ViewTasks;

impl Permission for ViewTasks {
    const KEY: &'static str = "tasks.view";
    const MODE: Mode = Mode::Read;
}

pub struct EditTasks;

impl Permission for EditTasks {
    const KEY: &'static str = "tasks.edit";
    const MODE: Mode = Mode::Write;
}
