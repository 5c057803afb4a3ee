//! Requests to others leave through `src/net` alone.

use super::{
    each_is_heard, none,
    source::{Code, File, files},
};

/// Crates that could open a connection for HTTP.
const CLIENTS: &[&str] = &["reqwest", "hyper_util::client", "hyper::client", "lookup_host"];

fn bypasses(file: &File) -> Vec<String> {
    let flat = Code::of(&file.text).flat;
    let named = CLIENTS.iter().filter(|client| flat.contains(**client) && file.module() != "net");
    named
        .map(|client| format!("{} names {client}: requests to others go through src/net", file.path))
        .collect()
}

#[test]
fn only_net_asks_other_servers() {
    let sources = files("src", ".rs");
    assert!(sources.iter().any(|file| file.module() == "net" && file.text.contains("reqwest")));
    none(sources.iter().flat_map(bypasses));
}

#[test]
fn a_way_around_it_is_heard() {
    let planted = ["let page = reqwest::get(url).await?;", "use hyper_util::client::legacy::Client;"];
    each_is_heard(&planted, |text| bypasses(&File { path: "src/orgs/live.rs".into(), text: text.into() }));
}
