//! Numbers for those who watch over the installation: in a format that can be read, where nobody else comes.

use std::collections::BTreeMap;

use axum::Router;
use groundswell::{
    app,
    web::metrics::{self, Gauges, Reading},
};
use regex_lite::Regex;

use crate::support::{Browser, TestApp};

/// One line of numbers: the family it is of, its labels, its value.
#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

/// Reads OpenMetrics 1.0, and fails at what is none.
fn read(text: &str) -> Vec<Sample> {
    let sample =
        Regex::new(r#"^([a-z_:][a-z0-9_:]*)(?:\{(.*)\})? (-?[0-9.eE+-]+|NaN|\+Inf)$"#).expect("a pattern");
    let label = Regex::new(r#"([a-z_]+)="((?:[^"\\\n]|\\.)*)""#).expect("a pattern");
    assert!(text.ends_with("# EOF\n"), "it has no end:\n{text}");
    let (mut samples, mut families, mut family) = (Vec::new(), Vec::new(), String::new());
    for line in text.lines().filter(|line| *line != "# EOF") {
        if let Some(described) = line.strip_prefix("# ") {
            let mut words = described.splitn(3, ' ');
            let (what, name) = (words.next().expect("a word"), words.next().expect("a name").to_owned());
            assert!(["HELP", "TYPE", "UNIT"].contains(&what), "{line}");
            if what == "HELP" {
                assert!(!families.contains(&name), "{name} is described twice");
                families.push(name.clone());
                family = name;
            }
            continue;
        }
        let found = sample.captures(line).unwrap_or_else(|| panic!("not a sample: {line}"));
        assert!(found[1].starts_with(&family), "{line} stands under {family}");
        let pairs = found.get(2).map_or("", |labels| labels.as_str());
        let labels =
            label.captures_iter(pairs).map(|pair| (pair[1].to_owned(), pair[2].to_owned())).collect();
        let value = found[3].replace("+Inf", "inf").parse().expect("a number");
        samples.push(Sample { name: found[1].to_owned(), labels, value });
    }
    samples
}

fn numbers(router: Router) -> Browser {
    Browser::new(router)
}

async fn samples(app: &TestApp) -> Vec<Sample> {
    let reply = numbers(app::metrics_router(&app.app)).get("/metrics").await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert_eq!(reply.header("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
    read(&reply.body)
}

fn value(samples: &[Sample], name: &str, labels: &[(&str, &str)]) -> Option<f64> {
    let fits = |sample: &&Sample| {
        sample.name == name
            && labels.iter().all(|(key, value)| sample.labels.get(*key).is_some_and(|is| is == value))
    };
    samples.iter().find(fits).map(|sample| sample.value)
}

#[tokio::test]
async fn requests_are_counted_by_route_method_and_class_of_status() {
    let app = TestApp::new().await;
    let mut visitor = app.visitor();
    for path in ["/sign-in", "/sign-in", "/w/acme", "/no/such/page", "/nor/such/a/one"] {
        visitor.get(path).await;
    }

    let samples = samples(&app).await;

    let counted = |route: &str, status: &str| {
        value(&samples, "http_requests_total", &[("method", "GET"), ("route", route), ("status", status)])
    };
    assert_eq!(counted("/sign-in", "2xx"), Some(2.0), "{samples:?}");
    assert_eq!(counted("/w/{org}", "3xx").or(counted("/w/{org}", "4xx")), Some(1.0), "{samples:?}");
    assert_eq!(counted("none", "4xx"), Some(2.0));
    let timed = [("method", "GET"), ("route", "/sign-in")];
    assert_eq!(value(&samples, "http_request_duration_seconds_count", &timed), Some(2.0));
    let all = [("method", "GET"), ("route", "/sign-in"), ("le", "+Inf")];
    assert_eq!(value(&samples, "http_request_duration_seconds_bucket", &all), Some(2.0));
    assert_eq!(value(&samples, "http_requests_in_flight", &[]), Some(0.0));
}

#[tokio::test]
async fn the_process_its_pool_and_its_queue_are_shown() {
    let app = TestApp::new().await;

    let samples = samples(&app).await;

    for name in ["process_start_time_seconds", "db_pool_limit", "groundswell_build_info"] {
        assert!(value(&samples, name, &[]).is_some_and(|value| value > 0.0), "{name}: {samples:?}");
    }
    for state in ["idle", "used"] {
        assert!(value(&samples, "db_pool_connections", &[("state", state)]).is_some(), "{samples:?}");
    }
    assert_eq!(value(&samples, "groundswell_gauges_missing", &[]), Some(0.0));
    assert_eq!(value(&samples, "groundswell_jobs_due", &[]), Some(0.0));
    if cfg!(target_os = "linux") {
        assert!(value(&samples, "process_resident_memory_bytes", &[]).is_some_and(|bytes| bytes > 1e6));
        assert!(value(&samples, "process_cpu_seconds_total", &[]).is_some());
    }
}

#[tokio::test]
async fn no_label_holds_what_a_visitor_wrote() {
    let app = TestApp::new().await;
    let mut owner = app.sign_in("olga@acme.test").await;
    let canary = "01890000-0000-7000-8000-00000000000a";
    for path in ["/w/acme", "/w/canary-slug/people", "/assets/canary/canary.css", "/canary?canary=canary"] {
        owner.get(&format!("{path}#{canary}")).await;
        owner.get(&format!("{path}/{canary}")).await;
    }
    for method in ["CANARY", "CANARY2", "PROPFIND", "DELETE"] {
        let request = http::Request::builder().method(method).uri("/sign-in").header("host", "canary.test");
        let request = request.body(axum::body::Body::empty()).expect("a request");
        tower::ServiceExt::oneshot(app.router.clone(), request).await.expect("an answer");
    }

    let samples = samples(&app).await;

    let doors = app::routes(true);
    let mut routes: Vec<&str> = doors.doors().iter().map(|door| door.path.as_str()).collect();
    routes.extend(["none", "/assets/{build}/{*path}"]);
    for sample in &samples {
        for (name, value) in &sample.labels {
            assert!(!value.to_lowercase().contains("canary") && !value.contains("acme"), "{sample:?}");
            match name.as_str() {
                "route" => assert!(routes.contains(&value.as_str()), "{sample:?}"),
                "method" => assert!(["GET", "HEAD", "POST", "other"].contains(&value.as_str()), "{sample:?}"),
                "status" => assert!(value.ends_with("xx"), "{sample:?}"),
                "le" | "state" | "task" | "version" => {}
                other => panic!("the label {other} has not been thought about"),
            }
        }
    }
}

#[tokio::test]
async fn people_do_not_find_them_and_watchers_find_nothing_else() {
    let app = TestApp::new().await;

    for path in ["/metrics", "/metrics/", "/dev/metrics"] {
        assert_eq!(app.visitor().get(path).await.status, 404, "{path}");
        assert_eq!(app.sign_in("olga@acme.test").await.get(path).await.status, 404, "{path}");
    }
    for path in ["/", "/sign-in", "/readyz", "/w/acme"] {
        assert_eq!(numbers(app::metrics_router(&app.app)).get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn numbers_that_cannot_be_read_leave_the_others_standing() {
    let app = TestApp::new().await;
    let depth = |_| async {
        let queue = |name, depth| Reading::new("queue_depth", "Jobs that wait", depth).of("queue", name);
        anyhow::Ok(vec![queue("mail", 3.0), queue("import", 4.0)])
    };
    let away = |_| async { Err::<Vec<Reading>, _>(anyhow::anyhow!("the database is away")) };
    let gauges = Gauges::default().with("queue", depth).with("away", away);

    let reply = numbers(metrics::router(app.app.clone(), gauges)).get("/metrics").await;

    let samples = read(&reply.body);
    assert_eq!(value(&samples, "queue_depth", &[("queue", "import")]), Some(4.0), "{samples:?}");
    assert_eq!(value(&samples, "queue_depth", &[("queue", "mail")]), Some(3.0));
    assert_eq!(value(&samples, "groundswell_gauges_missing", &[]), Some(1.0));
}
