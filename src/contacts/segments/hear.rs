//! Keeping segments up to date as things happen: what happened to somebody is looked at in the segments whose
//! rules mention it, for that person alone.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use uuid::Uuid;

use super::{
    catalogue::Catalogue,
    matching, queries,
    refresh::{self, meaning},
};
use crate::{
    contacts::{
        happened::{
            ContactAdded, ContactChanged, ContactMoved, ContactTagged, ContactUntagged, ContactsImported,
            ContactsTouched, SegmentEntered, SegmentLeft,
        },
        lists::ListId,
        merging,
    },
    events::{Hear, Listener, Recorded},
    jobs::AtWork,
    orgs::happened::MemberRemoved,
    tenancy::OrgTx,
    web::App,
};

/// The ear for what rules mention.
pub const LISTENER: Listener = Listener {
    name: "segments",
    hear: Hear::Together(|tx, known, happened| Box::pin(hear(tx, known, happened))),
};

/// What is to be looked at again.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::contacts) struct Stirred {
    /// For each person what changed about them; `*` for everything.
    people: BTreeMap<Uuid, BTreeSet<String>>,
    /// What changed for so many that each segment is worked out as a whole.
    everybody: BTreeSet<String>,
}

const EVERYTHING: &str = "*";

impl Stirred {
    pub(in crate::contacts) async fn of(tx: &mut OrgTx, happened: &[Recorded]) -> anyhow::Result<Self> {
        let mut stirred = Self::by(happened)?;
        let people: Vec<Uuid> = stirred.people.keys().copied().collect();
        stirred.also(&merging::wholes(tx, &people).await?);
        Ok(stirred)
    }

    fn by(happened: &[Recorded]) -> anyhow::Result<Self> {
        let mut stirred = Self::default();
        for event in happened {
            if let Some(touched) = event.read::<ContactsTouched>()? {
                if touched.contacts.is_empty() {
                    stirred.everybody.extend(touched.what);
                } else {
                    touched.contacts.iter().for_each(|contact| stirred.stir(*contact, &touched.what));
                }
            } else if event.read::<ContactsImported>()?.is_some() {
                stirred.everybody.insert(EVERYTHING.to_owned());
            } else if let Some(added) = event.read::<ContactAdded>()? {
                stirred.stir(added.contact, &[EVERYTHING.to_owned()]);
            } else if let Some(changed) = event.read::<ContactChanged>()? {
                let fields: Vec<String> = changed.fields.iter().map(|key| mention(key)).collect();
                stirred.stir(changed.contact, &fields);
            } else if let Some(moved) = event.read::<ContactMoved>()? {
                stirred.stir(moved.contact, &[mention(&moved.fact)]);
            } else if event.read::<MemberRemoved>()?.is_some() {
                // Whomever they owned is nobody's now.
                stirred.everybody.insert(mention("owner"));
            } else if let Some(entered) = event.read::<SegmentEntered>()? {
                stirred.stir(entered.contact, &[format!("list:{}", entered.segment)]);
            } else if let Some(left) = event.read::<SegmentLeft>()? {
                stirred.stir(left.contact, &[format!("list:{}", left.segment)]);
            }
            if let Some(tagged) = event.read::<ContactTagged>()? {
                stirred.stir(tagged.contact, &[format!("tag:{}", tagged.tag)]);
            } else if let Some(untagged) = event.read::<ContactUntagged>()? {
                stirred.stir(untagged.contact, &[format!("tag:{}", untagged.tag)]);
            }
            if let Some(contact) = event.contact {
                stirred.stir(contact, &[format!("event:{}", event.kind)]);
            }
        }
        Ok(stirred)
    }

    fn stir(&mut self, contact: Uuid, what: &[String]) {
        self.people.entry(contact).or_default().extend(what.iter().cloned());
    }

    /// What happened to who became part of somebody happened to them too.
    fn also(&mut self, wholes: &HashMap<Uuid, Uuid>) {
        for (part, whole) in wholes {
            let what: Vec<String> = self.people.get(part).into_iter().flatten().cloned().collect();
            self.stir(*whole, &what);
        }
    }

    /// What a rule mentions, with what that hangs on: a change of address says who may be written to.
    pub(in crate::contacts) fn mentioned(rule: Vec<String>) -> BTreeSet<String> {
        let mut all: BTreeSet<String> = rule.into_iter().collect();
        if all.contains("consent") {
            all.extend(["field:email", "event:consent.recorded"].map(str::to_owned));
        }
        all
    }

    /// Whom of these people a rule that mentions this has to look at.
    pub(in crate::contacts) fn concerned(&self, mentions: &BTreeSet<String>) -> Vec<Uuid> {
        let is_concerned = |what: &BTreeSet<String>| what.contains(EVERYTHING) || !what.is_disjoint(mentions);
        self.people.iter().filter(|(_, what)| is_concerned(what)).map(|(contact, _)| *contact).collect()
    }

    pub(in crate::contacts) fn concerns_everybody(&self, mentions: &BTreeSet<String>) -> bool {
        self.everybody.contains(EVERYTHING) || !self.everybody.is_disjoint(mentions)
    }
}

/// What a rule calls a field that a contact's form calls so.
fn mention(key: &str) -> String {
    match key.strip_prefix("custom.") {
        Some(own) => format!("custom:{own}"),
        None if key == "stage" => "field:lifecycle_stage".to_owned(),
        None if key == "owner" => "field:owner_id".to_owned(),
        None => format!("field:{key}"),
    }
}

async fn hear(tx: &mut OrgTx, (app, at_work): (&App, &AtWork), happened: &[Recorded]) -> anyhow::Result<()> {
    let stirred = Stirred::of(tx, happened).await?;
    let mut segments: BTreeMap<ListId, Vec<String>> = BTreeMap::new();
    for (list, what) in queries::mentioning(tx, None).await? {
        segments.entry(list).or_default().push(what);
    }
    let mut catalogue = None;
    for (segment, mentions) in segments {
        let mentions = Stirred::mentioned(mentions);
        if stirred.concerns_everybody(&mentions) {
            refresh::order(tx, segment).await?;
            continue;
        }
        let whom = stirred.concerned(&mentions);
        if whom.is_empty() {
            continue;
        }
        if catalogue.is_none() {
            let behaviours = at_work.known().unwrap_or_default();
            catalogue = Some(Catalogue::load(tx, behaviours, app.clock.now()).await?);
        }
        if let Some(catalogue) = &catalogue {
            look(tx, segment, &whom, catalogue).await?;
        }
    }
    Ok(())
}

/// Looks at these people for one segment.
async fn look(tx: &mut OrgTx, segment: ListId, whom: &[Uuid], catalogue: &Catalogue) -> anyhow::Result<()> {
    let Some(standing) = queries::held(tx, segment).await? else { return Ok(()) };
    match meaning(&standing, catalogue) {
        Ok(meaning) => {
            let moved = matching::settle(tx, segment, &meaning, (Some(whom), catalogue.now)).await?;
            refresh::tell(tx, segment, &moved).await?;
        }
        Err(why) => queries::not_refreshed(tx, segment, &why).await?,
    }
    Ok(())
}
