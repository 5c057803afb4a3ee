//! What a member may be allowed to do with senders.

use crate::tenancy::{Mode, Permission};

pub struct EditSenders;

impl Permission for EditSenders {
    const KEY: &'static str = "senders.edit";
    const MODE: Mode = Mode::Write;
}
