//! A meaning as SQL: parts that stand here, and bound values; nothing that anybody typed is ever part of it.
//!
//! Over a row `c` of `contacts_q`, whose row security is that of the entered organization, which is `$1`. Every
//! expression gives true or false, never nothing, and none can fail, whatever a row holds: a failure would tell
//! of rows that are not to be seen, and nobody could mend it.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::fields::amount;
use super::test::{Deed, End, Like, Meaning, Place, Test, Word};

/// A bound value.
#[derive(Clone, Debug, PartialEq)]
pub enum Bound {
    Text(String),
    Texts(Vec<String>),
    Id(Uuid),
    Ids(Vec<Uuid>),
    Number(i64),
    Moment(DateTime<Utc>),
}

/// Conditions that share their bound values.
#[derive(Debug)]
pub struct Compiler {
    /// From `$1` on: the organization, then, where only some are looked at, their ids as `$2`.
    pub bound: Vec<Bound>,
    is_some: bool,
    now: DateTime<Utc>,
    /// Tests that are columns of the row already.
    named: Vec<Test>,
}

impl Compiler {
    /// For everybody, or for these only: what is far from them is then not read.
    pub fn new(org: Uuid, some: Option<&[Uuid]>, now: DateTime<Utc>) -> Self {
        let mut bound = vec![Bound::Id(org)];
        bound.extend(some.map(|some| Bound::Ids(some.to_vec())));
        Self { bound, is_some: some.is_some(), now, named: Vec::new() }
    }

