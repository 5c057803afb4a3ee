//! Ids of another organization in the forms and addresses of deals: `foreign_ids` tries each.

use crate::{
    foreign_ids::{CONTACTS, MIA_OR_IRIS, OLGA, Try, get, post},
    support::tenant::{ACME, INITECH},
};

const STAGES: (&str, &str) = (ACME.stage, INITECH.stage);
const DEALS: (&str, &str) = (ACME.deal, INITECH.deal);

pub(crate) const TRIES: &[Try] = &[
    post(
        "deals/making/routes.rs DealForm.stage",
        (OLGA, "/w/acme/deals", "name=Moon&currency=EUR&stage=ID"),
        STAGES,
    ),
    post(
        "deals/making/routes.rs DealForm.owner",
        (OLGA, "/w/acme/deals", "name=Moon&currency=EUR&owner=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "deals/making/routes.rs DealForm.contact",
        (OLGA, "/w/acme/deals", "name=Moon&currency=EUR&contact=ID"),
        CONTACTS,
    ),
    post(
        "deals/record/facts.rs FactForm.owner",
        (OLGA, "/w/acme/deals/00000000-0000-7000-8000-0000000017a1/facts/owner", "owner=ID"),
        MIA_OR_IRIS,
    ),
    post(
        "deals/people/routes.rs JoinForm.contact",
        (OLGA, "/w/acme/deals/00000000-0000-7000-8000-0000000017a1/people", "contact=ID"),
        CONTACTS,
    ),
    get(
        "deals/table/mod.rs DealQuery.pipeline",
        ("/w/acme/deals", "view=table&pipeline=ID"),
        (ACME.pipeline, INITECH.pipeline),
    ),
    get("deals/table/mod.rs DealQuery.stage", ("/w/acme/deals", "view=table&stage=ID"), STAGES),
    get("deals/table/mod.rs DealQuery.owner", ("/w/acme/deals", "owner=ID"), MIA_OR_IRIS),
    get("deals/table/mod.rs DealQuery.after", ("/w/acme/deals", "view=table&after=ID"), DEALS),
    get("deals/table/mod.rs DealQuery.before", ("/w/acme/deals", "view=table&before=ID"), DEALS),
];
