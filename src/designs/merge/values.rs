//! What the fields are for one contact.

use std::sync::Arc;

use minijinja::{Value, value::ValueKind};

use super::VALUE_LIMIT;

/// The values of one contact's fields. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Values(pub(super) Value);

impl From<serde_json::Value> for Values {
    fn from(values: serde_json::Value) -> Self {
        Self(minijinja::value::Serde(values).into())
    }
}

/// The words of a value: nothing for what is missing, yes or no, a list with commas, and never a whole object.
pub(super) fn words(value: &Value) -> Arc<str> {
    match value.kind() {
        ValueKind::String => value.to_str().map_or_else(|| "".into(), shortened),
        ValueKind::Undefined | ValueKind::None | ValueKind::Map | ValueKind::Bytes => "".into(),
        ValueKind::Bool => if value.is_true() { "Yes" } else { "No" }.into(),
        ValueKind::Number => value.to_string().into(),
        _ => {
            let parts =
                value.try_iter().map(|items| items.take(1_000).map(|item| item.to_string()).collect());
            shortened(parts.map(|parts: Vec<_>| parts.join(", ")).unwrap_or_default().into())
        }
    }
}

/// At most [`VALUE_LIMIT`] bytes.
fn shortened(text: Arc<str>) -> Arc<str> {
    if text.len() <= VALUE_LIMIT {
        return text;
    }
    let end = text.floor_char_boundary(VALUE_LIMIT);
    format!("{}…", text.get(..end).unwrap_or_default()).into()
}

/// Whether there is nothing to show.
pub(super) fn is_empty(value: &Value) -> bool {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None => true,
        ValueKind::String => value.as_str().is_none_or(|text| text.trim().is_empty()),
        _ => false,
    }
}
