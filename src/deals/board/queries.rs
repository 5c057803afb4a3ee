//! The SQL of the board.

use uuid::Uuid;

use super::{CARDS, Card, Sum};
use crate::{
    deals::pipelines::{Kind, PipelineId},
    tenancy::OrgTx,
};

/// The cards of each stage, those that came into it last on top.
pub(super) async fn cards(
    tx: &mut OrgTx,
    pipeline: PipelineId,
    owner: Option<Uuid>,
) -> sqlx::Result<Vec<Card>> {
    let org = tx.org();
    sqlx::query_as!(
        Card,
        r#"select d.id as "id!", s.id as "stage_id!", d.name as "name!", d.value_minor as "value_minor!",
                  d.currency as "currency!",
                  coalesce(nullif(btrim(c.first_name || ' ' || c.last_name), ''), nullif(c.company, ''), c.email,
                           c.phone) as contact,
                  p.name as "owner?", d.expected_close_on, s.kind as "kind: Kind", s.rot_days,
                  d.stage_since as "stage_since!"
             from pipeline_stages s
            cross join lateral (
                  select i.id, i.name, i.value_minor, i.currency, i.owner_id, i.expected_close_on, i.stage_since
                    from deals i
                   where i.organization_id = $1 and i.pipeline_id = $2 and i.stage_id = s.id
                     and i.archived_at is null and ($3::uuid is null or i.owner_id = $3)
                   order by i.stage_since desc, i.id desc
                   limit $4) d
             left join user_profiles p on p.user_id = d.owner_id
             left join deal_contacts k on k.organization_id = $1 and k.deal_id = d.id and k.is_primary
             left join contacts c on c.organization_id = $1 and c.id = k.contact_id
            where s.organization_id = $1 and s.pipeline_id = $2 and s.removed_at is null
            order by d.stage_since desc, d.id desc"#,
        org,
        pipeline as PipelineId,
        owner,
        CARDS,
    )
    .fetch_all(tx.conn())
    .await
}

/// What the deals of each stage are worth, currency by currency.
pub(super) async fn sums(
    tx: &mut OrgTx,
    pipeline: PipelineId,
    owner: Option<Uuid>,
) -> sqlx::Result<Vec<Sum>> {
    let org = tx.org();
    sqlx::query_as!(
        Sum,
        r#"select d.stage_id, d.currency, count(*) as "deals!",
                  least(sum(d.value_minor), 9000000000000000000)::bigint as "sum!",
                  least(round(sum(d.value_minor::numeric
                      * case when s.kind = 'open' then coalesce(d.probability, s.probability) else s.probability end)
                      / 100), 9000000000000000000)::bigint as "weighted!"
             from deals d
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            where d.organization_id = $1 and d.pipeline_id = $2 and d.archived_at is null
              and ($3::uuid is null or d.owner_id = $3)
            group by d.stage_id, d.currency
            order by d.currency"#,
        org,
        pipeline as PipelineId,
        owner,
    )
    .fetch_all(tx.conn())
    .await
}
