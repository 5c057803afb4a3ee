//! The metrics address of a running process.

use groundswell::config::Settings;

use super::{
    client,
    running::{Running, folder, listener, url},
};
use crate::support::cluster;

#[tokio::test]
async fn a_running_process_serves_numbers_on_their_own_address_only() {
    let (socket, folder) = (listener(), folder("metrics"));
    let free = listener().local_addr().expect("an address");
    let database = cluster::fresh_database().await;
    let env = [("DATABASE_URL", url(&database)), ("GROUNDSWELL_METRICS_LISTEN", free.to_string())];
    let env: Vec<(&str, &str)> = env.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let running = Running::serve(&socket, &folder, &[], &env);
    running.until_ready().await;

    let numbers = client::get(free, "/metrics", "").await.expect("an answer");
    assert_eq!(numbers.status, 200, "{}", numbers.body);
    assert!(
        numbers.body.contains("route=\"/readyz\"") && numbers.body.ends_with("# EOF\n"),
        "{}",
        numbers.body
    );
    assert_eq!(client::get(free, "/sign-in", "").await.expect("an answer").status, 404);
    assert_eq!(client::get(running.address, "/metrics", "").await.expect("an answer").status, 404);
}

#[test]
fn an_address_where_people_come_is_refused() {
    let settings = |listen: &str, metrics: &str| {
        let flags = ["--listen", listen, "--metrics-listen", metrics];
        crate::support::app::settings(&flags)
    };
    let told = |settings: Settings| settings.check().err().unwrap_or_default().join("\n");

    for (listen, metrics) in [
        ("127.0.0.1:8080", "127.0.0.1:8080"),
        ("0.0.0.0:8080", "127.0.0.1:8080"),
        ("127.0.0.1:8080", "0.0.0.0:8080"),
        ("[::]:8080", "0.0.0.0:8080"),
    ] {
        assert!(
            told(settings(listen, metrics)).contains("GROUNDSWELL_METRICS_LISTEN is"),
            "{listen} {metrics}"
        );
    }
    for (listen, metrics) in
        [("127.0.0.1:8080", "127.0.0.1:9464"), ("10.0.0.1:80", "127.0.0.1:80"), ("0.0.0.0:80", "")]
    {
        assert_eq!(told(settings(listen, metrics)), "", "{listen} {metrics}");
    }
}
