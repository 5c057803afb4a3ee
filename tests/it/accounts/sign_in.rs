//! Signing in and out.

use super::{PASSWORD, enter, is_in, try_password};
use crate::support::TestApp;

#[tokio::test]
async fn address_and_password_let_in_and_lead_where_one_wanted_to_go() {
    let app = TestApp::new().await;
    let mut olga = app.visitor();
    let asked = olga.get("/w/acme/people?q=mia").await;
    let page = olga.get(asked.header("location")).await;
    let form = format!(
        "email=+Olga%40ACME.test+&password={PASSWORD}&next={}&_csrf={}",
        page.field("next").replace('?', "%3F").replace('=', "%3D"),
        page.field("_csrf")
    );

    let led = olga.post("/sign-in", &form).await;

    assert_eq!((led.status.as_u16(), led.header("location")), (303, "/w/acme/people?q=mia"));
    assert_eq!(olga.get("/w/acme/people?q=mia").await.status, 200);
    assert_eq!(olga.get("/sign-in").await.header("location"), "/", "whoever is in need not sign in");
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_or_disabled_address_are_answered_alike() {
    let app = TestApp::new().await;
    let mut replies = Vec::new();
    for (email, password) in [
        ("olga@acme.test", "wrong"),
        ("nobody@acme.test", "wrong"),
        ("dan@acme.test", PASSWORD),
        ("rubbish", "x"),
    ] {
        let mut browser = app.visitor();
        let reply = try_password(&mut browser, email, password).await;
        let token = reply.field("_csrf");
        let mut headers = reply.headers.clone();
        headers.remove("x-request-id");
        headers.remove("content-length");
        replies.push((reply.status, headers, reply.body.replace(&token, "token").replace(email, "address")));
    }

    assert_eq!(replies[0].0, 422);
    assert!(replies[0].2.contains("Address and password do not belong together."));
    assert!(replies.iter().all(|reply| *reply == replies[0]), "{replies:?}");
}

#[tokio::test]
async fn the_address_comes_back_as_typed_and_the_password_does_not() {
    let app = TestApp::new().await;

    let again = try_password(&mut app.visitor(), "%22%3E%3Cb%3E", "my-secret-typo").await;

    assert_eq!(again.field("email"), "&#34;&#62;&#60;b&#62;");
    assert!(!again.body.contains("my-secret-typo"));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_not_only_the_cookie() {
    let app = TestApp::new().await;
    let mut olga = enter(&app, "olga@acme.test").await;
    let copy = olga.clone();
    assert!(is_in(&copy).await);

    let reply = olga.post("/sign-out", "").await;

    assert_eq!(reply.header("location"), "/sign-in");
    assert!(olga.cookie("__Host-gw").is_none());
    let cookies = reply.headers.get_all("set-cookie").iter().map(|set| set.to_str().unwrap());
    // Browsers take a __Host- cookie back only when that, too, is marked Secure with the path of all.
    assert!(
        cookies
            .filter(|set| set.starts_with("__Host-gw=;"))
            .any(|set| { set.contains("Secure") && set.contains("Path=/") && set.contains("Max-Age=0") })
    );
    assert!(!is_in(&copy).await, "a copy of the cookie opens nothing");
    assert_eq!(app.stored::<i64>("select count(*) from web_sessions").await, 0);
}

#[tokio::test]
async fn a_form_without_the_token_of_its_page_signs_nobody_in() {
    let app = TestApp::new().await;
    let stranger = app.visitor().get("/sign-in").await.field("_csrf");
    let form = format!("email=olga%40acme.test&password={PASSWORD}");

    for token in ["", "&_csrf=", "&_csrf=x", &format!("&_csrf={stranger}")] {
        let mut olga = app.visitor();
        olga.get("/sign-in").await;
        assert_eq!(olga.post("/sign-in", &format!("{form}{token}")).await.status, 403, "{token}");
        assert!(!is_in(&olga).await);
    }
}

#[tokio::test]
async fn signing_in_leads_to_no_other_site_in_three_hundred_spellings() {
    let app = TestApp::new().await;
    let mut olga = app.visitor();
    let token = olga.get("/sign-in").await.field("_csrf");
    let starts = [
        "//",
        "///",
        "/\\",
        "\\\\",
        "\\/",
        "/\t/",
        "/\n/",
        "/\r/",
        " //",
        "\t//",
        "https:",
        "https://",
        "http:/",
        "HTTPS:\\\\",
        "javascript://",
        "data:text/html,",
        "//user@",
        "/\u{b}/",
        "\u{0}//",
        "/ /",
        "\u{2028}//",
        "ftp://",
        "//[::1]",
        "",
        "@",
        "\u{feff}//",
    ];
    let hosts = [
        "evil.example",
        "evil.example/",
        "evil.example/%2f..",
        "evil.example:443",
        "EVIL.example",
        "evil。example",
        "evil.example#x",
        "evil.example?x",
        "x@evil.example",
        "evil.example\\x",
        "%65vil.example",
        "evil.example\t",
    ];
    assert!(starts.len() * hosts.len() >= 300);

    for next in starts.iter().flat_map(|start| hosts.iter().map(move |host| format!("{start}{host}"))) {
        let sent: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let form = format!("email=olga%40acme.test&password={PASSWORD}&next={sent}&_csrf={token}");
        assert_eq!(olga.clone().post("/sign-in", &form).await.header("location"), "/", "{next:?}");
        let page = olga.get(&format!("/sign-in?next={sent}")).await;
        assert!(!page.body.to_lowercase().contains("evil"), "{next:?}");
    }
}
