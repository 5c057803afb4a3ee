//! The list and the checklist: making, copying and archiving a campaign, part by part, two people at once;
//! seeing it as somebody and sending it to oneself.

use crate::support::{Browser, TestApp};

const ALL: &str = "/w/acme/campaigns";
const SPRING: &str = "/w/acme/campaigns/00000000-0000-7000-8000-0000000010a1";
const OPEN_DAY: &str = "00000000-0000-7000-8000-0000000009a1";
const ZOE: &str = "00000000-0000-7000-8000-0000000008a1";

async fn save(browser: &mut Browser, part: &str, form: &str) -> crate::support::Reply {
    browser.post(&format!("{SPRING}/draft/{part}"), form).await
}

#[tokio::test]
async fn a_campaign_is_made_with_what_there_is_no_choice_of_and_found_in_the_list() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(mia.post(&format!("{ALL}/new"), "name=+").await.status, 422);
    let made = mia.post(&format!("{ALL}/new"), "name=Summer+%3Csale%3E").await;
    let page = mia.get(made.header("location")).await.text();
    for shown in [
        "Summer <sale>",
        "Draft",
        "news@acme.test",
        "Rocket news",
        "Nobody is chosen yet",
        "The subject is missing",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let list = mia.get(ALL).await.text();
    assert!(list.contains("Summer <sale>") && list.contains("Winter sale Sent"), "{list}");
    assert!(list.contains("100.0 %"), "Zoe opened it: {list}");
    assert!(!mia.get(&format!("{ALL}?q=winter")).await.text().contains("Summer"));
}

#[tokio::test]
async fn a_copy_is_a_draft_and_what_is_archived_stands_apart() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let winter = format!("{ALL}/00000000-0000-7000-8000-0000000010a2");
    let copy = mia.post(&format!("{winter}/copy"), "").await;
    let page = mia.get(copy.header("location")).await.text();
    assert!(
        page.contains("Copy of Winter sale Draft")
            && page.contains("It is winter")
            && page.contains("“Open day”"),
        "{page}"
    );

    mia.post(&format!("{winter}/archive"), "").await;
    assert!(!mia.get(&format!("{ALL}?q=winter")).await.text().contains(" Winter sale Sent"));
    assert!(mia.get(&format!("{ALL}?status=archived")).await.text().contains("Winter sale"));
    mia.post(&format!("{winter}/restore"), "").await;
    assert!(mia.get(&format!("{ALL}?q=winter")).await.text().contains("Winter sale Sent"));
    // What is on its way is not put out of sight.
    sqlx::query("update broadcasts set status = 'sending' where status = 'sent'")
        .execute(&app.owner)
        .await
        .unwrap();
    mia.post(&format!("{winter}/archive"), "").await;
    assert!(mia.get(ALL).await.text().contains("Winter sale Sending"));
}

#[tokio::test]
async fn each_part_is_saved_on_its_own_and_mistakes_keep_what_was_typed() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    assert_eq!(save(&mut mia, "audience", "rev=1&whom=everybody&topic=").await.status, 303);
    assert_eq!(
        save(&mut mia, "subject", "rev=2&subject=Hi+%7B%7B+contact.first_name+%7D%7D&preview_text=Soon")
            .await
            .status,
        303
    );
    assert_eq!(save(&mut mia, "time", "rev=3&when=later&begins=2026-12-01T09:00").await.status, 303);
    assert_eq!(save(&mut mia, "tracking", "rev=4&track_clicks=on").await.status, 303);
    let page = mia.get(SPRING).await.text();
    for shown in [
        "Everybody: 1 person",
        "Hi {{ contact.first_name }}",
        "“Soon”",
        "Dec",
        "Clicks are counted",
        "Schedule…",
    ] {
        assert!(page.contains(shown), "{shown}: {page}");
    }

    let wrong =
        save(&mut mia, "subject", "rev=5&subject=%7B%7B+contact.shoes+%7D%7D&preview_text=Kept").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("preview_text")), (422, "Kept".to_owned()));
    assert!(wrong.body.contains("id=\"subject-part\" open"), "{}", wrong.body);
    let wrong = save(&mut mia, "time", "rev=5&when=later&begins=2026-11-01T09:00").await;
    assert!(wrong.status == 422 && wrong.text().contains("That time is over"), "{}", wrong.text());
    let both = format!("rev=5&whom=lists&include={OPEN_DAY}&exclude={OPEN_DAY}");
    assert!(save(&mut mia, "audience", &both).await.text().contains("A list cannot be both"));
    assert_eq!(save(&mut mia, "nothing", "rev=5").await.status, 404);
}

