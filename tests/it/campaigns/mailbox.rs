//! Reading what a campaign has put into the built-in mailbox.

use crate::support::{TestApp, tenant::ACME};

const WINTER: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a2";

#[tokio::test]
async fn what_was_kept_is_read_as_whoever_got_it_reads_it_and_looking_opens_nothing() {
    let app = TestApp::new().await;
    let base = app.app.config.base_url.clone();
    let source = format!(
        "From: Acme <news@acme.test>\r\nSubject: =?utf-8?Q?It_is_w=C3=ADnter?=\r\nContent-Type: text/html; charset=utf-8\r\n\r\n\
         <html><head></head><body><p>Rockets for Zoe</p><img src=\"{base}/o/abc.gif\"></body></html>"
    );
    let kept = sqlx::query("update kept_mail set source = $1 where id = $2::uuid").bind(source.as_bytes());
    kept.bind(ACME.kept).execute(&app.owner).await.unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;

    let list = mia.get(&format!("{WINTER}/mailbox")).await;
    let here = format!("{WINTER}/mailbox/{}", ACME.kept);
    assert!(list.body.contains(&here) && list.text().contains("zoe@acme-customer.test"), "{}", list.text());
    assert!(list.text().contains("bounce-hard@"), "it says which addresses behave how: {}", list.text());
    assert!(mia.get(&format!("{WINTER}/mailbox?q=nob_dy")).await.text().contains("Nothing found"));
    assert!(mia.get(WINTER).await.body.contains(&format!("{WINTER}/mailbox")), "the campaign leads there");

    assert!(mia.get(&here).await.text().contains("It is wínter"));
    assert!(mia.get(&format!("{here}?tab=headers")).await.text().contains("news@acme.test"));
    assert!(mia.get(&format!("{here}?tab=source")).await.text().contains("=?utf-8?Q?"));
    let frame = mia.get(&format!("{here}/html")).await;
    assert!(frame.body.contains("Rockets for Zoe") && !frame.body.contains("/o/"), "{}", frame.body);
    let policy = frame.header("content-security-policy");
    assert!(policy.contains("sandbox") && !policy.contains("allow-scripts"), "{policy}");
}

#[tokio::test]
async fn it_is_read_by_those_who_make_campaigns_and_may_see_people() {
    let app = TestApp::new().await;
    let addresses = ["", &format!("/{}", ACME.kept), &format!("/{}/html", ACME.kept)];
    for address in addresses {
        let mut vic = app.sign_in("vic@acme.test").await;
        assert_eq!(vic.get(&format!("{WINTER}/mailbox{address}")).await.status, 403, "{address}");
    }
    sqlx::query("delete from role_permissions where permission = 'contacts.view'")
        .execute(&app.owner)
        .await
        .unwrap();
    for address in addresses {
        let mut mia = app.sign_in("mia@acme.test").await;
        assert_eq!(mia.get(&format!("{WINTER}/mailbox{address}")).await.status, 404, "{address}");
    }
}

#[tokio::test]
async fn its_pages_follow_each_other_without_gaps() {
    let app = TestApp::new().await;
    sqlx::query(
        "insert into kept_mail (organization_id, id, broadcast_id, recipient, subject, source, kept_at)
         select k.organization_id, ('f0000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, k.broadcast_id,
                'p' || n || '@many.test', 'Same', k.source, k.kept_at
           from kept_mail k cross join generate_series(1, 60) n where k.id = $1::uuid",
    )
    .bind(ACME.kept)
    .execute(&app.owner)
    .await
    .unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let first = mia.get(&format!("{WINTER}/mailbox?q=many.test")).await.body;
    let link = |body: &str, rel: &str| -> String {
        let (_, rest) = body.split_once(&format!("rel=\"{rel}\" href=\"")).expect("a link");
        rest.split('"').next().unwrap_or_default().replace("&amp;", "&").replace("&#38;", "&")
    };
    assert!(first.contains("p60@") && first.contains("p11@") && !first.contains("p10@"), "{first}");
    let second = mia.get(&link(&first, "next")).await.body;
    assert!(second.contains("p10@") && second.contains("p1@") && !second.contains("p11@"), "{second}");
    assert!(!second.contains("rel=\"next\""), "{second}");
    let back = mia.get(&link(&second, "prev")).await.body;
    assert!(back.contains("p60@") && back.contains("p11@") && !back.contains("p10@"), "{back}");
}
