//! What the template `templates/deals/board.html` is given.

use askama::Template;
use chrono::{DateTime, NaiveDate, Utc};

use super::{Card, Column};
use crate::{
    accounts::User,
    deals::{EditDeals, deal::span, on_day, pipelines::Pipeline, table::DealQuery},
    tenancy::Member,
    web::Shell,
};

/// What stands around board and table alike.
#[derive(Clone)]
pub(in crate::deals) struct Around {
    pub path: String,
    pub pipelines: Vec<Pipeline>,
    /// Who can own a deal: id and name.
    pub owners: Vec<(String, String)>,
    pub query: DealQuery,
    pub may_edit: bool,
    pub me: User,
}

impl Around {
    pub(in crate::deals) fn new(
        member: &Member,
        pipelines: Vec<Pipeline>,
        owners: Vec<(String, String)>,
        query: DealQuery,
    ) -> Self {
        let may_edit = member.may::<EditDeals>();
        Self { path: member.link("/deals"), pipelines, owners, query, may_edit, me: member.user.clone() }
    }

    /// The address of the board with the same filters.
    pub(in crate::deals) fn board(&self) -> String {
        let query = self.query.board();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }

    pub(in crate::deals) fn table(&self) -> String {
        format!("{}?{}", self.path, self.query.table())
    }

    /// Whether there is more than one pipeline to choose from.
    pub(in crate::deals) fn has_several(&self) -> bool {
        self.pipelines.len() > 1
    }
}

#[derive(Template)]
#[template(path = "deals/board.html")]
pub(super) struct Board {
    pub shell: Shell,
    pub around: Around,
    pub pipeline: Option<Pipeline>,
    pub columns: Vec<Column>,
    pub now: DateTime<Utc>,
}

impl Board {
    /// The board alone: after a deal was moved.
    pub(super) fn into_part(self) -> Part {
        let Self { around, pipeline, columns, now, .. } = self;
        Part { around, pipeline, columns, now }
    }
}

#[derive(Template)]
#[template(path = "deals/board.html", block = "board")]
pub(super) struct Part {
    pub around: Around,
    pub pipeline: Option<Pipeline>,
    pub columns: Vec<Column>,
    pub now: DateTime<Utc>,
}

/// What page and part both say of a card.
macro_rules! words {
    ($name:ident) => {
        impl $name {
            fn close(&self, day: &NaiveDate) -> String {
                on_day(&self.around.me, *day)
            }

            fn age(&self, card: &Card) -> String {
                span(self.now - card.stage_since)
            }

            fn rots(&self, card: &Card) -> bool {
                card.rots(self.now)
            }

            fn is_late(&self, card: &Card, day: &NaiveDate) -> bool {
                card.kind == crate::deals::pipelines::Kind::Open && *day < self.now.date_naive()
            }

            /// The table of one stage.
            fn rest(&self, column: &Column) -> String {
                let stage = column.stage.id.to_string();
                let query = DealQuery { stage, pipeline: String::new(), ..self.around.query.clone() };
                format!("{}?{}", self.around.path, query.table())
            }
        }
    };
}
words!(Board);
words!(Part);

impl Board {
    fn is_empty(&self) -> bool {
        self.columns.iter().all(|column| column.deals() == 0)
    }
}
