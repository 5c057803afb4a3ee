//! The form of a rule of points: a segment's form, with points and what they are for.

use serde::Deserialize;

use super::{Score, ScoreRule, Wanted};
use crate::{contacts::segments::form::RuleForm, web::FieldErrors};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(super) struct ScoreForm {
    pub score: String,
    pub points: String,
    pub rule: RuleForm,
}

impl From<Vec<(String, String)>> for ScoreForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let of = |key: &str| {
            let found = fields.iter().rev().find(|(name, _)| name == key);
            found.map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
        };
        Self { score: of("score"), points: of("points"), rule: RuleForm::from(fields) }
    }
}

impl ScoreForm {
    pub(super) fn of(rule: &ScoreRule) -> Self {
        Self {
            score: rule.score.key().to_owned(),
            points: rule.points.to_string(),
            rule: RuleForm { rule: rule.rule(), ..RuleForm::default() },
        }
    }

    /// The rule as it is wanted, or what is wrong. The lines are looked at by who knows what there is.
    pub(super) fn check(&self) -> Result<Wanted, FieldErrors> {
        let mut errors = FieldErrors::default();
        let score = Score::parse(&self.score);
        if score.is_none() {
            errors.add("score", "Choose the score that the points are for.");
        }
        // A true minus is typed by who copies one from the page.
        let points = self.points.replace('−', "-").parse::<i16>().ok();
        let points = points.filter(|points| *points != 0 && (-100..=100).contains(points));
        if points.is_none() {
            errors.add("points", "Type a whole number from -100 to 100, and not 0.");
        }
        match (score, points) {
            (Some(score), Some(points)) => Ok(Wanted { score, points, rule: self.rule.rule.clone() }),
            _ => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(points: &str) -> Result<Wanted, FieldErrors> {
        let fields = [("score", "lead"), ("points", points), ("join.0", "all"), ("about.0.0", "field:city")];
        let owned = fields.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec();
        ScoreForm::from(owned).check()
    }

    #[test]
    fn points_are_whole_and_neither_nothing_nor_more_than_a_hundred() {
        assert_eq!(typed("10").map(|wanted| wanted.points).ok(), Some(10));
        assert_eq!(typed(" −5 ").map(|wanted| (wanted.points, wanted.rule.lines())).ok(), Some((-5, 1)));
        for wrong in ["", "0", "101", "-101", "1.5", "many", "99999999999"] {
            assert!(typed(wrong).is_err(), "{wrong}");
        }
    }
}
