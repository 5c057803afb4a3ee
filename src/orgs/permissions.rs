//! What a member may be allowed to do with an organization itself.

use crate::tenancy::{Mode, Permission};

/// A permission of this domain: its type, its key and whether it changes anything.
macro_rules! permission {
    ($name:ident, $key:literal, $mode:ident) => {
        pub struct $name;

        impl Permission for $name {
            const KEY: &'static str = $key;
            const MODE: Mode = Mode::$mode;
        }
    };
}

permission!(ViewWorkspace, "workspace.view", Read);
permission!(EditWorkspace, "workspace.edit", Write);
permission!(EditSecurity, "security.edit", Write);
permission!(ViewMembers, "members.view", Read);
permission!(EditMembers, "members.edit", Write);
permission!(ViewRoles, "roles.view", Read);
permission!(EditRoles, "roles.edit", Write);
permission!(ViewAudit, "audit.view", Read);
permission!(ViewJobs, "jobs.view", Read);
permission!(EditJobs, "jobs.edit", Write);
permission!(EditBrand, "brand.edit", Write);
permission!(ViewClients, "clients.view", Read);
permission!(EditClients, "clients.edit", Write);
