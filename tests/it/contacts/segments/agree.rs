//! What a rule means to PostgreSQL is what it means to a reader: random rules over random people, against an
//! evaluator that knows neither SQL nor [`groundswell::contacts::segments::check`].

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::{America::New_York, Tz};
use groundswell::{
    app,
    contacts::segments::{
        catalogue::{Catalogue, Kind, Subject},
        check, matching,
        rule::{Group, Join, Line, Rule},
    },
    tenancy::{JobScope, OrgTx},
};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, tenant::ACME};

/// How many rules are tried. 100,000 take half an hour.
fn rules() -> usize {
    option_env!("GROUNDSWELL_SQL4").and_then(|number| number.parse().ok()).unwrap_or(500)
}
const PEOPLE: usize = 2_000;
/// Rules that are asked in one statement.
const TOGETHER: usize = 50;

/// A small generator of its own: the same rules each time, so that what fails can be looked at.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        *of.get(self.below(of.len())).unwrap()
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// Somebody, with all that rules ask for.
#[derive(Debug)]
struct Person {
    id: Uuid,
    email: Option<String>,
    city: &'static str,
    stage: &'static str,
    custom: Value,
    added: DateTime<Utc>,
    lists: Vec<usize>,
    /// What they said, in its order: about which topic, and what.
    said: Vec<(Option<usize>, &'static str)>,
    is_suppressed: bool,
    /// What they did: kind, how many days ago, whether it was a machine.
    did: Vec<(&'static str, i64, bool)>,
}

const CITIES: &[&str] =
    &["", "Denver", "denver", "DENVER ", "Łódź", "łódź", "İzmir", "ΣΑΣ", "D%_\\", "New York"];
const STAGES: &[&str] = &["lead", "customer", "inactive"];
const KINDS: &[&str] = &["email.opened", "email.clicked"];
const ZONE: Tz = New_York;

fn person(dice: &mut Dice, n: usize) -> Person {
    let mut custom = serde_json::Map::new();
    let mut put = |key: &str, values: &[Value], dice: &mut Dice| {
        if dice.is(80) {
            custom.insert(key.to_owned(), values.get(dice.below(values.len())).unwrap().clone());
        }
    };
    put("size", &[json!(0), json!(-3.5), json!(12), json!(12.0), json!(1e3), json!("big"), json!("")], dice);
    put(
        "money",
        &[json!({"amount": 1250, "currency": "EUR"}), json!({"amount": -1}), json!({}), json!("x")],
        dice,
    );
    put(
        "born",
        &[json!("1980-02-29"), json!("2001-11-22"), json!("soon"), json!(""), json!("2026-11-20")],
        dice,
    );
    put("vip", &[json!(true), json!(false), json!("true")], dice);
    put("likes", &[json!(["a"]), json!(["a", "b"]), json!([]), json!("b")], dice);
    put("note", &[json!("Éclair"), json!("éclair"), json!(""), json!("100% _x_"), json!(7)], dice);
    // Around the days on which clocks change, at any quarter of an hour.
    let day = dice.one(&["2026-03-08", "2026-11-01", "2025-11-02", "2026-11-21", "2026-11-22", "2024-02-29"]);
    let day: NaiveDate = day.parse().unwrap();
    let minutes = i64::try_from(dice.below(2 * 96)).unwrap() * 15;
    let said = (0..dice.below(4)).map(|_| {
        (dice.one(&[None, Some(0), Some(1)]), dice.one(&["granted", "withdrawn", "paused", "was paused"]))
    });
    let said: Vec<_> = said.collect();
    let did = (0..dice.below(5))
        .map(|_| (dice.one(KINDS), i64::try_from(dice.below(12)).unwrap(), dice.is(30)))
        .collect();
    Person {
        id: Uuid::from_u128(0xf00d_0000_0000_7000_8000_0000_0000_0000 + n as u128),
        email: dice.is(80).then(|| format!("p{n}@many.test")),
        city: dice.one(CITIES),
        stage: dice.one(STAGES),
        custom: custom.into(),
        added: day.and_hms_opt(0, 0, 0).unwrap().and_utc() + TimeDelta::minutes(minutes),
        lists: (0..3).filter(|_| dice.is(30)).collect(),
        said,
        is_suppressed: dice.is(10),
        did,
    }
}

/// Writes them down as the program would have.
async fn plant(app: &TestApp, people: &[Person], lists: &[Uuid], topics: &[Uuid], now: DateTime<Utc>) {
    let org: Uuid = ACME.org.parse().unwrap();
    // No transaction around it: what happens is told up to the oldest that is open, in other tests too.
    sqlx::query("update organizations set time_zone = $2 where id = $1")
        .bind(org)
        .bind(ZONE.name())
        .execute(&app.owner)
        .await
        .unwrap();
    sqlx::query("update contacts set archived_at = now() where organization_id = $1")
        .bind(org)
        .execute(&app.owner)
        .await
        .unwrap();
    for (n, (list, topic)) in lists.iter().zip(topics).enumerate() {
        sqlx::query("insert into contact_lists (organization_id, id, name, created_at, updated_at) values ($1, $2, $3, now(), now())")
            .bind(org).bind(list).bind(format!("List {n}")).execute(&app.owner).await.unwrap();
        sqlx::query("insert into subscription_topics (organization_id, id, name, position, created_at) values ($1, $2, $3, 9, now())")
            .bind(org).bind(topic).bind(format!("Topic {n}")).execute(&app.owner).await.unwrap();
    }
    for person in people {
        sqlx::query("insert into contacts (organization_id, id, email, city, lifecycle_stage, custom, created_at, updated_at) values ($1, $2, $3, $4, $5, $6, $7, $7)")
            .bind(org).bind(person.id).bind(&person.email).bind(person.city).bind(person.stage).bind(&person.custom)
            .bind(person.added).execute(&app.owner).await.unwrap();
        for list in &person.lists {
            sqlx::query("insert into contact_list_members (organization_id, list_id, contact_id, source, joined_at) values ($1, $2, $3, '', now())")
                .bind(org).bind(lists.get(*list)).bind(person.id).execute(&app.owner).await.unwrap();
        }
        for (topic, said) in &person.said {
            let (state, until) = match *said {
                "was paused" => ("paused", Some(now - TimeDelta::days(1))),
                "paused" => ("paused", Some(now + TimeDelta::days(1))),
                other => (other, None),
            };
            sqlx::query("insert into consents (organization_id, contact_id, id, topic_id, state, paused_until, source, recorded_at) values ($1, $2, $3, $4, $5, $6, 'staff', now())")
                .bind(org).bind(person.id).bind(Uuid::now_v7()).bind(topic.and_then(|topic| topics.get(topic))).bind(state).bind(until)
                .execute(&app.owner).await.unwrap();
        }
        if let Some(email) = person.email.as_ref().filter(|_| person.is_suppressed) {
            sqlx::query("insert into suppressions (organization_id, address_hash, address, reason, created_at) values ($1, app.address_hash($1, $2), $2, 'manual', now())")
                .bind(org).bind(email).execute(&app.owner).await.unwrap();
        }
        for (kind, days, is_bot) in &person.did {
            sqlx::query("insert into events (organization_id, occurred_at, id, kind, contact_id, payload, is_bot) values ($1, $2, $3, $4, $5, '{}', $6)")
                .bind(org).bind(now - TimeDelta::days(*days) - TimeDelta::hours(1)).bind(Uuid::now_v7()).bind(kind).bind(person.id)
                .bind(is_bot).execute(&app.owner).await.unwrap();
        }
    }
}

/// A line whose kind is one that it can have.
fn line(dice: &mut Dice, lists: &[Uuid], topics: &[Uuid]) -> Line {
    let known = |is: &str| Line { is: is.to_owned(), ..Line::default() };
    let (about, one) = match dice.below(11) {
        0 => ("field:city", text(dice)),
        1 => ("custom:note", text(dice)),
        2 => {
            let (is, stage) = (dice.one(&["is", "is_not"]), dice.one(STAGES));
            ("field:lifecycle_stage", Line { values: vec![stage.to_owned()], ..known(is) })
        }
        3 => ("custom:size", number(dice)),
        4 => ("custom:money", number(dice)),
        5 => (
            "custom:born",
            day(dice, &["in_last", "before_last", "in_next", "anniversary", "on", "before", "after"]),
        ),
        6 => (
            "field:created_at",
            day(dice, &["in_last", "before_last", "anniversary", "on", "before", "after"]),
        ),
        7 => match dice.below(2) {
            0 => ("custom:vip", known(dice.one(&["yes", "no", "known", "unknown"]))),
            _ => {
                let (is, choice) = (dice.one(&["is", "is_not"]), dice.one(&["a", "b"]));
                ("custom:likes", Line { values: vec![choice.to_owned()], ..known(is) })
            }
        },
        8 => {
            let mut some: Vec<String> = lists.iter().map(ToString::to_string).collect();
            some.truncate(1 + dice.below(3));
            ("list:", Line { values: some, ..known(dice.one(&["in", "not_in"])) })
        }
        9 => {
            let topic = dice
                .one(&[None, Some(0), Some(1)])
                .map_or(String::new(), |topic: usize| topics.get(topic).unwrap().to_string());
            let is = dice.one(&["reachable", "unreachable", "yes", "no", "pause", "nothing"]);
            ("consent:", Line { values: vec![topic], ..known(is) })
        }
        _ => {
            let about = dice.one(&["event:email.opened", "event:email.clicked"]);
            let often = dice.one(&["", "1", "2", "3"]).to_owned();
            let days = dice.one(&["", "3", "5", "10"]).to_owned();
            let who = dice.one(&["", "machines"]).to_owned();
            (
                about,
                Line {
                    values: vec![often, days, String::new(), who],
                    ..known(dice.one(&["did", "did_not"]))
                },
            )
        }
    };
    Line { about: about.to_owned(), ..one }
}

fn text(dice: &mut Dice) -> Line {
    let is = dice.one(&["is", "is_not", "one_of", "contains", "lacks", "starts", "ends", "known", "unknown"]);
    let with =
        dice.one(&["denver", "DEN", "ver", "ŁÓDŹ", "i", "İ", "σας", "%", "_", "\\", "éc", "new york", "7"]);
    let with = if is == "one_of" { format!("{with}, Denver") } else { with.to_owned() };
    Line { is: is.to_owned(), values: vec![with], about: String::new() }
}

fn number(dice: &mut Dice) -> Line {
    let is = dice.one(&["equals", "at_least", "more", "at_most", "less", "between", "known", "unknown"]);
    let numbers = ["0", "-3.5", "12", "12.5", "1000", "-0.01"];
    let values = vec![dice.one(&numbers).to_owned(), dice.one(&numbers).to_owned()];
    Line { is: is.to_owned(), values, about: String::new() }
}

fn day(dice: &mut Dice, ways: &[&str]) -> Line {
    let is = dice.one(ways);
    let value = match is {
        "on" | "before" | "after" => {
            dice.one(&["2026-11-01", "2026-03-08", "1980-02-29", "2026-11-21", "2024-02-29"])
        }
        _ => dice.one(&["1", "20", "100", "400"]),
    };
    Line { is: is.to_owned(), values: vec![value.to_owned()], about: String::new() }
}

fn group(dice: &mut Dice, depth: usize, lists: &[Uuid], topics: &[Uuid]) -> Group {
    let join = dice.one(&Join::ALL);
    let rules = (0..=dice.below(3))
        .map(|_| {
            if depth < 3 && dice.is(25) {
                Rule::Group(group(dice, depth + 1, lists, topics))
            } else {
                Rule::Line(line(dice, lists, topics))
            }
        })
        .collect();
    Group { join, rules }
}

/// What a reader takes a rule for.
struct Reader<'a> {
    lists: &'a [Uuid],
    topics: &'a [Uuid],
    now: DateTime<Utc>,
}

impl Reader<'_> {
    fn group(&self, group: &Group, of: &Person) -> bool {
        let mut parts = group.rules.iter().map(|rule| match rule {
            Rule::Group(group) => self.group(group, of),
            Rule::Line(line) => self.line(line, of),
        });
        match group.join {
            Join::All => parts.all(|is| is),
            Join::Any => parts.any(|is| is),
            Join::None => !parts.any(|is| is),
        }
    }

