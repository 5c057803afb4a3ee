//! The way a visitor of a published page gets at tenant rows: through what they hold in hand.

use std::marker::PhantomData;

use super::{Mode, OrgId, OrgTx};
use crate::{audit::Actor, db::Db};

/// What a visitor may do: read a page, submit a form, answer an invitation.
pub trait Visit: Send + Sync + 'static {
    const MODE: Mode;
}

/// Anybody, in the organization that a verified host name or a token led to, allowed to do `V`.
pub struct VisitorScope<V: Visit> {
    org: OrgId,
    actor: Actor,
    db: Db,
    allowed: PhantomData<V>,
}

impl<V: Visit> VisitorScope<V> {
    /// `org` comes from a lookup of what the visitor presented, never from the visitor.
    pub fn new(db: Db, org: OrgId) -> Self {
        Self { org, actor: Actor::visitor(), db, allowed: PhantomData }
    }

    /// The same, by somebody who has said who they are: for the audit log, which lets them in nowhere.
    pub fn known_as(self, actor: Actor) -> Self {
        Self { actor, ..self }
    }

    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.org, self.actor.clone(), V::MODE).await
    }
}
