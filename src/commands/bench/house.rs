//! A server with sample data and somebody signed in, in a folder that is thrown away.
//!
//! It runs on threads of its own, by whose name its processor time is told from the client's.

use std::{net::SocketAddr, path::PathBuf, sync::mpsc};

use anyhow::Context;
use axum::{Router, routing::get};
use tokio::{
    io::BufReader,
    net::{TcpListener, TcpStream},
    runtime::{Builder, Runtime},
};

use super::client::{self, exchange};
use crate::{
    app,
    commands::{
        database::Database,
        fitness, server,
        signals::{self, Stop},
    },
    config::Config,
    db::connect::Endpoint,
    sample,
    web::App,
};

/// Linux keeps 15 letters of a thread's name.
pub(super) const SERVER_THREAD: &str = "bench-server";

pub(super) struct House {
    pub address: SocketAddr,
    /// The same application on a socket of its own, for pages that nobody is signed in to.
    pub stranger: SocketAddr,
    /// A router with one route and no layers, behind the same accept loop.
    pub hello: SocketAddr,
    pub cookie: String,
    /// The pid of PostgreSQL.
    pub postgres: u32,
    database: Database,
    app: App,
    runtime: Runtime,
    folder: PathBuf,
}

impl House {
    pub(super) async fn open(config: Config) -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("groundswell-bench-{}", std::process::id()));
        let config = Config {
            data_dir: folder.clone(),
            base_url: "http://localhost".to_owned(),
            database_url: None,
            database_owner_url: None,
            database_worker_url: None,
            smtp_url: None,
            ..config
        };
        let database = Database::open(&config).await?;
        let postgres =
            database.server.as_ref().and_then(crate::postgres::Server::pid).context("PostgreSQL is gone")?;
        let app = database.app(config)?;
        fitness::prepare(&database, &app).await.map_err(fitness::as_error)?;
        let people = sample::plant(&app).await?;
        let runtime = Builder::new_multi_thread().enable_all().thread_name(SERVER_THREAD).build()?;
        let (stop, _stopper) = signals::listen(&app)?;
        let nothing = Router::new().route("/", get(async || "hello"));
        let address = serve(&runtime, app::router(app.clone()), &app, &stop)?;
        let stranger = serve(&runtime, app::router(app.clone()), &app, &stop)?;
        let hello = serve(&runtime, nothing, &app, &stop)?;
        let (owner, _) = people.first().context("the sample has no people")?;
        let cookie = sign_in(address, owner).await?;
        Ok(Self { address, stranger, hello, cookie, postgres, database, app, runtime, folder })
    }

    pub(super) fn app(&self) -> &App {
        &self.app
    }

    /// The database as its owner.
    pub(super) fn owner(&self) -> anyhow::Result<Endpoint> {
        self.database.owner.clone().context("the embedded database has an owner")
    }

    pub(super) async fn close(self) {
        self.runtime.shutdown_background();
        self.app.close().await;
        self.database.close().await;
        // What stays in a folder for temporary files is somebody else's to clear.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
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

/// Through the door, as a person does. Gives the cookies.
async fn sign_in(address: SocketAddr, email: &str) -> anyhow::Result<String> {
    let mut stream = BufReader::new(TcpStream::connect(address).await?);
    let page = exchange(&mut stream, &client::get("/sign-in", "")).await?;
    let mut cookies = page.cookies();
    let html = String::from_utf8_lossy(&page.body).into_owned();
    let token = html.split_once("name=\"_csrf\" value=\"").and_then(|(_, rest)| rest.split('"').next());
    let token = token.context("the sign-in page has no form token")?;
    let form = format!("email={}&password={}&_csrf={token}", email.replace('@', "%40"), sample::PASSWORD);
    let answer = exchange(&mut stream, &client::post("/sign-in", &cookies.join("; "), &form)).await?;
    anyhow::ensure!(answer.status == 303, "signing in answered {}", answer.status);
    cookies.extend(answer.cookies());
    Ok(cookies.join("; "))
}
