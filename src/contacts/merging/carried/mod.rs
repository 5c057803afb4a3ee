//! The tables of this domain that go along when two records become one.

mod queries;

use super::carrier::Carrier;

/// Every one of them, in the order in which people read of them.
pub fn all() -> Vec<Carrier> {
    vec![LISTS, TAGS, NOTES, IDENTITIES, ADDRESSES]
}

const LISTS: Carrier = Carrier {
    table: "contact_list_members",
    called: ("list", "lists"),
    count: |tx, contact| Box::pin(queries::lists(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry_lists(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back_lists(tx, way, kept)),
};

const TAGS: Carrier = Carrier {
    table: "contact_tags",
    called: ("tag", "tags"),
    count: |tx, contact| Box::pin(queries::tags(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry_tags(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back_tags(tx, way, kept)),
};

const NOTES: Carrier = Carrier {
    table: "contact_notes",
    called: ("note", "notes"),
    count: |tx, contact| Box::pin(queries::notes(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry_notes(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back_notes(tx, way, kept)),
};

const IDENTITIES: Carrier = Carrier {
    table: "contact_identities",
    called: ("address or number", "addresses and numbers"),
    count: |tx, contact| Box::pin(queries::identities(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry_identities(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back_identities(tx, way, kept)),
};

const ADDRESSES: Carrier = Carrier {
    table: "postal_addresses",
    called: ("postal address", "postal addresses"),
    count: |tx, contact| Box::pin(queries::addresses(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry_addresses(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back_addresses(tx, way, kept)),
};