    /// Who is looked at, whatever the rule.
    pub fn base(&self) -> &'static str {
        if self.is_some {
            "c.organization_id = $1 and c.archived_at is null and c.id = any ($2)"
        } else {
            "c.organization_id = $1 and c.archived_at is null"
        }
    }

    /// Binds a value, and gives its place in the text.
    pub fn bind(&mut self, value: Bound) -> String {
        let place = self.bound.iter().position(|known| *known == value).unwrap_or_else(|| {
            self.bound.push(value);
            self.bound.len() - 1
        });
        format!("${}", place + 1)
    }

    /// These tests as columns, for a row that every condition from here on is over: each is then asked once of each
    /// person, however often it is named. But for whether mail may go to somebody, which costs more than it is to be
    /// asked of those of whom nothing else is true.
    pub fn columns(&mut self, all: &[Meaning]) -> String {
        let mut tests: Vec<Test> = Vec::new();
        for test in all.iter().flat_map(Meaning::tests) {
            if !matches!(test, Test::Said(_, Word::Reachable)) && !tests.contains(test) {
                tests.push(test.clone());
            }
        }
        let columns: Vec<String> =
            tests.iter().enumerate().map(|(n, test)| format!(", ({}) as is_{n}", self.test(test))).collect();
        self.named = tests;
        columns.concat()
    }

    pub fn condition(&mut self, meaning: &Meaning) -> String {
        match meaning {
            Meaning::All(all) => self.joined(all, " and ", "true"),
            Meaning::Any(any) => self.joined(any, " or ", "false"),
            Meaning::Not(one) => format!("not {}", self.condition(one)),
            Meaning::Test(test) => match self.named.iter().position(|known| known == test) {
                Some(n) => format!("c.is_{n}"),
                None => format!("({})", self.test(test)),
            },
        }
    }

    fn joined(&mut self, parts: &[Meaning], between: &str, nothing: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.condition(part)).collect();
        if parts.is_empty() { nothing.to_owned() } else { format!("({})", parts.join(between)) }
    }

    fn test(&mut self, test: &Test) -> String {
        match test {
            Test::Known(Place::Column(column)) => format!("coalesce(c.{column}::text, '') <> ''"),
            Test::Known(Place::Own(key)) => {
                let key = self.bind(Bound::Text(key.clone()));
                format!("coalesce(c.custom->{key}, 'null') not in ('null', '\"\"', '[]')")
            }
            Test::Text(place, like, with) => self.text(place, *like, with),
            Test::Number(place, low, high) => {
                let value = self.number(place);
                let parts = [(low, ">"), (high, "<")]
                    .map(|(end, than)| end.as_ref().map(|end| self.end(&value, than, end)));
                coalesced(&parts.into_iter().flatten().collect::<Vec<_>>().join(" and "))
            }
            Test::Flag(place) => coalesced(&format!("{} = 'true'::jsonb", self.json(place))),
            Test::Chosen(place, among) => {
                let among = self.bind(Bound::Texts(among.clone()));
                match place {
                    Place::Column(column) => coalesced(&format!("c.{column}::text = any ({among})")),
                    Place::Own(_) => coalesced(&format!("{} ?| {among}", self.json(place))),
                }
            }
            Test::Day(place, from, until) => {
                let value = self.plain(place);
                let parts = [(from, ">="), (until, "<")].map(|(day, than)| {
                    day.map(|day| format!("{value} {than} {}", self.bind(Bound::Text(day.to_string()))))
                });
                format!(
                    "{} and {}",
                    is_day(&value),
                    parts.into_iter().flatten().collect::<Vec<_>>().join(" and ")
                )
            }
            Test::Moment(place, from, until) => {
                let value = column(place);
                let parts = [(from, ">="), (until, "<")].map(|(at, than)| {
                    at.map(|at| format!("{value} {than} {}", self.bind(Bound::Moment(at))))
                });
                coalesced(&parts.into_iter().flatten().collect::<Vec<_>>().join(" and "))
            }
            Test::Anniversary(place, days, zone) => {
                let days = self.bind(Bound::Texts(days.clone()));
                if let Some(zone) = zone {
                    let zone = self.bind(Bound::Text(zone.name().to_owned()));
                    return coalesced(&format!(
                        "to_char({} at time zone {zone}, 'MM-DD') = any ({days})",
                        column(place)
                    ));
                }
                let value = self.plain(place);
                format!("{} and substr({value}, 6, 5) = any ({days})", is_day(&value))
            }
            Test::Tagged(tags) => {
                let tags = self.bind(Bound::Ids(tags.clone()));
                let some = self.among("t.contact_id");
                format!(
                    "c.id in (select t.contact_id from contact_tags t \
                     where t.organization_id = $1 and t.tag_id = any ({tags}){some})"
                )
            }
            Test::Member(lists) => {
                let lists = self.bind(Bound::Ids(lists.clone()));
                let some = self.among("m.contact_id");
                format!(
                    "c.id in (select m.contact_id from contact_list_members m \
                     where m.organization_id = $1 and m.list_id = any ({lists}){some})"
                )
            }
            Test::Said(topic, word) => self.said(*topic, *word),
            Test::Did(deed) => self.did(deed),
        }
    }

    fn text(&mut self, place: &Place, like: Like, with: &[String]) -> String {
        let with = self.bind(Bound::Texts(with.to_vec()));
        // Addresses are in lower case and have an index.
        if (place, like) == (&Place::Column("email"), Like::Is) {
            return coalesced(&format!("c.email = any ({with})"));
        }
        let value = self.lowered(place);
        match like {
            Like::Is => format!("{value} = any ({with})"),
            Like::Contains => any_of(&with, &format!("strpos({value}, w) > 0")),
            Like::Starts => any_of(&with, &format!("starts_with({value}, w)")),
            Like::Ends => any_of(&with, &format!("right({value}, length(w)) = w")),
        }
    }

    /// In lower case as every language has it; what is ASCII takes the short way.
    fn lowered(&mut self, place: &Place) -> String {
        let value = self.plain(place);
        format!(
            "case when octet_length({value}) = length({value}) then lower({value}) \
             else lower({value} collate \"und-x-icu\") collate \"C\" end"
        )
    }

    /// As text; empty for nothing.
    fn plain(&mut self, place: &Place) -> String {
        match place {
            Place::Column("email") => "coalesce(c.email, '')".to_owned(),
            Place::Column(column) => format!("(c.{column} collate \"C\")"),
            Place::Own(key) => {
                let key = self.bind(Bound::Text(key.clone()));
                format!("coalesce((c.custom->>{key}) collate \"C\", '')")
            }
        }
    }

    fn json(&mut self, place: &Place) -> String {
        match place {
            Place::Column(column) => format!("to_jsonb(c.{column})"),
            Place::Own(key) => format!("(c.custom->{})", self.bind(Bound::Text(key.clone()))),
        }
    }

    /// A number, or the amount of money, which is in hundredths but for currencies that have none.
    fn number(&mut self, place: &Place) -> String {
        let value = self.json(place);
        let whole = self.bind(Bound::Texts(amount::whole().map(str::to_owned).collect()));
        format!(
            "case jsonb_typeof({value}) when 'number' then {value}::numeric \
             when 'object' then case jsonb_typeof({value}->'amount') \
             when 'number' then ({value}->'amount')::numeric \
             / case when {value}->>'currency' = any ({whole}) then 1 else 100 end end end"
        )
    }

    fn end(&mut self, value: &str, than: &str, end: &End) -> String {
        let number = self.bind(Bound::Text(end.number.clone()));
        let same = if end.is_in { "=" } else { "" };
        format!("{value} {than}{same} {number}::text::numeric")
    }

    fn said(&mut self, topic: Option<Uuid>, word: Word) -> String {
        let about = match topic {
            Some(topic) => {
                let topic = self.bind(Bound::Id(topic));
                format!("(k.topic_id is null or k.topic_id = {topic})")
            }
            None => "k.topic_id is null".to_owned(),
        };
        let (some, now) = (self.among("k.contact_id"), self.bind(Bound::Moment(self.now)));
        let lines =
            format!("from consents k where k.organization_id = $1 and k.channel = 'email' and {about}{some}");
        let last = |state: &str| {
            format!(
                "c.id in (select last.contact_id from (select distinct on (k.contact_id) k.contact_id, k.state, \
                 k.paused_until {lines} order by k.contact_id, k.id desc) last where {state})"
            )
        };
        match word {
            Word::Yes => last(&format!(
                "last.state = 'granted' or last.state = 'paused' and last.paused_until <= {now}"
            )),
            Word::No => last("last.state = 'withdrawn'"),
            Word::Pause => last(&format!("last.state = 'paused' and last.paused_until > {now}")),
            Word::Nothing => format!("not c.id in (select k.contact_id {lines})"),
            Word::Reachable => format!(
                "c.email is not null and not {} and not case when exists (select from suppressions s \
                 where s.organization_id = $1 and s.channel = 'email') then coalesce(app.address_hash($1, c.email) \
                 in (select s.address_hash from suppressions s where s.organization_id = $1 \
                 and s.channel = 'email'), false) else false end",
                last(&format!(
                    "last.state = 'withdrawn' or last.state = 'paused' and last.paused_until > {now}"
                ))
            ),
        }
    }

    fn did(&mut self, deed: &Deed) -> String {
        let mut events =
            format!("e.organization_id = $1 and e.kind = {}", self.bind(Bound::Text(deed.kind.clone())));
        if !deed.with_machines {
            events += " and not e.is_bot";
        }
        if let Some(since) = deed.since {
            events += &format!(" and e.occurred_at >= {}", self.bind(Bound::Moment(since)));
        }
        if let Some((key, id)) = deed.of {
            events += &format!(" and e.payload->>'{key}' = {}", self.bind(Bound::Text(id.to_string())));
        }
        // What happened to who became part of somebody happened to them.
        if self.is_some {
            events += " and e.contact_id = any (array(select unnest($2) union all select p.id from contacts p \
                       where p.organization_id = $1 and p.merged_into = any ($2)))";
        }
        let often = match deed.at_least {
            ..=1 => String::new(),
            times => format!(" group by 1 having count(*) >= {}", self.bind(Bound::Number(times))),
        };
        format!(
            "c.id in (select coalesce(p.merged_into, e.contact_id) from events e left join contacts p \
             on p.organization_id = $1 and p.id = e.contact_id and p.merged_into is not null \
             where {events} and e.contact_id is not null{often})"
        )
    }

    fn among(&self, column: &str) -> String {
        if self.is_some { format!(" and {column} = any ($2)") } else { String::new() }
    }
}

fn column(place: &Place) -> String {
    match place {
        Place::Column(column) => format!("c.{column}"),
        // No field of an organization's own is a moment.
        Place::Own(_) => "null::timestamptz".to_owned(),
    }
}

fn coalesced(condition: &str) -> String {
    format!("coalesce({condition}, false)")
}

fn any_of(with: &str, condition: &str) -> String {
    format!("exists (select from unnest({with}) w where {condition})")
}

/// What a field was before it became a date is no day.
fn is_day(value: &str) -> String {
    format!("{value} ~ '^\\d{{4}}-\\d\\d-\\d\\d$'")
}
