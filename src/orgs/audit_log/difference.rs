//! What was and what became, as a person reads it.

use std::collections::BTreeSet;

use serde_json::Value;

/// One field that differs. Empty words stand for nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: String,
    pub was: String,
    pub is: String,
}

/// The fields that differ. What is no object stands under no name.
pub fn of(before: Option<&Value>, after: Option<&Value>) -> Vec<Field> {
    let (before, after) = (before.unwrap_or(&Value::Null), after.unwrap_or(&Value::Null));
    let names = |value: &Value| -> Vec<String> {
        value.as_object().map(|fields| fields.keys().cloned().collect()).unwrap_or_default()
    };
    if !before.is_object() && !after.is_object() {
        return field(String::new(), before, after).into_iter().collect();
    }
    let all: BTreeSet<String> = names(before).into_iter().chain(names(after)).collect();
    let inside = |value: &Value, name: &str| value.get(name).cloned().unwrap_or(Value::Null);
    all.into_iter()
        .filter_map(|name| field(name.replace('_', " "), &inside(before, &name), &inside(after, &name)))
        .collect()
}

fn field(name: String, before: &Value, after: &Value) -> Option<Field> {
    if before == after {
        return None;
    }
    // Of two lists, only what left and what came.
    let (was, is) = match (before.as_array(), after.as_array()) {
        (Some(before), Some(after)) => (beside(before, after), beside(after, before)),
        _ => (words(before), words(after)),
    };
    Some(Field { name, was, is })
}

fn beside(these: &[Value], those: &[Value]) -> String {
    let only: Vec<String> = these.iter().filter(|one| !those.contains(one)).map(words).collect();
    only.join(", ")
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) => all.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Field, of};

    fn told(before: serde_json::Value, after: serde_json::Value) -> Vec<(String, String, String)> {
        of(Some(&before), Some(&after)).into_iter().map(|Field { name, was, is }| (name, was, is)).collect()
    }

    #[test]
    fn only_what_differs_is_told() {
        let field = |name: &str, was: &str, is: &str| (name.to_owned(), was.to_owned(), is.to_owned());
        let before = json!({ "name": "Acme", "hue": 4, "is_hidden": false });
        let after = json!({ "name": "Acme Ltd", "hue": 4, "is_hidden": true });
        assert_eq!(told(before, after), [field("is hidden", "no", "yes"), field("name", "Acme", "Acme Ltd")]);
        assert_eq!(told(json!(["a", "b"]), json!(["b", "c"])), [field("", "a", "c")]);
        assert_eq!(of(None, Some(&json!({ "role": "Viewer" }))).len(), 1);
        assert_eq!(of(None, None), Vec::new());
    }
}
