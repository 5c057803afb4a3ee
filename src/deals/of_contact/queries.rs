//! The SQL of one contact's deals.

use super::Line;
use crate::{contacts::ContactId, deals::pipelines::Kind, tenancy::OrgTx};

/// The deals of a contact, open ones first, then the last that moved.
pub(super) async fn of_contact(tx: &mut OrgTx, contact: ContactId) -> sqlx::Result<Vec<Line>> {
    let org = tx.org();
    sqlx::query_as!(
        Line,
        r#"select d.id, d.name, s.name as stage, s.kind as "kind: Kind", d.value_minor, d.currency, d.stage_since
             from deal_contacts k
             join deals d on d.organization_id = $1 and d.id = k.deal_id and d.archived_at is null
             join pipeline_stages s on s.organization_id = $1 and s.pipeline_id = d.pipeline_id and s.id = d.stage_id
            where k.organization_id = $1 and k.contact_id = $2
            order by s.kind <> 'open', d.stage_since desc, d.id desc
            limit 100"#,
        org,
        contact as ContactId,
    )
    .fetch_all(tx.conn())
    .await
}
