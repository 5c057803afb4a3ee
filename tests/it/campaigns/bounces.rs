//! What comes back, over a real connection to the small mail server that takes it.

use std::{fs, net::SocketAddr, path::Path};

use groundswell::{
    campaigns::{
        bounces::{self, Done, postbox},
        tokens::{Addressee, return_addresses},
    },
    channels::bounces::Kind,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::oneshot,
    task::JoinHandle,
};
use uuid::Uuid;

use crate::support::{
    TestApp, rows,
    tenant::{ACME, INITECH, Tenant},
};

const DOMAIN: &str = "bounces.acme.test";
/// The address that the kept samples came back to.
const IN_SAMPLES: &str = "b+nafqss7bzmabm3lfonzwcz3ffuyq@bounces.acme.test";

/// An installation that hears what comes back.
struct House {
    app: TestApp,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    listening: JoinHandle<()>,
}

impl House {
    async fn open() -> Self {
        let app =
            TestApp::with(&["--bounce-listen", "127.0.0.1:0", "--bounce-domain", DOMAIN]).await.leaves_jobs();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel();
        let until = async move {
            let _ = stopped.await;
        };
        let listening = tokio::spawn(postbox::run(listener, app.app.clone(), until));
        Self { app, address, stop: Some(stop), listening }
    }

    /// The mail that this organization's contact got of the campaign that was sent.
    async fn mail(&self, tenant: &Tenant) -> Addressee {
        let number = sqlx::query_scalar(
            "select number from broadcasts where organization_id = $1::uuid and status = 'sent'",
        );
        let broadcast = number.bind(tenant.org).fetch_one(&self.app.owner).await.unwrap();
        Addressee { broadcast, contact: tenant.contact.parse().unwrap() }
    }

    fn returns(&self, mail: Addressee) -> String {
        return_addresses(&self.app.app.keys, DOMAIN).first().unwrap().encode(&mail.octets()).unwrap()
    }

    fn unsubscribes(&self, mail: Addressee) -> String {
        bounces::unsubscribe_addresses(&self.app.app.keys, DOMAIN)
            .first()
            .unwrap()
            .encode(&mail.octets())
            .unwrap()
    }

    /// Sends this sample back to where a mail came from, and gives the answer to it.
    async fn send_back(&self, sample: &str, mail: Addressee) -> String {
        let to = self.returns(mail);
        self.deliver(&to, &sampled(sample).replace(IN_SAMPLES, &to)).await
    }

    async fn deliver(&self, to: &str, raw: &str) -> String {
        let mut peer = Peer::connect(self.address).await;
        for line in ["EHLO mx.corp.test", "MAIL FROM:<>", &format!("RCPT TO:<{to}>")] {
            let said = peer.say(line).await;
            assert!(said.starts_with("250"), "{line}: {said}");
        }
        assert!(peer.say("DATA").await.starts_with("354"));
        peer.say(&dotted(raw)).await
    }

    async fn acme(&self, what: &'static str) -> String {
        let found = sqlx::query_scalar::<_, Option<String>>(what).bind(ACME.org.parse::<Uuid>().unwrap());
        found.fetch_one(&self.app.owner).await.unwrap().unwrap_or_default()
    }
}

const RECIPIENT: &str = "select concat_ws('|', bounce, bounce_reason, bounce_detail, bounced_at is not null, complained_at is not null,
                                          unsubscribed_at is not null) from recipients where organization_id = $1";
const SUPPRESSED: &str = "select string_agg(address || '|' || reason, ' ') from suppressions
                           where organization_id = $1 and address like 'zoe@%'";
const EVENTS: &str =
    "select string_agg(kind, ' ' order by id) from events where organization_id = $1 and kind like 'email.%'";

fn sampled(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures/bounces").join(name);
    fs::read_to_string(path).unwrap()
}

/// As it goes over the wire, all but the end of the line of the dot.
fn dotted(raw: &str) -> String {
    let lines =
        raw.lines().map(|line| if line.starts_with('.') { format!(".{line}") } else { line.to_owned() });
    format!("{}\r\n.", lines.collect::<Vec<_>>().join("\r\n"))
}

/// Another server, as far as ours can tell.
struct Peer {
    read: BufReader<OwnedReadHalf>,
    write: OwnedWriteHalf,
}

impl Peer {
    async fn connect(address: SocketAddr) -> Self {
        let (read, write) = TcpStream::connect(address).await.unwrap().into_split();
        let mut peer = Self { read: BufReader::new(read), write };
        assert!(peer.answer().await.starts_with("220 bounces.acme.test"));
        peer
    }

