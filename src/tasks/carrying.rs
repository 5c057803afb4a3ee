//! Tasks when two records of one person become one: they are about the one who stays.

use super::queries;
use crate::contacts::merging::Carrier;

pub const CARRIER: Carrier = Carrier {
    table: "tasks",
    called: ("task", "tasks"),
    count: |tx, contact| Box::pin(queries::count_of(tx, contact)),
    carry: |tx, way| Box::pin(queries::carry(tx, way)),
    give_back: |tx, way, kept| Box::pin(queries::give_back(tx, way, kept)),
};
