//! Giving and taking points, with a line in the ledger for each, and the scores that they make.

use super::{Score, ScoreRule, Whom, queries};
use crate::{
    contacts::{
        happened::ContactsTouched,
        segments::{catalogue::Catalogue, check, test::Meaning},
    },
    events,
    tenancy::OrgTx,
};

/// Scores that are worked out by one statement.
pub(super) const AT_ONCE: usize = 5_000;

/// Gives a rule's points to whom it holds and takes them from whom it does not: everybody, or these people only. One
/// that was taken away holds nobody. Why not, in words, where it cannot be worked out; everybody then keeps theirs.
pub(super) async fn settle(
    tx: &mut OrgTx,
    rule: &ScoreRule,
    some: Option<&[Whom]>,
    catalogue: &Catalogue,
) -> sqlx::Result<Result<(), String>> {
    let meaning = match meaning(rule, catalogue) {
        Ok(meaning) => meaning,
        Err(why) => return Ok(Err(why)),
    };
    let mut moved = queries::settle(tx, rule, &meaning, (some, catalogue.now)).await?;
    // In one order, so that two who do this wait for each other instead of for ever.
    moved.sort_unstable();
    total(tx, &moved).await?;
    Ok(Ok(()))
}

/// Whose points a rule would give or take now, in the order of their ids; why not, in words, where that cannot be
/// worked out.
pub(super) async fn moving(
    tx: &mut OrgTx,
    rule: &ScoreRule,
    catalogue: &Catalogue,
) -> sqlx::Result<Result<Vec<Whom>, String>> {
    match meaning(rule, catalogue) {
        Ok(meaning) => Ok(Ok(queries::moving(tx, rule, &meaning, catalogue.now).await?)),
        Err(why) => Ok(Err(why)),
    }
}

/// Adds up what these people have, and tells whom it changed.
async fn total(tx: &mut OrgTx, whom: &[Whom]) -> sqlx::Result<()> {
    let mut changed = Vec::new();
    for some in whom.chunks(AT_ONCE) {
        changed.extend(queries::total(tx, some).await?);
    }
    let what = Score::ALL.map(|score| format!("field:{}", score.column())).to_vec();
    match ContactsTouched::new("", &changed) {
        Some(touched) => events::record(tx, &ContactsTouched { what, ..touched }).await,
        None => Ok(()),
    }
}

fn meaning(rule: &ScoreRule, catalogue: &Catalogue) -> Result<Meaning, String> {
    if rule.removed_at.is_some() {
        return Ok(Meaning::Any(Vec::new()));
    }
    let checked = check::check(&rule.rule(), catalogue);
    match checked.errors.first() {
        None => Ok(checked.meaning),
        Some((_, told)) => Err(format!("A line of it does not hold any more: {told}")),
    }
}