    async fn say(&mut self, line: &str) -> String {
        self.write.write_all(format!("{line}\r\n").as_bytes()).await.unwrap();
        self.answer().await
    }

    /// The last line of an answer.
    async fn answer(&mut self) -> String {
        loop {
            let mut line = String::new();
            self.read.read_line(&mut line).await.unwrap();
            if line.as_bytes().get(3) != Some(&b'-') {
                return line.trim_end().to_owned();
            }
        }
    }
}

#[tokio::test]
async fn an_address_that_nobody_has_is_written_to_no_more() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    let lost = "update channel_outbox set status = 'unknown', settled_at = null";
    sqlx::query(lost).execute(&house.app.owner).await.unwrap();

    assert!(house.send_back("postfix-unknown.eml", zoe).await.starts_with("250"));

    let row = house.acme(RECIPIENT).await;
    assert!(
        row.starts_with("hard|mailbox_unknown|5.1.1 550 5.1.1 <olga@corp.test>: Recipient address rejected"),
        "{row}"
    );
    assert!(row.ends_with("|t|f|f"), "{row}");
    assert_eq!(house.acme(SUPPRESSED).await, "zoe@acme-customer.test|hard_bounce");
    assert_eq!(house.acme(EVENTS).await, "email.bounced");
    // Something came back, so it had left.
    let left = "select status from channel_outbox where organization_id = $1";
    assert_eq!(house.acme(left).await, "sent");
    let mut mia = house.app.sign_in("mia@acme.test").await;
    let page = mia.get(&format!("/w/acme/contacts/{}", ACME.contact)).await.text();
    assert!(page.contains("Suppressed") && page.contains("“Winter sale” came back for good"), "{page}");
}

#[tokio::test]
async fn the_same_notice_twice_does_nothing_more() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    for sample in ["postfix-unknown.eml", "complaint.eml"] {
        assert!(house.send_back(sample, zoe).await.starts_with("250"));
        let once = rows::everything(&house.app.owner, &[]).await;
        assert!(house.send_back(sample, zoe).await.starts_with("250"));
        let twice = rows::everything(&house.app.owner, &[]).await;
        assert_eq!(rows::changed(&once, &twice), [""; 0], "{sample}");
    }
    // What is worse is not made better by what comes later.
    assert!(house.send_back("postfix-full.eml", zoe).await.starts_with("250"));
    assert!(house.acme(RECIPIENT).await.starts_with("hard|"));
}

#[tokio::test]
async fn who_calls_a_mail_spam_is_written_to_no_more() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    assert!(house.send_back("complaint.eml", zoe).await.starts_with("250"));
    assert_eq!(house.acme(RECIPIENT).await, "|||f|t|f");
    assert_eq!(house.acme(SUPPRESSED).await, "zoe@acme-customer.test|complaint");
    assert_eq!(house.acme(EVENTS).await, "email.complained");
}

/// So many further mails to Acme's contact, each some hours older than the one before.
async fn further(house: &House, many: i64, hours: i64) -> Vec<Addressee> {
    let sql = "
        with b as (
            insert into broadcasts (organization_id, id, campaign_id, status, created_at, updated_at)
            select b.organization_id, gen_random_uuid(), b.campaign_id, 'sent', now(), now()
              from broadcasts b cross join generate_series(1, $2) where b.organization_id = $1 and b.status = 'sent'
            returning organization_id, id, number
        ), r as (
            insert into recipients (organization_id, broadcast_id, contact_id, address)
            select organization_id, id, $3, 'zoe@acme-customer.test' from b
        ), o as (
            insert into channel_outbox (organization_id, source_id, subject_id, channel, address_hash, status, due_at, handed_at)
            select organization_id, id, $3, 'email', decode(repeat('aa', 32), 'hex'), 'sent', $4, $4 - make_interval(hours => $5::int * (row_number() over (order by number))::int)
              from b
        )
        select number from b order by number";
    let contact: Uuid = ACME.contact.parse().unwrap();
    let numbers: Vec<i64> = sqlx::query_scalar(sql)
        .bind(ACME.org.parse::<Uuid>().unwrap())
        .bind(many)
        .bind(contact)
        .bind(house.app.app.clock.now())
        .bind(hours)
        .fetch_all(&house.app.owner)
        .await
        .unwrap();
    numbers.into_iter().map(|broadcast| Addressee { broadcast, contact }).collect()
}

