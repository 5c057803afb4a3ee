//! The SQL of one company's deals.

use crate::{
    contacts::companies::CompanyId,
    deals::{of_contact::Line, pipelines::Kind},
    tenancy::OrgTx,
};

/// The deals of those who work for a company, each once: open ones first, then the last that moved.
pub(super) async fn of_company(tx: &mut OrgTx, company: CompanyId) -> sqlx::Result<Vec<Line>> {
    let org = tx.org();
    sqlx::query_as!(
        Line,
        r#"select d.id, d.name, s.name as stage, s.kind as "kind: Kind", d.value_minor, d.currency, d.stage_since
             from deals d
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            where d.organization_id = $1 and d.archived_at is null
              and d.id in (select k.deal_id from deal_contacts k
                             join contacts c on c.organization_id = $1 and c.id = k.contact_id
                            where k.organization_id = $1 and c.company_id = $2)
            order by s.kind <> 'open', d.stage_since desc, d.id desc
            limit 100"#,
        org,
        company as CompanyId,
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn count(tx: &mut OrgTx, company: CompanyId) -> sqlx::Result<i64> {
    let org = tx.org();
    sqlx::query_scalar!(
        r#"select count(*) as "count!" from deals d
            where d.organization_id = $1 and d.archived_at is null
              and d.id in (select k.deal_id from deal_contacts k
                             join contacts c on c.organization_id = $1 and c.id = k.contact_id
                            where k.organization_id = $1 and c.company_id = $2)"#,
        org,
        company as CompanyId,
    )
    .fetch_one(tx.conn())
    .await
}
