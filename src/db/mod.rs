//! Connections to PostgreSQL, all of them outside every organization.
//!
//! A tenant table looks empty through what this module hands out: row security sees to that
//! (migrations/*_foundation.sql). Stepping inside an organization is the business of
//! [`crate::tenancy`] alone.
//!
//! Four roles, made by `bootstrap.sql`: `groundswell_owner` owns and migrates, `groundswell_app` is
//! what requests and jobs run as, `groundswell_worker` may read the queue of all organizations,
//! `groundswell_backup` may read everything and change nothing.
//!
//! - [`connect`]: pools and their settings
//! - [`migrate`]: bringing a database up to date, as its owner
//! - [`role_check`]: refusing to run with more power than is needed
//! - [`trouble`]: telling a database that is away from one that says no, and getting over it
//! - [`audit`]: the catalogue rules that a tenant table keeps
//! - [`organizations`]: every one there is, for the owner of the database
//! - [`deletion`]: what an organization owns, and deleting it, for the owner of the database

pub mod audit;
pub mod connect;
pub mod deletion;
pub mod migrate;
pub mod organizations;
pub mod role_check;
pub mod trouble;

use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction, pool::PoolConnection};

#[derive(Clone, Debug)]
pub struct Db {
    pool: PgPool,
}

impl Db {
    pub fn new(pool: PgPool) -> Self {
        Self { pool }
    }

    #[expect(clippy::disallowed_methods, reason = "this is where connections come from")]
    pub async fn connection(&self) -> sqlx::Result<PoolConnection<Postgres>> {
        self.pool.acquire().await
    }

    /// A transaction outside every organization, for tables that belong to none.
    pub async fn begin(&self) -> sqlx::Result<Transaction<'static, Postgres>> {
        self.begin_with("begin".to_owned()).await
    }

    /// Begins a transaction with statements of our own, in one round trip. For [`crate::tenancy`].
    pub async fn begin_with(&self, statements: String) -> sqlx::Result<Transaction<'static, Postgres>> {
        match self.pool.begin_with(AssertSqlSafe(statements.clone())).await {
            // Nothing was done yet, so a connection that broke while it lay idle costs a second try only.
            Err(error) if trouble::is_passing(&error) && !matches!(error, sqlx::Error::PoolTimedOut) => {
                trouble::note(&error);
                self.pool.begin_with(AssertSqlSafe(statements)).await
            }
            begun => begun,
        }
    }

    /// Ends a transaction and begins the next with statements of our own, in one round trip. For
    /// [`crate::tenancy`].
    pub async fn go_on_with(conn: &mut PgConnection, statements: String) -> sqlx::Result<()> {
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(conn).await?;
        Ok(())
    }

    /// The pool itself, to close it and for the checks at start.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }
}
