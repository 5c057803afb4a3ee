//! Deals, as people in a workspace meet them.

mod archiving;
mod board;
pub(crate) mod foreign;
mod moving;
mod pipelines;
mod record;
mod table;

use crate::support::{Browser, TestApp};

const DEALS: &str = "/w/acme/deals";
const ROCKETS: &str = "/w/acme/deals/00000000-0000-7000-8000-0000000017a1";
const ZOE: &str = "/w/acme/contacts/00000000-0000-7000-8000-0000000008a1";
/// The stages of Acme: two open ones, won and lost.
const TALKING: &str = "00000000-0000-7000-8000-0000000016a1";
const OFFERED: &str = "00000000-0000-7000-8000-0000000016a2";
const WON: &str = "00000000-0000-7000-8000-0000000016a3";
const LOST: &str = "00000000-0000-7000-8000-0000000016a4";

/// Makes a deal and gives its address.
async fn make(browser: &mut Browser, form: &str) -> String {
    let reply = browser.post(DEALS, form).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    reply.header("location").to_owned()
}

/// Where the rockets are, whether they are over, and why they were lost.
async fn stand(app: &TestApp) -> (String, bool, String) {
    let sql = "select s.name, d.actual_close_at is not null, d.lost_reason
                 from deals d join pipeline_stages s on s.id = d.stage_id where d.id::text like '%17a1'";
    sqlx::query_as(sql).fetch_one(&app.owner).await.unwrap()
}

fn is(stage: &str, is_over: bool, reason: &str) -> (String, bool, String) {
    (stage.to_owned(), is_over, reason.to_owned())
}
