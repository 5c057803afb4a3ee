//! Segments of the sample business: by where people live, by what they agreed to, by what they did. And a view of
//! the contacts with a filter, and a file of them. And who has how many points.

use chrono::{DateTime, Utc};

use super::past::{Remember, SEED};
use crate::{
    accounts::UserId,
    audit::Actor,
    campaigns,
    contacts::{
        changes::{
            Kind,
            ordering::{self, Whom},
        },
        exports, scoring,
        segments::{
            self, Behaviours, Wanted,
            catalogue::Catalogue,
            rule::{Group, Join, Line, Rule},
        },
        table::ListQuery,
    },
    orgs::saved_views,
    tenancy::{OrgId, OrgTx, VisitorScope},
    web::App,
};

pub(super) async fn plant(app: &App, org: OrgId, owner: UserId) -> anyhow::Result<()> {
    let scope: VisitorScope<Remember> = VisitorScope::new(app.db.clone(), org).known_as(Actor::machine(SEED));
    let mut tx = scope.enter().await?;
    let behaviours = Behaviours(&[campaigns::segments::BEHAVIOURS]);
    let catalogue = Catalogue::load(&mut tx, behaviours, app.clock.now()).await?;
    let denver = line("field:city", "is", &["Denver"]);
    let customer = line("field:lifecycle_stage", "is", &["customer"]);
    let opened = line("event:email.opened", "did", &["1", "30", "", ""]);
    let reachable = line("consent:", "reachable", &[""]);
    let far = Group { join: Join::None, rules: vec![denver.clone(), line("field:city", "unknown", &[])] };
    let all: [(&str, &str, Vec<Rule>); 3] = [
        ("Denver", "Close enough for a visit the same day.", vec![denver]),
        ("Customers outside Denver", "A visit to them is planned ahead.", vec![customer, Rule::Group(far)]),
        ("Keen readers", "Opened a mail in the last month, and may be written to.", vec![opened, reachable]),
    ];
    for (name, description, rules) in all {
        let rule = Group { join: Join::All, rules };
        let wanted = Wanted { name: name.to_owned(), description: description.to_owned(), rule };
        let made = segments::save(&mut tx, None, &wanted, &catalogue).await?;
        made.map_err(|errors| anyhow::anyhow!("{errors:?}"))?;
    }
    for wanted in scoring::usual() {
        scoring::add_now(&mut tx, &wanted, behaviours, app.clock.now()).await?;
    }
    let quiet = "join.0=all&about.0.0=field%3Acity&is.0.0=known&join.0.1=none&about.0.1.0=field%3Alifecycle_stage\
                 &is.0.1.0=is&value.0.1.0.0=customer&value.0.1.0.1=evangelist";
    saved_views::share(&mut tx, owner, ("contacts", "Not yet customers", quiet), app.clock.now()).await?;
    let points =
        "sort=lead_score&cols=lead_score%2Cengagement_score%2Cstage%2Clead_status%2Cowner%2Clast_activity";
    saved_views::share(&mut tx, owner, ("contacts", "Most points", points), app.clock.now()).await?;
    give(&mut tx, behaviours, (owner, app.clock.now())).await?;
    exports::work::write_now(app, &mut tx, behaviours, ("sort=name", owner.0)).await?;
    tx.commit().await?;
    Ok(())
}

/// A tag for everybody in Denver, which is known as something that was done to many.
async fn give(
    tx: &mut OrgTx,
    behaviours: Behaviours,
    (owner, now): (UserId, DateTime<Utc>),
) -> anyhow::Result<()> {
    let mut denver =
        ListQuery::of("join.0=all&about.0.0=field%3Acity&is.0.0=is&value.0.0.0=Denver&cols=city%2Ctags");
    denver.understand(tx, behaviours, now).await?;
    let tag = ordering::target(tx, (Kind::Tag, "Winter check"), now).await?;
    if let Ok(Some(tag)) = tag {
        ordering::order(tx, owner.0, (Kind::Tag, &tag), Whom::All(&denver), now).await?;
    }
    Ok(())
}

fn line(about: &str, is: &str, values: &[&str]) -> Rule {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    Rule::Line(Line { about: about.to_owned(), is: is.to_owned(), values })
}