#[tokio::test]
async fn an_address_is_given_up_when_the_last_five_mails_came_back_softly() {
    let house = House::open().await;
    let mails = further(&house, 5, 24).await;
    for (at, mail) in mails.iter().enumerate() {
        assert_eq!(house.acme(SUPPRESSED).await, "", "after {at}");
        assert!(house.send_back("postfix-full.eml", *mail).await.starts_with("250"));
    }
    assert_eq!(house.acme(SUPPRESSED).await, "zoe@acme-customer.test|soft_bounces");
}

#[tokio::test]
async fn an_address_is_not_given_up_while_something_arrives_or_after_long_silence() {
    // Five of six, but the newest has arrived.
    let house = House::open().await;
    for mail in further(&house, 6, 24).await.iter().skip(1) {
        house.send_back("postfix-full.eml", *mail).await;
    }
    assert_eq!(house.acme(SUPPRESSED).await, "");
    // Five in a row, the last of them longer ago than a fortnight.
    let house = House::open().await;
    for mail in further(&house, 5, 24 * 3).await {
        house.send_back("postfix-full.eml", mail).await;
    }
    assert_eq!(house.acme(SUPPRESSED).await, "");
}

#[tokio::test]
async fn a_mail_to_the_address_for_it_unsubscribes() {
    let house = House::open().await;
    let to = house.unsubscribes(house.mail(&ACME).await);
    let wish = "From: zoe@acme-customer.test\r\nSubject: unsubscribe\r\n\r\n";
    for _ in 0..2 {
        assert!(house.deliver(&to.to_uppercase(), wish).await.starts_with("250"));
        let said = "select string_agg(state || '|' || source || '|' || (topic_id is null), ' ') from consents
                     where organization_id = $1 and state = 'withdrawn'";
        assert_eq!(house.acme(said).await, "withdrawn|one_click|true");
        assert_eq!(house.acme(RECIPIENT).await, "|||f|f|t");
    }
    let mut mia = house.app.sign_in("mia@acme.test").await;
    assert!(mia.get(&format!("/w/acme/contacts/{}", ACME.contact)).await.text().contains("Unsubscribed"));
}

#[tokio::test]
async fn an_address_that_was_thought_up_is_refused_and_changes_nothing() {
    let house = House::open().await;
    let before = rows::everything(&house.app.owner, &[]).await;
    let real = house.returns(house.mail(&ACME).await);
    let of_another = real.replace("b+", "u+");
    let elsewhere = real.replace(DOMAIN, "bounces.initech.test");
    for to in
        ["somebody@bounces.acme.test", IN_SAMPLES, "postmaster", of_another.as_str(), elsewhere.as_str(), ""]
    {
        let mut peer = Peer::connect(house.address).await;
        peer.say("EHLO mx.corp.test").await;
        peer.say("MAIL FROM:<>").await;
        assert!(peer.say(&format!("RCPT TO:<{to}>")).await.starts_with("550"), "{to}");
        assert!(peer.say("DATA").await.starts_with("503"), "{to}");
    }
    assert_eq!(rows::changed(&before, &rows::everything(&house.app.owner, &[]).await), [""; 0]);
}

#[tokio::test]
async fn what_comes_back_of_one_organization_changes_nothing_of_another() {
    let house = House::open().await;
    let acme = rows::of_organization(&house.app.owner, &ACME).await;
    let theirs = house.mail(&INITECH).await;
    // The address that it came to counts, whatever the notice names.
    let ours = house.returns(house.mail(&ACME).await);
    let notice = sampled("postfix-unknown.eml")
        .replace(IN_SAMPLES, &ours)
        .replace("olga@corp.test", "zoe@acme-customer.test");
    assert!(house.deliver(&house.returns(theirs), &notice).await.starts_with("250"));
    // One of theirs with the id of our contact in it means nobody.
    let mixed = Addressee { contact: ACME.contact.parse().unwrap(), ..theirs };
    assert!(house.send_back("complaint.eml", mixed).await.starts_with("250"));
    assert!(house.deliver(&house.unsubscribes(mixed), "Subject: x\r\n\r\n").await.starts_with("250"));

    assert_eq!(rows::changed(&acme, &rows::of_organization(&house.app.owner, &ACME).await), [""; 0]);
    let reason =
        "select reason from suppressions where organization_id = '00000000-0000-7000-8000-00000000000b'
                     and address = 'zoe@initech-customer.test'";
    assert_eq!(house.app.stored::<String>(reason).await, "hard_bounce");
}

