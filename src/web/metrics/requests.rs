//! Requests, counted and timed as they pass.

use std::{
    sync::atomic::AtomicI64,
    time::{Duration, Instant},
};

use axum::{
    extract::{MatchedPath, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use prometheus_client::{
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::Registry,
};

use crate::web::App;

/// Upper bounds in seconds: finer where pages usually are.
const BUCKETS: [f64; 11] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 20.0];
/// What the route of an address is called that no route has.
const NO_ROUTE: &str = "none";

type Labels = Vec<(&'static str, String)>;

#[derive(Clone)]
pub(super) struct Requests {
    answered: Family<Labels, Counter>,
    seconds: Family<Labels, Histogram>,
    in_flight: Gauge<i64, AtomicI64>,
}

impl Requests {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let requests = Self {
            answered: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
            in_flight: Gauge::default(),
        };
        let (answered, seconds) = (requests.answered.clone(), requests.seconds.clone());
        registry.register("http_requests", "Requests answered", answered);
        registry.register("http_request_duration_seconds", "Time until an answer began", seconds);
        let in_flight = requests.in_flight.clone();
        registry.register("http_requests_in_flight", "Requests whose answer has not begun", in_flight);
        requests
    }

    fn note(&self, method: &'static str, route: String, status: StatusCode, took: Duration) {
        let labels = vec![("method", method.to_owned()), ("route", route)];
        self.seconds.get_or_create(&labels).observe(took.as_secs_f64());
        let labels = [labels, vec![("status", class(status).to_owned())]].concat();
        self.answered.get_or_create(&labels).inc();
    }
}

/// Counts down when the request is answered, and when its visitor went away before.
struct InFlight(Gauge<i64, AtomicI64>);

impl InFlight {
    fn new(gauge: &Gauge<i64, AtomicI64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The outermost layer: what it times is what a visitor waits for.
pub async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let requests = &app.metrics.requests;
    let method = known(request.method());
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map_or_else(|| NO_ROUTE.to_owned(), |path| path.as_str().to_owned());
    let in_flight = InFlight::new(&requests.in_flight);
    let start = Instant::now();
    let response = next.run(request).await;
    drop(in_flight);
    requests.note(method, route, response.status(), start.elapsed());
    response
}

/// A visitor may make up methods; those that nobody serves share a name.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        _ => "other",
    }
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}
