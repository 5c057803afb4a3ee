//! Scores: how promising somebody is as a customer, and how much they take part, from 0 to 100.
//!
//! A rule is like that of a segment and says who has how many points ([`ScoreRule`]). Whom it holds is worked out as
//! a whole when it is made and, where it speaks of time, each hour ([`refresh`]), which is how points of long ago
//! fade; and person by person when something happens that it mentions ([`hear`]). Each time that it begins or ceases
//! to hold somebody, the ledger gets a line ([`settling`]).
//!
//! Always true: a score is the sum of the ledger's lines about somebody, kept between 0 and 100; a rule is never
//! changed, another takes its place; what machines did counts only where a rule says so; no rule speaks of scores,
//! nor of segments, which may.

mod card;
mod form;
pub mod hear;
mod making;
mod queries;
pub mod refresh;
mod routes;
mod settling;
mod views;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::segments::{
    Behaviours,
    catalogue::Catalogue,
    rule::{Group, Join, Line, Rule},
};
use crate::{jobs::AtWork, tenancy::OrgTx, web::Routes};

pub use card::CARD;

crate::id!(
    /// Who has how many points.
    ScoreRuleId
);

/// How a score is kept: its column among a contact's, and its words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Score {
    Lead,
    Engagement,
}

impl Score {
    pub const ALL: [Self; 2] = [Self::Lead, Self::Engagement];

    pub fn key(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Engagement => "engagement",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Lead => "Lead score",
            Self::Engagement => "Engagement score",
        }
    }

    /// What a segment's rule calls it.
    pub fn column(self) -> &'static str {
        match self {
            Self::Lead => "lead_score",
            Self::Engagement => "engagement_score",
        }
    }

    fn parse(typed: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|score| score.key() == typed)
    }
}

#[derive(Clone, Debug)]
pub struct ScoreRule {
    pub id: ScoreRuleId,
    pub score: Score,
    /// From -100 to 100, never 0.
    pub points: i16,
    rule: Value,
    pub removed_at: Option<DateTime<Utc>>,
    /// Nothing until it was worked out for everybody.
    pub refreshed_at: Option<DateTime<Utc>>,
    pub refresh_error: String,
}

impl ScoreRule {
    pub fn rule(&self) -> Group {
        serde_json::from_value(self.rule.clone()).unwrap_or_default()
    }

    /// "+10", "−5"
    pub fn signed(&self) -> String {
        signed(self.points)
    }
}

/// Points with their sign, a true minus.
fn signed(points: i16) -> String {
    if points < 0 { format!("−{}", points.unsigned_abs()) } else { format!("+{points}") }
}

/// A rule as somebody wants it.
#[derive(Clone, Debug)]
pub struct Wanted {
    pub score: Score,
    pub points: i16,
    pub rule: Group,
}

/// Rules that one workspace may have.
const MOST: usize = 50;

/// What most workspaces begin with: who can be reached, and who answers.
pub fn usual() -> Vec<Wanted> {
    let line = |about: &str, is: &str, values: &[&str]| Group {
        join: Join::All,
        rules: vec![Rule::Line(Line {
            about: about.to_owned(),
            is: is.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        })],
    };
    let wanted = |score, points, rule| Wanted { score, points, rule };
    vec![
        wanted(Score::Lead, 10, line("field:company", "known", &[])),
        wanted(Score::Lead, 5, line("field:phone", "known", &[])),
        wanted(Score::Engagement, 10, line("event:email.opened", "did", &["1", "90"])),
        wanted(Score::Engagement, 20, line("event:email.clicked", "did", &["1", "90"])),
        wanted(Score::Engagement, 20, line("event:email.clicked", "did", &["3", "90"])),
    ]
}

/// What a rule of points may speak of. Segments and scores it may not: they may be made of points themselves.
pub async fn catalogue(
    tx: &mut OrgTx,
    behaviours: Behaviours,
    now: DateTime<Utc>,
) -> sqlx::Result<Catalogue> {
    let mut all = Catalogue::load(tx, behaviours, now).await?;
    let is_score = |about: &str| Score::ALL.iter().any(|score| about == format!("field:{}", score.column()));
    all.subjects.retain(|subject| !is_score(&subject.about));
    all.lists = queries::plain_lists(tx).await?;
    Ok(all)
}

/// Keeps a rule, which is worked out soon.
pub async fn add(tx: &mut OrgTx, wanted: &Wanted, now: DateTime<Utc>) -> sqlx::Result<ScoreRuleId> {
    let id = ScoreRuleId::new();
    queries::insert(tx, id, (wanted, &json!(wanted.rule)), now).await?;
    refresh::order(tx, id).await?;
    Ok(id)
}

/// Keeps a rule, and gives its points in the same transaction.
pub async fn add_now(
    tx: &mut OrgTx,
    wanted: &Wanted,
    behaviours: Behaviours,
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    let id = add(tx, wanted, now).await?;
    let known = catalogue(tx, behaviours, now).await?;
    refresh::now(tx, id, &known).await
}

/// Takes a rule away, and soon its points.
async fn remove(tx: &mut OrgTx, id: ScoreRuleId, now: DateTime<Utc>) -> sqlx::Result<()> {
    queries::remove(tx, id, now).await?;
    refresh::order(tx, id).await
}

/// A contact of this workspace, as the ledger names one.
type Whom = Uuid;

/// The catalogue as a job sees it.
async fn known(tx: &mut OrgTx, at_work: &AtWork, now: DateTime<Utc>) -> sqlx::Result<Catalogue> {
    catalogue(tx, at_work.known().unwrap_or_default(), now).await
}

pub(super) fn all_routes() -> Routes {
    routes::routes().merge(making::routes()).merge(card::routes())
}
