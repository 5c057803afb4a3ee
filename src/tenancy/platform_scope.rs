//! The way to what belongs to the installation as a whole, for the few who look after it.

use std::marker::PhantomData;

use axum::{extract::FromRequestParts, http::request::Parts};
use tower_sessions::Session;

use super::{Described, Mode, OrgId, OrgTx, Permission, queries, scope};
use crate::{
    accounts::{CurrentUser, User},
    audit::Actor,
    db::Db,
    jobs::INSTALLATION,
    web::{App, Error, error::Missing},
};

/// What may be done for the installation. Apart from [`super::CATALOGUE`]: no organization gives these.
pub const PLATFORM: &[Described] = &[
    Described { key: "platform.view", sentence: "See how the installation is, its workspaces and people" },
    Described {
        key: "platform.manage_users",
        sentence: "Shut people out of the installation and let them in",
    },
    Described { key: "platform.manage_organizations", sentence: "Look after workspaces as a whole" },
    Described { key: "platform.manage_jobs", sentence: "See and steer the background work of everybody" },
    Described { key: "platform.view_mail", sentence: "See what mail the system sends, and send it again" },
    Described { key: "platform.support", sentence: "Enter a workspace for a while, to help its people" },
];

/// Entering an organization for a while, to help its people.
pub struct GiveSupport;

impl Permission for GiveSupport {
    const KEY: &'static str = "platform.support";
    const MODE: Mode = Mode::Write;
}

/// Somebody who looks after the installation, known to be allowed to do `P`. For everybody who has no
/// platform role there is nothing at such an address.
pub struct PlatformScope<P: Permission> {
    pub user: User,
    pub session: Session,
    permissions: Vec<String>,
    actor: Actor,
    db: Db,
    allowed: PhantomData<P>,
}

impl<P: Permission> PlatformScope<P> {
    /// Whether they may also do `Q`, so that a page shows only what works.
    pub fn may<Q: Permission>(&self) -> bool {
        self.permissions.iter().any(|key| key == Q::KEY)
    }

    /// A transaction inside the installation's own organization, where its log is.
    pub async fn enter(&self) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, OrgId(INSTALLATION), self.actor.clone(), P::MODE).await
    }
}

impl PlatformScope<GiveSupport> {
    /// A transaction inside another organization, to begin or end being of help there and to say so in
    /// its log. What is in it stays out of reach of the pages of administration.
    pub async fn beside(&self, org: OrgId) -> sqlx::Result<OrgTx> {
        OrgTx::enter(&self.db, org, self.actor.clone().as_support(), Mode::Write).await
    }
}

impl<P: Permission> FromRequestParts<App> for PlatformScope<P> {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let CurrentUser { user, session } = CurrentUser::from_request_parts(parts, app).await?;
        let permissions = queries::platform_permissions(&app.db, user.id).await?;
        if permissions.is_empty() {
            return Err(Error::NotFound);
        }
        if !permissions.iter().any(|key| key == P::KEY) {
            return Err(Error::Forbidden(Box::new(missing(P::KEY))));
        }
        let actor = scope::actor(parts, app, &user).await;
        Ok(Self { user, session, permissions, actor, db: app.db.clone(), allowed: PhantomData })
    }
}

fn missing(permission: &'static str) -> Missing {
    let sentence =
        PLATFORM.iter().find(|known| known.key == permission).map_or(permission, |known| known.sentence);
    let grantors = vec!["A platform administrator".to_owned()];
    Missing { permission, sentence, grantors, viewing_as: None }
}
