//! The application under test: real router, real PostgreSQL, real role, a clock that stands still.

use axum::Router;
use chrono::{DateTime, Utc};
use clap::Parser;
use data_encoding::BASE64URL_NOPAD;
use groundswell::{
    accounts::session_store::PgSessionStore,
    app,
    clock::Clock,
    config::{Config, Settings},
    crypto::{Keys, Purpose},
    db::Db,
    jobs,
    web::App,
};
use serde_json::json;
use sqlx::PgPool;
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

use super::{
    Browser,
    cluster::{self, Role},
    left::Left,
};

pub struct TestApp {
    pub app: App,
    pub router: Router,
    /// Everything there is, past row security: for looking at what was stored.
    pub owner: PgPool,
    pub database: String,
    pub left: Left,
}

#[derive(Parser)]
#[command(args_override_self = true)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

/// The moment at which every test begins: a Saturday morning.
pub fn start_of_test() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_251_600, 0).expect("a valid time")
}

/// The configuration that these flags make.
pub fn config(flags: &[&str]) -> Config {
    settings(flags).check().expect("the test's configuration is right")
}

/// What was typed with these flags.
pub fn settings(flags: &[&str]) -> Settings {
    let program = ["groundswell", "--dev", "--base-url", "https://app.groundswell.test"];
    Flags::parse_from(program.iter().chain(flags)).settings
}

impl TestApp {
    pub async fn new() -> Self {
        Self::with(&[]).await
    }

    /// With settings of its own, as flags.
    pub async fn with(flags: &[&str]) -> Self {
        let database = cluster::fresh_database().await;
        let db = Db::new(cluster::pool(&database, Role::App, 5));
        let keys = Keys::parse(&"5e".repeat(32)).expect("64 digits");
        let queue = Db::new(cluster::pool(&database, Role::Worker, 8));
        let app = App::new(db, queue, Clock::set_to(start_of_test()), config(flags), keys);
        let owner = cluster::pool(&database, Role::Owner, 2);
        let left = Left::nothing_in(&database);
        Self { router: app::router(app.clone()), app, owner, database, left }
    }

    /// Without the jobs that the town has behind it.
    pub async fn idle(self) -> Self {
        sqlx::query("delete from job_queue").execute(&self.owner).await.expect("the queue is emptied");
        self
    }

    /// For a test that ends with jobs still waiting or running, and means to.
    pub fn leaves_jobs(mut self) -> Self {
        self.left.jobs_are_meant();
        self
    }

    /// A browser that nobody has signed in with.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// A browser in which the person with this address is signed in.
    ///
    /// Writes the session that signing in would write; the tests of signing in go through its door.
    pub async fn sign_in(&self, email: &str) -> Browser {
        let user = sqlx::query_as::<_, (uuid::Uuid, String, i32)>(
            "select id, password_hash, auth_epoch from users where email = $1",
        );
        let (id, hash, epoch) =
            user.bind(email).fetch_one(&self.owner).await.expect("the town has this person");
        let proof = <sha2::Sha256 as sha2::Digest>::digest(format!("session-auth:{epoch}:{hash}")).to_vec();
        let data = json!({ "user_id": id, "auth_hash": proof });
        let mut record = Record {
            id: Id::default(),
            data: [("axum-login.data".to_owned(), data)].into(),
            expiry_date: time::OffsetDateTime::now_utc() + time::Duration::days(1),
        };
        let store = PgSessionStore::new(self.app.db.clone(), self.app.clock.clone());
        store.create(&mut record).await.expect("the session is stored");
        let mut browser = self.visitor();
        browser.set_cookie(&self.app.config.cookie_name("gw"), &record.id.to_string());
        browser
    }

    /// The token for this browser's forms, without getting a page that holds it first.
    pub fn form_token(&self, browser: &mut Browser) -> String {
        let nonce = "n".repeat(43);
        browser.set_cookie(&self.app.config.cookie_name("gw-form"), &nonce);
        BASE64URL_NOPAD.encode(&self.app.keys.sign(Purpose::FormToken, &[nonce.as_bytes()]))
    }

    /// Does every job that is due, with nobody's organization entered beforehand. Says how many.
    pub async fn work(&self) -> usize {
        let kinds = app::kinds(self.app.config.dev);
        jobs::worker::run_due(&self.app, &kinds).await.expect("the queue answers")
    }

    /// Does every job until the listeners have heard all that happened: they wait for transactions that are open
    /// anywhere on the server, also those of other tests.
    pub async fn told(&self) {
        loop {
            self.work().await;
            let waiting =
                "update job_queue set run_at = now() where kind = 'events.tell' and status = 'waiting'";
            if sqlx::query(waiting).execute(&self.owner).await.expect("an answer").rows_affected() == 0 {
                return;
            }
        }
    }

    /// Lets every job that waits for its time be due now.
    pub async fn skip_pauses(&self) {
        let sql = "update job_queue set run_at = now() where status = 'waiting'";
        sqlx::query(sql).execute(&self.owner).await.expect("the queue answers");
    }

    /// One number or text out of the database, past row security.
    pub async fn stored<T>(&self, sql: &'static str) -> T
    where
        T: Send + Unpin + for<'r> sqlx::Decode<'r, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
    {
        sqlx::query_scalar(sql).fetch_one(&self.owner).await.expect("the query gives one value")
    }
}
