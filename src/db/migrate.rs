//! Bringing a database up to date, as its owner.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use super::connect::{APP_ROLE, Endpoint, WORKER_ROLE};

/// The migrations in this binary.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("./migrations");

#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    #[error("could not reach the database as its owner: {0}")]
    Unreachable(#[source] sqlx::Error),
    #[error("could not make the roles: {0}. Let a role that may create roles run `groundswell migrate` once")]
    Roles(#[source] sqlx::Error),
    #[error("a migration failed, and nothing of it was kept: {0}")]
    Failed(#[from] sqlx::migrate::MigrateError),
}

/// Makes the roles and applies every migration that is missing. Safe to run again, and by several
/// processes at once: sqlx takes an advisory lock.
///
/// `app_password` is set on the application's role when given.
pub async fn migrate(owner: &Endpoint, app_password: Option<&str>) -> Result<(), MigrateError> {
    let mut conn = PgConnection::connect_with(&owner.0).await.map_err(MigrateError::Unreachable)?;
    bootstrap(&mut conn, app_password).await.map_err(MigrateError::Roles)?;
    // A waiting change of a table must not make everybody wait behind it.
    conn.execute("set role groundswell_owner; set lock_timeout = '2s'").await.map_err(MigrateError::Roles)?;
    MIGRATIONS.run(&mut conn).await?;
    conn.close().await.map_err(MigrateError::Unreachable)
}

async fn bootstrap(conn: &mut PgConnection, app_password: Option<&str>) -> sqlx::Result<()> {
    let may_create_roles: bool =
        sqlx::query_scalar("select rolsuper or rolcreaterole from pg_roles where rolname = current_user")
            .fetch_one(&mut *conn)
            .await?;
    if !may_create_roles {
        return Ok(());
    }
    conn.execute(include_str!("bootstrap.sql")).await?;
    if let Some(password) = app_password {
        let quoted: String =
            sqlx::query_scalar("select quote_literal($1)").bind(password).fetch_one(&mut *conn).await?;
        for role in [APP_ROLE, WORKER_ROLE] {
            conn.execute(AssertSqlSafe(format!("alter role {role} password {quoted}"))).await?;
        }
    }
    Ok(())
}

/// How the database compares with the migrations of this binary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Standing {
    #[error("the database is up to date")]
    Current,
    #[error("the database lacks migrations up to {0}: run `groundswell migrate`, or set DATABASE_OWNER_URL")]
    Lacks(i64),
    /// Another process brought it further. Migrations add before they take away, so this one still works.
    #[error("the database is newer ({applied}) than this program ({known}): start the newer program")]
    Newer { applied: i64, known: i64 },
}

/// How the database that `conn` leads to compares with this binary.
pub async fn standing(conn: &mut PgConnection) -> sqlx::Result<Standing> {
    let known = MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default();
    let asked: sqlx::Result<Option<i64>> =
        sqlx::query_scalar("select app.schema_version()").fetch_one(conn).await;
    let applied = match asked {
        Ok(applied) => applied,
        // No such schema or function: nothing was ever migrated here.
        Err(sqlx::Error::Database(error))
            if error.code().is_some_and(|code| code == "3F000" || code == "42883") =>
        {
            None
        }
        Err(error) => return Err(error),
    };
    Ok(match applied {
        Some(applied) if applied == known => Standing::Current,
        Some(applied) if applied > known => Standing::Newer { applied, known },
        _ => Standing::Lacks(known),
    })
}
