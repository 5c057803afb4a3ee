//! What is typed is never part of a statement (SQL-2): the server's own fingerprints of all that it is asked are the same
//! for hostile values as for harmless ones, whichever operator, kind of field, order or place of a page they come with.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{Read as _, Seek as _, SeekFrom},
};

use axum::http::Method;
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};

use crate::support::{
    Browser, TestApp,
    cluster::{self, Role},
    tenant::ACME,
};

/// Hostile strings that are tried with each option: a few in turn, or so many as `GROUNDSWELL_SQL2` says while this is
/// built. All of them are 150.
fn many() -> usize {
    option_env!("GROUNDSWELL_SQL2").and_then(|number| number.parse().ok()).unwrap_or(2)
}

/// Strings that have ended a literal, a comment, a number, a name or a list somewhere.
fn hostile() -> Vec<String> {
    let roots = [
        "'",
        "''",
        "' or '1'='1",
        "' or 1=1--",
        "'; drop table contacts;--",
        "\\'; select 1;--",
        "') or ('1'='1",
        "')) or 1=1/*",
        "1 or 1=1",
        "1; select pg_sleep(9)",
        "1) union select null--",
        "' union select null, null::text--",
        "\"",
        "\"; select 1;--",
        "$1",
        "$2::text",
        "$$x$$",
        "$a$ or true $a$",
        "%",
        "%' or true or '%",
        "_",
        "\\",
        "\\\\",
        "%\\",
        "E'\\x27'",
        "U&'\\0027'",
        "\u{2019} or 1=1",
        "＇ or 1=1",
        "/*",
        "*/ or true /*",
        "--",
        "# x",
        ";",
        "null",
        "true",
        "1e309",
        "NaN",
        "infinity",
        "-1",
        "0x27",
        "0000-01-01",
        "+123456-01-01",
        "{1,2}",
        "{\"a\":1}",
        "[]",
        "a\nb' or '1",
        "a\r\n--",
        "\t'",
        "\u{1}'",
        "ﬁ'",
        "𝕏' or '1'='1",
    ];
    let around: [fn(&str) -> String; 3] = [
        |root| root.to_owned(),
        |root| format!("2026-11-21{root}"),
        |root| format!("00000000-0000-7000-8000-0000000008a1{root}"),
    ];
    let mut all: Vec<String> = around.iter().flat_map(|make| roots.map(make)).collect();
    all.truncate(149);
    all.push("x\0' or 1=1--".to_owned());
    all
}

/// What people type: of each kind something that is understood, and something that is not.
const HARMLESS: &[&str] = &[
    "ann",
    "",
    "12",
    "2026-11-21",
    "zoe",
    "0",
    "100",
    "-5",
    "2026-11-21T09:00:00Z",
    "infinity",
    "lead",
    "true",
    "asc",
    "desc",
    "archived",
    "email",
    "name",
    "table",
    "all",
    "machines",
    ACME.list,
    ACME.tag,
    ACME.topic,
    ACME.people[0],
    ACME.pipeline,
    ACME.stage,
];

/// A string of as many words, as long, with letters where the other has signs.
fn harmless(hostile: &str) -> String {
    let letters = ('a'..='z').cycle();
    let signs = hostile.chars().filter(|sign| *sign != '\0').zip(letters);
    signs
        .map(|(sign, letter)| if sign.is_alphanumeric() || sign.is_whitespace() { sign } else { letter })
        .collect()
}

/// Of these so many are tried first.
const SOME: usize = 4;

/// A way to ask, in which `VALUE` is what is typed and `PLACE` the place of a page with that.
#[derive(Clone, Debug)]
struct Way {
    path: String,
    /// What a form holds besides, whose `view` is this.
    view: Option<String>,
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

impl Way {
    fn get(path: &str) -> Self {
        Self { path: format!("/w/acme{path}"), view: None }
    }

