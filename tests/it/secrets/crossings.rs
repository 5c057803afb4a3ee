//! KEY-5: what opens one door opens no other. Whoever makes a new kind of token adds it to [`KINDS`].

use std::pin::Pin;

use axum::{extract::FromRequestParts, http::Request};
use groundswell::accounts::{CurrentDevice, UserId};

use crate::{
    accounts::{PASSWORD, enter, is_in, link},
    support::{Browser, TestApp, tenant::ACME},
};

type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// A kind of token: how one is come by, and whether its door takes this one.
struct Kind {
    name: &'static str,
    mint: for<'a> fn(&'a TestApp) -> Later<'a, String>,
    /// Must not use the token up.
    opens: for<'a> fn(&'a TestApp, &'a str) -> Later<'a, bool>,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "sign-up link",
        mint: |app| {
            Box::pin(mailed(app, "/sign-up", "name=Nora&workspace=Northwind", "nora@northwind.example"))
        },
        opens: |app, token| Box::pin(answers(app.visitor(), format!("/sign-up/{token}"))),
    },
    Kind {
        name: "reset link",
        mint: |app| Box::pin(mailed(app, "/forgot", "", "mia@acme.test")),
        opens: |app, token| Box::pin(answers(app.visitor(), format!("/reset/{token}"))),
    },
    Kind {
        name: "change-email link",
        mint: |app| Box::pin(change_email(app)),
        opens: |app, token| {
            Box::pin(async move {
                answers(app.sign_in("olga@acme.test").await, format!("/account/email/{token}")).await
            })
        },
    },
    Kind {
        name: "form token",
        mint: |app| Box::pin(async { app.form_token(&mut app.visitor()) }),
        opens: |app, token| Box::pin(form(app, token)),
    },
    Kind {
        name: "known-device mark",
        mint: |app| Box::pin(async { cookie(app, &enter(app, "olga@acme.test").await, "gw-device") }),
        opens: |app, token| Box::pin(known(app, token)),
    },
    Kind {
        name: "session id",
        mint: |app| Box::pin(async { cookie(app, &enter(app, "olga@acme.test").await, "gw") }),
        opens: |app, token| {
            Box::pin(async move {
                let mut browser = app.visitor();
                browser.set_cookie(&app.app.config.cookie_name("gw"), token);
                is_in(&browser).await
            })
        },
    },
];

/// The token in the link that a form mails to this address.
async fn mailed(app: &TestApp, page: &str, form: &str, to: &str) -> String {
    app.visitor().submit(page, page, &format!("{form}&email={to}")).await;
    last_part(&link(app, to).await)
}

async fn change_email(app: &TestApp) -> String {
    let form = format!("new_email=olga%40elsewhere.example&email_password={PASSWORD}");
    let mut olga = enter(app, "olga@acme.test").await;
    olga.submit("/account/security", "/account/security/email", &form).await;
    last_part(&link(app, "olga@elsewhere.example").await)
}

fn last_part(path: &str) -> String {
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

fn cookie(app: &TestApp, browser: &Browser, name: &str) -> String {
    browser.cookie(&app.app.config.cookie_name(name)).expect("the cookie").to_owned()
}

/// Whether this address, with a token in it, shows its page.
async fn answers(mut browser: Browser, path: String) -> bool {
    match browser.get(&path).await.status.as_u16() {
        200 => true,
        404 | 410 => false,
        other => panic!("{path} answers {other}"),
    }
}

/// Whether a form is taken with this token, in the browser that the tests' own token belongs to.
async fn form(app: &TestApp, token: &str) -> bool {
    let mut browser = app.visitor();
    app.form_token(&mut browser);
    let reply = browser.post("/forgot", &format!("email=nobody%40nowhere.example&_csrf={token}")).await;
    match reply.status.as_u16() {
        200 => true,
        403 => false,
        other => panic!("the form answers {other}"),
    }
}

/// Whether a browser with this mark is one that Olga signed in with.
async fn known(app: &TestApp, token: &str) -> bool {
    let cookie = format!("{}={token}", app.app.config.cookie_name("gw-device"));
    let (mut parts, ()) = Request::builder().header("cookie", cookie).body(()).unwrap().into_parts();
    let device = CurrentDevice::from_request_parts(&mut parts, &app.app).await.unwrap();
    let olga: UserId = ACME.people[0].parse().unwrap();
    device.known_to(&app.app, olga).is_some()
}

#[tokio::test]
async fn every_token_opens_its_own_door_and_no_other() {
    let app = TestApp::new().await;
    let mut tokens = Vec::new();
    for kind in KINDS {
        tokens.push((kind.mint)(&app).await);
    }
    let mut crossings = 0;
    for door in KINDS {
        for (kind, token) in KINDS.iter().zip(&tokens) {
            let opened = (door.opens)(&app, token).await;
            assert_eq!(opened, kind.name == door.name, "the {} at the door of the {}", kind.name, door.name);
            crossings += usize::from(kind.name != door.name);
        }
    }
    assert_eq!(crossings, KINDS.len() * (KINDS.len() - 1));
    assert!(KINDS.len() >= 6);
}
