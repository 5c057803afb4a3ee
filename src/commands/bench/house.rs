//! A server with sample data and somebody signed in, in a folder that is thrown away.
//!
//! It runs on threads of its own, by whose name its processor time is told from the client's.

use std::{net::SocketAddr, path::PathBuf, sync::mpsc, time::Duration};

use anyhow::Context;
use axum::{Router, routing::get};
use sqlx::{Connection, PgConnection};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    sync::oneshot,
};
use uuid::Uuid;

use super::person::Person;
use crate::{
    app,
    clock::Clock,
    commands::{
        database::Database,
        fitness, server,
        signals::{self, Stop},
    },
    config::Config,
    db::{connect::Endpoint, organizations},
    jobs::{INSTALLATION, worker},
    sample,
    web::App,
};

/// Linux keeps 15 letters of a thread's name.
pub(super) const SERVER_THREAD: &str = "bench-server";
pub(super) const LIMIT_THREAD: &str = "bench-limit";
const STAY: Duration = Duration::from_secs(3600);

pub(super) struct House {
    pub address: SocketAddr,
    /// The same application on a socket of its own, for pages that nobody is signed in to.
    pub stranger: SocketAddr,
    /// A router with one route and no layers, behind the same accept loop.
    pub hello: SocketAddr,
    /// The owner of the sample business.
    pub owner: Person,
    /// Whose addresses can be signed in with, and as what.
    people: Vec<(String, &'static str)>,
    /// The pid of PostgreSQL.
    pub postgres: u32,
    database: Database,
    app: App,
    runtime: Runtime,
    aside: Runtime,
    pub folder: PathBuf,
}

impl House {
    pub(super) async fn open(config: Config) -> anyhow::Result<Self> {
        Self::open_as(config, "http://localhost", Clock::system()).await
    }

    /// Known under this address, with this clock.
    pub(super) async fn open_as(config: Config, base_url: &str, clock: Clock) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("groundswell-bench-{}", std::process::id()));
        let config = Config {
            data_dir: folder.clone(),
            base_url: base_url.to_owned(),
            database_url: None,
            database_owner_url: None,
            database_worker_url: None,
            smtp_url: None,
            ..config
        };
        let database = Database::open(&config).await?;
        let postgres =
            database.server.as_ref().and_then(crate::postgres::Server::pid).context("PostgreSQL is gone")?;
        let app = App { clock, ..database.app(config)? };
        fitness::prepare(&database, &app).await.map_err(fitness::as_error)?;
        let people = sample::plant(&app).await?;
        let runtime = threads(SERVER_THREAD)?;
        let (stop, _stopper) = signals::listen(&app)?;
        let nothing = Router::new().route("/", get(async || "hello"));
        let address = serve(&runtime, app::router(app.clone()), &app, &stop)?;
        let stranger = serve(&runtime, app::router(app.clone()), &app, &stop)?;
        let hello = serve(&runtime, nothing, &app, &stop)?;
        let (owner, _) = people.first().context("the sample has no people")?;
        let owner = Person::sign_in(address, owner).await?;
        let aside = threads(LIMIT_THREAD)?;
        Ok(Self { address, stranger, hello, owner, people, postgres, database, app, runtime, aside, folder })
    }

    /// Does background work, until what this gives is dropped.
    pub(super) fn work(&self) -> Working {
        let (stop, stopped) = oneshot::channel::<()>();
        let ends = (async { drop(stopped.await) }, std::future::pending());
        self.runtime.spawn(worker::run(self.app.clone(), app::kinds(false), Vec::new(), ends));
        Working { _stop: stop }
    }

    /// Does this on threads of their own, by whose name ([`LIMIT_THREAD`]) what it costs is told.
    pub(super) async fn aside<T: Send + 'static>(
        &self,
        work: impl Future<Output = anyhow::Result<T>> + Send + 'static,
    ) -> anyhow::Result<T> {
        self.aside.spawn(work).await?
    }

    /// Somebody else of the sample signs in, the first who is this.
    pub(super) async fn sign_in(&self, role: &str) -> anyhow::Result<Person> {
        let found = self.people.iter().find(|(_, known)| known.starts_with(role));
        let (email, _) = found.with_context(|| format!("the sample has nobody who is {role}"))?;
        Person::sign_in(self.address, email).await
    }

    /// The id of a workspace of the sample.
    pub(super) async fn organization(&self, slug: &str) -> anyhow::Result<Uuid> {
        let found = self.organizations().await?.into_iter().find(|(_, known)| known == slug);
        Ok(found.with_context(|| format!("the sample has no {slug}"))?.0)
    }

    /// Every workspace of the sample: id and slug.
    pub(super) async fn organizations(&self) -> anyhow::Result<Vec<(Uuid, String)>> {
        let mut conn = PgConnection::connect_with(&self.database()?.0).await?;
        let all = organizations::all(&mut conn).await?;
        let all = all.into_iter().filter(|one| one.id != INSTALLATION);
        Ok(all.map(|one| (one.id, one.slug)).collect())
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// The database as its owner.
    pub(super) fn database(&self) -> anyhow::Result<Endpoint> {
        self.database.owner.clone().context("the embedded database has an owner")
    }

    pub(super) async fn close(self) {
        self.runtime.shutdown_background();
        self.aside.shutdown_background();
        self.app.close().await;
        self.database.close().await;
        // What stays in a folder for temporary files is somebody else's to clear.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Background work that goes on.
pub(super) struct Working {
    _stop: oneshot::Sender<()>,
}

/// Threads that stay: what one of them used is not told any more when it has ended.
fn threads(name: &str) -> std::io::Result<Runtime> {
    let mut threads = Builder::new_multi_thread();
    threads.enable_all().thread_name(name).thread_keep_alive(STAY).build()
}

/// Serves on a free port, from the runtime's own threads.
fn serve(runtime: &Runtime, router: Router, app: &App, stop: &Stop) -> anyhow::Result<SocketAddr> {
    let (tell, told) = mpsc::channel();
    let (app, stop) = (app.clone(), stop.clone());
    runtime.spawn(async move {
        let listener = TcpListener::bind("127.0.0.1:0").await;
        let address = listener
            .as_ref()
            .map_err(ToString::to_string)
            .and_then(|listener| listener.local_addr().map_err(|error| error.to_string()));
        let _ = tell.send(address);
        if let Ok(listener) = listener {
            server::run((listener, false), router, app, stop).await;
        }
    });
    told.recv()?.map_err(|error| anyhow::anyhow!("no port to serve on: {error}"))
}
