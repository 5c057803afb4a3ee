//! What is written into the log, and by whom.

use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Who does something, and from where. Every transaction inside an organization has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// `user`, `support`, `machine` or `visitor`.
    pub kind: &'static str,
    /// The person, where there is one.
    pub id: Option<Uuid>,
    /// The person's name, or what is at work, such as `mail.deliver`.
    pub name: String,
    /// The address that the request came from; empty for the machine.
    pub address: String,
    pub request_id: String,
}

impl Actor {
    /// The machine, doing `what` on somebody's behalf.
    pub fn machine(what: &str) -> Self {
        Self::of("machine", None, what)
    }

    /// Somebody on a published page, whom nobody knows.
    pub fn visitor() -> Self {
        Self::of("visitor", None, "A visitor")
    }

    /// Somebody who is about to become a person here.
    pub fn newcomer(name: &str) -> Self {
        Self::of("user", None, name)
    }

    /// A person with this name.
    pub fn person(id: Uuid, name: &str) -> Self {
        Self::of("user", Some(id), name)
    }

    /// The same person, at work for the platform's support.
    pub fn as_support(self) -> Self {
        Self { kind: "support", ..self }
    }

    fn of(kind: &'static str, id: Option<Uuid>, name: &str) -> Self {
        let name = name.chars().take(200).collect();
        Self { kind, id, name, address: String::new(), request_id: String::new() }
    }

    /// The same, in a request with this id from this address.
    pub fn at(self, address: String, request_id: String) -> Self {
        Self { address, request_id: request_id.chars().take(100).collect(), ..self }
    }
}

/// One thing that was done, or tried and denied.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// `domain.past_tense`, such as `members.invited`.
    pub action: &'static str,
    pub was_denied: bool,
    /// What it was done to: the kind of thing, its id, and its name as people know it.
    pub subject: (&'static str, String, String),
    pub before: Option<Value>,
    pub after: Option<Value>,
    /// Why, where somebody had to say.
    pub reason: String,
}

impl Entry {
    pub fn new(action: &'static str) -> Self {
        Self { action, ..Self::default() }
    }

    pub fn on(self, kind: &'static str, id: impl ToString, name: &str) -> Self {
        Self { subject: (kind, id.to_string(), name.chars().take(300).collect()), ..self }
    }

    /// What it was. Values under names that sound secret are masked.
    pub fn before(self, state: impl Serialize) -> Self {
        Self { before: masked(state), ..self }
    }

    /// What it became. Values under names that sound secret are masked.
    pub fn after(self, state: impl Serialize) -> Self {
        Self { after: masked(state), ..self }
    }

    pub fn because(self, reason: &str) -> Self {
        Self { reason: reason.chars().take(1000).collect(), ..self }
    }

    pub fn denied(self) -> Self {
        Self { was_denied: true, ..self }
    }
}

/// Parts of names whose values never go into the log.
const SECRET: &[&str] = &["password", "secret", "token", "hash", "credential", "private", "api_key"];
const MASK: &str = "••••";

fn masked(state: impl Serialize) -> Option<Value> {
    let mut value = serde_json::to_value(state).ok()?;
    mask(&mut value);
    Some(value)
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, inner) in fields {
                if SECRET.iter().any(|secret| name.to_lowercase().contains(secret)) {
                    // That there is a value, or none, is no secret; switches and counts are none either.
                    if inner.is_string() || inner.is_object() || inner.is_array() {
                        *inner = MASK.into();
                    }
                } else {
                    mask(inner);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(mask),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Entry, MASK};

    #[test]
    fn what_sounds_secret_is_masked_however_deep_it_lies() {
        let entry = Entry::new("channels.connected").after(json!({
            "name": "Mail", "smtp": [{ "Password": "hunter2", "host": "mail.example" }], "token_count": 3,
            "client_secret": { "value": "x" }, "secret": null,
        }));
        let expected = json!({
            "name": "Mail", "smtp": [{ "Password": MASK, "host": "mail.example" }], "token_count": 3,
            "client_secret": MASK, "secret": null,
        });
        assert_eq!(entry.after, Some(expected));
    }
}
