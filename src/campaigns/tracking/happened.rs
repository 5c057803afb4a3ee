//! What others may listen for.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::Event;

/// The pictures of a mail were fetched.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct EmailOpened {
    pub contact: Uuid,
    pub broadcast: Uuid,
    /// Whose machine fetched them for the person; empty for the person's own.
    #[serde(default)]
    pub proxy: String,
    /// Why it was no person; empty where it was one.
    #[serde(default)]
    pub machine: String,
}

impl Event for EmailOpened {
    const KIND: &'static str = "email.opened";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}

/// A link of a mail was followed.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct EmailClicked {
    pub contact: Uuid,
    pub broadcast: Uuid,
    pub position: u16,
    /// Why it was no person; empty where it was one.
    #[serde(default)]
    pub machine: String,
}

impl Event for EmailClicked {
    const KIND: &'static str = "email.clicked";

    fn contact(&self) -> Option<Uuid> {
        Some(self.contact)
    }
}
