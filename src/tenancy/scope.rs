//! The way a handler gets at tenant rows: by naming the permission it needs.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use tower_sessions::Session;

use super::{Access, FoundingScope, Member, Mode, OrgTx, Permission, queries, refusal, support, viewing};
use crate::{
    accounts::{CurrentUser, User, session::ACTIVE_ORG},
    audit::Actor,
    db::Db,
    web::{App, ClientAddress, Error, OrNotFound, Wants, error::RequestId},
};

/// A signed-in member of the organization in the URL, known to be allowed to do `P`.
///
/// Holds no connection: a slow upload must not keep a transaction open. The handler decides when
/// to [`enter`](Scope::enter), so where its transaction begins and ends is there to be read.
pub struct Scope<P: Permission> {
    pub member: Member,
    pub session: Session,
    actor: Actor,
    db: Db,
    allowed: PhantomData<P>,
}

impl<P: Permission> Scope<P> {
    /// Opens a transaction inside the organization, read-only when `P` only reads.
    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        self.enter_in(P::MODE).await
    }

    /// A transaction that may write, for what a member may keep for themselves while only looking:
    /// a saved view, a hidden checklist.
    pub async fn enter_to_write(&self) -> sqlx::Result<OrgTx> {
        self.enter_in(Mode::Write).await
    }

    async fn enter_in(&self, mode: Mode) -> sqlx::Result<OrgTx> {
        let only_looks = self.member.viewing_as.is_some() || self.member.access.only_looks();
        let mode = if only_looks { Mode::Read } else { mode };
        OrgTx::enter(&self.db, self.member.org(), self.actor.clone(), mode).await
    }

    /// The same person in a client of this agency, known to be allowed to do `Q` there. What they may do
    /// in the client decides, not what they may do here; a client that they may not enter is not found.
    pub async fn in_client<Q: Permission>(&self, app: &App, slug: &str) -> Result<Scope<Q>, Error> {
        let access = queries::access(&app.db, self.member.user.id, slug, app.clock.now()).await?.or_404()?;
        if access.agency_id != Some(self.member.org()) {
            return Err(Error::NotFound);
        }
        let viewing_as = self.member.viewing_as.clone();
        let member = Member { user: self.member.user.clone(), access, viewing_as };
        Scope::admitted(app, member, self.session.clone(), self.actor.clone()).await
    }

    /// An organization that this member is about to make.
    pub fn founding(&self) -> FoundingScope {
        FoundingScope::new(self.db.clone(), self.actor.clone())
    }

    /// The same person in each workspace that they may enter and in which they may do `P`, by name: to look, for
    /// pages that are of no workspace. Each is entered by itself.
    pub async fn everywhere(app: &App, current: &CurrentUser) -> Result<Vec<Self>, Error> {
        let CurrentUser { user, session } = current;
        let actor = Actor::person(user.id.0, &user.name);
        let mut all = Vec::new();
        for mut access in queries::accessible(&app.db, user.id).await? {
            let viewing_as = viewing::apply(app, session, &mut access).await?;
            let is_open = user.has_two_factor || !access.requires_two_factor;
            let member = Member { user: user.clone(), access, viewing_as };
            if is_open && member.may::<P>() {
                let (session, actor, db) = (session.clone(), actor.clone(), app.db.clone());
                all.push(Self { member, session, actor, db, allowed: PhantomData });
            }
        }
        Ok(all)
    }

    /// The scope, or the refusal when something is missing.
    async fn admitted(app: &App, member: Member, session: Session, actor: Actor) -> Result<Self, Error> {
        if member.access.requires_two_factor && !member.user.has_two_factor {
            return Err(Error::NeedsTwoFactor);
        }
        if !member.may::<P>() {
            return Err(refusal::forbidden::<P>(app, &member, actor).await);
        }
        Ok(Self { member, session, actor, db: app.db.clone(), allowed: PhantomData })
    }
}

impl<P: Permission> FromRequestParts<App> for Scope<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let CurrentUser { user, session } = CurrentUser::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(anyhow::Error::from)?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "org").or_404()?;

        let mut access = queries::access(&app.db, user.id, slug, app.clock.now()).await?.or_404()?;
        let viewing_as = viewing::apply(app, &session, &mut access).await?;
        if let Some(role) = viewing_as.as_ref().filter(|_| !parts.method.is_safe()) {
            return Err(viewing::refusal(role));
        }
        if access.only_looks() && !parts.method.is_safe() {
            return Err(viewing::refusal(&access.role_name));
        }
        let actor = actor(parts, app, &user).await;
        let actor = if access.support_grant.is_some() { actor.as_support() } else { actor };
        let member = Member { user, access, viewing_as };
        let scope = Self::admitted(app, member, session, actor).await?;
        support::note_look(app, &scope.member, &scope.actor, parts).await?;
        if Wants::of(parts) == Wants::Page {
            make_active(&scope.session, &scope.member.access).await?;
        }
        Ok(scope)
    }
}

/// The person, as the audit log names them.
pub(super) async fn actor(parts: &mut Parts, app: &App, user: &User) -> Actor {
    let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
    let Ok(RequestId(request_id)) = RequestId::from_request_parts(parts, app).await;
    Actor::person(user.id.0, &user.name).at(address.0.to_string(), request_id)
}

/// Remembers the workspace just entered: short addresses and the next sign-in lead there. The address
/// alone decides what a request is about, so two tabs in two workspaces do not disturb each other.
async fn make_active(session: &Session, access: &Access) -> Result<(), Error> {
    let active: Option<String> = session.get(ACTIVE_ORG).await.map_err(anyhow::Error::from)?;
    if active.as_deref() != Some(&access.slug) {
        session.insert(ACTIVE_ORG, &access.slug).await.map_err(anyhow::Error::from)?;
        remember(session, &access.slug).await?;
    }
    Ok(())
}

/// The slugs of the workspaces entered in this session, the last one first.
pub async fn recent(session: &Session) -> Result<Vec<String>, Error> {
    Ok(session.get(RECENT).await.map_err(anyhow::Error::from)?.unwrap_or_default())
}

const RECENT: &str = "recent_orgs";
const REMEMBERED: usize = 8;

async fn remember(session: &Session, slug: &str) -> Result<(), Error> {
    let mut all = recent(session).await?;
    all.retain(|known| known != slug);
    all.insert(0, slug.to_owned());
    all.truncate(REMEMBERED);
    session.insert(RECENT, all).await.map_err(anyhow::Error::from)?;
    Ok(())
}