    fn line(&self, line: &Line, of: &Person) -> bool {
        let own = |key: &str| of.custom.get(key).cloned().unwrap_or(Value::Null);
        match line.about.as_str() {
            "field:city" => says(line, of.city),
            "custom:note" => match own("note") {
                Value::String(note) => says(line, &note),
                Value::Null => says(line, ""),
                other => says(line, &other.to_string()),
            },
            "field:lifecycle_stage" => (line.is == "is") == line.values.iter().any(|one| one == of.stage),
            "custom:size" => weighs(line, &own("size"), own("size").as_f64()),
            "custom:money" => weighs(
                line,
                &own("money"),
                own("money").get("amount").and_then(Value::as_f64).map(|cents| cents / 100.0),
            ),
            "custom:born" => {
                let born =
                    own("born").as_str().and_then(|born| NaiveDate::parse_from_str(born, "%Y-%m-%d").ok());
                born.is_some_and(|born| self.is_on(line, born))
            }
            "field:created_at" => self.is_on(line, of.added.with_timezone(&ZONE).date_naive()),
            "custom:vip" => match line.is.as_str() {
                "yes" => own("vip") == json!(true),
                "no" => own("vip") != json!(true),
                is => (is == "known") == is_known(&own("vip")),
            },
            "custom:likes" => {
                let likes = own("likes");
                let has = |one: &String| {
                    likes == json!(one) || likes.as_array().is_some_and(|all| all.contains(&json!(one)))
                };
                (line.is == "is") == line.values.iter().any(has)
            }
            "list:" => {
                let is_in =
                    of.lists.iter().any(|n| line.values.contains(&self.lists.get(*n).unwrap().to_string()));
                (line.is == "in") == is_in
            }
            "consent:" => self.consents(line, of),
            event => self.did(line, event.trim_start_matches("event:"), of),
        }
    }

