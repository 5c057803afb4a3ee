//! What the templates in `templates/senders/` are given.

use askama::Template;

use super::{
    domains::{self, DomainForm},
    identities::SenderForm,
    own_server::{ENCRYPTIONS, ServerForm},
    queries::{KeptDomain, KeptSender, KeptServer},
};
use crate::{
    channels::dkim::TxtRecord,
    tenancy::Member,
    web::{FieldErrors, Shell},
};

/// What the forms of the page hold, and what is wrong with the one that was sent.
#[derive(Default)]
pub(super) struct Typed {
    pub sender: SenderForm,
    pub domain: DomainForm,
    /// None for what is kept.
    pub server: Option<ServerForm>,
    pub errors: FieldErrors,
}

impl Typed {
    pub(super) fn sender(sender: SenderForm, errors: FieldErrors) -> Self {
        Self { sender, errors, ..Self::default() }
    }

    pub(super) fn domain(domain: DomainForm, errors: FieldErrors) -> Self {
        Self { domain, errors, ..Self::default() }
    }

    pub(super) fn server(server: ServerForm, errors: FieldErrors) -> Self {
        Self { server: Some(server), errors, ..Self::default() }
    }
}

/// What the organization has.
pub(super) struct Kept {
    pub senders: Vec<KeptSender>,
    pub domains: Vec<KeptDomain>,
    pub server: Option<KeptServer>,
    pub way: String,
}

pub(super) struct SenderRow {
    pub id: String,
    pub name: String,
    pub email: String,
    pub reply_to: String,
    pub is_signed: bool,
}

pub(super) struct DomainRow {
    pub id: String,
    pub domain: String,
    pub records: [TxtRecord; 2],
}

/// How the server fared when it was last tried or used.
pub(super) struct Checked {
    pub at: String,
    /// Empty when nothing was wrong.
    pub trouble: String,
}

#[derive(Template)]
#[template(path = "senders/index.html")]
pub(super) struct Sending {
    pub shell: Shell,
    pub path: String,
    pub senders: Vec<SenderRow>,
    pub domains: Vec<DomainRow>,
    pub way: String,
    pub has_server: bool,
    pub has_password: bool,
    pub checked: Option<Checked>,
    pub sender: SenderForm,
    pub domain: DomainForm,
    pub server: ServerForm,
    pub encryptions: &'static [(&'static str, &'static str)],
    pub errors: FieldErrors,
}

impl Sending {
    pub(super) fn new(shell: Shell, member: &Member, kept: Kept, typed: Typed) -> Self {
        let is_signed = |email: &str| {
            let domain = email.rsplit_once('@').map_or("", |(_, domain)| domain);
            kept.domains.iter().any(|known| known.domain == domain)
        };
        let row = |sender: &KeptSender| SenderRow {
            id: sender.id.to_string(),
            name: sender.name.clone(),
            email: sender.email.clone(),
            reply_to: sender.reply_to.clone(),
            is_signed: is_signed(&sender.email),
        };
        let senders = kept.senders.iter().map(row).collect();
        let server = kept.server.as_ref();
        let checked = server.and_then(|server| {
            let at = member.user.date_and_time(server.checked_at?);
            Some(Checked { at, trouble: server.last_error.clone() })
        });
        Self {
            shell,
            path: member.link("/settings/sending"),
            senders,
            domains: kept.domains.iter().map(DomainRow::new).collect(),
            way: kept.way,
            has_server: server.is_some(),
            has_password: server.is_some_and(|server| server.secret_id.is_some()),
            checked,
            sender: typed.sender,
            domain: typed.domain,
            server: typed.server.unwrap_or_else(|| server.map(ServerForm::from).unwrap_or_default()),
            encryptions: ENCRYPTIONS,
            errors: typed.errors,
        }
    }

    fn password_hint(&self) -> &'static str {
        if self.has_password {
            "One is kept, and shown to nobody. Leave this empty to keep it."
        } else {
            "It is encrypted and never shown again."
        }
    }
}

impl DomainRow {
    fn new(kept: &KeptDomain) -> Self {
        Self { id: kept.id.to_string(), domain: kept.domain.clone(), records: domains::records(kept) }
    }
}

#[derive(Template)]
#[template(path = "senders/edit.html")]
pub(super) struct Sender {
    pub shell: Shell,
    pub path: String,
    pub sender: KeptSender,
    pub form: SenderForm,
    pub errors: FieldErrors,
}
