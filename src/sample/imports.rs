//! A file that the sample business was given: who rang because of a sign, known by the numbers that they rang from.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    contacts::imports::{
        KnownBy,
        small::{self, Small},
    },
    tenancy::OrgTx,
};

const CALLERS: &str = "Rang from,Who they are,Remark\n\
    (303) 555-0142,Owner,Saw the sign on Colorado Boulevard\n\
    +1 303 555 0178,Dentist,Wants a call after the holidays\n\
    303.555.0119,Retired,\n\
    unknown caller,,Hung up\n";

pub(super) async fn plant(tx: &mut OrgTx, by: Uuid, at: DateTime<Utc>) -> sqlx::Result<()> {
    let file = Small {
        name: "Sample - yard sign callers.csv",
        text: CALLERS,
        mapping: &["phone", "job_title", ""],
        known_by: KnownBy::Phone,
    };
    small::bring(tx, &file, by, at).await?;
    Ok(())
}
