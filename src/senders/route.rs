//! The way out of a campaign: from whom, signed by what, over which server.

use crate::channels::{
    address::Address,
    dkim::Signer,
    smtp::{Limits, Server},
};

/// All that sending needs to know about a sender.
pub struct Route {
    pub name: String,
    pub from: Address,
    pub reply_to: Option<Address>,
    /// RSA first, then Ed25519; none where the domain has no keys of ours.
    pub signers: Vec<Signer>,
    pub way: Way,
}

/// Where a message goes.
#[derive(Clone)]
pub enum Way {
    Server {
        server: Server,
        limits: Limits,
        /// Messages a second at the most.
        per_second: Option<u32>,
    },
    /// There is no server: it stays in the built-in mailbox, where it can be read.
    Mailbox,
}

/// STUB until the merge.
pub async fn of(
    app: &crate::web::App,
    tx: &mut crate::tenancy::OrgTx,
    sender: super::SenderId,
) -> crate::web::Result<Option<Route>> {
    let _ = (app, sender);
    let org = tx.org();
    let row = sqlx::query!(
        "select name, email from sender_identities where organization_id = $1 and id = $2",
        org,
        sender as super::SenderId
    )
    .fetch_optional(tx.conn())
    .await?;
    Ok(row.and_then(|row| {
        Some(Route {
            name: row.name,
            from: Address::parse(&row.email)?,
            reply_to: None,
            signers: Vec::new(),
            way: Way::Mailbox,
        })
    }))
}
