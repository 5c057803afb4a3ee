//! All SQL of notices.
//!
//! What a person reads comes from the functions of the migration, which look at that person's notices alone.

use chrono::{DateTime, Utc};

use super::{Notice, NoticeId};
use crate::{accounts::UserId, db::Db, tenancy::OrgTx};

/// Whom to tell, and how they want it.
pub(super) struct Hearer {
    pub email: String,
    pub name: String,
    /// `app`, `mail` or `off`.
    pub choice: String,
    pub slug: String,
    pub workspace: String,
    /// Whether the workspace asks for a second factor, which they lack.
    pub is_locked: bool,
}

/// The person, where they may enter this organization.
pub(super) async fn hearer(tx: &mut OrgTx, kind: &str, who: UserId) -> sqlx::Result<Option<Hearer>> {
    let org = tx.org();
    sqlx::query_as!(
        Hearer,
        r#"select u.email, p.name, coalesce(s.choice, 'app') as "choice!", o.slug as "slug!", o.name as "workspace!",
                  o.requires_two_factor and u.totp_enabled_at is null as "is_locked!"
             from app.user_organizations($2) o
             join users u on u.id = $2 and u.disabled_at is null
             join user_profiles p on p.user_id = u.id
             left join notice_settings s on s.user_id = u.id and s.kind = $3
            where o.organization_id = $1"#,
        org,
        who as UserId,
        kind,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Writes it down, and rings where they have a page open once that is so.
pub(super) async fn insert(
    tx: &mut OrgTx,
    (id, kind): (NoticeId, &str),
    (to, title, path): (UserId, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "with made as (
             insert into notices (organization_id, id, user_id, kind, title, path, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)
             returning user_id),
         told as (select pg_notify('groundswell_notices', user_id::text) from made)
         select 1 as one from made, told",
        org,
        id as NoticeId,
        to as UserId,
        kind,
        title,
        path,
        now,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

/// The person's notices, the last one first: those before one of them, or one alone.
pub(super) async fn of(
    db: &Db,
    who: UserId,
    (only, before): (Option<NoticeId>, Option<NoticeId>),
    at_most: i32,
) -> sqlx::Result<Vec<Notice>> {
    sqlx::query_as!(
        Notice,
        r#"select id as "id!: NoticeId", title as "title!", path as "path!", created_at as "created_at!", read_at,
                  slug as "slug!", workspace as "workspace!", hue as "hue!"
             from app.user_notices($1, $2, $3, $4)"#,
        who as UserId,
        only as Option<NoticeId>,
        before as Option<NoticeId>,
        at_most,
    )
    .fetch_all(&mut *db.connection().await?)
    .await
}

/// How many notices the person has not read, up to a hundred.
pub(super) async fn unread(db: &Db, who: UserId) -> sqlx::Result<i32> {
    sqlx::query_scalar!(r#"select app.unread_notices($1) as "unread!""#, who as UserId)
        .fetch_one(&mut *db.connection().await?)
        .await
}

/// Marks one of the person's notices as read, or all, and rings on their other pages. Gives how many were not.
pub(super) async fn mark_read(
    db: &Db,
    who: UserId,
    only: Option<NoticeId>,
    now: DateTime<Utc>,
) -> sqlx::Result<i64> {
    sqlx::query_scalar!(
        r#"with marked as materialized (select app.mark_notices_read($1, $2, $3) as many),
           told as (select pg_notify('groundswell_notices', $1::text) from marked where many > 0)
           select many as "marked!" from marked left join told on true"#,
        who as UserId,
        only as Option<NoticeId>,
        now,
    )
    .fetch_one(&mut *db.connection().await?)
    .await
}

/// What the person has chosen: kind and choice.
pub(super) async fn choices(db: &Db, who: UserId) -> sqlx::Result<Vec<(String, String)>> {
    let rows = sqlx::query!("select kind, choice from notice_settings where user_id = $1", who as UserId);
    let rows = rows.fetch_all(&mut *db.connection().await?).await?;
    Ok(rows.into_iter().map(|row| (row.kind, row.choice)).collect())
}

pub(super) async fn choose(
    db: &Db,
    who: UserId,
    (kinds, choices): (&[String], &[String]),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query!(
        "insert into notice_settings (user_id, kind, choice, updated_at)
         select $1, c.kind, c.choice, $4 from unnest($2::text[], $3::text[]) c (kind, choice)
             on conflict (user_id, kind) do update set choice = excluded.choice, updated_at = excluded.updated_at",
        who as UserId,
        kinds,
        choices,
        now,
    )
    .execute(&mut *db.connection().await?)
    .await?;
    Ok(())
}
