//! Campaigns, from the first word to the report.

mod bounces;
mod checks;
mod control;
mod drafting;
mod kills;
mod lawful;
mod mailbox;
mod merged;
mod report;
mod segments;
mod sending;
pub(crate) mod town;
mod tracking;
mod visitors;

use groundswell::campaigns::tokens::{self, Addressee, Link};
use uuid::Uuid;

use crate::support::{
    TestApp,
    tenant::{ACME, Tenant},
};

/// The mail that Zoe of this organization got.
async fn mail_of(app: &TestApp, tenant: &Tenant) -> Addressee {
    let sql =
        "select b.number from broadcasts b where b.organization_id = $1::uuid and b.campaign_id = $2::uuid";
    let number = sqlx::query_scalar(sql).bind(tenant.org).bind(tenant.sent_campaign);
    let broadcast = number.fetch_one(&app.owner).await.expect("the town has a broadcast");
    Addressee { broadcast, contact: tenant.contact.parse().expect("an id") }
}

/// The address of one of its links.
fn link(app: &TestApp, door: &str, to: Addressee, link: Link) -> String {
    format!("/{door}/{}", tokens::write(&app.app.keys, to, link))
}

/// Adds so many people to Acme, who got the mail too, and of whom nothing is known yet. Gives them.
async fn crowd(app: &TestApp, size: i32) -> Vec<Uuid> {
    let sql = "with made as (
             insert into contacts (organization_id, id, email, first_name, created_at, updated_at)
             select $1::uuid, ('f0000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'reader' || n || '@crowd.test',
                    'Reader ' || n, now(), now() from generate_series(1, $2) n
             returning organization_id, id, email),
         mailed as (
             insert into recipients (organization_id, broadcast_id, contact_id, address, merge)
             select m.organization_id, b.id, m.id, m.email, '{}' from made m
               join broadcasts b on b.organization_id = m.organization_id and b.campaign_id = $3::uuid
             returning organization_id, broadcast_id, contact_id)
         insert into channel_outbox (organization_id, source_id, subject_id, channel, address_hash, status, due_at, handed_at, settled_at)
         select organization_id, broadcast_id, contact_id, 'email', sha256(contact_id::text::bytea), 'sent',
                '2026-11-20 09:00+00', '2026-11-20 09:00+00', '2026-11-20 09:00+00' from mailed
         returning subject_id";
    let made = sqlx::query_scalar(sql).bind(ACME.org).bind(size).bind(ACME.sent_campaign);
    let mut made: Vec<Uuid> = made.fetch_all(&app.owner).await.expect("they are added");
    made.sort();
    made
}
