//! What a member may be allowed to do with campaigns.

use crate::tenancy::{Mode, Permission};

pub struct ViewCampaigns;

impl Permission for ViewCampaigns {
    const KEY: &'static str = "campaigns.view";
    const MODE: Mode = Mode::Read;
}

pub struct EditCampaigns;

impl Permission for EditCampaigns {
    const KEY: &'static str = "campaigns.edit";
    const MODE: Mode = Mode::Write;
}

/// To send, to pause and to call off: what cannot be taken back.
pub struct SendCampaigns;

impl Permission for SendCampaigns {
    const KEY: &'static str = "campaigns.send";
    const MODE: Mode = Mode::Write;
}
