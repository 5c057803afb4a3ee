//! The SQL that all of the domain asks: a deal, its contacts, who can own one.

use std::collections::HashMap;

use uuid::Uuid;

use super::{
    deal::{Deal, DealId},
    found::Found,
    pipelines::Kind,
};
use crate::{tenancy::OrgTx, web::sought::Sought};

pub(super) async fn find(tx: &mut OrgTx, id: DealId) -> sqlx::Result<Option<Deal>> {
    let org = tx.org();
    sqlx::query_as!(
        Deal,
        r#"select d.id, d.name, d.pipeline_id, l.name as pipeline, d.stage_id, s.name as stage, s.kind as "kind: Kind",
                  s.probability as stage_probability, s.rot_days, d.value_minor, d.currency, d.probability,
                  d.expected_close_on, d.actual_close_at, d.lost_reason, d.source, d.owner_id, p.name as "owner?",
                  d.stage_since, d.created_at, d.archived_at
             from deals d
             join pipelines l on l.organization_id = $1 and l.id = d.pipeline_id
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
             left join user_profiles p on p.user_id = d.owner_id
            where d.organization_id = $1 and d.id = $2"#,
        org,
        id as DealId,
    )
    .fetch_optional(tx.conn())
    .await
}

pub(super) async fn lock(tx: &mut OrgTx, id: DealId) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!(
        "select 1 as one from deals where organization_id = $1 and id = $2 for update",
        org,
        id as DealId,
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(())
}

pub(super) async fn contacts(tx: &mut OrgTx, id: DealId) -> sqlx::Result<Vec<Uuid>> {
    let org = tx.org();
    sqlx::query_scalar!(
        "select contact_id from deal_contacts where organization_id = $1 and deal_id = $2
          order by is_primary desc, added_at, contact_id",
        org,
        id as DealId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn named(tx: &mut OrgTx, all: &[Uuid]) -> sqlx::Result<HashMap<Uuid, String>> {
    let org = tx.org();
    let rows =
        sqlx::query!("select id, name from deals where organization_id = $1 and id = any($2)", org, all);
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.id, row.name)).collect())
}

pub(super) async fn owners(tx: &mut OrgTx) -> sqlx::Result<Vec<(String, String)>> {
    let org = tx.org();
    let rows = sqlx::query!(
        "select m.user_id, p.name from organization_members m
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1 and m.status = 'active'
          order by lower(p.name), m.user_id
          limit 500",
        org,
    );
    Ok(rows.fetch_all(tx.conn()).await?.into_iter().map(|row| (row.user_id.to_string(), row.name)).collect())
}

/// Deals whose name, or the name of whose contact, holds these words; open ones first, then by name.
pub(super) async fn found(tx: &mut OrgTx, sought: &Sought, most: u8) -> sqlx::Result<Vec<Found>> {
    let org = tx.org();
    sqlx::query_as!(
        Found,
        r#"select d.id as "id!", d.name as "name!", s.name as stage, d.value_minor as "value_minor!", d.currency as "currency!"
             from deals_q d
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            where d.organization_id = $1 and d.archived_at is null and d.sort_name like $2
            order by d.actual_close_at is not null, d.sort_name, d.id
            limit $3"#,
        org,
        sought.pattern(),
        i64::from(most),
    )
    .fetch_all(tx.conn())
    .await
}
