//! LAW-8: everything about a person, and nothing of anybody else.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::{
    olga,
    planted::{OTHER, plant},
    privacy,
};
use crate::support::tenant::ACME;

/// The files of a zip: name and text.
fn unpacked(bytes: &[u8]) -> Vec<(String, String)> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).expect("a zip");
    let names: Vec<String> = zip.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let text = |name: String| {
        let mut text = String::new();
        zip.by_name(&name).expect("the file").read_to_string(&mut text).expect("text");
        (name, text)
    };
    names.into_iter().map(text).collect()
}

#[tokio::test]
async fn a_file_holds_a_word_of_every_column_and_none_of_anybody_else() {
    let (app, mut olga) = olga().await;
    let words = plant(&app).await;
    let changed = format!("/w/acme/contacts/{}/notes", ACME.contact);
    assert_eq!(olga.post(&changed, "note=Called+today").await.status, 303);

    let page = olga.get(&privacy()).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let reply = olga.post(&format!("{}/copy", privacy()), "").await;

    assert_eq!((reply.status.as_u16(), reply.header("content-type")), (200, "application/zip"));
    let files = unpacked(&reply.bytes);
    let data: String =
        files.iter().filter(|(name, _)| name.ends_with(".json")).map(|(_, text)| text.as_str()).collect();
    let missing: Vec<_> = words.iter().filter(|word| !data.contains(*word)).collect();
    assert!(missing.is_empty(), "not in the files: {missing:?}");
    let read = &files.iter().find(|(name, _)| name == "index.html").expect("a page to read").1;
    let missing: Vec<_> = words.iter().filter(|word| !read.contains(*word)).collect();
    assert!(missing.is_empty(), "not on the page: {missing:?}");
    for (name, text) in &files {
        assert!(!text.to_lowercase().contains(OTHER), "{name}: {text}");
    }
    assert!(data.contains("contacts.noted") && data.contains("Called today"));
    let log = "select action from audit_log order by seq desc limit 1";
    assert_eq!(app.stored::<String>(log).await, "contacts.handed_out");
}

#[tokio::test]
async fn whoever_may_not_is_refused_and_sees_no_way_there() {
    let (app, mut olga) = olga().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let her_page = format!("/w/acme/contacts/{}", ACME.contact);
    assert!(olga.get(&her_page).await.body.contains(&privacy()));
    assert!(!mia.get(&her_page).await.body.contains(&privacy()));
    assert_eq!(mia.get(&privacy()).await.status, 403);
    assert_eq!(mia.post(&format!("{}/copy", privacy()), "").await.status, 403);
    assert_eq!(
        mia.post(&format!("{}/erase", privacy()), "confirmation=zoe@acme-customer.test").await.status,
        403
    );
    assert_eq!(mia.get("/w/acme/settings/data").await.status, 403);
}
