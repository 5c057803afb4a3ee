//! Who campaigns are from, domains and their keys, and the organization's own mail server.

use std::sync::Arc;

use groundswell::{
    channels::smtp::Encryption,
    commands::bench::sink::{Act, Moment, Profile, Script, Sink},
    net::Destination,
    senders::{self, Rates, SenderId, Way, route},
    tenancy::{JobScope, OrgId, OrgTx},
};
use mail_auth::common::{parse::TxtRecordParser, verify::DomainKey};
use uuid::Uuid;

use crate::support::{
    TestApp,
    tenant::{ACME, INITECH, Tenant},
};

const PAGE: &str = "/w/acme/settings/sending";
const PASSWORD: &str = "open-sesame-7";

async fn inside(app: &TestApp, tenant: &Tenant) -> OrgTx {
    let org: Uuid = tenant.org.parse().unwrap();
    JobScope::new(app.app.db.clone(), OrgId(org), "tests.look").enter().await.unwrap()
}

async fn way(app: &TestApp) -> Way {
    route::way(&app.app, &mut inside(app, &ACME).await).await.unwrap()
}

async fn sender_of(app: &TestApp, email: &'static str) -> SenderId {
    let find =
        sqlx::query_scalar("select id from sender_identities where email = $1 and archived_at is null");
    SenderId(find.bind(email).fetch_one(&app.owner).await.unwrap())
}

fn server_form(host: &str, port: u16, rest: &str) -> String {
    format!("host={host}&port={port}&connections=8&{rest}")
}

#[tokio::test]
async fn a_workspace_that_has_nothing_yet_is_told_what_belongs_here() {
    let app = TestApp::new().await;
    let page = app.sign_in("ada@brightside.test").await.get("/w/brightside/settings/sending").await;
    for told in ["No senders yet", "No domain yet", "Use your own", "mail stays in the built-in mailbox"] {
        assert!(page.text().contains(told), "{told}: {}", page.text());
    }
    assert!(!page.text().contains("Try it"));
}

#[tokio::test]
async fn a_sender_is_added_changed_and_put_away() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let add = format!("{PAGE}/senders");
    assert_eq!(
        olga.post(&add, "name=Olga+of+Acme&email=Olga@Shop.Acme.Test&reply_to=help@acme.test").await.status,
        303
    );
    let page = olga.get(PAGE).await.text();
    assert!(
        page.contains("Olga of Acme olga@shop.acme.test · answers go to help@acme.test Not signed"),
        "{page}"
    );

    let one = format!("{add}/{}", sender_of(&app, "olga@shop.acme.test").await);
    let wrong = olga.post(&one, "name=&reply_to=nobody").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("reply_to")), (422, "nobody".to_owned()));
    assert_eq!(olga.post(&one, "name=Olga&reply_to=&email=other@acme.test").await.status, 303);
    let sender = sender_of(&app, "olga@shop.acme.test").await;
    let route = route::of(&app.app, &mut inside(&app, &ACME).await, sender).await;
    let route = route.unwrap().expect("a route");
    assert_eq!(
        (route.name.as_str(), route.from.to_string(), route.reply_to),
        ("Olga", "olga@shop.acme.test".to_owned(), None)
    );

    let choices = senders::choices(&mut inside(&app, &ACME).await).await.unwrap();
    assert!(choices.iter().any(|(_, words)| words == "Olga <olga@shop.acme.test>"), "{choices:?}");
    assert_eq!(olga.post(&format!("{one}/archive"), "").await.status, 303);
    assert_eq!(senders::choices(&mut inside(&app, &ACME).await).await.unwrap().len(), choices.len() - 1);
    for gone in [
        olga.get(&one).await,
        olga.post(&one, "name=Back").await,
        olga.post(&format!("{one}/archive"), "").await,
    ] {
        assert_eq!(gone.status, 404);
    }
}

#[tokio::test]
async fn a_sender_with_mistakes_keeps_what_was_typed_and_none_is_there_twice() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let add = format!("{PAGE}/senders");
    let wrong = olga.post(&add, "name=Acme&email=nobody&reply_to=x@acme.test").await;
    assert_eq!(wrong.status, 422);
    assert_eq!(
        (wrong.field("name"), wrong.field("email"), wrong.field("reply_to")),
        ("Acme".into(), "nobody".into(), "x@acme.test".into())
    );
    assert!(wrong.text().contains("Give an address such as"), "{}", wrong.text());
    assert_eq!(olga.post(&add, "name=Shop&email=shop@acme.test").await.status, 303);
    let twice = olga.post(&add, "name=SHOP&email=Shop@acme.test").await;
    assert!(
        twice.status == 422 && twice.text().contains("of this name and address already"),
        "{}",
        twice.text()
    );
}

