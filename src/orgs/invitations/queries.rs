//! All SQL of invitations.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Invitation, LASTS, State};
use crate::{
    accounts::UserId,
    crypto::{Token, token::TokenHash},
    db::Db,
    email_address::EmailAddress,
    tenancy::{OrgId, OrgTx},
};

/// Those of these addresses whose people are in the organization, or were and are shut out.
pub(super) async fn already_here(tx: &mut OrgTx, emails: &[EmailAddress]) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    let emails: Vec<String> = emails.iter().map(ToString::to_string).collect();
    sqlx::query_scalar!(
        "select u.email
           from organization_members m
           join users u on u.id = m.user_id
          where m.organization_id = $1 and m.status <> 'pending' and u.email = any($2)
          order by u.email",
        org,
        &emails,
    )
    .fetch_all(tx.conn())
    .await
}

/// Ends what is open to this address because a new one goes out; whether there was one.
pub(super) async fn replace(tx: &mut OrgTx, email: &str, now: DateTime<Utc>) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "update invitations set replaced_at = $3
          where organization_id = $1 and email = $2 and accepted_at is null and withdrawn_at is null
            and replaced_at is null",
        org,
        email,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() > 0)
}

pub(super) struct NewInvitation<'a> {
    pub email: &'a str,
    pub role: Uuid,
    pub hash: &'a TokenHash,
    pub invited_by: UserId,
}

pub(super) async fn insert(
    tx: &mut OrgTx,
    new: &NewInvitation<'_>,
    now: DateTime<Utc>,
) -> sqlx::Result<Uuid> {
    let org = tx.org();
    let id = Uuid::now_v7();
    sqlx::query!(
        "insert into invitations (organization_id, id, email, role_id, token_hash, invited_by, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        org,
        id,
        new.email,
        new.role,
        new.hash.as_slice(),
        new.invited_by as UserId,
        now,
        now + LASTS,
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// The invitations that nobody has answered, the newest first; those that are too old among them.
pub(super) async fn open(tx: &mut OrgTx) -> sqlx::Result<Vec<Invitation>> {
    let org = tx.org();
    sqlx::query_as!(
        Invitation,
        r#"select i.id, i.email, i.role_id, r.name as role_name, coalesce(p.name, '') as "invited_by!",
                  i.created_at, i.expires_at
             from invitations i
             join roles r on r.organization_id = i.organization_id and r.id = i.role_id
             left join user_profiles p on p.user_id = i.invited_by
            where i.organization_id = $1 and i.accepted_at is null and i.withdrawn_at is null
              and i.replaced_at is null
            order by i.created_at desc, i.id
            limit 500"#,
        org,
    )
    .fetch_all(tx.conn())
    .await
}

/// Withdraws an open invitation, and gives its address.
pub(super) async fn withdraw(tx: &mut OrgTx, id: Uuid, now: DateTime<Utc>) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "update invitations set withdrawn_at = $3
          where organization_id = $1 and id = $2 and accepted_at is null and withdrawn_at is null
            and replaced_at is null
         returning email",
        org,
        id,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Withdraws what is open to these people's addresses.
pub(super) async fn withdraw_of(tx: &mut OrgTx, people: &[Uuid], now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update invitations i set withdrawn_at = $3
           from users u
          where i.organization_id = $1 and u.id = any($2) and i.email = u.email and i.accepted_at is null
            and i.withdrawn_at is null and i.replaced_at is null",
        org,
        people,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The organization that sent this link, if any did.
pub(super) async fn organization(db: &Db, token: &Token) -> sqlx::Result<Option<OrgId>> {
    let hash = token.hash();
    sqlx::query_scalar!(r#"select app.invitation_organization($1) as "org: OrgId""#, hash.as_slice())
        .fetch_one(&mut *db.connection().await?)
        .await
}

/// An invitation as its link shows it.
pub(super) struct Letter {
    pub email: String,
    pub role_name: String,
    pub invited_by: String,
    pub workspace: String,
    pub slug: String,
    accepted_at: Option<DateTime<Utc>>,
    withdrawn_at: Option<DateTime<Utc>>,
    replaced_at: Option<DateTime<Utc>>,
    expires_at: DateTime<Utc>,
}

impl Letter {
    pub(super) fn state(&self, now: DateTime<Utc>) -> State {
        match self {
            Self { accepted_at: Some(_), .. } => State::Accepted,
            Self { withdrawn_at: Some(_), .. } => State::Withdrawn,
            Self { replaced_at: Some(_), .. } => State::Replaced,
            Self { expires_at, .. } if *expires_at <= now => State::Expired,
            _ => State::Open,
        }
    }
}

pub(super) async fn letter(tx: &mut OrgTx, token: &Token) -> sqlx::Result<Option<Letter>> {
    let (org, hash) = (tx.org(), token.hash());
    sqlx::query_as!(
        Letter,
        r#"select i.email, r.name as role_name, coalesce(p.name, '') as "invited_by!", o.name as workspace, o.slug,
                  i.accepted_at, i.withdrawn_at, i.replaced_at, i.expires_at
             from invitations i
             join organizations o on o.id = i.organization_id
             join roles r on r.organization_id = i.organization_id and r.id = i.role_id
             left join user_profiles p on p.user_id = i.invited_by
            where i.organization_id = $1 and i.token_hash = $2"#,
        org,
        hash.as_slice(),
    )
    .fetch_optional(tx.conn())
    .await
}

/// Uses the link up: for one of however many ask at once. What it gives: as which role, and who asked.
pub(super) struct Used {
    pub id: Uuid,
    pub role_id: Uuid,
    pub invited_by: Option<UserId>,
}

pub(super) async fn consume(
    tx: &mut OrgTx,
    token: &Token,
    email: &str,
    now: DateTime<Utc>,
) -> sqlx::Result<Option<Used>> {
    let (org, hash) = (tx.org(), token.hash());
    sqlx::query_as!(
        Used,
        r#"update invitations set accepted_at = $4
            where organization_id = $1 and token_hash = $2 and email = $3 and accepted_at is null
              and withdrawn_at is null and replaced_at is null and expires_at > $4
           returning id, role_id, invited_by as "invited_by: UserId""#,
        org,
        hash.as_slice(),
        email,
        now,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Makes the person a member. `false` when they are one already, or were and are shut out.
pub(super) async fn join(
    tx: &mut OrgTx,
    user: UserId,
    used: &Used,
    now: DateTime<Utc>,
) -> sqlx::Result<bool> {
    let org = tx.org();
    let done = sqlx::query!(
        "insert into organization_members (organization_id, user_id, role_id, status, invited_by, created_at, updated_at)
         values ($1, $2, $3, 'active', $4, $5, $5)
         on conflict (organization_id, user_id) do update
            set status = 'active', role_id = excluded.role_id, invited_by = excluded.invited_by,
                updated_at = excluded.updated_at
          where organization_members.organization_id = $1 and organization_members.status = 'pending'",
        org,
        user as UserId,
        used.role_id,
        used.invited_by as Option<UserId>,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}
