//! The fields that a template may name, as its caller knows them.

use std::{collections::BTreeMap, sync::Arc};

use serde_json::Value;

use crate::contacts::fields::{Kind, OwnField};

/// A field that can stand in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeField {
    /// As it is written: `contact.first_name`.
    pub key: String,
    pub label: String,
    pub example: String,
    /// Whether everybody has a value, so that no fallback is needed.
    pub is_always_there: bool,
    /// What it is shown by, such as `date`.
    pub filter: Option<&'static str>,
    /// Whether people are offered it; what was put away is only known.
    pub is_offered: bool,
}

impl MergeField {
    /// A field that a contact may have left empty.
    pub fn new(key: &str, label: &str, example: &str) -> Self {
        let [key, label, example] = [key, label, example].map(str::to_owned);
        Self { key, label, example, is_always_there: false, filter: None, is_offered: true }
    }

    /// A field that always has a value.
    pub fn always(key: &str, label: &str, example: &str) -> Self {
        Self { is_always_there: true, ..Self::new(key, label, example) }
    }

    /// A field of the organization's own.
    pub fn own(field: &OwnField) -> Self {
        let (example, filter) = match field.kind {
            Kind::Date => ("2026-11-21", Some("date")),
            Kind::Number => ("42", None),
            Kind::Money => ("$1,234.50", None),
            Kind::Time => ("14:30", None),
            Kind::Boolean => ("Yes", None),
            _ => ("…", None),
        };
        let is_offered = field.archived_at.is_none();
        Self { filter, is_offered, ..Self::new(&format!("contact.{}", field.key), &field.label, example) }
    }

    /// As it is put into a text.
    pub fn tag(&self) -> String {
        let filter = self.filter.map_or_else(String::new, |filter| format!(" | {filter}"));
        match self.is_always_there {
            true => format!("{{{{ {}{filter} }}}}", self.key),
            false => format!("{{{{ {} | default(\"\"){filter} }}}}", self.key),
        }
    }
}

/// Links that are made for each recipient and that nobody counts clicks on.
pub const OWN_LINKS: &[&str] = &["unsubscribe_url", "preferences_url", "view_url"];

/// Every field that a template may name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct MergeFields {
    all: Arc<BTreeMap<String, MergeField>>,
    /// Fields of the organization's own whose values mail shows in other words than they are kept in.
    own: Arc<Vec<OwnField>>,
}

impl MergeFields {
    /// The caller's fields, and those that every mail has: the organization's and the recipient's links.
    pub fn new(of_contacts: impl IntoIterator<Item = MergeField>) -> Self {
        let always = [
            ("organization.name", "Workspace name", "Acme Roofing"),
            ("organization.address", "Postal address", "12 Main Street, Denver, CO 80202"),
            ("unsubscribe_url", "Unsubscribe link", "https://example.com/u/1"),
            ("preferences_url", "Preferences link", "https://example.com/p/1"),
            ("view_url", "View in browser link", "https://example.com/v/1"),
            ("preview_text", "Preview text", "What inboxes show beside the subject"),
        ];
        let always = always.into_iter().map(|(key, label, example)| MergeField::always(key, label, example));
        let all = of_contacts.into_iter().chain(always).map(|field| (field.key.clone(), field));
        Self { all: Arc::new(all.collect()), own: Arc::default() }
    }

    /// The same with fields of the organization's own, whose values it then has words for.
    pub fn knowing(self, own: Vec<OwnField>) -> Self {
        let mut all = BTreeMap::clone(&self.all);
        for field in &own {
            all.entry(format!("contact.{}", field.key)).or_insert_with(|| MergeField::own(field));
        }
        let own = own.into_iter().filter(OwnField::is_other_in_mail).collect();
        Self { all: Arc::new(all), own: Arc::new(own) }
    }

    /// What the fields hold for somebody, in the words that mail has for it. What is in words stays.
    pub fn shown(&self, mut contact: Value) -> Value {
        if let Some(values) = contact.as_object_mut() {
            for field in self.own.iter() {
                if let Some(value) = values.get_mut(&field.key) {
                    *value = field.for_mail(value);
                }
            }
        }
        contact
    }

    /// The fields that every contact has, before an organization adds its own.
    pub fn standard() -> Self {
        let own = [
            ("contact.first_name", "First name", "Dana"),
            ("contact.last_name", "Last name", "Whitfield"),
            ("contact.company", "Company", "Whitfield & Sons"),
            ("contact.phone", "Phone", "+1 303 555 0142"),
            ("contact.city", "City", "Denver"),
            ("contact.country", "Country", "United States"),
        ];
        let own = own.into_iter().map(|(key, label, example)| MergeField::new(key, label, example));
        Self::new(own.chain([MergeField::always("contact.email", "E-mail address", "dana@example.com")]))
    }

    pub fn get(&self, key: &str) -> Option<&MergeField> {
        self.all.get(key)
    }

    /// In the order of their keys; what only the machinery fills in is left out.
    pub fn for_people(&self) -> impl Iterator<Item = &MergeField> {
        self.all.values().filter(|field| field.is_offered && field.key != "preview_text")
    }

    /// The known field that was probably meant.
    pub(super) fn nearest(&self, key: &str) -> Option<&str> {
        let folded = |key: &str| key.to_lowercase().replace(['_', '-', ' '], "");
        let (wanted, last) = (folded(key), folded(key.rsplit('.').next().unwrap_or_default()));
        let fits = |known: &str| {
            let known = folded(known);
            known == wanted || known.rsplit('.').next() == Some(last.as_str()) || known.starts_with(&wanted)
        };
        self.all.keys().map(String::as_str).find(|known| fits(known))
    }
}