#[tokio::test]
async fn whoever_saves_second_is_told_and_loses_nothing() {
    let app = TestApp::new().await;
    let (mut mia, mut olga) = (app.sign_in("mia@acme.test").await, app.sign_in("olga@acme.test").await);
    assert_eq!(save(&mut olga, "subject", "rev=1&subject=Olga%27s+words").await.status, 303);
    let late = save(&mut mia, "subject", "rev=1&subject=Mia%27s+words").await;
    assert_eq!(late.status, 409);
    assert!(late.text().contains("Somebody else changed this campaign while you typed"), "{}", late.text());
    assert!(late.body.contains("value=\"Mia&#39;s words\""), "{}", late.body);
    assert!(mia.get(SPRING).await.text().contains("Olga's words"));
    // Looked at, and saved again.
    let again = format!("rev={}&subject=Mia%27s+words", late.field("rev"));
    assert_eq!(save(&mut mia, "subject", &again).await.status, 303);
    assert!(mia.get(SPRING).await.text().contains("Mia's words"));
}

#[tokio::test]
async fn it_is_seen_as_anybody_in_a_frame_where_nothing_runs() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let page = mia.get(&format!("{SPRING}/preview")).await;
    assert!(
        page.text().contains("zoe@acme-customer.test") && page.text().contains("It is spring"),
        "{}",
        page.text()
    );
    assert!(mia.get(&format!("{SPRING}/preview?q=zoe")).await.body.contains(&format!("preview?as={ZOE}")));

    let frame = mia.get(&format!("{SPRING}/canvas?as={ZOE}")).await;
    assert!(frame.body.contains("Rockets for Zoe") && frame.body.contains("/u/trial"), "{}", frame.body);
    let policy = frame.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'")
            && policy.contains("sandbox")
            && !policy.contains("allow-scripts"),
        "{policy}"
    );
    let text = mia.get(&format!("{SPRING}/canvas?as=missing&view=text")).await.body;
    assert!(text.contains("Rockets for you"), "{text}");
}

#[tokio::test]
async fn a_test_is_sent_to_oneself_and_never_to_whom_wants_none() {
    let app = TestApp::new().await.idle().await;
    sqlx::query("delete from mail_servers").execute(&app.owner).await.unwrap();
    sqlx::query("delete from sending_domains").execute(&app.owner).await.unwrap();
    let mut mia = app.sign_in("mia@acme.test").await;
    let refused =
        mia.post(&format!("{SPRING}/test"), "addresses=mia@acme.test,Lost@acme-customer.test").await;
    assert_eq!(
        (refused.status.as_u16(), refused.field("addresses")),
        (422, "mia@acme.test,Lost@acme-customer.test".into())
    );
    assert!(
        refused.text().contains("Nothing is sent to lost@acme-customer.test, not even a test"),
        "{}",
        refused.text()
    );
    assert_eq!(
        mia.post(
            &format!("{SPRING}/test"),
            "addresses=a@b.test+c@b.test+d@b.test+e@b.test+f@b.test+g@b.test"
        )
        .await
        .status,
        422
    );

    let form = format!("addresses=mia@acme.test+boss@acme.test&as={ZOE}");
    for _ in 0..2 {
        assert_eq!(mia.post(&format!("{SPRING}/test"), &form).await.status, 303);
    }
    assert_eq!(app.work().await, 2, "one for each address, however often it is asked for");
    let kept: Vec<(String, String)> =
        sqlx::query_as("select recipient, subject from kept_mail where subject like '[Test]%' order by 1")
            .fetch_all(&app.owner)
            .await
            .unwrap();
    let spring = || "[Test] It is spring".to_owned();
    assert_eq!(kept, [("boss@acme.test".to_owned(), spring()), ("mia@acme.test".to_owned(), spring())]);
    let page = mia.get(&format!("{SPRING}/preview")).await.text();
    assert!(page.contains("boss@acme.test Sent"), "{page}");
    assert_eq!(
        app.stored::<i64>("select count(*) from recipients where broadcast_id::text like '%11a1'").await,
        0
    );
}