#[tokio::test]
async fn what_a_domain_publishes_is_what_its_mail_is_signed_with() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post(&format!("{PAGE}/senders"), "name=Acme&email=news@acme.example").await;
    let sender = sender_of(&app, "news@acme.example").await;
    assert!(!senders::is_signed(&mut inside(&app, &ACME).await, sender).await.unwrap());

    let made = olga.post(&format!("{PAGE}/domains"), "domain=+https://Acme.Example/").await;
    assert_eq!(made.status, 303);
    let page = olga.get(PAGE).await;
    let route = route::of(&app.app, &mut inside(&app, &ACME).await, sender).await.unwrap().expect("a route");
    assert_eq!(route.signers.len(), 2);
    for (signer, kind) in route.signers.iter().zip(["k=rsa", "k=ed25519"]) {
        let record = signer.record();
        assert!(
            record.name.ends_with("._domainkey.acme.example") && record.value.contains(kind),
            "{record:?}"
        );
        assert!(page.text().contains(&record.name) && page.text().contains(&record.value), "{}", page.text());
        assert!(DomainKey::parse(record.value.as_bytes()).is_ok());
        let mut signed = Vec::new();
        signer.sign(b"From: news@acme.example\r\nSubject: x\r\n\r\nHello\r\n", &mut signed).unwrap();
        assert!(String::from_utf8_lossy(&signed).contains("d=acme.example"));
    }
    assert!(senders::is_signed(&mut inside(&app, &ACME).await, sender).await.unwrap());
    let twice = olga.post(&format!("{PAGE}/domains"), "domain=acme.example").await;
    assert!(twice.status == 422 && twice.field("domain") == "acme.example", "{}", twice.text());
    let wrong = olga.post(&format!("{PAGE}/domains"), "domain=localhost").await;
    assert!(wrong.status == 422 && wrong.text().contains("Give a domain"), "{}", wrong.text());
}

#[tokio::test]
async fn a_domain_that_is_removed_takes_its_keys_with_it() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    olga.post(&format!("{PAGE}/domains"), "domain=acme.example").await;
    let key: String =
        app.stored("select rsa_secret_id::text from sending_domains where domain = 'acme.example'").await;
    // Keys are looked after here, and not where others are.
    assert!(!olga.get("/w/acme/settings/secrets").await.body.contains(&key));
    assert_eq!(olga.get(&format!("/w/acme/settings/secrets/{key}")).await.status, 404);
    let keys = "select count(*) from secrets where kind = 'dkim' and length(label) > 3";
    assert_eq!(app.stored::<i64>(keys).await, 2);
    let id: String = app.stored("select id::text from sending_domains where domain = 'acme.example'").await;
    assert_eq!(olga.post(&format!("{PAGE}/domains/{id}/remove"), "").await.status, 303);
    assert_eq!(app.stored::<i64>(keys).await, 0);
    assert!(!olga.get(PAGE).await.text().contains("_domainkey.acme.example"));
}

#[tokio::test]
async fn a_password_is_kept_and_shown_to_nobody_and_goes_to_no_other_server() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let save = format!("{PAGE}/server");
    let good =
        server_form("smtp.acme.test", 587, &format!("encryption=starttls&username=us&password={PASSWORD}"));
    let wrong = olga.post(&save, &good.replace("587", "0")).await;
    assert!(wrong.status == 422 && wrong.text().contains("from 1 to 65535"), "{}", wrong.text());
    assert_eq!((wrong.field("username"), wrong.field("password")), ("us".to_owned(), String::new()));
    assert!(!wrong.body.contains(PASSWORD), "{}", wrong.body);
    assert_eq!(olga.post(&save, &good).await.status, 303);

    let page = olga.get(PAGE).await;
    assert!(
        page.text().contains("By your server smtp.acme.test") && page.text().contains("Not tried yet"),
        "{}",
        page.text()
    );
    assert!(!page.body.contains(PASSWORD) && page.field("password").is_empty());
    let log: String =
        app.stored("select coalesce(string_agg(before::text || after::text, ' '), '') from audit_log").await;
    assert!(!log.contains(PASSWORD), "{log}");
    let Way::Server { server, .. } = way(&app).await else { panic!("no server") };
    let known = server.credentials.expect("a password");
    assert_eq!(
        (known.username.as_str(), secrecy::ExposeSecret::expose_secret(&known.password)),
        ("us", PASSWORD)
    );

    // Elsewhere it is not sent without being typed again.
    let kept =
        server_form("smtp.acme.test", 587, "encryption=starttls&username=us&per_second=5&per_domain=2");
    let moved = olga.post(&save, &kept.replace("smtp.acme", "smtp.evil")).await;
    assert!(moved.status == 422 && moved.text().contains("Type the password again"), "{}", moved.text());
    assert_eq!(olga.post(&save, &kept).await.status, 303);
    let Way::Server { server, rates, limits } = way(&app).await else { panic!("no server") };
    assert!(server.credentials.is_some());
    assert_eq!((rates, limits.connections), (Rates { all: Some(5), domain: Some(2) }, 8));
    let without = server_form("smtp.acme.test", 587, "encryption=starttls");
    assert_eq!(olga.post(&save, &without).await.status, 303);
    assert_eq!(app.stored::<i64>("select count(*) from secrets where kind = 'smtp'").await, 0);
}

