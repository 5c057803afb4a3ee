//! Proxies that the environment names are not used: they would connect to what we must not.

use std::process::Command;

use groundswell::net::{Destination, Request};

use super::{
    PEER, client,
    peer::{Peer, ok},
};

/// Set in the program that this test starts, which is this program again.
const INSIDE: &str = "GROUNDSWELL_TEST_BEHIND_PROXY";
const NAMES: &[&str] = &["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

#[tokio::test]
async fn a_proxy_named_in_the_environment_is_not_asked() {
    if std::env::var_os(INSIDE).is_some() {
        let peer = Peer::answering(|_| ok("straight")).await;
        let answer = client().send(Request::get(Destination::Operator, peer.url(PEER, "/"))).await;
        assert_eq!(answer.expect("an answer").body, b"straight");
        return;
    }
    let mut proxy = Peer::answering(|_| ok("by proxy")).await;
    let url = proxy.url("127.0.0.1", "");

    let own_name = "net::proxies::a_proxy_named_in_the_environment_is_not_asked";
    let run = tokio::task::spawn_blocking(move || {
        Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", own_name])
            .envs(NAMES.iter().map(|name| (name, &url)))
            .env("NO_PROXY", "")
            .env(INSIDE, "1")
            .output()
    });
    let run = run.await.expect("no panic").expect("it runs");

    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success() && said.contains("1 passed"), "{said}");
    assert_eq!(proxy.count().await, 0);
}