    fn is_on(&self, line: &Line, day: NaiveDate) -> bool {
        let today = self.now.with_timezone(&ZONE).date_naive();
        let typed = line.value(0);
        let days = || Days::new(typed.parse().unwrap());
        let date = || typed.parse::<NaiveDate>().unwrap();
        match line.is.as_str() {
            "in_last" => day >= today - days() && day <= today,
            "before_last" => day < today - days(),
            "in_next" => day >= today && day <= today + days(),
            "on" => day == date(),
            "before" => day < date(),
            "after" => day > date(),
            _ => {
                // The next time that it comes round, today included.
                let next =
                    |year: i32| day.with_year(year).or_else(|| NaiveDate::from_ymd_opt(year, 2, 28)).unwrap();
                let this = next(today.year());
                let next = if this < today { next(today.year() + 1) } else { this };
                next <= today + days()
            }
        }
    }

    fn consents(&self, line: &Line, of: &Person) -> bool {
        let topic = self.topics.iter().position(|topic| topic.to_string() == line.value(0));
        let last =
            of.said.iter().rev().find(|(about, _)| about.is_none() || topic.is_some() && *about == topic);
        let last = last.map(|(_, said)| *said);
        let is_reachable =
            of.email.is_some() && !of.is_suppressed && !matches!(last, Some("withdrawn" | "paused"));
        match line.is.as_str() {
            "reachable" => is_reachable,
            "unreachable" => !is_reachable,
            "yes" => matches!(last, Some("granted" | "was paused")),
            "no" => last == Some("withdrawn"),
            "pause" => last == Some("paused"),
            _ => last.is_none(),
        }
    }

