//! People to try a design on, before real ones are chosen: each makes something else go wrong.

use serde_json::{Value, json};

use super::merge::Values;

/// Somebody to preview a design as.
pub struct Sample {
    pub key: &'static str,
    pub name: &'static str,
    contact: fn() -> Value,
}

pub const SAMPLES: &[Sample] = &[
    Sample { key: "usual", name: "Dana Whitfield", contact: usual },
    Sample { key: "long", name: "A very long name", contact: long },
    Sample { key: "missing", name: "Hardly anything known", contact: missing },
    Sample { key: "rtl", name: "Right to left", contact: right_to_left },
];

fn usual() -> Value {
    json!({ "first_name": "Dana", "last_name": "Whitfield", "email": "dana@example.com", "company": "Whitfield & Sons",
            "phone": "+1 303 555 0142", "city": "Denver", "country": "United States" })
}

fn long() -> Value {
    json!({ "first_name": "Maximiliane-Wilhelmina", "last_name": "von Hohenzollern-Oppenheim-Straßenbauer",
            "email": "maximiliane-wilhelmina.von-hohenzollern-oppenheim@donaudampfschifffahrt.example",
            "company": "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "phone": "+49 30 901820 4711 0815", "city": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
            "country": "Saint Vincent and the Grenadines" })
}

fn missing() -> Value {
    json!({ "first_name": null, "last_name": "", "email": "someone@example.com" })
}

fn right_to_left() -> Value {
    json!({ "first_name": "ליאור", "last_name": "בן־דוד", "email": "lior@example.com", "company": "شركة المثال",
            "phone": "+972 3 555 0142", "city": "תל אביב", "country": "ישראל" })
}

/// What the fields hold for a sample; for the first one where nobody has this key.
pub fn contact(key: &str) -> Value {
    let sample = SAMPLES.iter().find(|sample| sample.key == key).or(SAMPLES.first());
    sample.map_or(Value::Null, |sample| (sample.contact)())
}

/// What a mail holds for this contact. `organization` is the workspace's name.
pub fn values(contact: &Value, organization: &str) -> Values {
    Values::from(json!({
        "contact": contact,
        "organization": { "name": organization, "address": "12 Main Street, Denver, CO 80202" },
        "unsubscribe_url": "https://example.com/unsubscribe",
        "preferences_url": "https://example.com/preferences",
        "view_url": "https://example.com/view",
        "preview_text": "",
    }))
}
