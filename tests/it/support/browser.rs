//! A browser as far as the server can tell: it keeps cookies, follows nothing by itself, and says
//! where its requests come from as Chromium does.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    Router,
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use tower::ServiceExt;

#[derive(Clone)]
pub struct Browser {
    router: Router,
    cookies: BTreeMap<String, String>,
    address: IpAddr,
    headers: Vec<(String, String)>,
}

pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The same as it came, for what is no text.
    pub bytes: Bytes,
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self {
            router,
            cookies: BTreeMap::new(),
            address: Ipv4Addr::new(203, 0, 113, 9).into(),
            headers: Vec::new(),
        }
    }

    /// The same browser somewhere else.
    pub fn at_address(mut self, address: &str) -> Self {
        self.address = address.parse().expect("an address");
        self
    }

    /// A header on every request of this browser; replaces one that it would send itself.
    pub fn with_header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn set_cookie(&mut self, name: &str, value: &str) {
        self.cookies.insert(name.to_owned(), value.to_owned());
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    pub async fn get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, "", &[]).await
    }

    /// A part, as htmx asks for it.
    pub async fn hx_get(&mut self, path: &str) -> Reply {
        self.send(Method::GET, path, "", HX).await
    }

    /// A form, urlencoded.
    pub async fn post(&mut self, path: &str, form: &str) -> Reply {
        self.send(Method::POST, path, form, &[]).await
    }

    /// A form, as htmx sends it.
    pub async fn hx_post(&mut self, path: &str, form: &str) -> Reply {
        self.send(Method::POST, path, form, HX).await
    }

    /// A form with the token that its page holds: gets `page` first, as a person would.
    pub async fn submit(&mut self, page: &str, path: &str, form: &str) -> Reply {
        let token = self.get(page).await.field("_csrf");
        self.post(path, &format!("{form}&_csrf={token}")).await
    }

    /// An empty request, to see who is let in.
    pub async fn knock(&mut self, method: &Method, path: &str) -> Reply {
        self.send(method.clone(), path, "", &[]).await
    }

    pub async fn send(&mut self, method: Method, path: &str, body: &str, extra: &[(&str, &str)]) -> Reply {
        self.send_bytes(method, path, body.as_bytes(), extra).await
    }

    /// What a page listens to while it is open, as it comes; fails when this browser is not let in.
    pub async fn listen(&mut self, path: &str) -> Body {
        let request = self.request(&Method::GET, path, b"", &[]);
        let answer = self.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()[header::CONTENT_TYPE], "text/event-stream", "{path}");
        answer.into_body()
    }

    pub async fn send_bytes(
        &mut self,
        method: Method,
        path: &str,
        body: &[u8],
        extra: &[(&str, &str)],
    ) -> Reply {
        let request = self.request(&method, path, body, extra);
        let (parts, body) = self.router.clone().oneshot(request).await.expect("an answer").into_parts();
        // A stream of events has no end: its head says who was let in.
        let is_endless =
            parts.headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "text/event-stream");
        let bytes =
            if is_endless { Bytes::new() } else { body.collect().await.expect("a whole body").to_bytes() };
        self.keep_cookies(&parts.headers);
        Reply {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }

    /// As a browser writes it, with its cookies and all that it says by itself.
    fn request(&self, method: &Method, path: &str, body: &[u8], extra: &[(&str, &str)]) -> Request<Body> {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .extension(ConnectInfo(SocketAddr::new(self.address, 40_000)));
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let mine = |name: &str| {
            self.headers.iter().any(|(mine, _)| mine == name) || extra.iter().any(|(e, _)| *e == name)
        };
        for (name, value) in OWN {
            if !mine(name) && (*name != "content-type" || *method == Method::POST) {
                request = request.header(*name, *value);
            }
        }
        for (name, value) in
            self.headers.iter().map(|(n, v)| (n.as_str(), v.as_str())).chain(extra.iter().copied())
        {
            // An empty value leaves out what the browser would send by itself.
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        request.body(Body::from(body.to_vec())).expect("a request")
    }

    fn keep_cookies(&mut self, headers: &HeaderMap) {
        for set in headers.get_all(header::SET_COOKIE) {
            let text = set.to_str().expect("a readable cookie");
            let (pair, rest) = text.split_once(';').unwrap_or((text, ""));
            let (name, value) = pair.split_once('=').expect("name=value");
            if rest.to_lowercase().contains("max-age=0") || value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

/// What a browser says by itself; a form's kind with a POST only.
const OWN: &[(&str, &str)] = &[
    ("host", "app.groundswell.test"),
    ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0 Safari/537.36"),
    ("content-type", "application/x-www-form-urlencoded"),
    ("sec-fetch-site", "same-origin"),
];

const HX: &[(&str, &str)] = &[("hx-request", "true"), ("hx-request-type", "partial")];

impl Reply {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().expect("a readable header"))
    }

    /// The value of the first field with this name on the page.
    pub fn field(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\"");
        let tag = self
            .body
            .split('<')
            .find(|tag| tag.contains(&marker))
            .unwrap_or_else(|| panic!("no field {name} on:\n{}", self.body));
        let value = tag.split_once("value=\"").map_or("", |(_, rest)| rest);
        value.split('"').next().unwrap_or_default().to_owned()
    }

    /// The page as a person reads it: tags gone, entities read, white space folded.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut inside = false;
        for c in self.body.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    text.push(' ');
                }
                c if !inside => text.push(c),
                _ => {}
            }
        }
        let text = text
            .replace("&#39;", "'")
            .replace("&#34;", "\"")
            .replace("&#60;", "<")
            .replace("&#62;", ">")
            .replace("&#38;", "&");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
