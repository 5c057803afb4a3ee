//! `groundswell secrets`: the master keys, what each seals, and changing from one to the next.
//!
//! Changing takes four steps, so that at no moment a process meets what it cannot open: make the next key
//! (`next-key`), restart every process, `rotate`, and take the former key away once `status` says so.

use std::process::ExitCode;

use super::{cli::SecretsCommand, database::Database, fitness, master_keys, print};
use crate::{
    config::Config,
    crypto::{KeyId, key_file},
    secrets::{rotation, standing},
    web::App,
};

pub(super) async fn run(config: Config, what: SecretsCommand) -> anyhow::Result<ExitCode> {
    if matches!(what, SecretsCommand::NextKey) {
        return next_key(&config);
    }
    let database = Database::join(&config).await?;
    let app = database.app(config)?;
    let done = match (what, fitness::prepare(&database, &app).await) {
        (SecretsCommand::Rotate, Ok(())) => rotate(&app).await,
        (SecretsCommand::Rotate, Err(unfit)) => Err(fitness::as_error(unfit)),
        // A key that is missing makes a database unfit, and is what somebody wants to read about here.
        _ => status(&app).await,
    };
    app.db.pool().close().await;
    database.close().await;
    done
}

fn next_key(config: &Config) -> anyhow::Result<ExitCode> {
    if config.secret_key.is_some() {
        print::line(&format!("A new master key, shown this once: {}", key_file::random()?));
        print::line(
            "1. Add it to GROUNDSWELL_OLD_SECRET_KEYS everywhere and restart every process: now all can read it.",
        );
        print::line(
            "2. Exchange the two: the new one into GROUNDSWELL_SECRET_KEY, the former into \
             GROUNDSWELL_OLD_SECRET_KEYS. Restart every process.",
        );
        print::line("3. Run `groundswell secrets rotate`.");
        return Ok(ExitCode::SUCCESS);
    }
    let file = master_keys::file(config);
    // Makes the folder and the first key where there is none.
    master_keys::load(config)?;
    let id = key_file::put_next(&file)?;
    print::line(&format!(
        "{} begins with a new master key, {id}; the former are kept below it.",
        file.display()
    ));
    print::line("Restart every process that uses this folder, then run `groundswell secrets rotate`.");
    Ok(ExitCode::SUCCESS)
}

async fn rotate(app: &App) -> anyhow::Result<ExitCode> {
    let done = rotation::rotate(app).await?;
    print::line(&format!(
        "Sealed with the master key {} anew: {} data keys of workspaces, {} two-factor secrets.",
        app.keys.id(),
        done.data_keys,
        done.two_factor_secrets
    ));
    if !done.left.is_empty() {
        print::problems("Some could not be opened:", &done.left);
    }
    tell_idle(app, &standing::idle(&app.db, &app.keys).await?);
    Ok(if done.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn status(app: &App) -> anyhow::Result<ExitCode> {
    let in_use = standing::in_use(&app.db).await?;
    for (at, id) in app.keys.ids().into_iter().enumerate() {
        let role = if at == 0 { "current" } else { "for reading" };
        let sealed = in_use.get(&Some(id)).copied().unwrap_or_default();
        let place = master_keys::place(&app.config, id);
        print::line(&format!("{id}  {role} ({place}): {}", sealed.in_words()));
    }
    if let Some(sealed) = in_use.get(&None) {
        print::line(&format!(
            "Without a key's name: {}. `groundswell secrets rotate` gives it.",
            sealed.in_words()
        ));
    }
    tell_idle(app, &standing::idle(&app.db, &app.keys).await?);
    let missing = standing::missing(&app.db, &app.keys.ids()).await?;
    if missing.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    print::problems("Something cannot be opened:", &missing);
    Ok(ExitCode::FAILURE)
}

/// Says which keys may be taken away. Dumps of before still need them.
fn tell_idle(app: &App, idle: &[KeyId]) {
    for id in idle {
        let place = master_keys::place(&app.config, *id);
        print::line(&format!(
            "The master key {id} ({place}) seals nothing any more and may be removed. Keep a copy for as long as \
             you keep backups of before."
        ));
    }
}
