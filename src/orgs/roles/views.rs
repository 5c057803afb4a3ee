//! What the templates in `templates/orgs/roles/` are given.

use askama::Template;

use super::{
    Giver, Role,
    grid::{self, Change, Domain, GridForm},
};
use crate::{
    orgs::EditRoles,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "orgs/roles/index.html")]
pub(super) struct Index {
    pub shell: Shell,
    pub org: String,
    pub roles: Vec<Role>,
    pub domains: Vec<Domain>,
    pub may_edit: bool,
    /// What was typed for a new role.
    pub typed_name: String,
    pub from: String,
    pub errors: FieldErrors,
}

impl Index {
    pub(super) fn new(shell: Shell, member: &Member, roles: Vec<Role>) -> Self {
        let may_edit = member.may::<EditRoles>();
        let giver = Giver::new(member, &roles);
        let domains = grid::domains(&roles, may_edit.then_some(&giver), &member.access.kind);
        Self {
            shell,
            org: member.access.slug.clone(),
            domains,
            may_edit,
            typed_name: String::new(),
            from: String::new(),
            errors: FieldErrors::default(),
            roles,
        }
    }

    /// The roles to start from: value, label.
    pub(super) fn sources(&self) -> Vec<(String, String)> {
        self.roles.iter().rev().map(|role| (role.id.to_string(), role.name.clone())).collect()
    }
}

#[derive(Template)]
#[template(path = "orgs/roles/preview.html")]
pub(super) struct Preview {
    pub shell: Shell,
    pub org: String,
    pub changes: Vec<Change>,
    pub form: GridForm,
    pub digest: String,
    /// Whether something else was changed since this was last looked at.
    pub is_stale: bool,
}

#[derive(Template)]
#[template(path = "orgs/roles/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub org: String,
    pub role: Role,
    /// What they may do, in sentences.
    pub can: Vec<&'static str>,
    pub may_edit: bool,
    /// The roles its holder may have in clients: key, name. Empty where there are none to choose from.
    pub client_roles: Vec<(String, String)>,
    pub typed_name: String,
    pub client_role: String,
    pub errors: FieldErrors,
}
