//! What an event is.

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

/// A fact in the past tense. Declared in the domain in which it happens; what it holds is stored, so
/// fields are added and never renamed.
pub trait Event: Serialize + DeserializeOwned + Send + Sync {
    /// `noun.past_tense`, such as `member.joined`.
    const KIND: &'static str;

    /// The contact that it is about, on whose timeline it stands.
    fn contact(&self) -> Option<Uuid> {
        None
    }
}

/// An event out of the log.
#[derive(Clone, Debug)]
pub struct Recorded {
    pub id: Uuid,
    pub occurred_at: DateTime<Utc>,
    pub kind: String,
    /// Whom it is about.
    pub contact: Option<Uuid>,
    pub payload: Value,
    pub is_bot: bool,
    pub(super) tx: i64,
}

impl Recorded {
    /// The event, when it is one of these. An error for one that is, but cannot be read.
    pub fn read<E: Event>(&self) -> Result<Option<E>, serde_json::Error> {
        if self.kind != E::KIND {
            return Ok(None);
        }
        serde_json::from_value(self.payload.clone()).map(Some)
    }
}