    async fn ask(&self, app: &TestApp, mia: &mut Browser, value: &str) -> u16 {
        let place = json!({ "value": value, "id": ACME.contact }).to_string();
        let fill = |text: &str| {
            text.replace("VALUE", &encoded(value)).replace("PLACE", &BASE64URL_NOPAD.encode(place.as_bytes()))
        };
        let Some(view) = &self.view else { return mia.get(&fill(&self.path)).await.status.as_u16() };
        let form = format!("columns=view&view={}", encoded(&fill(view)));
        let reply = mia.send(Method::POST, &fill(&self.path), &form, &[]).await;
        app.work().await;
        reply.status.as_u16()
    }
}

/// Every comparison of every kind of subject, and every value that it takes.
fn lines() -> Vec<String> {
    let text = ["is", "is_not", "one_of", "contains", "lacks", "starts", "ends", "known"].as_slice();
    let number = ["equals", "at_least", "more", "at_most", "less", "between", "unknown"].as_slice();
    let day = ["in_last", "before_last", "in_next", "anniversary", "on", "before", "after"].as_slice();
    let subjects: &[(&str, &[&str])] = &[
        ("field:city", text),
        ("field:email", text),
        ("field:source", &["is", "contains"]),
        ("custom:shoe", text),
        ("custom:kind_url", &["is", "starts"]),
        ("custom:kind_time", &["is"]),
        ("field:lifecycle_stage", &["is", "is_not"]),
        ("field:owner_id", &["is", "is_not"]),
        ("field:lead_score", number),
        ("custom:kind_number", number),
        ("custom:kind_boolean", &["yes", "no"]),
        ("custom:kind_date", day),
        ("field:created_at", &["in_last", "before_last", "anniversary", "on", "before", "after"]),
        ("tag:", &["has", "has_not"]),
        ("list:", &["in", "not_in"]),
        ("consent:", &["reachable", "unreachable", "yes", "no", "pause", "nothing"]),
        ("event:email.opened", &["did", "did_not"]),
    ];
    let line =
        |about: &str, is: &str, values: &str| format!("join.0=any&about.0.0={about}&is.0.0={is}&{values}");
    let mut all: Vec<String> = subjects
        .iter()
        .flat_map(|(about, ways)| {
            ways.iter().map(move |is| line(about, is, "value.0.0.0=VALUE&value.0.0.1=12"))
        })
        .collect();
    for nth in 1..4 {
        all.push(line("event:email.opened", "did", &format!("value.0.0.0=1&value.0.0.{nth}=VALUE")));
    }
    all.push(line("field:lead_score", "between", "value.0.0.0=1&value.0.0.1=VALUE"));
    all.push(line("VALUE", "is", "value.0.0.0=x"));
    all.push(line("custom:VALUE", "is", "value.0.0.0=x"));
    all.push(line("field:city", "VALUE", "value.0.0.0=x"));
    all.push("join.0=VALUE&about.0.0=field:city&is.0.0=is&value.0.0.0=x".to_owned());
    all
}

fn ways() -> Vec<Way> {
    let mut all = Vec::new();
    for line in lines() {
        all.push(Way::get(&format!("/contacts?{line}")));
        all.push(Way::get(&format!("/contacts/segments/look?{line}")));
    }
    for field in
        ["q", "list", "tag", "status", "sort", "dir", "after", "before", "cols", "column", "do", "panel"]
    {
        all.push(Way::get(&format!("/contacts?{field}=VALUE")));
    }
    for sort in [
        "added",
        "name",
        "email",
        "company",
        "stage",
        "lead_status",
        "lead_score",
        "engagement_score",
        "changed",
    ] {
        for place in ["after", "before"] {
            all.push(Way::get(&format!("/contacts?sort={sort}&{place}=PLACE")));
        }
    }
    for field in [
        "view=table&q",
        "view=table&pipeline",
        "view=table&stage",
        "owner",
        "pipeline",
        "view=table&owner",
        "view",
        "view=table&status",
        "view=table&sort",
        "view=table&dir",
    ] {
        all.push(Way::get(&format!("/deals?{field}=VALUE")));
    }
    for sort in ["", "name", "value", "close", "age"] {
        all.push(Way::get(&format!("/deals?view=table&sort={sort}&after=PLACE")));
    }
    for field in ["companies?q=VALUE", "companies?after=PLACE", "companies?before=VALUE", "palette?q=VALUE"] {
        all.push(Way::get(&format!("/{field}")));
    }
    for view in [
        "q=VALUE",
        "cols=city,VALUE",
        "cols=VALUE",
        "sort=VALUE&dir=VALUE",
        "join.0=all&about.0.0=field:city&is.0.0=contains&value.0.0.0=VALUE",
    ] {
        all.push(Way { path: "/w/acme/contacts/exports".to_owned(), view: Some(view.to_owned()) });
    }
    all
}

/// The statements that a database was asked, as the server tells them apart.
struct Asked {
    database: String,
    log: File,
}

impl Asked {
    async fn begin(database: &str) -> Self {
        let mut conn =
            PgConnection::connect_with(&cluster::endpoint("postgres", Role::Super).0).await.unwrap();
        for sql in [
            "alter system set log_line_prefix = '%d %Q '".to_owned(),
            format!("alter database {database} set compute_query_id = on"),
            format!("alter database {database} set log_parameter_max_length = 0"),
            format!("alter database {database} set log_min_duration_statement = 0"),
            "select pg_reload_conf()".to_owned(),
        ] {
            conn.execute(AssertSqlSafe(sql)).await.unwrap();
        }
        while {
            let shown: String =
                sqlx::query_scalar("show log_line_prefix").fetch_one(&mut conn).await.unwrap();
            shown != "%d %Q "
        } {}
        let mut log = File::open(&cluster::cluster().log).unwrap();
        log.seek(SeekFrom::End(0)).unwrap();
        Self { database: database.to_owned(), log }
    }

