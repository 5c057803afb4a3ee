//! Whom a rule holds, counted.

use std::time::Instant;

use super::{
    catalogue::Catalogue,
    check::Checked,
    matching,
    test::{Meaning, Test, Word},
    views,
};
use crate::tenancy::OrgTx;

/// Whom a rule holds and how many each of its lines does, as long as it makes sense.
pub(in crate::contacts) async fn held(
    tx: &mut OrgTx,
    checked: &Checked,
    catalogue: &Catalogue,
) -> sqlx::Result<(Option<views::Held>, Vec<i64>)> {
    let begun = Instant::now();
    let lines = checked.lines.iter().map(|(_, meaning)| meaning.clone());
    if !checked.errors.is_empty() {
        let lines: Vec<Meaning> = lines.collect();
        return Ok((None, matching::counts(tx, &lines, catalogue.now).await?));
    }
    let reachable = Meaning::All(vec![checked.meaning.clone(), Test::Said(None, Word::Reachable).into()]);
    let whole = [checked.meaning.clone(), Meaning::All(Vec::new()), reachable];
    let all: Vec<Meaning> = whole.into_iter().chain(lines).collect();
    let counts = matching::counts(tx, &all, catalogue.now).await?;
    let some = matching::some(tx, &checked.meaning, catalogue.now).await?;
    let [people, everybody, reachable, lines @ ..] = counts.as_slice() else { return Ok((None, Vec::new())) };
    let took_ms = begun.elapsed().as_millis();
    let held = views::Held { people: *people, all: *everybody, reachable: *reachable, took_ms, some };
    Ok((Some(held), lines.to_vec()))
}
