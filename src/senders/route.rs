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