    /// What was asked since the last time: the fingerprint of each, and what it looked like.
    fn since(&mut self) -> BTreeMap<i64, String> {
        let mut said = Vec::new();
        self.log.read_to_end(&mut said).unwrap();
        let said = String::from_utf8_lossy(&said).into_owned();
        let start = format!("{} ", self.database);
        let mut all = BTreeMap::new();
        for line in said.split(&format!("\n{start}")) {
            let Some((id, rest)) = line.trim_start_matches(&start).split_once(' ') else { continue };
            let is_done = rest.contains("ms  execute ") || rest.contains("ms  statement: ");
            if let Some(id) = id.parse().ok().filter(|id| is_done && *id != 0) {
                all.insert(id, rest.chars().take(600).collect());
            }
        }
        all
    }
}

/// Somebody who may see all of it, with fields of every kind.
async fn town() -> (TestApp, Asked, Browser) {
    let app = TestApp::new().await.leaves_jobs().idle().await;
    let asked = Asked::begin(&app.database).await;
    let mut olga = app.sign_in("olga@acme.test").await;
    for kind in ["number", "date", "boolean", "url", "time"] {
        let made = olga.post("/w/acme/settings/fields", &format!("label=Kind+{kind}&kind={kind}")).await;
        assert_eq!(made.status, 303, "{kind}: {}", made.text());
    }
    app.work().await;
    (app, asked, olga)
}

#[tokio::test]
async fn the_server_is_asked_the_same_whatever_is_typed() {
    let (app, mut asked, mut olga) = town().await;
    let (hostile, ways) = (hostile(), ways());
    assert_eq!(hostile.len(), 150);
    let (mut requests, mut checked, mut seen) = (0, 0, 0);
    for (nth, way) in ways.iter().enumerate() {
        let (some, rest) = HARMLESS.split_at(SOME);
        for value in some {
            assert!(way.ask(&app, &mut olga, value).await < 500, "{way:?} {value}");
        }
        let mut known = asked.since();
        assert!(known.len() >= 3, "nothing is heard of {way:?}: {known:?}");
        seen += known.len();
        let (mut is_all, long) = (false, "x".repeat(600));
        for turn in 0..many().min(hostile.len()) {
            let value = &hostile[(nth * 7 + turn * 37) % hostile.len()];
            let status = way.ask(&app, &mut olga, value).await;
            assert!(status < 500, "{status}: {way:?} {value:?}");
            requests += 1;
            let mut new = asked.since();
            new.retain(|id, _| !known.contains_key(id));
            // What is asked seldom is asked for harmless values too: those are tried before it is called new.
            if !new.is_empty() {
                let like = harmless(value);
                let all = if is_all { [].iter() } else { rest.iter() };
                for value in all.chain([&like.as_str(), &long.as_str()]) {
                    way.ask(&app, &mut olga, value).await;
                }
                known.extend(asked.since());
                is_all = true;
            }
            new.retain(|id, _| !known.contains_key(id));
            assert!(new.is_empty(), "{way:?} {value:?} asked something else: {new:#?}");
        }
        checked += 1;
    }
    assert!(checked == ways.len() && requests >= checked && seen > 1_000, "{checked} {requests} {seen}");
}

/// The test would hear of it: a statement into which a value was written has a fingerprint of its own.
#[tokio::test]
async fn a_value_that_is_written_into_a_statement_is_heard() {
    let (app, mut asked, _olga) = town().await;
    let mut heard = Vec::new();
    for value in ["x", "y", "x' or '1'='1"] {
        asked.since();
        let sql = format!("select id from contacts where first_name = '{value}'");
        let mut conn = app.app.db.connection().await.unwrap();
        sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut *conn).await.unwrap();
        heard.push(asked.since().into_keys().collect::<Vec<_>>());
    }
    assert_eq!(heard[0], heard[1], "two harmless values are one statement");
    assert_ne!(heard[0], heard[2]);
}
