//! What a member may be allowed to do with deals.

use crate::tenancy::{Mode, Permission};

pub struct ViewDeals;

impl Permission for ViewDeals {
    const KEY: &'static str = "deals.view";
    const MODE: Mode = Mode::Read;
}

pub struct EditDeals;

impl Permission for EditDeals {
    const KEY: &'static str = "deals.edit";
    const MODE: Mode = Mode::Write;
}

/// To decide which stages deals go through.
pub struct ManagePipelines;

impl Permission for ManagePipelines {
    const KEY: &'static str = "pipelines.manage";
    const MODE: Mode = Mode::Write;
}
