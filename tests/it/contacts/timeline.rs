//! The timeline of one person by what it is about, and the way through the list that they were opened from.

use crate::support::TestApp;

const CONTACTS: &str = "/w/acme/contacts";

#[tokio::test]
async fn the_timeline_shows_what_was_asked_for_alone() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let zoe = format!("{CONTACTS}/00000000-0000-7000-8000-0000000008a1");
    mia.post(&format!("{zoe}/notes"), "note=Likes+red").await;
    mia.post(&format!("{zoe}/standing/stage"), "to=customer").await;
    let (note, change) = ("Note by Mia Marketer: Likes red", "Stage: Lead → Customer");
    for (show, has_note, has_change) in [
        ("", true, true),
        ("notes", true, false),
        ("changes", false, true),
        ("deals", false, false),
        ("x", true, true),
    ] {
        let page = mia.get(&format!("{zoe}?show={show}")).await.text();
        assert_eq!((page.contains(note), page.contains(change)), (has_note, has_change), "{show}: {page}");
    }
    assert!(mia.get(&format!("{zoe}?show=deals")).await.text().contains("Nothing of this kind"));
    let page = mia.get(&format!("{zoe}?show=notes&from=sort%3Dname")).await.body;
    assert!(
        page.contains("?show=deals&#38;from=sort%3Dname")
            || page.contains("?show=deals&amp;from=sort%3Dname"),
        "{page}"
    );
}

#[tokio::test]
async fn who_came_from_a_list_goes_through_it_in_its_order() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    for name in ["Cleo", "Ann", "Bo"] {
        mia.post(CONTACTS, &format!("first_name={name}&last_name=X&email={name}@x.test")).await;
    }
    for (view, order) in [
        ("q=x&sort=name", ["Ann X", "Bo X", "Cleo X"]),
        ("q=x", ["Bo X", "Ann X", "Cleo X"]),
        ("q=x&sort=email&dir=desc", ["Cleo X", "Bo X", "Ann X"]),
    ] {
        let list = mia.get(&format!("{CONTACTS}?{view}")).await.body;
        let first = list.split("id=\"contact-").nth(1).unwrap();
        let mut way = first.split("href=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(way.contains("?from=q%3Dx"), "{way}");
        let mut seen = Vec::new();
        loop {
            let body = mia.get(&way.replace("&#38;", "&").replace("&amp;", "&")).await.body;
            seen.push(
                body.split("<title>").nth(1).unwrap().split([' ', '<']).next().unwrap().to_owned() + " X",
            );
            assert_eq!(body.contains("rel=\"prev\""), seen.len() > 1, "{view}: {body}");
            let Some(next) = body.split("rel=\"next\" href=\"").nth(1) else { break };
            way = next.split('"').next().unwrap().to_owned();
        }
        assert_eq!(seen, order, "{view}");
    }
    let plain = mia.get(&format!("{CONTACTS}/00000000-0000-7000-8000-0000000008a1")).await.body;
    assert!(!plain.contains("rel=\"prev\"") && !plain.contains("rel=\"next\""), "{plain}");
}
