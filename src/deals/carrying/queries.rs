//! The SQL of whose deals are whose, when two records become one.

use serde_json::{Value, json};

use crate::{
    contacts::{ContactId, merging::Way},
    tenancy::OrgTx,
};

pub(super) async fn count(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from deal_contacts where organization_id = $1 and contact_id = $2"#,
        org,
        contact as ContactId,
    )
    .fetch_one(tx.conn())
    .await
}

/// Where both were, the one who goes was perhaps the primary one: the one who stays is it then.
pub(super) async fn carry(tx: &mut OrgTx, way: Way) -> sqlx::Result<Value> {
    let org = tx.org();
    let doubles = sqlx::query_scalar!(
        r#"with doubles as (
               delete from deal_contacts m
                where m.organization_id = $1 and m.contact_id = $2
                  and exists (select from deal_contacts w
                               where w.organization_id = $1 and w.deal_id = m.deal_id and w.contact_id = $3)
               returning m.deal_id, m.is_primary, m.added_at
           )
           select jsonb_agg(to_jsonb(d)) as "doubles!" from doubles d having count(*) > 0"#,
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_optional(tx.conn())
    .await?
    .unwrap_or_default();
    sqlx::query!(
        "update deal_contacts w set is_primary = true
           from jsonb_to_recordset(nullif($3::jsonb, 'null')) as d (deal_id uuid, is_primary boolean)
          where w.organization_id = $1 and w.contact_id = $2 and w.deal_id = d.deal_id and d.is_primary",
        org,
        way.into as ContactId,
        &doubles,
    )
    .execute(tx.conn())
    .await?;
    let moved = sqlx::query_scalar!(
        "update deal_contacts set contact_id = $3 where organization_id = $1 and contact_id = $2 returning deal_id",
        org,
        way.from as ContactId,
        way.into as ContactId,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(json!({ "moved": moved, "doubles": doubles }))
}

pub(super) async fn give_back(tx: &mut OrgTx, way: Way, kept: &Value) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "update deal_contacts set contact_id = $3
          where organization_id = $1 and contact_id = $2
            and deal_id in (select id::uuid from jsonb_array_elements_text($4::jsonb->'moved') as of (id))",
        org,
        way.from as ContactId,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    // Before the one who goes again is the primary one, nobody is.
    sqlx::query!(
        "update deal_contacts w set is_primary = false
           from jsonb_to_recordset(nullif($3::jsonb->'doubles', 'null')) as d (deal_id uuid, is_primary boolean)
          where w.organization_id = $1 and w.contact_id = $2 and w.deal_id = d.deal_id and d.is_primary",
        org,
        way.from as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "insert into deal_contacts (organization_id, deal_id, contact_id, is_primary, added_at)
         select $1, d.deal_id, $2,
                d.is_primary and not exists (select from deal_contacts w
                                              where w.organization_id = $1 and w.deal_id = d.deal_id and w.is_primary),
                d.added_at
           from jsonb_to_recordset(nullif($3::jsonb->'doubles', 'null')) as d (deal_id uuid, is_primary boolean, added_at timestamptz)
             on conflict do nothing",
        org,
        way.into as ContactId,
        kept,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
