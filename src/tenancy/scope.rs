//! The way a handler gets at tenant rows: by naming the permission it needs.

use std::marker::PhantomData;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::request::Parts,
};
use tower_sessions::Session;

use super::{Access, Mode, OrgId, OrgTx, Permission, queries};
use crate::{
    accounts::{CurrentUser, User, session::ACTIVE_ORG},
    audit::{Actor, Entry},
    db::Db,
    web::{App, ClientAddress, Error, OrNotFound, Wants},
};

/// Somebody in an organization, and what they may do there.
#[derive(Clone, Debug)]
pub struct Member {
    pub user: User,
    pub access: Access,
}

impl Member {
    pub fn org(&self) -> OrgId {
        self.access.org
    }

    /// Whether the member may do `P`, so that a page shows only what works.
    pub fn may<P: Permission>(&self) -> bool {
        self.access.permissions.iter().any(|key| key == P::KEY)
    }

    /// The address of `path` in this workspace; `path` starts with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("/w/{}{path}", self.access.slug)
    }
}

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
        OrgTx::enter(&self.db, self.member.org(), self.actor.clone(), P::MODE).await
    }

    /// A transaction that may write, for what a member may keep for themselves while only looking:
    /// a saved view, a hidden checklist.
    pub async fn enter_to_write(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, self.member.org(), self.actor.clone(), Mode::Write).await
    }
}

impl<P: Permission> FromRequestParts<App> for Scope<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let CurrentUser { user, session } = CurrentUser::from_request_parts(parts, app).await?;
        let params = RawPathParams::from_request_parts(parts, app).await.map_err(anyhow::Error::from)?;
        let (_, slug) = params.iter().find(|(name, _)| *name == "org").or_404()?;

        let access = queries::access(&app.db, user.id, slug).await?.or_404()?;
        if access.requires_two_factor && !user.has_two_factor {
            return Err(Error::NeedsTwoFactor);
        }
        let actor = actor(parts, app, &user).await;
        if !access.permissions.iter().any(|key| key == P::KEY) {
            note_denied(app, access.org, actor, P::KEY).await;
            return Err(Error::Forbidden(P::KEY));
        }
        if Wants::of(parts) == Wants::Page {
            make_active(&session, &access.slug).await?;
        }
        Ok(Self { member: Member { user, access }, session, actor, db: app.db.clone(), allowed: PhantomData })
    }
}

/// The person, as the audit log names them.
async fn actor(parts: &mut Parts, app: &App, user: &User) -> Actor {
    let Ok(address) = ClientAddress::from_request_parts(parts, app).await;
    let request_id = parts.headers.get("x-request-id").and_then(|id| id.to_str().ok()).unwrap_or_default();
    Actor::person(user.id.0, &user.name).at(address.0.to_string(), request_id.to_owned())
}

/// Keeps that somebody tried what they may not (ASVS 16.3.2). The answer is no either way, so a log that
/// cannot be written does not change it.
async fn note_denied(app: &App, org: OrgId, actor: Actor, permission: &'static str) {
    let denied = Entry::new("access.denied").on("permission", permission, permission).denied();
    let noted = async {
        let mut tx = OrgTx::enter(&app.db, org, actor, Mode::Write).await?;
        tx.record(denied, app.clock.now()).await?;
        tx.commit().await
    };
    if let Err(error) = noted.await {
        tracing::warn!(error = %error, "A denied attempt could not be kept: {error}");
    }
}

/// Remembers the workspace just entered: short addresses and the next sign-in lead there. The address
/// alone decides what a request is about, so two tabs in two workspaces do not disturb each other.
async fn make_active(session: &Session, slug: &str) -> Result<(), Error> {
    let active: Option<String> = session.get(ACTIVE_ORG).await.map_err(anyhow::Error::from)?;
    if active.as_deref() != Some(slug) {
        session.insert(ACTIVE_ORG, slug).await.map_err(anyhow::Error::from)?;
    }
    Ok(())
}
