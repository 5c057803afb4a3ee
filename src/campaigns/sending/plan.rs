//! All that a slice of sending needs to know, read once.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::queries;
use crate::{
    campaigns::{
        Broadcast,
        bounces::unsubscribe_addresses,
        freeze,
        letter::{Letter, Links, Organization, Written},
        tokens::{self, Addressee, Link},
    },
    channels::{
        address::Address,
        bounces::Verp,
        message::{Email, List, Mailbox, MessageError},
    },
    crypto::Keys,
    designs::{merge::RenderError, people},
    jobs::Failure,
    senders::{Route, route},
    tenancy::OrgTx,
    web::App,
};

/// A person to write to, as they were when the broadcast started.
#[derive(Clone, Debug)]
pub(super) struct Reader {
    pub contact: Uuid,
    pub address: String,
    pub merge: serde_json::Value,
    pub attempts: i16,
}

/// One broadcast, ready to be written to anybody.
pub(super) struct Plan {
    pub broadcast: Broadcast,
    pub route: Route,
    letter: Letter,
    organization: Organization,
    keys: Keys,
    base_url: String,
    /// Where mail comes back to, when it may.
    returns: Option<Returns>,
}

/// Addresses that tell whose mail has come back.
struct Returns {
    bounces: Option<Verp>,
    unsubscribes: Option<Verp>,
}

impl Returns {
    fn new(keys: &Keys, domain: &str) -> Self {
        Self {
            bounces: tokens::return_addresses(keys, domain).into_iter().next(),
            unsubscribes: unsubscribe_addresses(keys, domain).into_iter().next(),
        }
    }

    fn bounces(&self, of: Addressee) -> Option<Address> {
        Address::parse(&self.bounces.as_ref()?.encode(&of.octets())?)
    }

    fn unsubscribe(&self, of: Addressee) -> Option<String> {
        self.unsubscribes.as_ref()?.encode(&of.octets())
    }
}

/// Why there is no mail for somebody.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unwritten {
    #[error("The address cannot be written to.")]
    Address,
    #[error(transparent)]
    Render(#[from] RenderError),
    #[error(transparent)]
    Message(#[from] MessageError),
    #[error("The message could not be signed: {0}")]
    Sign(#[from] crate::channels::dkim::KeyError),
}

/// A mail as it leaves.
pub(super) struct Mail {
    pub from: Address,
    pub to: Address,
    pub subject: String,
    pub source: Vec<u8>,
}

impl Plan {
    /// Reads it; `Err` says for people why nothing can be sent.
    pub(super) async fn load(
        app: &App,
        tx: &mut OrgTx,
        broadcast: Broadcast,
    ) -> Result<Result<Self, String>, Failure> {
        let cannot = |words: &str| Ok(Err(words.to_owned()));
        let Some(version) = broadcast.version else { return cannot("It was never frozen.") };
        let Some(sender) = broadcast.sender else { return cannot("It has no sender.") };
        let route = route::of(app, tx, sender).await.map_err(|error| anyhow::anyhow!("{error:?}"))?;
        let Some(route) = route else { return cannot("Its sender is gone.") };
        let (html, text) = queries::version(tx, version).await?;
        let fields = people::fields(tx).await?;
        let organization = freeze::organization(tx).await?;
        let said = (broadcast.subject.as_str(), broadcast.preview_text.as_str());
        let letter = match Letter::new(said, (&html, &text), &organization, &fields) {
            Ok(letter) => letter,
            Err(problems) => {
                let what = problems.first().map_or("", |problem| problem.what.as_str());
                return Ok(Err(format!("What it says has an error: {what}")));
            }
        };
        let returns = app.config.bounce_domain.as_deref().map(|domain| Returns::new(&app.keys, domain));
        let (keys, base_url) = (app.keys.clone(), app.config.base_url.clone());
        Ok(Ok(Self { broadcast, route, letter, organization, keys, base_url, returns }))
    }

    /// The mail to somebody, signed.
    pub(super) fn write(&self, reader: &Reader, now: DateTime<Utc>) -> Result<Mail, Unwritten> {
        let addressee = Addressee { broadcast: self.broadcast.number, contact: reader.contact };
        let to = Address::parse(&reader.address).ok_or(Unwritten::Address)?;
        let links = Links::For {
            to: addressee,
            keys: &self.keys,
            base_url: &self.base_url,
            opens: self.broadcast.track_opens,
            clicks: self.broadcast.track_clicks,
        };
        let written = self.letter.write(reader.merge.clone(), links)?;
        let source = self.compose(addressee, &to, &written, now)?;
        let from = self.returns.as_ref().and_then(|returns| returns.bounces(addressee));
        Ok(Mail {
            from: from.unwrap_or_else(|| self.route.from.clone()),
            to,
            subject: written.subject,
            source,
        })
    }

    fn compose(
        &self,
        addressee: Addressee,
        to: &Address,
        written: &Written,
        now: DateTime<Utc>,
    ) -> Result<Vec<u8>, Unwritten> {
        let Route { name, from, reply_to, signers, .. } = &self.route;
        let domain = from.domain();
        let token = tokens::write(&self.keys, addressee, Link::Preferences);
        let https = format!("{}/u/{token}", self.base_url);
        let mailto = self.returns.as_ref().and_then(|returns| returns.unsubscribe(addressee));
        let mailto = mailto.unwrap_or_else(|| format!("{from}?subject=unsubscribe"));
        let list_id = format!("b{}.{domain}", self.broadcast.number);
        let feedback =
            format!("{}:{}:campaign:groundswell", self.broadcast.number, self.broadcast.campaign.0.simple());
        let message_id = format!("b{}.{}@{domain}", self.broadcast.number, addressee.contact.simple());
        let reply_to = reply_to.as_ref().map(|address| Mailbox { name: None, address });
        let list = List {
            name: &self.organization.name,
            id: &list_id,
            unsubscribe_https: &https,
            unsubscribe_mailto: &mailto,
        };
        let email = Email {
            message_id: &message_id,
            date: now,
            from: Mailbox { name: Some(name), address: from },
            to: Mailbox { name: None, address: to },
            reply_to,
            subject: &written.subject,
            text: &written.text,
            html: &written.html,
            // One click wants https (RFC 8058 §3.1), which an installation for trying things has not.
            list: https.starts_with("https://").then_some(list),
            feedback_id: Some(&feedback),
            extra: &[],
        };
        let mut message = Vec::with_capacity(written.html.len() + written.text.len() + 4096);
        email.write(&mut message)?;
        let mut whole = Vec::with_capacity(message.len() + 2048);
        for signer in signers {
            signer.sign(&message, &mut whole)?;
        }
        whole.extend_from_slice(&message);
        Ok(whole)
    }
}
