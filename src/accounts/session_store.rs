//! Where sessions live: `web_sessions`, under a hash of their id.
//!
//! A session ends a while after it was last used and, however busy, some months after it began; both
//! limits are kept here, by the application's clock, whatever the cookie says. Saving never creates:
//! a slow request cannot bring back a session that was ended meanwhile.

use std::collections::HashMap;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use sha2::{Digest, Sha256};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
    session_store::{Error, Result},
};

use super::session::{ADDRESS, DEVICE};
use crate::{
    clock::Clock,
    db::{Db, trouble},
};

/// Without a request for this long, a session has ended.
pub const IDLE: TimeDelta = TimeDelta::days(14);
/// However busy, a session ends this long after sign-in.
pub const ABSOLUTE: TimeDelta = TimeDelta::days(90);
/// How exactly `seen_at` is kept: not every page is a write.
const TOUCH_AFTER: TimeDelta = TimeDelta::minutes(1);

#[derive(Clone, Debug)]
pub struct PgSessionStore {
    db: Db,
    clock: Clock,
}

/// What is stored of a session's id.
pub fn id_hash(id: &Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

impl PgSessionStore {
    pub fn new(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    async fn insert(&self, record: &Record) -> sqlx::Result<bool> {
        let now = self.clock.now();
        let done = sqlx::query!(
            "insert into web_sessions (id_hash, user_id, data, device, address, created_at, seen_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $6, $7)
             on conflict (id_hash) do nothing",
            id_hash(&record.id),
            user_id(record),
            serde_json::to_value(&record.data).unwrap_or_default(),
            text(record, DEVICE),
            text(record, ADDRESS),
            now,
            now + IDLE,
        )
        .execute(&mut *self.db.connection().await?)
        .await?;
        Ok(done.rows_affected() == 1)
    }

    async fn update(&self, record: &Record) -> sqlx::Result<()> {
        sqlx::query!(
            "update web_sessions set data = $2, user_id = $3, device = $4, address = $5 where id_hash = $1",
            id_hash(&record.id),
            serde_json::to_value(&record.data).unwrap_or_default(),
            user_id(record),
            text(record, DEVICE),
            text(record, ADDRESS),
        )
        .execute(&mut *self.db.connection().await?)
        .await?;
        Ok(())
    }

    /// The session's data while it lives, and when it was last seen.
    async fn find(&self, id: &Id, now: DateTime<Utc>) -> sqlx::Result<Option<(Value, DateTime<Utc>)>> {
        let select = sqlx::query!(
            "select data, seen_at, expires_at from web_sessions where id_hash = $1",
            id_hash(id)
        );
        let row = select.fetch_optional(&mut *self.db.connection().await?).await?;
        match row {
            // Once found over it is gone: a clock that is set back must not bring it to life again.
            Some(row) if row.expires_at <= now => self.remove(id).await.map(|()| None),
            row => Ok(row.map(|row| (row.data, row.seen_at))),
        }
    }

    async fn remove(&self, id: &Id) -> sqlx::Result<()> {
        let delete = sqlx::query!("delete from web_sessions where id_hash = $1", id_hash(id));
        delete.execute(&mut *self.db.connection().await?).await?;
        Ok(())
    }

    /// Moves the idle limit on, never past the absolute one, and never back: a clock set back ends nothing
    /// early and keeps nothing alive.
    async fn touch(&self, id: &Id, now: DateTime<Utc>) -> sqlx::Result<()> {
        sqlx::query!(
            "update web_sessions
                set seen_at = greatest(seen_at, $2),
                    expires_at = least(created_at + $4::interval, greatest(expires_at, $2 + $3::interval))
              where id_hash = $1",
            id_hash(id),
            now,
            interval(IDLE),
            interval(ABSOLUTE),
        )
        .execute(&mut *self.db.connection().await?)
        .await?;
        Ok(())
    }

    /// Ends what has expired. Run by the worker.
    pub async fn delete_expired(&self) -> sqlx::Result<u64> {
        let done = sqlx::query!("delete from web_sessions where expires_at <= $1", self.clock.now())
            .execute(&mut *self.db.connection().await?)
            .await?;
        Ok(done.rows_affected())
    }
}

/// Whether a session lives, without touching it: for a page that stays open.
pub async fn is_alive(db: &Db, id: &Id, now: DateTime<Utc>) -> sqlx::Result<bool> {
    sqlx::query_scalar!(
        r#"select exists (select 1
                            from web_sessions s
                            join users u on u.id = s.user_id
                           where s.id_hash = $1 and s.expires_at > $2 and u.disabled_at is null) as "lives!""#,
        id_hash(id),
        now,
    )
    .fetch_one(&mut *db.connection().await?)
    .await
}

fn interval(delta: TimeDelta) -> sqlx::postgres::types::PgInterval {
    sqlx::postgres::types::PgInterval {
        months: 0,
        days: 0,
        microseconds: delta.num_microseconds().unwrap_or(0),
    }
}

/// Who is signed in, from the key that axum-login writes.
fn user_id(record: &Record) -> Option<uuid::Uuid> {
    record.data.get("axum-login.data")?.get("user_id")?.as_str()?.parse().ok()
}

fn text<'a>(record: &'a Record, key: &str) -> &'a str {
    record.data.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn failed(error: sqlx::Error) -> Error {
    trouble::note(&error);
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for PgSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not repeat; if they did, another id is drawn.
        while !self.insert(record).await.map_err(failed)? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        self.update(record).await.map_err(failed)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.clock.now();
        let Some((data, seen_at)) = self.find(id, now).await.map_err(failed)? else { return Ok(None) };
        if now - seen_at > TOUCH_AFTER {
            self.touch(id, now).await.map_err(failed)?;
        }
        let data: HashMap<String, Value> =
            serde_json::from_value(data).map_err(|error| Error::Decode(error.to_string()))?;
        // The cookie's own limit: the browser forgets it when the session is over anyway.
        let expiry_date = time::OffsetDateTime::now_utc() + time::Duration::days(ABSOLUTE.num_days());
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.remove(id).await.map_err(failed)
    }
}
