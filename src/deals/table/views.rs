//! What the template `templates/deals/table.html` is given.

use askama::Template;
use chrono::{DateTime, Utc};

use super::{DealQuery, Row, queries::MOST};
use crate::{
    accounts::User,
    deals::{board::Around, deal::span, on_day},
    numbers,
    web::page::Page,
};

#[derive(Template)]
#[template(path = "deals/table.html")]
pub(in crate::deals) struct Table {
    pub around: Around,
    pub shell: crate::web::Shell,
    pub rows: Vec<Row>,
    pub previous: String,
    pub next: String,
    pub count: i64,
    pub now: DateTime<Utc>,
}

impl Table {
    pub(in crate::deals) fn new(
        shell: crate::web::Shell,
        around: Around,
        page: Page<Row>,
        (count, now): (i64, DateTime<Utc>),
    ) -> Self {
        let (previous, next) = (page.previous.unwrap_or_default(), page.next.unwrap_or_default());
        Self { around, shell, rows: page.rows, previous, next, count, now }
    }

    fn query(&self) -> &DealQuery {
        &self.around.query
    }

    fn me(&self) -> &User {
        &self.around.me
    }

    fn columns(&self) -> [(&'static str, &'static str); 4] {
        [("name", "Name"), ("value", "Value"), ("close", "Expected close"), ("age", "In this stage")]
    }

    fn at(&self, query: &str) -> String {
        format!("{}?{query}", self.around.path)
    }

    fn count(&self) -> String {
        if self.count > MOST { "more than 100,000".to_owned() } else { numbers::grouped(self.count) }
    }

    fn noun(&self) -> &'static str {
        if self.count == 1 { "deal" } else { "deals" }
    }

    fn close(&self, row: &Row) -> String {
        row.expected_close_on.map_or_else(String::new, |day| on_day(self.me(), day))
    }

    fn age(&self, row: &Row) -> String {
        span(self.now - row.stage_since)
    }

    fn rots(&self, row: &Row) -> bool {
        row.rots(self.now)
    }
}