    fn did(&self, line: &Line, kind: &str, of: &Person) -> bool {
        let days: i64 = line.value(1).parse().unwrap_or(i64::MAX);
        let counts = |(did, ago, is_bot): &&(&str, i64, bool)| {
            *did == kind && *ago < days && (!is_bot || line.value(3) == "machines")
        };
        let times = of.did.iter().filter(counts).count();
        (line.is == "did") == (times >= line.value(0).parse().unwrap_or(1))
    }
}

fn is_known(value: &Value) -> bool {
    !matches!(value, Value::Null) && *value != json!("") && *value != json!([])
}

fn says(line: &Line, value: &str) -> bool {
    let (value, with) = (value.to_lowercase(), line.value(0).to_lowercase());
    match line.is.as_str() {
        "is" => value == with,
        "is_not" => value != with,
        "one_of" => with.split(", ").any(|one| value == one),
        "contains" => value.contains(&with),
        "lacks" => !value.contains(&with),
        "starts" => value.starts_with(&with),
        "ends" => value.ends_with(&with),
        is => (is == "known") != value.is_empty(),
    }
}

fn weighs(line: &Line, value: &Value, number: Option<f64>) -> bool {
    let with = |n: usize| line.value(n).parse::<f64>().unwrap();
    match line.is.as_str() {
        "known" => is_known(value),
        "unknown" => !is_known(value),
        is => number.is_some_and(|number| match is {
            "at_least" => number >= with(0),
            "more" => number > with(0),
            "at_most" => number <= with(0),
            "less" => number < with(0),
            "between" => number >= with(0) && number <= with(1),
            _ => (number - with(0)).abs() < f64::EPSILON,
        }),
    }
}

