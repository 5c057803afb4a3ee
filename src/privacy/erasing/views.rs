//! What the templates of erasures are given.

use askama::Template;

use super::Erasure;
use crate::{tenancy::Member, web::Shell};

/// The report: it names nobody.
#[derive(Template)]
#[template(path = "privacy/erasing/show.html")]
pub(super) struct Show {
    pub shell: Shell,
    pub erasure: Erasure,
    pub member: Member,
}

/// How it stands, while it is at work.
#[derive(Template)]
#[template(path = "privacy/erasing/show.html", block = "standing")]
pub(super) struct Standing {
    pub erasure: Erasure,
    pub member: Member,
}

/// Where it is.
fn at(member: &Member, erasure: &Erasure) -> String {
    member.link(&format!("/settings/data/erasures/{}", erasure.id))
}

impl Show {
    fn at(&self) -> String {
        at(&self.member, &self.erasure)
    }
}

impl Standing {
    fn at(&self) -> String {
        at(&self.member, &self.erasure)
    }
}
