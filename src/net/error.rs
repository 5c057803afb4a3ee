//! What went wrong: in detail for the log, in three sentences for people.
//!
//! A tenant who learns whether a port was closed or silent, a name unknown or private, can map networks
//! with our help. So everything that depends on where an address leads is told as one thing.

use std::error::Error as StdError;

use super::resolver::Nowhere;

/// The twelve things that go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Unreadable, without a host, or of another scheme than http and https.
    NotAWebAddress,
    UserInfo,
    Port,
    /// Written in figures, and not of the public internet.
    PrivateAddress,
    /// A name all of whose addresses are not of the public internet.
    PrivateName,
    UnknownName,
    Unreachable,
    Tls,
    /// Includes having waited for others' requests to end.
    TooSlow,
    /// Not HTTP, too many headers, broken off, not to be unpacked.
    Malformed,
    TooLarge,
    /// Too many redirects, or one to an address that may not be used.
    Redirect,
}

/// A request that got no answer we can use. `Display` is for the log, and holds neither path nor query.
#[derive(Debug, thiserror::Error)]
#[error("{kind:?} at {origin}: {detail}")]
pub struct Error {
    kind: Kind,
    origin: String,
    detail: String,
}

impl Kind {
    /// What people are told.
    pub fn public_message(self) -> &'static str {
        match self {
            Self::NotAWebAddress | Self::UserInfo | Self::Port | Self::PrivateAddress => {
                "This address cannot be used. Give one of the public internet that begins with https:// or http://, \
                 without a name or password in it, on port 80, 443, 8080 or 8443."
            }
            Self::PrivateName | Self::UnknownName | Self::Unreachable | Self::Tls | Self::TooSlow => {
                "The address could not be reached. Check that it is spelled right, that anybody on the internet can \
                 open it, and that it answers within ten seconds."
            }
            Self::Malformed | Self::TooLarge | Self::Redirect => {
                "The address answered, but not in a way that can be used. Check that it answers by itself, without \
                 leading elsewhere, and with no more than 10 MB."
            }
        }
    }
}

impl Error {
    pub(super) fn new(kind: Kind, origin: &str, detail: &str) -> Self {
        Self { kind, origin: origin.to_owned(), detail: detail.to_owned() }
    }

    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What people are told.
    pub fn public_message(&self) -> &'static str {
        self.kind.public_message()
    }

    /// What the library says, sorted. It shows addresses in full, so that is taken off.
    pub(super) fn of(error: reqwest::Error, origin: &str) -> Self {
        let error = error.without_url();
        let causes: Vec<String> = chain(&error).map(ToString::to_string).collect();
        Self { kind: kind_of(&error, origin), origin: origin.to_owned(), detail: causes.join(": ") }
    }
}

fn chain<'e>(error: &'e (dyn StdError + 'static)) -> impl Iterator<Item = &'e (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |error: &&'e (dyn StdError + 'static)| {
        let error: &'e (dyn StdError + 'static) = *error;
        error.source()
    })
}

fn kind_of(error: &reqwest::Error, origin: &str) -> Kind {
    if let Some(nowhere) = chain(error).find_map(|cause| cause.downcast_ref::<Nowhere>()) {
        return match nowhere {
            Nowhere::Private(_) => Kind::PrivateName,
            Nowhere::Empty | Nowhere::Unknown(_) => Kind::UnknownName,
        };
    }
    // The connector has no type for it, but this name for what failed before TLS began.
    let is_tcp = chain(error).any(|cause| cause.to_string() == "tcp connect error");
    if error.is_timeout() {
        Kind::TooSlow
    } else if error.is_connect() && (is_tcp || origin.starts_with("http:")) {
        Kind::Unreachable
    } else if error.is_connect() {
        Kind::Tls
    } else {
        Kind::Malformed
    }
}
