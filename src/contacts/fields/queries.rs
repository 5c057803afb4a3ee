//! The SQL of fields, and of what contacts hold under their keys.

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

use super::{Choice, FieldId, Kind, OwnField};
use crate::{contacts::uses::Use, tenancy::OrgTx};

/// Fields in their order, those that were put away among them.
pub(super) async fn all(tx: &mut OrgTx) -> sqlx::Result<Vec<OwnField>> {
    let org = tx.org();
    let rows = sqlx::query_as!(
        Row,
        "select id, key, label, kind, options, group_name, help, is_required, archived_at from contact_fields
          where organization_id = $1 order by position, key limit 500",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(OwnField::from).collect())
}

struct Row {
    id: Uuid,
    key: String,
    label: String,
    kind: String,
    options: Value,
    group_name: String,
    help: String,
    is_required: bool,
    archived_at: Option<DateTime<Utc>>,
}

impl From<Row> for OwnField {
    fn from(row: Row) -> Self {
        Self {
            id: FieldId(row.id),
            key: row.key,
            label: row.label,
            kind: Kind::parse(&row.kind).unwrap_or(Kind::Text),
            options: serde_json::from_value(row.options).unwrap_or_default(),
            group: row.group_name,
            help: row.help,
            is_required: row.is_required,
            archived_at: row.archived_at,
        }
    }
}

/// Everybody who is or was a member, as choices: whoever is not any more is offered to nobody.
pub(super) async fn people(tx: &mut OrgTx) -> sqlx::Result<Vec<Choice>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select m.user_id, p.name, m.status <> 'active' as "is_gone!"
             from organization_members m join user_profiles p on p.user_id = m.user_id
            where m.organization_id = $1 and m.status <> 'pending'
            order by lower(p.name), m.user_id
            limit 1000"#,
        org,
    );
    let choice = |(id, label, is_gone): (Uuid, String, bool)| Choice { key: id.to_string(), label, is_gone };
    let rows = rows.fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(|row| choice((row.user_id, row.name, row.is_gone))).collect())
}

/// Holds every field as it is until the transaction ends.
pub(super) async fn hold(tx: &mut OrgTx) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("select key from contact_fields where organization_id = $1 order by key for share", org)
        .fetch_all(tx.conn())
        .await?;
    Ok(())
}

pub(super) async fn keys(tx: &mut OrgTx) -> sqlx::Result<Vec<String>> {
    let org = tx.org();
    sqlx::query_scalar!("select key from contact_fields where organization_id = $1", org)
        .fetch_all(tx.conn())
        .await
}

/// A field of text under this key, made when it is not there, and back when it was put away.
pub async fn make(tx: &mut OrgTx, key: &str, label: &str, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_fields (organization_id, id, key, label, position, created_at, updated_at)
         select $1, $2, $3, left($4, 100), coalesce(max(position), 0) + 1, $5, $5
           from contact_fields where organization_id = $1
         on conflict (organization_id, key) do update set archived_at = null, updated_at = $5
          where contact_fields.archived_at is not null",
        org,
        Uuid::now_v7(),
        key,
        label,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Adds a field behind the others; its id and key are fresh.
pub(super) async fn insert(tx: &mut OrgTx, field: &OwnField, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "insert into contact_fields (organization_id, id, key, label, kind, options, group_name, help, is_required,
                                     position, created_at, updated_at)
         select $1, $2, $3, $4, $5, $6, $7, $8, $9, coalesce(max(position), 0) + 1, $10, $10
           from contact_fields where organization_id = $1",
        org,
        field.id as FieldId,
        field.key,
        field.label,
        field.kind.key(),
        serde_json::json!(field.options),
        field.group,
        field.help,
        field.is_required,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Changes all of a field but its key and its place.
pub(super) async fn update(tx: &mut OrgTx, field: &OwnField, now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    // Who is a member stands elsewhere.
    let options = if field.kind == Kind::User { &[] } else { field.options.as_slice() };
    sqlx::query!(
        "update contact_fields
            set label = $3, kind = $4, options = $5, group_name = $6, help = $7, is_required = $8, archived_at = $9,
                updated_at = $10
          where organization_id = $1 and id = $2",
        org,
        field.id as FieldId,
        field.label,
        field.kind.key(),
        serde_json::json!(options),
        field.group,
        field.help,
        field.is_required,
        field.archived_at,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Puts fields into this order.
pub(super) async fn arrange(tx: &mut OrgTx, order: &[FieldId], now: DateTime<Utc>) -> sqlx::Result<()> {
    let org = tx.org();
    let ids: Vec<Uuid> = order.iter().map(|id| id.0).collect();
    sqlx::query!(
        "update contact_fields f set position = o.place, updated_at = $3
           from (select id, place::integer from unnest($2::uuid[]) with ordinality as o (id, place)) o
          where f.organization_id = $1 and f.id = o.id and f.position <> o.place",
        org,
        &ids,
        now,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Until the transaction ends nobody writes values of this field, or changes it.
pub(super) async fn lock(tx: &mut OrgTx, id: FieldId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select key from contact_fields where organization_id = $1 and id = $2 for update",
        org,
        id as FieldId
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

/// How many people have a value.
pub(super) async fn count(tx: &mut OrgTx, key: &str) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contacts where organization_id = $1 and custom ? $2::text"#,
        org,
        key,
    )
    .fetch_one(tx.conn())
    .await
}

/// The different values of a field with how many people have each, the usual ones first.
pub(super) async fn values(tx: &mut OrgTx, key: &str, at_most: i64) -> sqlx::Result<Vec<(Value, i64)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        r#"select custom -> $2::text as "value!", count(*) as "count!" from contacts
            where organization_id = $1 and custom ? $2::text
            group by 1 order by count(*) desc, 1 limit $3"#,
        org,
        key,
        at_most,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.value, row.count)).collect())
}

/// What becomes of values: `was` under the key becomes `is`, or where that is null moves under the other key
/// as text.
pub(super) struct Converted {
    pub was: Vec<Value>,
    pub is: Vec<Value>,
    pub text: Vec<String>,
}

/// Everybody who has one of the values gets what became of it.
pub(super) async fn convert(
    tx: &mut OrgTx,
    (key, other): (&str, &str),
    converted: &Converted,
    now: DateTime<Utc>,
) -> sqlx::Result<u64> {
    let org = tx.org();
    let done = sqlx::query!(
        "update contacts c
            set custom = (c.custom - $2::text) || case when v.is_now = 'null' then jsonb_build_object($3::text, v.as_text)
                                                 else jsonb_build_object($2::text, v.is_now) end,
                updated_at = $7
           from unnest($4::jsonb[], $5::jsonb[], $6::text[]) as v (was, is_now, as_text)
          where c.organization_id = $1 and c.custom ? $2::text and c.custom -> $2::text = v.was",
        org,
        key,
        other,
        &converted.was,
        &converted.is,
        &converted.text,
        now,
    );
    Ok(done.execute(tx.conn()).await?.rows_affected())
}

/// The newest imports with a column that went into the field.
pub(super) async fn imports_of(tx: &mut OrgTx, key: &str) -> sqlx::Result<Vec<Use>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select id, file_name from imports
          where organization_id = $1 and status <> 'uploading' and mapping @> jsonb_build_array('custom.' || $2::text)
          order by id desc limit 20",
        org,
        key,
    );
    let one = |id: Uuid, name: String| Use {
        what: "Import",
        name,
        path: format!("/contacts/imports/{id}"),
        needs: "contacts.view",
    };
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| one(row.id, row.file_name)).collect())
}
