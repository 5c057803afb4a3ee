//! What a member may be allowed to do with designs.

use crate::tenancy::{Mode, Permission};

pub struct ViewDesigns;

impl Permission for ViewDesigns {
    const KEY: &'static str = "designs.view";
    const MODE: Mode = Mode::Read;
}

pub struct EditDesigns;

impl Permission for EditDesigns {
    const KEY: &'static str = "designs.edit";
    const MODE: Mode = Mode::Write;
}
