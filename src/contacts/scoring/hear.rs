//! Keeping scores up to date as things happen: what happened to somebody is looked at by the rules that mention it,
//! for that person alone.

use super::{known, queries, refresh, settling};
use crate::{
    contacts::segments::{check, hear::Stirred},
    events::{Hear, Listener, Recorded},
    jobs::AtWork,
    tenancy::OrgTx,
    web::App,
};

/// The ear for what rules mention.
pub const LISTENER: Listener = Listener {
    name: "scores",
    hear: Hear::Together(|tx, known, happened| Box::pin(hear(tx, known, happened))),
};

async fn hear(tx: &mut OrgTx, (app, at_work): (&App, &AtWork), happened: &[Recorded]) -> anyhow::Result<()> {
    let stirred = Stirred::of(tx, happened).await?;
    let mut catalogue = None;
    for rule in queries::standing(tx).await? {
        let mentions = Stirred::mentioned(check::mentions(&rule.rule()));
        if stirred.concerns_everybody(&mentions) {
            refresh::order(tx, rule.id).await?;
            continue;
        }
        let whom = stirred.concerned(&mentions);
        if whom.is_empty() {
            continue;
        }
        if catalogue.is_none() {
            catalogue = Some(known(tx, at_work, app.clock.now()).await?);
        }
        let Some(catalogue) = &catalogue else { continue };
        let Some(rule) = queries::held(tx, rule.id).await? else { continue };
        if let Err(why) = settling::settle(tx, &rule, Some(&whom), catalogue).await? {
            queries::refreshed(tx, rule.id, (catalogue.now, &why)).await?;
        }
    }
    Ok(())
}
