//! What somebody may be allowed to do for the installation. [`crate::tenancy::PLATFORM`] says it in words.

use crate::tenancy::{Mode, Permission};

macro_rules! permission {
    ($name:ident, $key:literal) => {
        pub struct $name;

        impl Permission for $name {
            const KEY: &'static str = $key;
            const MODE: Mode = Mode::Write;
        }
    };
}

permission!(ViewPlatform, "platform.view");
permission!(ManageUsers, "platform.manage_users");
permission!(ManageJobs, "platform.manage_jobs");
permission!(ViewMail, "platform.view_mail");
