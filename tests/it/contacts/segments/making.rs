//! The pages of segments: making one line by line, with whom it holds beside it; why somebody is in it.

use crate::support::{Browser, TestApp, tenant::ACME};

const SEGMENTS: &str = "/w/acme/contacts/segments";
/// Everybody in Ulm whose company is not "Mills".
const ULM: &str = "join.0=all&about.0.0=field:city&is.0.0=is&value.0.0.0=ulm&join.0.1=none&about.0.1.0=field:company&\
                   is.0.1.0=contains&value.0.1.0.0=mills";

async fn people(mia: &mut Browser, all: &[(&str, &str)]) {
    for (name, rest) in all {
        let reply =
            mia.post("/w/acme/contacts", &format!("first_name={name}&email={name}@some.test&{rest}")).await;
        assert_eq!(reply.status, 303, "{}", reply.text());
    }
}

async fn town() -> (TestApp, Browser) {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    people(&mut mia, &[("Ann", "city=Ulm"), ("Bo", "city=ULM&company=Old+Mills"), ("Cy", "city=Bonn")]).await;
    (app, mia)
}

#[tokio::test]
async fn a_segment_is_made_line_by_line_with_whom_it_holds_beside_it() {
    let (app, mut mia) = town().await;
    let new = mia.get(&format!("{SEGMENTS}/new")).await;
    assert!(new.text().contains("People whose city is …"), "{}", new.text());
    assert!(
        !new.text().contains("Type something to compare with"),
        "it was not filled in yet: {}",
        new.text()
    );

    let looked = mia.hx_get(&format!("{SEGMENTS}/look?{ULM}")).await;
    let text = looked.text();
    assert!(text.contains("People whose city is “ulm”, and not (whose company contains “mills”)."), "{text}");
    assert!(text.contains("Ann") && !text.contains("Bo@") && !text.contains("Cy"), "{text}");
    assert!(looked.body.contains(r#"id="held" aria-live="polite">1<"#), "{}", looked.body);
    // Each line by itself: two in Ulm, one at the mills.
    assert!(looked.body.contains(">2<span class=\"sr\"> people match this line"), "{}", looked.body);

    let reply = mia.post(SEGMENTS, &format!("{ULM}&name=Ulm+without+mills")).await;
    assert_eq!(reply.status, 303, "{}", reply.text());
    let page = mia.get(reply.header("location")).await.text();
    for shown in ["Ulm without mills", "People whose city is “ulm”", "Ann", "1"] {
        assert!(page.contains(shown), "{shown}: {page}");
    }
    let id: String = app.stored("select id::text from contact_lists where name = 'Ulm without mills'").await;
    let list = mia.get(&format!("/w/acme/contacts?list={id}")).await.text();
    assert!(list.contains("Ann@") || list.contains("ann@"), "{list}");
    assert!(!list.contains("bo@some.test"), "{list}");
}

#[tokio::test]
async fn lines_and_groups_are_added_and_taken_away_without_scripts() {
    let (_app, mut mia) = town().await;
    let added = mia.get(&format!("{SEGMENTS}/look?{ULM}&do=line.0.1")).await;
    assert!(added.body.contains(r#"name="about.0.1.1""#), "{}", added.body);
    assert!(added.body.contains("<html"), "a whole page");
    let fewer = mia.get(&format!("{SEGMENTS}/look?{ULM}&do=drop.0.1&name=Kept")).await;
    assert!(!fewer.body.contains(r#"name="join.0.1""#), "{}", fewer.body);
    assert_eq!((fewer.field("value.0.0.0").as_str(), fewer.field("name").as_str()), ("ulm", "Kept"));
    let grouped = mia.get(&format!("{SEGMENTS}/look?join.0=any&do=group.0")).await;
    assert!(grouped.body.contains(r#"name="about.0.0.0""#), "{}", grouped.body);
}

#[tokio::test]
async fn what_is_wrong_with_a_rule_stands_beside_its_line_and_nothing_is_saved() {
    let (app, mut mia) = town().await;
    let wrong = [
        ("about.0.0=field:created_at&is.0.0=in_last&value.0.0.0=many", "Type a number of days"),
        ("about.0.0=field:created_at&is.0.0=on&value.0.0.0=2026-02-30", "Choose a day"),
        ("about.0.0=list:&is.0.0=in&value.0.0.0=nonsense", "Choose a list"),
        ("about.0.0=event:email.opened&is.0.0=did&value.0.0.0=-1", "Type how often"),
        ("about.0.0=field:gone&is.0.0=is&value.0.0.0=x", "no longer there"),
        ("", "Add a line to this group"),
    ];
    for (line, told) in wrong {
        let reply = mia.post(SEGMENTS, &format!("name=Wrong&join.0=all&{line}")).await;
        assert_eq!((reply.status.as_u16(), reply.field("name").as_str()), (422, "Wrong"), "{line}");
        assert!(reply.text().contains(told), "{told}: {}", reply.text());
    }
    let deep = (0..9).map(|n| format!("join.0{}=all", ".0".repeat(n))).collect::<Vec<_>>().join("&");
    let reply = mia.post(SEGMENTS, &format!("name=Deep&{deep}")).await;
    assert!(reply.text().contains("5 groups inside each other"), "{}", reply.text());
    let nameless = mia.post(SEGMENTS, ULM).await;
    assert!(nameless.text().contains("Give the segment a name"), "{}", nameless.text());
    let taken = mia.post(SEGMENTS, &format!("name=open+DAY&{ULM}")).await;
    assert!(taken.text().contains("Another list or segment has that name"), "{}", taken.text());
    assert_eq!(
        app.stored::<i64>("select count(*) from contact_lists where name in ('Wrong', 'Deep')").await,
        0
    );
}

#[tokio::test]
async fn a_segment_is_not_made_of_itself_and_one_that_is_used_stays() {
    let (_app, mut mia) = town().await;
    let roadrunner = ACME.segment;
    let of = |list: &str| format!("join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0={list}");
    let inner = mia.post(SEGMENTS, &format!("name=Outer&{}", of(roadrunner))).await;
    let outer = inner.header("location").rsplit('/').next().unwrap().to_owned();
    for list in [roadrunner, &outer] {
        let reply = mia.post(&format!("{SEGMENTS}/{roadrunner}"), &format!("name=Round&{}", of(list))).await;
        assert_eq!(reply.status, 422, "{list}");
        assert!(reply.text().contains("cannot be made of itself"), "{}", reply.text());
    }
    let page = mia.get(&format!("{SEGMENTS}/{roadrunner}")).await.text();
    assert!(page.contains("Segment: Outer"), "{page}");
    mia.post(&format!("{SEGMENTS}/{roadrunner}/archive"), "").await;
    let page = mia.get(SEGMENTS).await.text();
    assert!(
        page.contains("At Roadrunner") && page.contains("Take it out there first: Segment: Outer"),
        "{page}"
    );
    mia.post(&format!("{SEGMENTS}/{outer}/archive"), "").await;
    mia.post(&format!("{SEGMENTS}/{roadrunner}/archive"), "").await;
    let page = mia.get(SEGMENTS).await.text();
    assert!(page.contains("No segments yet"), "{page}");
}

#[tokio::test]
async fn why_somebody_is_in_it_or_not_is_told_line_by_line() {
    let (_app, mut mia) = town().await;
    let saved = mia.post(SEGMENTS, &format!("{ULM}&name=Ulm")).await;
    let page = saved.header("location").to_owned();
    let bo = mia.get(&format!("{page}?whom=bo@some")).await.text();
    assert!(bo.contains("Bo") && bo.contains("is not in it"), "{bo}");
    assert!(
        bo.contains("true whose city is “ulm”") && bo.contains("true whose company contains “mills”"),
        "{bo}"
    );
    let cy = mia.get(&format!("{page}?whom=cy@some")).await.text();
    assert!(cy.contains("not true whose city is “ulm”"), "{cy}");
    assert!(mia.get(&format!("{page}?whom=nobody")).await.text().contains("Nobody is found by “nobody”"));
}

#[tokio::test]
async fn people_are_not_put_into_a_segment_by_hand() {
    let (_app, mut mia) = town().await;
    let put = format!("what=list&list={}&contact={}", ACME.segment, ACME.contact);
    assert_eq!(mia.post("/w/acme/contacts/several", &put).await.status, 404);
    let lists = mia.get("/w/acme/contacts/lists").await.text();
    assert!(!lists.contains("At Roadrunner"), "{lists}");
}