async fn catalogue(tx: &mut OrgTx, now: DateTime<Utc>) -> Catalogue {
    let mut catalogue = Catalogue::load(tx, app::BEHAVIOURS, now).await.unwrap();
    let choices = ["a", "b"].map(|key| (key.to_owned(), key.to_owned())).to_vec();
    let own = [
        ("note", Kind::Text),
        ("size", Kind::Number),
        ("money", Kind::Number),
        ("born", Kind::Day),
        ("vip", Kind::Flag),
        ("likes", Kind::Choices(choices)),
    ];
    catalogue.subjects.extend(own.map(|(key, kind)| Subject {
        about: format!("custom:{key}"),
        label: key.to_owned(),
        kind,
    }));
    catalogue
}

#[tokio::test]
async fn random_rules_hold_whom_a_reader_would_say() {
    let app = TestApp::new().await;
    let now: DateTime<Utc> = app.stored("select now()").await;
    let mut dice = Dice(20_261_122);
    let people: Vec<Person> = (0..PEOPLE).map(|n| person(&mut dice, n)).collect();
    let lists: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
    let topics: Vec<Uuid> = (0..3).map(|_| Uuid::now_v7()).collect();
    plant(&app, &people, &lists, &topics, now).await;
    let scope = JobScope::new(app.app.db.clone(), ACME.org.parse::<Uuid>().unwrap().into(), "a test");
    let mut tx = scope.enter().await.unwrap();
    let catalogue = catalogue(&mut tx, now).await;
    let reader = Reader { lists: &lists, topics: &topics, now };
    let ids: Vec<Uuid> = people.iter().map(|person| person.id).collect();
    let mut held = BTreeSet::new();
    for _ in 0..rules().div_ceil(TOGETHER) {
        let rules: Vec<Group> = (0..TOGETHER).map(|_| group(&mut dice, 0, &lists, &topics)).collect();
        let meanings: Vec<_> = rules
            .iter()
            .map(|rule| {
                let checked = check::check(rule, &catalogue);
                assert!(checked.errors.is_empty(), "{:?}: {rule:?}", checked.errors);
                checked.meaning
            })
            .collect();
        let truths = matching::truths_of(&mut tx, &ids, &meanings, now).await.unwrap();
        let counts = matching::counts(&mut tx, &meanings, (None, now)).await.unwrap();
        for (n, rule) in rules.iter().enumerate() {
            let mut count = 0;
            for (person, (id, truths)) in people.iter().zip(&truths) {
                assert_eq!(person.id, *id);
                let expected = reader.group(rule, person);
                assert_eq!(truths[n], expected, "{rule:?}\nof {person:?}");
                count += i64::from(expected);
            }
            assert_eq!(counts[n], count, "everybody at once: {rule:?}");
            held.insert(count);
        }
    }
    // Rules that hold nobody or everybody would agree whatever they say.
    assert!(held.len() > 100, "{held:?}");
}
