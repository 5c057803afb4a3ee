//! Ids of another organization in a rule: `foreign_ids` tries each.

use crate::{
    foreign_ids::{OLGA, Try, post},
    support::tenant::{ACME, INITECH},
};

const SEGMENTS: &str = "/w/acme/contacts/segments";
const RULE: &str = "contacts/segments/form.rs RuleForm.rule";

pub(crate) const TRIES: &[Try] = &[
    post(
        RULE,
        (OLGA, SEGMENTS, "name=Moon&join.0=all&about.0.0=list:&is.0.0=in&value.0.0.0=ID"),
        (ACME.list, INITECH.list),
    ),
    post(
        RULE,
        (
            OLGA,
            SEGMENTS,
            "name=Moon&join.0=none&join.0.0=any&about.0.0.0=list:&is.0.0.0=not_in&value.0.0.0.0=ID",
        ),
        (ACME.segment, INITECH.segment),
    ),
    post(
        RULE,
        (OLGA, SEGMENTS, "name=Moon&join.0=all&about.0.0=tag:&is.0.0=has&value.0.0.0=ID"),
        (ACME.tag, INITECH.tag),
    ),
    post(
        RULE,
        (OLGA, SEGMENTS, "name=Moon&join.0=all&about.0.0=consent:&is.0.0=yes&value.0.0.0=ID"),
        (ACME.topic, INITECH.topic),
    ),
    post(
        RULE,
        (OLGA, SEGMENTS, "name=Moon&join.0=all&about.0.0=event:email.opened&is.0.0=did&value.0.0.2=ID"),
        ("00000000-0000-7000-8000-0000000011a2", "00000000-0000-7000-8000-0000000011b2"),
    ),
];