#[tokio::test]
async fn other_mail_is_taken_and_means_nothing() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    let to = house.returns(zoe);
    let before = rows::everything(&house.app.owner, &[]).await;
    let away = "From: zoe@acme-customer.test\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n\r\nUntil Monday.\r\n";
    let late = sampled("postfix-unknown.eml").replace("Action: failed", "Action: delayed");
    for raw in [away, &late, "", "\u{0}\u{1}"] {
        assert!(house.deliver(&to, raw).await.starts_with("250"));
    }
    // A broadcast that is gone.
    let gone = Addressee { broadcast: 99_999_999, ..zoe };
    assert!(house.send_back("postfix-unknown.eml", gone).await.starts_with("250"));
    assert_eq!(rows::changed(&before, &rows::everything(&house.app.owner, &[]).await), [""; 0]);
    assert_eq!(bounces::take(&house.app.app, away.as_bytes(), &to).await.unwrap(), Done::Nothing);
}

#[tokio::test]
async fn what_could_not_be_written_down_is_asked_for_again() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    let notice = sampled("postfix-unknown.eml");
    house.app.app.db.pool().close().await;
    assert!(house.deliver(&house.returns(zoe), &notice).await.starts_with("451"));
    assert_eq!(house.acme(RECIPIENT).await, "|||f|f|f");
}

#[tokio::test]
async fn lmtp_is_spoken_too_and_answers_for_each_recipient() {
    let house = House::open().await;
    let (ours, theirs) = (house.mail(&ACME).await, house.mail(&INITECH).await);
    let mut peer = Peer::connect(house.address).await;
    assert!(peer.say("LHLO mx.acme.test").await.starts_with("250"));
    peer.say("MAIL FROM:<> SIZE=3000").await;
    for mail in [ours, theirs] {
        assert!(peer.say(&format!("RCPT TO:<{}>", house.returns(mail))).await.starts_with("250"));
    }
    peer.say("DATA").await;
    assert!(peer.say(&dotted(&sampled("postfix-full.eml"))).await.starts_with("250"));
    assert!(peer.answer().await.starts_with("250"));
    assert!(peer.say("QUIT").await.starts_with("221"));
    assert_eq!(house.app.stored::<i64>("select count(*) from recipients where bounce = 'soft'").await, 2);
}

#[tokio::test]
async fn what_is_too_large_or_too_many_is_refused_and_the_connection_goes_on() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    let mut peer = Peer::connect(house.address).await;
    peer.say("EHLO mx.corp.test").await;
    assert!(peer.say("MAIL FROM:<> SIZE=1048577").await.starts_with("552"));
    peer.say("MAIL FROM:<>").await;
    let to = format!("RCPT TO:<{}>", house.returns(zoe));
    for _ in 0..10 {
        assert!(peer.say(&to).await.starts_with("250"));
    }
    assert!(peer.say(&to).await.starts_with("452"));
    peer.say("DATA").await;
    let large = format!("{}\n{}", sampled("postfix-unknown.eml"), "x".repeat(1024 * 1024));
    assert!(peer.say(&dotted(&large)).await.starts_with("552"));
    assert!(peer.say("NOOP").await.starts_with("250"));
    assert!(peer.say(&"x".repeat(5000)).await.starts_with("5"));
    assert_eq!(house.acme(RECIPIENT).await, "|||f|f|f");
}

#[tokio::test]
async fn told_to_stop_it_says_so_and_listens_no_more() {
    let mut house = House::open().await;
    let mut peer = Peer::connect(house.address).await;
    assert!(peer.say("EHLO mx.corp.test").await.starts_with("250"));
    house.stop.take().unwrap().send(()).unwrap();
    assert!(peer.answer().await.starts_with("421"));
    house.listening.await.unwrap();
    assert!(TcpStream::connect(house.address).await.is_err());
}

#[tokio::test]
async fn a_notice_that_was_understood_already_is_dealt_with_the_same() {
    let house = House::open().await;
    let zoe = house.mail(&ACME).await;
    let verp = &return_addresses(&house.app.app.keys, DOMAIN)[0];
    let bounce =
        groundswell::channels::bounces::read(sampled("postfix-full.eml").as_bytes(), None, verp).unwrap();
    let done = bounces::came_back(&house.app.app, zoe, &bounce).await.unwrap();
    assert_eq!(done, Done::Bounced(Kind::Soft));
    assert_eq!(bounces::came_back(&house.app.app, zoe, &bounce).await.unwrap(), Done::Nothing);
    assert!(house.acme(RECIPIENT).await.starts_with("soft|mailbox_full|5.2.2 552"));
}
