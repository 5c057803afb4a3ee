//! What other domains find by words: each says so of its own.

use std::{pin::Pin, sync::Arc};

use super::{Group, Jump, MOST};
use crate::{
    tenancy::{Member, OrgTx},
    web::sought::Sought,
};

/// Something that was found, best first.
#[derive(Clone, Debug)]
pub struct Hit {
    pub label: String,
    pub detail: String,
    /// Where it is inside the workspace, with a slash in front.
    pub path: String,
}

type Seeking<'a> = Pin<Box<dyn Future<Output = sqlx::Result<Vec<Hit>>> + Send + 'a>>;

/// A domain that finds its own by words.
#[derive(Clone, Copy)]
pub struct Seeker {
    /// What they are called, many of them.
    pub label: &'static str,
    pub icon: &'static str,
    /// The permission of whoever may find them.
    pub needs: &'static str,
    /// The best of those that it finds, no more than are asked for.
    pub seek: for<'a> fn(&'a mut OrgTx, &'a Sought, u8) -> Seeking<'a>,
}

/// Everybody who finds something. Cheap to clone.
#[derive(Clone)]
pub struct Seekers(Arc<Vec<Seeker>>);

impl Seekers {
    pub fn new(all: Vec<Seeker>) -> Self {
        Self(Arc::new(all))
    }

    /// What this member finds, kind by kind.
    pub(super) async fn find(
        &self,
        tx: &mut OrgTx,
        member: &Member,
        sought: &Sought,
    ) -> sqlx::Result<Vec<Group>> {
        let mut groups = Vec::new();
        for seeker in self.0.iter().filter(|seeker| member.holds(seeker.needs)) {
            let hits = (seeker.seek)(tx, sought, MOST).await?;
            let jumps = hits.into_iter().map(|hit| Jump {
                label: hit.label,
                detail: hit.detail,
                href: member.link(&hit.path),
                icon: seeker.icon,
            });
            groups.push(Group { label: seeker.label, jumps: jumps.collect() });
        }
        Ok(groups)
    }
}
