//! Reaching the database: the one that is configured, or the one in the data folder, which is started.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use secrecy::{ExposeSecret, SecretString};
use sqlx::{Connection, Executor, PgConnection};

use super::master_keys;
use crate::{
    clock::Clock,
    config::Config,
    crypto::Keys,
    db::{
        Db,
        connect::{APP_ROLE, Endpoint, WORKER_ROLE},
    },
    postgres,
    web::App,
};

/// The database in the embedded server.
const DATABASE: &str = "groundswell";
/// Connections that taking jobs and looking at them may hold; listening for them holds one, and listening for what
/// open pages are told another one.
const QUEUE_POOL: u32 = 5;

/// How to reach the database, and the server if it is ours.
pub(super) struct Database {
    /// As the application's role.
    pub app: Endpoint,
    /// As the role that takes jobs.
    pub worker: Endpoint,
    /// As a role that may migrate, when we know one.
    pub owner: Option<Endpoint>,
    /// The password that the application's role is to have.
    pub app_password: Option<String>,
    pub server: Option<postgres::Server>,
}

impl Database {
    /// Starts the embedded server, if there is no other database. A second one on the same data is refused.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.database_url {
            Some(url) => Self::elsewhere(config, url),
            None => Self::embedded(config).await,
        }
    }

    /// As [`Database::open`], but goes to the embedded server of another process when one is running.
    pub(super) async fn join(config: &Config) -> anyhow::Result<Self> {
        match Self::beside(config) {
            Some(database) => Ok(database),
            None => Self::open(config).await,
        }
    }

    /// The database that is there already: configured, or in the embedded server of another process.
    pub(super) fn beside(config: &Config) -> Option<Self> {
        if let Some(url) = &config.database_url {
            return Self::elsewhere(config, url).ok();
        }
        let neighbour = postgres::neighbour(&embedded_root(config))?;
        Some(Self::at_socket(&neighbour.socket_dir, neighbour.port, neighbour.superuser, &neighbour.password))
    }

    fn elsewhere(config: &Config, url: &SecretString) -> anyhow::Result<Self> {
        let app = endpoint("DATABASE_URL", url)?;
        let owner =
            config.database_owner_url.as_ref().map(|url| endpoint("DATABASE_OWNER_URL", url)).transpose()?;
        let worker = match &config.database_worker_url {
            Some(url) => endpoint("DATABASE_WORKER_URL", url)?,
            // `groundswell migrate` gives both roles the same password.
            None => Endpoint(app.0.clone().username(WORKER_ROLE)),
        };
        let app_password = (app.0.get_username() == APP_ROLE).then(|| password(url)).flatten();
        Ok(Self { app, worker, owner, app_password, server: None })
    }

    async fn embedded(config: &Config) -> anyhow::Result<Self> {
        let options = postgres::Options {
            root: embedded_root(config),
            bin_dir: config.pg_bin_dir.clone(),
            server_user: config.pg_user.clone(),
            durable: true,
        };
        fs::create_dir_all(&config.data_dir)
            .with_context(|| format!("The data folder {} cannot be made", config.data_dir.display()))?;
        let server = tokio::task::spawn_blocking(move || postgres::start(&options)).await??;
        let mut database =
            Self::at_socket(server.socket_dir(), server.port(), server.superuser(), server.password());
        ensure_database(&Endpoint::socket(
            server.socket_dir(),
            server.port(),
            server.superuser(),
            server.password(),
            "postgres",
        ))
        .await?;
        database.server = Some(server);
        Ok(database)
    }

    fn at_socket(folder: &Path, port: u16, superuser: &str, password: &str) -> Self {
        Self {
            app: Endpoint::socket(folder, port, APP_ROLE, password, DATABASE),
            worker: Endpoint::socket(folder, port, WORKER_ROLE, password, DATABASE),
            owner: Some(Endpoint::socket(folder, port, superuser, password, DATABASE)),
            app_password: Some(password.to_owned()),
            server: None,
        }
    }

    /// What every handler shares, with this database. Connects when first asked for something.
    pub(super) fn app(&self, config: Config) -> anyhow::Result<App> {
        let db = Db::new(self.app.pool(config.database_pool));
        let queue = Db::new(self.worker.pool(QUEUE_POOL));
        let keys = master_keys::load(&config)?;
        Ok(App::new(db, queue, Clock::system(), config, keys))
    }

    /// [`Database::app`] for looking only: no key file is made, and nothing that was sealed can be opened.
    pub(super) fn app_without_keys(&self, config: Config) -> anyhow::Result<App> {
        let (db, queue) = (Db::new(self.app.pool(2)), Db::new(self.worker.pool(1)));
        let Some(keys) = Keys::parse(&"00".repeat(32)) else { bail!("A key of zeros is a key") };
        Ok(App::new(db, queue, Clock::system(), config, keys))
    }

    /// Ends the embedded server, if it is ours, and waits for it.
    pub(super) async fn close(self) {
        if let Some(server) = self.server {
            let stopped = tokio::task::spawn_blocking(move || server.stop()).await;
            if let Err(error) = stopped {
                tracing::error!(error = %error, "PostgreSQL could not be stopped: {error}");
            }
        }
    }
}

pub(super) fn embedded_root(config: &Config) -> PathBuf {
    config.data_dir.join("db")
}

fn endpoint(name: &str, url: &SecretString) -> anyhow::Result<Endpoint> {
    let options = url.expose_secret().parse().with_context(|| format!("{name} cannot be read"))?;
    Ok(Endpoint(options))
}

/// The password inside of an address. The driver reads it too, but does not give it back.
fn password(url: &SecretString) -> Option<String> {
    let (_, rest) = url.expose_secret().split_once("://")?;
    let (user, _) = rest.split_once('/').unwrap_or((rest, "")).0.rsplit_once('@')?;
    let (_, password) = user.split_once(':')?;
    Some(percent_decoded(password)).filter(|password| !password.is_empty())
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        let hex = (byte == b'%').then(|| [bytes.next().unwrap_or(b'?'), bytes.next().unwrap_or(b'?')]);
        let read = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(&hex).ok()?, 16).ok());
        decoded.push(read.unwrap_or(byte));
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

async fn ensure_database(postgres: &Endpoint) -> anyhow::Result<()> {
    let mut conn =
        PgConnection::connect_with(&postgres.0).await.context("The embedded database does not answer")?;
    let exists: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
        .bind(DATABASE)
        .fetch_one(&mut conn)
        .await?;
    if !exists {
        conn.execute("create database groundswell").await?;
    }
    conn.close().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_read_out_of_the_address() {
        let read = |url: &str| password(&SecretString::from(url));
        assert_eq!(read("postgres://app:s%2Fe%40cret@db.test:5432/x").as_deref(), Some("s/e@cret"));
        assert_eq!(read("postgres://app@db.test/x"), None);
        assert_eq!(read("postgres://db.test/x?a=b:c@d"), None);
    }
}
