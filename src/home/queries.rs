//! All SQL of the home page.

use chrono::{DateTime, Utc};

use super::Facts;
use crate::tenancy::OrgTx;

pub(super) async fn facts(tx: &mut OrgTx) -> sqlx::Result<Facts> {
    let org = tx.org();
    let row = sqlx::query!(
        r#"select o.updated_at > o.created_at as "has_chosen_settings!", o.requires_two_factor,
                  o.onboarding_hidden_at is not null as "is_checklist_hidden!",
                  (select count(*) from organization_members m
                    where m.organization_id = $1 and m.status = 'active') as "people!",
                  exists (select from contacts where organization_id = $1) as "has_contacts!",
                  exists (select from sender_identities where organization_id = $1 and archived_at is null)
                      as "has_sender!",
                  exists (select from broadcasts where organization_id = $1 and started_at is not null) as "has_sent!"
             from organizations o
            where o.id = $1"#,
        org,
    )
    .fetch_one(tx.conn())
    .await?;
    Ok(Facts {
        has_chosen_settings: row.has_chosen_settings,
        people: row.people,
        requires_two_factor: row.requires_two_factor,
        is_checklist_hidden: row.is_checklist_hidden,
        has_contacts: row.has_contacts,
        has_sender: row.has_sender,
        has_sent: row.has_sent,
    })
}

/// Puts the checklist away, or brings it back with `None`.
pub(super) async fn hide_checklist(tx: &mut OrgTx, at: Option<DateTime<Utc>>) -> sqlx::Result<()> {
    let org = tx.org();
    sqlx::query!("update organizations set onboarding_hidden_at = $2 where id = $1", org, at)
        .execute(tx.conn())
        .await?;
    Ok(())
}
