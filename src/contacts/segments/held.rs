//! Whom a rule holds, counted: at once of some where there are very many, and exactly of everybody.

use std::time::{Duration, Instant};

use super::{
    catalogue::Catalogue,
    check::Checked,
    matching,
    test::{Meaning, Test, Word},
    views::Held,
};
use crate::{numbers, tenancy::OrgTx};

/// A rule is asked of more than so many only when somebody waits for the number.
pub(super) const MANY: f64 = 50_000.0;
/// Of more, about so many are asked.
const ASKED: f64 = 8_000.0;
/// How long a count may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a rule is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::contacts) enum Way {
    /// While somebody types: of very many people some are asked.
    Soon,
    /// Everybody is asked.
    Exactly,
}

/// Whom a rule holds, and in words how many each of its lines does, as long as it makes sense. Nothing also where everybody was
/// asked, and it took too long.
pub(in crate::contacts) async fn held(
    tx: &mut OrgTx,
    checked: &Checked,
    catalogue: &Catalogue,
    way: Way,
) -> sqlx::Result<(Option<Held>, Vec<String>)> {
    let begun = Instant::now();
    let is_right = checked.errors.is_empty();
    let mut all: Vec<Meaning> = checked.lines.iter().map(|(_, meaning)| meaning.clone()).collect();
    if is_right {
        let reachable = Meaning::All(vec![checked.meaning.clone(), Test::Said(None, Word::Reachable).into()]);
        all.extend([checked.meaning.clone(), Meaning::All(Vec::new()), reachable]);
    }
    let many = if way == Way::Soon { matching::about_how_many(tx).await? } else { 0.0 };
    let is_about = many > MANY;
    let asked = if is_about {
        let some = matching::sample(tx, 100.0 * ASKED / many).await?;
        let counts = matching::counts(tx, &all, (Some(&some), catalogue.now)).await?;
        let each = many / some.len().max(1) as f64;
        let counts = counts.into_iter().map(|count| rounded(count as f64 * each)).collect();
        let some = if is_right { soon(tx, &checked.meaning, catalogue).await? } else { Vec::new() };
        Some((counts, some))
    } else {
        let nobody = Meaning::Any(Vec::new());
        everybody(tx, (&all, if is_right { &checked.meaning } else { &nobody }), catalogue).await?
    };
    let Some((mut counts, some)) = asked else { return Ok((None, Vec::new())) };
    let whole: Vec<i64> = counts.split_off(checked.lines.len());
    let lines = counts.into_iter().map(|count| in_words(count, is_about)).collect();
    let &[people, everybody, reachable] = whole.as_slice() else { return Ok((None, lines)) };
    let took_ms = begun.elapsed().as_millis();
    Ok((Some(Held { people, all: everybody, reachable, took_ms, some, is_about }), lines))
}

/// How many each of these holds, and the newest of whom the rule does; nothing where that takes too long.
async fn everybody(
    tx: &mut OrgTx,
    (all, rule): (&[Meaning], &Meaning),
    catalogue: &Catalogue,
) -> sqlx::Result<Option<(Vec<i64>, Vec<matching::Person>)>> {
    if all.is_empty() {
        return Ok(Some((Vec::new(), Vec::new())));
    }
    tx.within(PATIENCE).await?;
    let counted = matching::counts_and_newest(tx, all, rule, catalogue.now).await;
    tx.in_time(counted).await
}

/// The newest of them; nobody where looking for them takes longer than somebody who types waits.
async fn soon(tx: &mut OrgTx, rule: &Meaning, catalogue: &Catalogue) -> sqlx::Result<Vec<matching::Person>> {
    tx.within(PATIENCE / 50).await?;
    let some = matching::some(tx, rule, catalogue.now).await;
    Ok(tx.in_time(some).await?.unwrap_or_default())
}

fn in_words(count: i64, is_about: bool) -> String {
    format!("{}{}", if is_about { "about " } else { "" }, numbers::grouped(count))
}

/// With the two digits that mean something.
#[expect(clippy::cast_possible_truncation, reason = "people are far fewer than fit")]
fn rounded(count: f64) -> i64 {
    let unit = 10f64.powf((count.max(1.0).log10().floor() - 1.0).max(0.0));
    ((count / unit).round() * unit) as i64
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn about_so_many_has_two_digits_that_mean_something() {
        let about = [0.0, 0.4, 7.0, 42.4, 125.1, 1_249.0, 333_333.0].map(rounded);
        assert_eq!(about, [0, 0, 7, 42, 130, 1_200, 330_000]);
    }
}
