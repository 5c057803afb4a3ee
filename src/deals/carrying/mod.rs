//! Deals when two records of one person become one: they are those of the one who stays.

mod queries;

use crate::contacts::merging::Carrier;

pub const CARRIER: Carrier = Carrier {
    table: "deal_contacts",
    called: ("deal", "deals"),
    count: |tx, contact| Box::pin(queries::count(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back(tx, way, kept)),
};
