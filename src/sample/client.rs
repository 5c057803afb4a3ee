//! A client of the sample agency.

use chrono::TimeDelta;
use serde_json::json;

use super::{
    agency::Agency,
    past,
    person::{self, Known, Person, person},
    tasks,
};
use crate::{
    audit::{Actor, Entry},
    crypto::Token,
    events,
    orgs::{
        brand::{self, form::Brand},
        founding::{NewClient, found_client},
        happened::WorkspaceFounded,
        invitations,
    },
    tenancy::{FoundingScope, OrgTx},
    web::App,
};

pub(super) struct Client {
    pub name: &'static str,
    /// The host of its people's addresses, without `.example`.
    host: &'static str,
    time_zone: &'static str,
    /// How long ago the agency added it, in days.
    added: i64,
    colours: Option<(&'static str, &'static str)>,
    /// Who works there; the first is its owner.
    people: &'static [Person],
    /// Who of the agency works for it: first name, and as what.
    placed: &'static [(&'static str, &'static str)],
    /// Whom somebody of the agency has asked in: address, and as what.
    invited: &'static [(&'static str, &'static str)],
    /// What happened last, in hours ago.
    last: i64,
}

pub(super) const CLIENTS: &[Client] = &[
    Client {
        name: "Harbor Dental",
        host: "harbor-dental",
        time_zone: "America/New_York",
        added: 300,
        colours: Some(("#155e94", "#8a5a00")),
        people: &[
            person("Ruth Adeyemi", "Practice owner", "company_owner", "active", 298),
            person("Felix Brandt", "Reception", "approver", "active", 120),
        ],
        placed: &[("Omar", "manager"), ("Ines", "marketer")],
        invited: &[("hygiene@harbor-dental.example", "viewer")],
        last: 3,
    },
    Client {
        name: "Juniper Yoga",
        host: "juniper-yoga",
        time_zone: "Europe/Lisbon",
        added: 6,
        colours: None,
        people: &[],
        placed: &[("Omar", "marketer")],
        invited: &[
            ("studio@juniper-yoga.example", "company_owner"),
            ("classes@juniper-yoga.example", "marketer"),
        ],
        last: 70,
    },
    Client {
        name: "Northgate Motors",
        host: "northgate-motors",
        time_zone: "Europe/Berlin",
        added: 210,
        colours: Some(("#7a1f2b", "#2d5d3a")),
        people: &[
            person("Klaus Richter", "Managing director", "company_owner", "active", 209),
            person("Mira Vogt", "Marketing", "marketer", "active", 200),
            person("Anton Weiss", "Workshop", "call_center", "active", 90),
        ],
        placed: &[],
        invited: &[],
        last: 24 * 41,
    },
];

impl Client {
    /// The address of its owner, where it has one of its own.
    pub(super) fn owner(&self) -> Option<String> {
        self.people.first().map(|owner| owner.address(self.host))
    }

    pub(super) async fn plant(&self, app: &App, agency: &Agency, password_hash: &str) -> anyhow::Result<()> {
        let (now, bea) = (app.clock.now(), agency.person("Bea")?);
        let added = now - TimeDelta::days(self.added);
        let scope = FoundingScope::new(app.db.clone(), Actor::machine(past::SEED));
        let mut tx = scope.enter().await?;
        let (name, time_zone) = (self.name, self.time_zone);
        let client = NewClient { name, time_zone, agency: agency.org, is_sample: true, founder: None };
        found_client(&mut tx, &client, added).await?;
        events::record(&mut tx, &WorkspaceFounded { kind: "client".to_owned() }).await?;
        for person in self.people {
            let who = person.sign_up(&mut tx, (self.host, password_hash), now).await?;
            person.join(&mut tx, who, now).await?;
        }
        for (first_name, role) in self.placed {
            person::place(&mut tx, (agency.person(first_name)?, bea), role, added).await?;
        }
        self.invite(&mut tx, bea, app).await?;
        if let Some((primary, accent)) = self.colours {
            let look = Brand {
                name: name.to_owned(),
                primary_colour: primary.to_owned(),
                accent_colour: accent.to_owned(),
                reply_to: String::new(),
                postal_address: "12 Main Street, Denver, CO 80202, USA".into(),
            };
            brand::keep(&mut tx, &look, added).await?;
        }
        tx.commit().await?;
        if let Some((first_name, _)) = self.placed.first() {
            let people = [agency.person(first_name)?];
            tasks::plant(app, (scope.org, self.time_zone), &people, tasks::CLIENT).await?;
        }
        past::write(app, scope.org, self.deeds(agency, bea)?).await?;
        past::work(app, scope.org).await
    }

    /// Invitations that wait to be answered; nobody has their links.
    async fn invite(&self, tx: &mut OrgTx, by: Known, app: &App) -> anyhow::Result<()> {
        let asked = app.clock.now() - TimeDelta::hours(self.last);
        for (email, role) in self.invited {
            let hash = Token::random().map_err(anyhow::Error::msg)?.hash();
            invitations::keep(tx, (email, role), (&hash, by.id), asked).await?;
        }
        Ok(())
    }

    /// What the agency's people did here, so many hours ago.
    fn deeds(&self, agency: &Agency, bea: Known) -> anyhow::Result<Vec<(i64, Actor, Entry)>> {
        let mut deeds = Vec::new();
        for (first_name, role) in self.placed {
            let who = agency.person(first_name)?;
            let entry = Entry::new("members.assigned").on("user", who.id, who.name);
            let state = json!({ "role": role, "by_agency": "Brightwater" });
            deeds.push((self.added * 24 - 1, bea.actor(), entry.after(state)));
        }
        for (email, role) in self.invited {
            let entry = Entry::new("members.invited").on("invitation", "", email);
            deeds.push((self.last, bea.actor(), entry.after(json!({ "email": email, "role": role }))));
        }
        if self.invited.is_empty() {
            let entry = Entry::new("brand.changed").on("organization", "", self.name);
            let [was, is] = ["#5c1720", "#7a1f2b"].map(|colour| json!({ "primary_colour": colour }));
            deeds.push((self.last, bea.actor(), entry.before(was).after(is)));
        }
        Ok(deeds)
    }
}
