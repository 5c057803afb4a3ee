//! LAW-1: every mail of a campaign says who writes, how to stop it, and proves it, in the eyes of programs
//! that others wrote.

use std::collections::BTreeMap;

use groundswell::{
    accounts::UserId,
    campaigns::tokens::{self, Link},
    commands::bench::sink::Profile,
    senders,
    tenancy::{JobScope, OrgId},
};
use mail_parser::{MessageParser, MimeHeaders};
use uuid::Uuid;

use super::town::{adds_up, app_with, audience, begin, run, sink, status};
use crate::{channels::peers::read_by_others, support::tenant::ACME};

const PEOPLE: usize = 1_000;
/// Gmail cuts off what is longer.
const CLIPPED: usize = 102_400;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_mail_says_who_writes_and_how_to_stop_it_and_proves_it_to_others() {
    let app = app_with(&["--bounce-domain", "back.acme.test", "--bounce-listen", "127.0.0.1:0"]).await;
    let sink = sink(Profile { keep: true, ..Profile::default() }).await;
    audience(&app, PEOPLE, Some((sink.address.port(), 8))).await;
    run(
        &app,
        "update brand_profiles set postal_address = '1 Desert Road, Tucson';
         update contacts set first_name = (array['Zoë', '田中', 'O''Brien', '<b>Bo</b>', '', 'Дарья'])[1 + (random() * 5)::int]",
    )
    .await;
    let acme: OrgId = Uuid::parse_str(ACME.org).unwrap().into();
    let mut tx = JobScope::new(app.app.db.clone(), acme, "a test").enter().await.unwrap();
    let olga = UserId(Uuid::parse_str(ACME.people[0]).unwrap());
    assert!(senders::sign_for(&app.app, &mut tx, "acme.test", olga).await.unwrap());
    tx.commit().await.unwrap();

    begin(&app).await;
    app.work().await;
    assert_eq!(status(&app).await, "sent");
    adds_up(&app).await;

    let received = sink.received();
    assert_eq!(received.len(), PEOPLE + 1);
    for one in &received {
        let raw = one.message();
        let mail = MessageParser::default().parse(&raw).unwrap();
        let header = |name: &str| {
            let text = mail
                .header_raw(name)
                .unwrap_or_else(|| panic!("no {name} in\n{}", String::from_utf8_lossy(&raw)));
            text.replace("\r\n", "").replace('\t', " ").trim().to_owned()
        };
        let stop = header("List-Unsubscribe");
        let token = stop.split_once("<https://app.groundswell.test/u/").unwrap().1.split_once('>').unwrap().0;
        assert!(tokens::read(&app.app.keys, token, Link::Preferences).is_some(), "{stop}");
        assert!(stop.contains("<mailto:u+") && stop.contains("@back.acme.test>"), "{stop}");
        assert_eq!(header("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
        assert!(header("List-Id").contains(".acme.test>") && header("Feedback-ID").ends_with(":groundswell"));
        assert!(one.from.contains("<b+") && one.from.contains("@back.acme.test>"), "{}", one.from);

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

        let (html, text) = (mail.body_html(0).unwrap(), mail.body_text(0).unwrap());
        assert!(html.len() <= CLIPPED);
        for part in [&html, &text] {
            assert!(part.contains("1 Desert Road, Tucson"), "{part}");
            assert!(part.contains(&format!("https://app.groundswell.test/u/{token}")), "{part}");
            assert!(!part.contains("{{"), "{part}");
        }
        assert!(!html.contains("<b>Bo</b>"), "{html}");
        assert!(mail.parts.iter().all(|part| part.content_type().is_some()));
    }

    let txt: Vec<(String, String, String, String)> = sqlx::query_as(
        "select rsa_selector, rsa_public, ed25519_selector, ed25519_public from sending_domains where domain = 'acme.test'",
    )
    .fetch_all(&app.owner)
    .await
    .unwrap();
    let mut records = BTreeMap::new();
    for (rsa, rsa_public, ed25519, ed25519_public) in txt {
        records.insert(format!("{rsa}._domainkey.acme.test"), format!("v=DKIM1; k=rsa; p={rsa_public}"));
        records.insert(
            format!("{ed25519}._domainkey.acme.test"),
            format!("v=DKIM1; k=ed25519; p={ed25519_public}"),
        );
    }
    let mails: Vec<Vec<u8>> = received.iter().map(|one| one.message()).collect();
    for (reader, read) in read_by_others(&mails, &records).into_iter().flatten() {
        assert_eq!(read.len(), mails.len());
        for mail in read {
            assert_eq!(mail["dkim"], serde_json::json!([true, true]), "{reader}: {mail}");
            assert_eq!(mail["defects"], serde_json::json!([]), "{reader}: {mail}");
            assert!(
                mail["html"].as_str().unwrap().contains("/c/")
                    || mail["text"].as_str().unwrap().contains("They fly."),
                "{reader}"
            );
        }
    }
}
