//! One PostgreSQL for the whole test program, and a fresh copy of the town for every test.

use std::{
    path::{Path, PathBuf},
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
    /// What the server says, in a file.
    pub log: PathBuf,
    _server: Server,
}

const TEMPLATE: &str = "town";
/// What the towns of the tests that run at one time and the server's own files may take, in bytes.
const ROOM: u64 = 2 << 30;

/// Started on first use, in a folder of this program's own. Those of programs that are gone are removed: dropping
/// their databases one by one would take minutes.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let folder = room().join("groundswell-tests");
        remove_leftovers(&folder);
        let server = start(folder.join(format!("postgres-{}", std::process::id())));
        let server = server.expect("PostgreSQL starts for the tests");
        Cluster {
            socket_dir: server.socket_dir().to_owned(),
            port: server.port(),
            superuser: server.superuser().to_owned(),
            password: server.password().to_owned(),
            log: server.log_file(),
            _server: server,
        }
    })
}

/// Memory, where the system lends enough of it as a folder: a copy of the town is more than a thousand files.
fn room() -> PathBuf {
    let memory = Path::new("/dev/shm");
    let free = rustix::fs::statvfs(memory).map_or(0, |of| of.f_bavail.saturating_mul(of.f_frsize));
    if free < ROOM { std::env::temp_dir() } else { memory.to_owned() }
}

fn remove_leftovers(folder: &Path) {
    let old = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for one in old.filter(|one| is_left(&one.file_name().to_string_lossy())) {
        // Of two programs that begin together the other may have done it.
        std::fs::remove_dir_all(one.path()).ok();
    }
}

/// Whether this is the folder of a program that has ended.
fn is_left(name: &str) -> bool {
    let owner = name.strip_prefix("postgres-").filter(|owner| owner.parse::<u32>().is_ok());
    owner.is_some_and(|owner| !Path::new("/proc").join(owner).exists())
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

/// The end of a database that [`fresh_database`] gave, whoever is connected to it.
pub async fn drop_database(name: &str) {
    let mut conn = connect("postgres").await;
    conn.execute(AssertSqlSafe(format!("drop database {name} with (force)")))
        .await
        .expect("the town is left");
    conn.close().await.expect("closing");
}

fn template() -> String {
    format!("{TEMPLATE}_{}", std::process::id())
}

async fn make_template() {
    let name = template();
    let mut conn = connect("postgres").await;
    conn.execute(AssertSqlSafe(format!("create database {name}"))).await.expect("a database for the town");
    migrate::migrate(&endpoint(&name, Role::Super), Some(&cluster().password))
        .await
        .expect("the migrations apply");
    let mut town = connect(&name).await;
    town.execute(include_str!("../fixtures/town.sql")).await.expect("the town is built");
    town.close().await.expect("closing");
    conn.close().await.expect("closing");
}

async fn connect(database: &str) -> PgConnection {
    PgConnection::connect_with(&endpoint(database, Role::Super).0)
        .await
        .expect("the test's PostgreSQL answers")
}
