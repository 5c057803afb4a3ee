//! How a workspace looks to those it writes to.

use axum::http::Method;

use crate::{accounts::letter, support::TestApp};

const BRAND: &str = "/w/acme/settings/brand";

const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=b");

/// A picture of this size, as a form sends it, with the header that says so.
pub(crate) fn upload(width: u32, height: u32) -> (Vec<u8>, (&'static str, &'static str)) {
    let mut png = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height).write_to(&mut png, image::ImageFormat::Png).unwrap();
    let head = "--b\r\nContent-Disposition: form-data; name=\"logo\"; filename=\"x.png\"\r\n\r\n";
    ([head.as_bytes(), png.get_ref(), b"\r\n--b--\r\n"].concat(), MULTIPART)
}

#[tokio::test]
async fn a_brand_is_kept_and_a_form_with_mistakes_comes_back_as_typed() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    assert_eq!(olga.get(BRAND).await.field("name"), "Acme Rockets");

    let form = "name=Acme+Skies&primary_colour=%23112233&accent_colour=%23aabbcc&reply_to=sky%40acme.test";
    assert_eq!(olga.post(BRAND, form).await.status, 303);
    let page = olga.get(BRAND).await;
    assert_eq!((page.field("name"), page.field("primary_colour")), ("Acme Skies".into(), "#112233".into()));

    let wrong = olga.post(BRAND, "name=&primary_colour=red&accent_colour=%23aabbcc&reply_to=nobody").await;
    assert_eq!((wrong.status.as_u16(), wrong.field("reply_to")), (422, "nobody".to_owned()));
    for told in ["Give the brand a name", "Choose a colour", "does not look like an e-mail"] {
        assert!(wrong.text().contains(told), "{told}: {}", wrong.text());
    }
}

#[tokio::test]
async fn a_logo_is_written_anew_within_its_size_and_seen_by_nobody_outside() {
    let app = TestApp::new().await;
    let mut olga = app.sign_in("olga@acme.test").await;
    let (body, kind) = upload(1000, 100);
    let sent = olga.send_bytes(Method::POST, &format!("{BRAND}/logo"), &body, &[kind]).await;
    assert_eq!(sent.status, 303, "{}", sent.text());

    let kept: Vec<u8> =
        app.stored("select logo from brand_profiles where organization_id::text like '%a'").await;
    let kept = image::load_from_memory(&kept).unwrap();
    assert_eq!((kept.width(), kept.height()), (512, 51));
    let page = olga.get(BRAND).await.body;
    let address = page.split("src=\"").find(|rest| rest.starts_with("/w/acme")).unwrap();
    let address = address.split('"').next().unwrap().to_owned();
    assert_eq!(olga.get(&address).await.header("content-type"), "image/png");
    assert_eq!(app.sign_in("ian@initech.test").await.get(&address).await.status, 404);

    let vector =
        b"--b\r\nContent-Disposition: form-data; name=\"logo\"\r\n\r\n<svg onload=alert(1)>\r\n--b--\r\n";
    let refused = olga.send_bytes(Method::POST, &format!("{BRAND}/logo"), vector, &[MULTIPART]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.text().contains("We cannot read that picture"), "{}", refused.text());
    olga.post(&format!("{BRAND}/logo/delete"), "").await;
    assert_eq!(olga.get(&address).await.status, 404);
}

#[tokio::test]
async fn a_client_without_a_brand_of_its_own_looks_like_its_agency() {
    let app = TestApp::new().await;
    sqlx::raw_sql("delete from brand_profiles").execute(&app.owner).await.unwrap();
    let mut ada = app.sign_in("ada@brightside.test").await;
    let form = "name=Brightside+Studio&primary_colour=%23112233&accent_colour=%23aabbcc";
    ada.post("/w/brightside/settings/brand", form).await;
    assert!(ada.get(BRAND).await.text().contains("it looks like its agency"));

    let invite = "emails=nan%40new.test&role=00000000-0000-7000-8000-0000000aa003";
    assert_eq!(ada.post("/w/acme/people/invite", invite).await.status, 303);

    let letter = letter(&app, "nan@new.test").await;
    let [text, html] = ["text", "html"].map(|part| letter[part].as_str().unwrap().to_owned());
    assert!(text.contains("Brightside Studio") && text.contains("work in “Acme”"), "{text}");
    assert!(html.contains("background:#112233;color:#ffffff"), "{html}");
}
