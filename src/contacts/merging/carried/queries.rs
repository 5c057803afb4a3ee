//! The SQL of what goes along: rows that only one has change hands, and what both have is left out and kept. Where
//! nothing was there to go, nothing is kept.

use serde_json::Value;

use super::super::carrier::Way;
use crate::{contacts::ContactId, tenancy::OrgTx};

pub(super) async fn lists(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contact_list_members m
             join contact_lists l on l.organization_id = $1 and l.id = m.list_id and l.kind = 'static' and l.archived_at is null
            where m.organization_id = $1 and m.contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Lists that people are put into by hand: who is in a segment is worked out.
pub(super) async fn carry_lists(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with doubles as (
               delete from contact_list_members m
                using contact_lists l
                where m.organization_id = $1 and m.contact_id = $2
                  and l.organization_id = $1 and l.id = m.list_id and l.kind = 'static'
                  and exists (select from contact_list_members w
                               where w.organization_id = $1 and w.list_id = m.list_id and w.contact_id = $3)
               returning m.list_id, m.source, m.joined_at
           ), moved as (
               update contact_list_members m set contact_id = $3
                 from contact_lists l
                where m.organization_id = $1 and m.contact_id = $2
                  and l.organization_id = $1 and l.id = m.list_id and l.kind = 'static'
                  and not exists (select from contact_list_members w
                                   where w.organization_id = $1 and w.list_id = m.list_id and w.contact_id = $3)
               returning m.list_id
           )
           select jsonb_build_object('moved', coalesce((select jsonb_agg(list_id) from moved), '[]'),
                                     'doubles', coalesce((select jsonb_agg(to_jsonb(d)) from doubles d), '[]')) as "kept!"
            where exists (select from moved) or exists (select from doubles)"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

pub(super) async fn give_back_lists(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_list_members set contact_id = $3
          where organization_id = $1 and contact_id = $2
            and list_id in (select id::uuid from jsonb_array_elements_text($4::jsonb->'moved') as of (id))",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at)
         select $1, r.list_id, $2, r.source, r.joined_at
           from jsonb_to_recordset($3::jsonb->'doubles') as r (list_id uuid, source text, joined_at timestamptz)
             on conflict do nothing",
        org,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn tags(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contact_tags w
             join tags t on t.organization_id = $1 and t.id = w.tag_id and t.archived_at is null
            where w.organization_id = $1 and w.contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn carry_tags(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with doubles as (
               delete from contact_tags m
                where m.organization_id = $1 and m.contact_id = $2
                  and exists (select from contact_tags w
                               where w.organization_id = $1 and w.tag_id = m.tag_id and w.contact_id = $3)
               returning m.tag_id, m.source, m.added_by, m.added_at
           ), moved as (
               update contact_tags m set contact_id = $3
                where m.organization_id = $1 and m.contact_id = $2
                  and not exists (select from contact_tags w
                                   where w.organization_id = $1 and w.tag_id = m.tag_id and w.contact_id = $3)
               returning m.tag_id
           )
           select jsonb_build_object('moved', coalesce((select jsonb_agg(tag_id) from moved), '[]'),
                                     'doubles', coalesce((select jsonb_agg(to_jsonb(d)) from doubles d), '[]')) as "kept!"
            where exists (select from moved) or exists (select from doubles)"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

pub(super) async fn give_back_tags(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_tags set contact_id = $3
          where organization_id = $1 and contact_id = $2
            and tag_id in (select id::uuid from jsonb_array_elements_text($4::jsonb->'moved') as of (id))",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into contact_tags (organization_id, tag_id, contact_id, source, added_by, added_at)
         select $1, r.tag_id, $2, r.source, r.added_by, r.added_at
           from jsonb_to_recordset($3::jsonb->'doubles')
                as r (tag_id uuid, source text, added_by uuid, added_at timestamptz)
             on conflict do nothing",
        org,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn notes(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contact_notes where organization_id = $1 and contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

pub(super) async fn carry_notes(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with moved as (
               update contact_notes m set contact_id = $3
                where m.organization_id = $1 and m.contact_id = $2
               returning m.id
           )
           select jsonb_build_object('moved', (select jsonb_agg(id) from moved)) as "kept!"
            where exists (select from moved)"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

pub(super) async fn give_back_notes(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_notes set contact_id = $3
          where organization_id = $1 and contact_id = $2
            and id in (select id::uuid from jsonb_array_elements_text($4::jsonb->'moved') as of (id))",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn identities(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from contact_identities where organization_id = $1 and contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Nobody else has any of them. Which address, number and customer number is the one that is used follows from what
/// the contact names; of the other kinds it stays the one that it is.
pub(super) async fn carry_identities(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with were as (
               select i.id, i.is_primary from contact_identities i
                where i.organization_id = $1 and i.contact_id = $2
           ), moved as (
               update contact_identities m
                  set contact_id = $3,
                      is_primary = m.is_primary and m.kind in ('whatsapp', 'telegram', 'external_id')
                          and not exists (select from contact_identities w
                                           where w.organization_id = $1 and w.contact_id = $3 and w.kind = m.kind
                                             and w.is_primary)
                where m.organization_id = $1 and m.contact_id = $2
               returning m.id
           )
           select jsonb_build_object('moved', (select jsonb_agg(to_jsonb(were)) from were
                                                where were.id in (select moved.id from moved))) as "kept!"
            where exists (select from moved)"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

pub(super) async fn give_back_identities(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update contact_identities m
            set contact_id = $3, is_primary = r.is_primary and m.kind in ('whatsapp', 'telegram', 'external_id')
           from jsonb_to_recordset($4::jsonb->'moved') as r (id uuid, is_primary boolean)
          where m.organization_id = $1 and m.contact_id = $2 and m.id = r.id",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn addresses(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from postal_addresses where organization_id = $1 and contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// A place that both have stays with the one who goes.
pub(super) async fn carry_addresses(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"with were as (
               select a.id, a.is_primary from postal_addresses a
                where a.organization_id = $1 and a.contact_id = $2
           ), moved as (
               update postal_addresses m
                  set contact_id = $3,
                      is_primary = m.is_primary
                          and not exists (select from postal_addresses w
                                           where w.organization_id = $1 and w.contact_id = $3 and w.is_primary)
                where m.organization_id = $1 and m.contact_id = $2
                  and not exists (select from postal_addresses w
                                   where w.organization_id = $1 and w.contact_id = $3
                                     and lower(w.lines) = lower(m.lines) and lower(w.city) = lower(m.city)
                                     and lower(w.postcode) = lower(m.postcode))
               returning m.id
           )
           select jsonb_build_object('moved', (select jsonb_agg(to_jsonb(were)) from were
                                                where were.id in (select moved.id from moved))) as "kept!"
            where exists (select from moved)"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await
    .map(Option::unwrap_or_default)
}

pub(super) async fn give_back_addresses(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update postal_addresses m set contact_id = $3, is_primary = r.is_primary
           from jsonb_to_recordset($4::jsonb->'moved') as r (id uuid, is_primary boolean)
          where m.organization_id = $1 and m.contact_id = $2 and m.id = r.id",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
