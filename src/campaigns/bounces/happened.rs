//! What comes back, for whoever listens, and for people's timelines.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::Event;

/// A mail to somebody came back.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct EmailBounced {
    pub contact: Uuid,
    pub broadcast: Uuid,
    /// `hard` or `soft`.
    pub bounce: String,
    pub reason: String,
}

impl Event for EmailBounced {
    const KIND: &'static str = "email.bounced";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// Somebody called a mail spam.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct EmailComplained {
    pub contact: Uuid,
    pub broadcast: Uuid,
}

impl Event for EmailComplained {
    const KIND: &'static str = "email.complained";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}
