//! One PostgreSQL for the whole test program, and a fresh copy of the town for every test.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};

use groundswell::{
    db::{
        connect::{APP_ROLE, Endpoint, WORKER_ROLE},
        migrate,
    },
    postgres::{self, Server},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, PgPool};
use tokio::sync::OnceCell;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What the application is in production.
    App,
    /// What takes jobs in production.
    Worker,
    /// Past row security, to look at everything.
    Owner,
    /// May make databases.
    Super,
}

/// The server of this test program, and the names that lead to it.
pub struct Cluster {
    pub socket_dir: PathBuf,
    pub port: u16,
    pub superuser: String,
    pub password: String,
    _server: Server,
}

const TEMPLATE: &str = "town";

/// Started on first use, in a folder that is used again; beside it when another test program holds that.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let folder = std::env::temp_dir().join("groundswell-tests");
        let server = start(folder.join("postgres"))
            .or_else(|_| start(folder.join(format!("postgres-{}", std::process::id()))))
            .expect("PostgreSQL starts for the tests");
        Cluster {
            socket_dir: server.socket_dir().to_owned(),
            port: server.port(),
            superuser: server.superuser().to_owned(),
            password: server.password().to_owned(),
            _server: server,
        }
    })
}

fn start(root: PathBuf) -> Result<Server, postgres::Error> {
    postgres::start(&postgres::Options { root, bin_dir: None, server_user: None, durable: false })
}

pub fn endpoint(database: &str, role: Role) -> Endpoint {
    let cluster = cluster();
    let user = match role {
        Role::App => APP_ROLE,
        Role::Worker => WORKER_ROLE,
        Role::Owner | Role::Super => &cluster.superuser,
    };
    Endpoint::socket(&cluster.socket_dir, cluster.port, user, &cluster.password, database)
}

pub fn pool(database: &str, role: Role, size: u32) -> PgPool {
    endpoint(database, role).pool(size)
}

/// A migrated database with the town in it, that nobody else uses.
pub async fn fresh_database() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    static READY: OnceCell<()> = OnceCell::const_new();
    READY.get_or_init(make_template).await;
    let name = format!("test_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::SeqCst));
    let mut conn = connect("postgres").await;
    let template = template();
    conn.execute(AssertSqlSafe(format!("create database {name} template {template}")))
        .await
        .expect("a copy of the town");
    conn.close().await.expect("closing");
    name
}

fn template() -> String {
    format!("{TEMPLATE}_{}", std::process::id())
}

async fn make_template() {
    let name = template();
    let mut conn = connect("postgres").await;
    drop_leftovers(&mut conn).await;
    conn.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database for the town");
    migrate::migrate(&endpoint(&name, Role::Super), Some(&cluster().password))
        .await
        .expect("the migrations apply");
    let mut town = connect(&name).await;
    town.execute(include_str!("../fixtures/town.sql")).await.expect("the town is built");
    town.close().await.expect("closing");
    conn.close().await.expect("closing");
}

/// Databases of earlier test programs: nobody looks at them any more.
async fn drop_leftovers(conn: &mut PgConnection) {
    let leftovers = sqlx::query_scalar::<_, String>(
        "select datname from pg_database where datname like 'test\\_%' or datname like 'town\\_%'",
    );
    for name in leftovers.fetch_all(&mut *conn).await.expect("the list of databases") {
        conn.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)")))
            .await
            .expect("dropped");
    }
}

async fn connect(database: &str) -> PgConnection {
    PgConnection::connect_with(&endpoint(database, Role::Super).0)
        .await
        .expect("the test's PostgreSQL answers")
}
