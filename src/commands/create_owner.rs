//! `groundswell create-owner`: a person and a workspace that they own, on an installation nobody can sign up to.

use std::process::ExitCode;

use anyhow::Context;

use super::{cli, database::Database, fitness, print};
use crate::{
    accounts::{password, sign_up},
    audit::Actor,
    config::Config,
    crypto::Token,
    email_address::EmailAddress,
    orgs::founding::{Founding, found},
    tenancy::FoundingScope,
    web::App,
};

pub(super) async fn run(config: Config, who: &cli::CreateOwner) -> anyhow::Result<ExitCode> {
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match fitness::prepare(&database, &app).await {
        Ok(()) => create(&app, who).await,
        Err(unfit) => Err(fitness::as_error(unfit)),
    };
    app.close().await;
    database.close().await;
    done?;
    Ok(ExitCode::SUCCESS)
}

/// The person and the workspace, in one transaction, with a password that is shown this once.
async fn create(app: &App, who: &cli::CreateOwner) -> anyhow::Result<()> {
    let email = EmailAddress::parse(&who.email)
        .with_context(|| format!("“{}” is not an e-mail address", who.email))?;
    let password = Token::random()?;
    let hash = password::hash(app, password.as_str()).await?;
    let now = app.clock.now();
    let mut tx =
        FoundingScope::new(app.db.clone(), Actor::machine("groundswell create-owner")).enter().await?;
    let made = sign_up::create(tx.conn(), &email, who.name.trim(), &hash, now).await?;
    let founder = made.with_context(|| format!("{email} has an account already"))?;
    let founding =
        Founding { name: who.workspace.trim(), kind: "direct", time_zone: "UTC", is_sample: false, founder };
    let slug = found(&mut tx, &founding, now).await?;
    tx.commit().await?;
    print::line(&format!("{email} owns the workspace at {}.", app.config.link(&format!("/w/{slug}"))));
    print::line(&format!("Password, shown this once: {}", password.as_str()));
    Ok(())
}
