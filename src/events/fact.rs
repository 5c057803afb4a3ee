//! An event on its way into the log together with others.

use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

use super::Event;

/// One of several events that are written at once.
#[derive(Clone, Debug)]
pub struct Fact {
    pub(super) kind: &'static str,
    pub(super) contact: Option<Uuid>,
    pub(super) payload: Value,
    pub(super) is_bot: bool,
    pub(super) seconds_ago: f64,
}

impl Fact {
    pub fn of<E: Event>(event: &E) -> sqlx::Result<Self> {
        let payload = serde_json::to_value(event).map_err(|error| sqlx::Error::Encode(error.into()))?;
        Ok(Self { kind: E::KIND, contact: event.contact(), payload, is_bot: false, seconds_ago: 0.0 })
    }

    /// It happened so long ago, by the database's clock. Not longer than a month: the log has no table for that.
    pub fn ago(self, ago: TimeDelta) -> Self {
        Self { seconds_ago: ago.as_seconds_f64().max(0.0), ..self }
    }

    /// A machine did it that only looks like a person.
    pub fn by_machine(self, is_bot: bool) -> Self {
        Self { is_bot, ..self }
    }
}
