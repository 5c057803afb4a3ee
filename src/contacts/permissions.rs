//! What a member may be allowed to do with contacts.

use crate::tenancy::{Mode, Permission};

pub struct ViewContacts;

impl Permission for ViewContacts {
    const KEY: &'static str = "contacts.view";
    const MODE: Mode = Mode::Read;
}

pub struct EditContacts;

impl Permission for EditContacts {
    const KEY: &'static str = "contacts.edit";
    const MODE: Mode = Mode::Write;
}

pub struct ExportContacts;

impl Permission for ExportContacts {
    const KEY: &'static str = "contacts.export";
    // What leaves is written down.
    const MODE: Mode = Mode::Write;
}

pub struct ProtectContacts;

impl Permission for ProtectContacts {
    const KEY: &'static str = "contacts.privacy";
    const MODE: Mode = Mode::Write;
}
