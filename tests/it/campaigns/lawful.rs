//! LAW-1: every mail of a campaign says who writes, how to stop it, and proves it, in the eyes of programs
//! that others wrote.

use std::collections::BTreeMap;

use groundswell::{
    accounts::UserId,
    campaigns::tokens::{self, Link},
    commands::bench::sink::{Profile, Received},
    senders,
    tenancy::{JobScope, OrgId},
};
use mail_parser::{Message, MessageParser};
use serde_json::json;
use uuid::Uuid;

use super::town::{adds_up, app_with, audience, begin, run, sink, status};
use crate::{
    channels::peers::read_by_others,
    support::{TestApp, tenant::ACME},
};

const PEOPLE: usize = 1_000;
/// Gmail cuts off what is longer.
const CLIPPED: usize = 102_400;

/// A thousand people with names of all kinds, and a sender whose domain is signed for.
async fn prepare(app: &TestApp, port: u16) {
    audience(app, PEOPLE, Some((port, 8))).await;
    run(
        app,
        "update brand_profiles set postal_address = '1 Desert Road, Tucson';
         update contacts set first_name = (array['Zoë', '田中', 'O''Brien', '<b>Bo</b>', '', 'Дарья'])[1 + (random() * 5)::int]",
    )
    .await;
    let acme: OrgId = Uuid::parse_str(ACME.org).unwrap().into();
    let mut tx = JobScope::new(app.app.db.clone(), acme, "a test").enter().await.unwrap();
    let olga = UserId(Uuid::parse_str(ACME.people.first().unwrap()).unwrap());
    assert!(senders::sign_for(&app.app, &mut tx, "acme.test", olga).await.unwrap());
    tx.commit().await.unwrap();
}

/// The field on one line.
fn header(mail: &Message<'_>, name: &str) -> String {
    let text = mail.header_raw(name).unwrap_or_else(|| panic!("there is no {name}"));
    text.replace("\r\n", "").replace('\t', " ").trim().to_owned()
}

/// Says how to stop it, in its header and where people look.
fn says_how_to_stop(app: &TestApp, mail: &Message<'_>) {
    let stop = header(mail, "List-Unsubscribe");
    let token = stop.split_once("<https://app.groundswell.test/u/").unwrap().1.split_once('>').unwrap().0;
    assert!(tokens::read(&app.app.keys, token, Link::Preferences).is_some(), "{stop}");
    assert!(stop.contains("<mailto:u+") && stop.contains("@back.acme.test>"), "{stop}");
    assert_eq!(header(mail, "List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert!(header(mail, "List-Id").contains(".acme.test>"));
    assert!(header(mail, "Feedback-ID").ends_with(":groundswell"));
    let (html, text) = (mail.body_html(0).unwrap(), mail.body_text(0).unwrap());
    assert!(html.len() <= CLIPPED && !html.contains("<b>Bo</b>"), "{html}");
    for part in [&html, &text] {
        assert!(part.contains("1 Desert Road, Tucson"), "{part}");
        assert!(part.contains(&format!("https://app.groundswell.test/u/{token}")), "{part}");
        assert!(!part.contains("{{"), "{part}");
    }
}

/// Both signatures are over everything that somebody reads or acts on.
fn signs_all_of_it(mail: &Message<'_>) {
    let signed: Vec<String> = mail
        .headers_raw()
        .filter(|(name, _)| name.eq_ignore_ascii_case("DKIM-Signature"))
        .map(|(_, value)| value.to_lowercase().split_whitespace().collect())
        .collect();
    assert_eq!(signed.len(), 2, "RSA and Ed25519");
    for signature in &signed {
        let covers = signature.split(';').find_map(|part| part.strip_prefix("h=")).unwrap();
        for field in [
            "from",
            "to",
            "subject",
            "date",
            "list-unsubscribe",
            "list-unsubscribe-post",
            "list-id",
            "feedback-id",
        ] {
            assert!(covers.split(':').any(|covered| covered == field), "{field} is not in {covers}");
        }
    }
}

/// What the organization was told to publish.
async fn published(app: &TestApp) -> BTreeMap<String, String> {
    let sql = "select rsa_selector || '._domainkey.acme.test', 'v=DKIM1; k=rsa; p=' || rsa_public from sending_domains
               union all
               select ed25519_selector || '._domainkey.acme.test', 'v=DKIM1; k=ed25519; p=' || ed25519_public
                 from sending_domains";
    let rows: Vec<(String, String)> = sqlx::query_as(sql).fetch_all(&app.owner).await.unwrap();
    rows.into_iter().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_says_who_writes_and_how_to_stop_it_and_proves_it_to_others() {
    let app = app_with(&["--bounce-domain", "back.acme.test", "--bounce-listen", "127.0.0.1:0"]).await;
    let sink = sink(Profile { keep: true, ..Profile::default() }).await;
    prepare(&app, sink.address.port()).await;

    begin(&app).await;
    app.work().await;

    assert_eq!(status(&app).await, "sent");
    adds_up(&app).await;
    let received = sink.received();
    assert_eq!(received.len(), PEOPLE + 1);
    let mails: Vec<Vec<u8>> = received.iter().map(Received::message).collect();
    for (one, raw) in received.iter().zip(&mails) {
        assert!(one.from.contains("<b+") && one.from.contains("@back.acme.test>"), "{}", one.from);
        let mail = MessageParser::default().parse(raw).unwrap();
        says_how_to_stop(&app, &mail);
        signs_all_of_it(&mail);
    }
    for (reader, read) in read_by_others(&mails, &published(&app).await).into_iter().flatten() {
        assert_eq!(read.len(), mails.len());
        for mail in read {
            let of = |key: &str| mail.get(key).cloned().unwrap_or_default();
            assert_eq!(of("dkim"), json!([true, true]), "{reader}: {mail}");
            assert_eq!(of("defects"), json!([]), "{reader}: {mail}");
            assert!(of("text").as_str().unwrap().contains("They fly."), "{reader}: {mail}");
        }
    }
}
