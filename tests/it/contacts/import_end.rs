//! What everybody in a file gets: a list, a tag, an owner; and a segment made of them afterwards.

use super::imports::{import, upload};
use crate::support::{
    TestApp,
    tenant::{ACME, INITECH},
};

const MIA: &str = "00000000-0000-7000-8000-000000000012";
const OLGA: &str = "00000000-0000-7000-8000-000000000011";
const IRIS: &str = "00000000-0000-7000-8000-000000000022";
const DECIDED: &str = "column.0=email&has_header=on&consent=unknown";

#[tokio::test]
async fn whom_nobody_owns_gets_the_owner_and_an_undo_gives_back_who_it_was() {
    let app = TestApp::new().await.leaves_jobs();
    let mut mia = app.sign_in("mia@acme.test").await;
    let reply = mia.post("/w/acme/contacts", "email=bo@x.test&first_name=Bo").await;
    let owned = format!("{}/standing/owner", reply.header("location"));
    mia.post(&owned, &format!("to={OLGA}")).await;
    let owners = "select string_agg(concat_ws(':', split_part(email, '@', 1), right(owner_id::text, 2)), ' ' order by email)
                    from contacts where organization_id::text like '%a' and email is not null";
    let file = b"Mail\nann@x.test\nbo@x.test\nzoe@acme-customer.test\n";

    let kept =
        import(&app, &mut mia, file, &format!("{DECIDED}&mode=fill&owner={MIA}&new_list=Fair&tag=Fair"))
            .await;
    assert_eq!(app.stored::<String>(owners).await, "ann:12 bo:11 zoe:12");
    let page = mia.get(&kept).await;
    assert!(page.text().contains("Added 1 Updated 1 Unchanged 1"), "{}", page.text());
    let zoe = mia.get("/w/acme/contacts/00000000-0000-7000-8000-0000000008a1").await.text();
    assert!(zoe.contains("Owner: nobody → Mia"), "{zoe}");

    let to_segment = page.body.split("id=\"to-segment\" href=\"").nth(1).unwrap().split('"').next().unwrap();
    let segment = mia.get(&to_segment.replace("&amp;", "&").replace("&#38;", "&")).await;
    assert!(segment.status.is_success() && segment.body.contains(">Fair</option>"), "{}", segment.text());

    let over = import(&app, &mut mia, file, &format!("{DECIDED}&mode=overwrite&owner={MIA}")).await;
    assert_eq!(app.stored::<String>(owners).await, "ann:12 bo:12 zoe:12");
    assert!(!mia.get(&over).await.body.contains("to-segment"), "there is nothing to know them by");
    for at in [over, kept] {
        mia.post(&format!("{at}/undo"), "").await;
        app.work().await;
    }
    assert_eq!(app.stored::<String>(owners).await, "bo:11 zoe");
}

#[tokio::test]
async fn neither_an_owner_nor_a_list_is_another_workspace_s() {
    let app = TestApp::new().await;
    let mut mia = app.sign_in("mia@acme.test").await;
    let at = upload(&mut mia, b"a@x.test\n").await;
    for (form, told) in [
        (format!("owner={IRIS}"), "Choose somebody of this workspace."),
        ("owner=nobody".to_owned(), "Choose somebody of this workspace."),
        (format!("list={}", INITECH.list), "Choose a list that is there."),
    ] {
        let wrong = mia
            .post(&format!("{at}/match"), &format!("column.0=email&mode=fill&consent=unknown&{form}"))
            .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
    let own = format!("column.0=email&mode=fill&consent=unknown&list={}&owner={MIA}", ACME.list);
    assert_eq!(mia.post(&format!("{at}/match"), &own).await.status, 303);
    app.work().await;
}
