//! The way out of a campaign: from whom, signed by what, over which server.

use anyhow::Context;
use data_encoding::BASE64;
use secrecy::ExposeSecret;

use super::{SenderId, installation, queries};
use crate::{
    channels::{
        address::Address,
        dkim::{PrivateKey, Signer},
        smtp::{Credentials, Encryption, Limits, Server, Timeouts, server},
    },
    config::PrivateHosts,
    net::Destination,
    secrets::{self, SecretId},
    tenancy::OrgTx,
    web::{App, Result},
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
#[expect(clippy::large_enum_variant, reason = "there is one for a campaign, not one for each mail")]
pub enum Way {
    Server {
        server: Server,
        limits: Limits,
        rates: Rates,
    },
    /// There is no server: it stays in the built-in mailbox, where it can be read.
    Mailbox,
}

/// Messages a second at the most; `None` for as many as are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    /// To the server.
    pub all: Option<u32>,
    /// To any one domain of recipients.
    pub domain: Option<u32>,
}

/// The way out for this sender, one that was put away meanwhile included: what was begun is finished.
/// `None` when there is no such sender. Opens secrets, which is remembered: the transaction must be able to
/// write.
pub async fn of(app: &App, tx: &mut OrgTx, sender: SenderId) -> Result<Option<Route>> {
    let Some(found) = queries::sender(tx, sender).await? else { return Ok(None) };
    let from = Address::parse(&found.email).context("a sender's address was kept that is none")?;
    let signers = signers(app, tx, from.domain()).await?;
    let way = way(app, tx).await?;
    Ok(Some(Route { name: found.name, reply_to: Address::parse(&found.reply_to), from, signers, way }))
}

async fn signers(app: &App, tx: &mut OrgTx, domain: &str) -> Result<Vec<Signer>> {
    let Some(keys) = queries::keys_of(tx, domain).await? else { return Ok(Vec::new()) };
    let mut signers = Vec::with_capacity(2);
    for (secret, selector) in
        [(keys.rsa_secret_id, keys.rsa_selector), (keys.ed25519_secret_id, keys.ed25519_selector)]
    {
        let value = secrets::reveal_for_use(tx, &app.keys, SecretId(secret), app.clock.now()).await?;
        let value = value.context("the key of a domain is gone")?;
        let der = BASE64.decode(value.expose_secret().as_bytes()).context("the key of a domain is no key")?;
        let key = PrivateKey::from_der(&der).map_err(anyhow::Error::from)?;
        signers.push(Signer::new(domain, &selector, &key).map_err(anyhow::Error::from)?);
    }
    Ok(signers)
}

/// The organization's own server, or else the installation's, or else none.
pub async fn way(app: &App, tx: &mut OrgTx) -> Result<Way> {
    if let Some(kept) = queries::server(tx).await? {
        return own(app, tx, kept).await;
    }
    let Some(url) = &app.config.smtp_url else { return Ok(Way::Mailbox) };
    let named = installation::read(url.expose_secret()).context("GROUNDSWELL_SMTP_URL cannot be read")?;
    // Whoever runs this installation has named it, wherever it lies.
    let mut private_hosts = app.config.allowed_private_hosts.clone();
    private_hosts.add(&named.host);
    let credentials = named.credentials.map(|(username, password)| Credentials { username, password });
    let at = Place { host: named.host, port: named.port, encryption: named.encryption };
    let server = at.server(named.ehlo.unwrap_or_else(|| our_name(app)), credentials, private_hosts)?;
    Ok(Way::Server { server, limits: Limits::default(), rates: Rates::default() })
}

async fn own(app: &App, tx: &mut OrgTx, kept: queries::KeptServer) -> Result<Way> {
    let credentials = match kept.secret_id {
        Some(secret) => {
            let value = secrets::reveal_for_use(tx, &app.keys, SecretId(secret), app.clock.now()).await?;
            let password = value.context("the password of the mail server is gone")?;
            Some(Credentials { username: kept.username, password })
        }
        None => None,
    };
    let place = Place {
        host: kept.host,
        port: u16::try_from(kept.port).unwrap_or(25),
        encryption: encryption(&kept.encryption),
    };
    let mut server = place.server(our_name(app), credentials, app.config.allowed_private_hosts.clone())?;
    server.destination = written_by_a_tenant(&server.host, &server.private_hosts);
    let limits = Limits { connections: usize::try_from(kept.connections).unwrap_or(1), ..Limits::default() };
    let rate = |most: Option<i32>| most.and_then(|most| u32::try_from(most).ok());
    let rates = Rates { all: rate(kept.per_second), domain: rate(kept.per_domain) };
    Ok(Way::Server { server, limits, rates })
}

/// A tenant's host may lie on a private network only where it is written as whoever runs this installation
/// has written it down. A name of the tenant's own that leads into such a network is refused.
fn written_by_a_tenant(host: &str, allowed: &PrivateHosts) -> Destination {
    let is_written_down = allowed.names(host) || host.parse().is_ok_and(|ip| allowed.contains(ip));
    if is_written_down { Destination::Operator } else { Destination::Tenant }
}

pub(super) fn encryption(kept: &str) -> Encryption {
    match kept {
        "tls" => Encryption::Tls,
        "starttls" => Encryption::StartTls,
        _ => Encryption::None,
    }
}

/// What we call ourselves: the host that people reach us by.
fn our_name(app: &App) -> String {
    app.config.host().to_owned()
}

struct Place {
    host: String,
    port: u16,
    encryption: Encryption,
}

impl Place {
    fn server(
        self,
        ehlo: String,
        credentials: Option<Credentials>,
        private_hosts: PrivateHosts,
    ) -> Result<Server> {
        Ok(Server {
            host: self.host,
            port: self.port,
            encryption: self.encryption,
            credentials,
            ehlo,
            timeouts: Timeouts::default(),
            tls: server::tls(&[]).map_err(anyhow::Error::from)?,
            destination: Destination::Operator,
            private_hosts,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenants_host_is_private_only_as_it_was_written_down() {
        let mut allowed = PrivateHosts::default();
        assert!(allowed.add("postfix") && allowed.add("10.0.0.0/8"));
        for (host, destination) in [
            ("postfix", Destination::Operator),
            ("10.1.2.3", Destination::Operator),
            ("inside.acme.test", Destination::Tenant),
            ("192.168.1.1", Destination::Tenant),
            ("127.0.0.1", Destination::Tenant),
        ] {
            assert_eq!(written_by_a_tenant(host, &allowed), destination, "{host}");
        }
    }
}