#[tokio::test]
async fn without_a_server_of_ones_own_mail_leaves_by_the_installations() {
    let app = TestApp::with(&["--smtp-url", "smtp://us:pw@127.0.0.1:2525"]).await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let forgotten = olga.post(&format!("{PAGE}/server/remove"), "").await;
    assert_eq!(forgotten.status, 303);
    let page = olga.get(PAGE).await.text();
    assert!(page.contains("By this installation's server") && !page.contains("Try it"), "{page}");
    let Way::Server { server, rates, .. } = way(&app).await else { panic!("no server") };
    assert_eq!(rates, Rates::default());
    assert_eq!((server.host.as_str(), server.port, server.encryption), ("127.0.0.1", 2525, Encryption::None));
    assert_eq!(server.destination, Destination::Operator);
    assert!(server.private_hosts.contains("127.0.0.1".parse().unwrap()));
    assert!(server.credentials.is_some());
    assert_eq!(olga.post(&format!("{PAGE}/server/remove"), "").await.status, 303);
    assert_eq!(olga.post(&format!("{PAGE}/server/try"), "").await.status, 404);

    let app = TestApp::new().await;
    app.sign_in("olga@acme.test").await.post(&format!("{PAGE}/server/remove"), "").await;
    assert!(matches!(way(&app).await, Way::Mailbox));
}

/// A server on this machine that takes one password.
async fn picky() -> Sink {
    let right = data_encoding::BASE64.encode(format!("\0us\0{PASSWORD}").as_bytes());
    let script: Script = Arc::new(move |moment: Moment<'_>| match moment {
        Moment::Command(line) if line.to_uppercase().starts_with("AUTH") => {
            let is_right = line.contains(&right);
            Act::Say(if is_right { "235 2.7.0 ok".into() } else { "535 5.7.8 not wrong-word-8".into() })
        }
        _ => Act::Usual,
    });
    let offers = vec!["AUTH PLAIN".to_owned()];
    let profile = Profile { script: Some(script), offers, ..Profile::default() };
    Sink::start("127.0.0.1:0".parse().unwrap(), profile).await.expect("a sink")
}

#[tokio::test]
async fn trying_a_server_says_what_was_found() {
    let sink = picky().await;
    let app = TestApp::with(&["--allowed-private-hosts", "127.0.0.1"]).await;
    let mut olga = app.sign_in("olga@acme.test").await;
    for (password, told) in [(PASSWORD, "Works"), ("wrong-word-8", "did not accept the name or the password")]
    {
        let form = server_form(
            "127.0.0.1",
            sink.address.port(),
            &format!("encryption=none&username=us&password={password}"),
        );
        assert_eq!(olga.post(&format!("{PAGE}/server"), &form).await.status, 303);
        assert_eq!(olga.post(&format!("{PAGE}/server/try"), "").await.status, 303);
        let page = olga.get(PAGE).await;
        assert!(page.text().contains(told), "{told}: {}", page.text());
        assert!(!page.body.contains(password), "{}", page.body);
    }
    let refused: String = app.stored("select last_error from secrets where kind = 'smtp'").await;
    assert!(refused.contains("did not accept") && !refused.contains("wrong-word"), "{refused}");
    let log: String = app
        .stored("select string_agg(after::text, ' ') from audit_log where action = 'mail_server.tried'")
        .await;
    assert!(log.contains("It works.") && !log.contains("wrong-word"), "{log}");
}

#[tokio::test]
async fn a_server_on_a_private_network_is_none_unless_whoever_runs_this_wrote_it_down() {
    let sink = picky().await;
    let app = TestApp::with(&["--allowed-private-hosts", "127.0.0.0/8"]).await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let port = sink.address.port();
    let literal = olga.post(&format!("{PAGE}/server"), &server_form("10.0.0.5", 25, "encryption=none")).await;
    assert!(literal.status == 422 && literal.text().contains("on a private network"), "{}", literal.text());
    // A name may lead anywhere: what counts is where it leads when it is connected to.
    let named = server_form("localhost", port, "encryption=none");
    assert_eq!(olga.post(&format!("{PAGE}/server"), &named).await.status, 303);
    olga.post(&format!("{PAGE}/server/try"), "").await;
    let page = olga.get(PAGE).await.text();
    assert!(page.contains("localhost could not be reached") && !page.contains("127.0.0.1"), "{page}");
    let written = server_form("127.0.0.1", port, "encryption=none");
    assert_eq!(olga.post(&format!("{PAGE}/server"), &written).await.status, 303);
    olga.post(&format!("{PAGE}/server/try"), "").await;
    assert!(olga.get(PAGE).await.text().contains("Works"));
}

#[tokio::test]
async fn a_sender_of_another_organization_is_nobody_here() {
    let app = TestApp::new().await;
    let theirs = SenderId(INITECH.sender.parse().unwrap());
    let mut tx = inside(&app, &ACME).await;
    assert!(route::of(&app.app, &mut tx, theirs).await.unwrap().is_none());
    assert!(!senders::is_signed(&mut tx, theirs).await.unwrap());
}
