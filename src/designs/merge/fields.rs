//! The fields that a template may name, as its caller knows them.

use std::{collections::BTreeMap, sync::Arc};

/// A field that can stand in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MergeField {
    /// As it is written: `contact.first_name`.
    pub key: String,
    pub label: String,
    pub example: String,
    /// Whether everybody has a value, so that no fallback is needed.
    pub is_always_there: bool,
}

impl MergeField {
    /// A field that a contact may have left empty.
    pub fn new(key: &str, label: &str, example: &str) -> Self {
        let [key, label, example] = [key, label, example].map(str::to_owned);
        Self { key, label, example, is_always_there: false }
    }

    /// A field that always has a value.
    pub fn always(key: &str, label: &str, example: &str) -> Self {
        Self { is_always_there: true, ..Self::new(key, label, example) }
    }

    /// As it is put into a text.
    pub fn tag(&self) -> String {
        match self.is_always_there {
            true => format!("{{{{ {} }}}}", self.key),
            false => format!("{{{{ {} | default(\"\") }}}}", self.key),
        }
    }
}

/// Links that are made for each recipient and that nobody counts clicks on.
pub const OWN_LINKS: &[&str] = &["unsubscribe_url", "preferences_url", "view_url"];

/// Every field that a template may name. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct MergeFields(Arc<BTreeMap<String, MergeField>>);

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
        Self(Arc::new(all.collect()))
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
        self.0.get(key)
    }

    /// In the order of their keys; what only the machinery fills in is left out.
    pub fn for_people(&self) -> impl Iterator<Item = &MergeField> {
        self.0.values().filter(|field| field.key != "preview_text")
    }

    /// The known field that was probably meant.
    pub(super) fn nearest(&self, key: &str) -> Option<&str> {
        let folded = |key: &str| key.to_lowercase().replace(['_', '-', ' '], "");
        let (wanted, last) = (folded(key), folded(key.rsplit('.').next().unwrap_or_default()));
        let fits = |known: &str| {
            let known = folded(known);
            known == wanted || known.rsplit('.').next() == Some(last.as_str()) || known.starts_with(&wanted)
        };
        self.0.keys().map(String::as_str).find(|known| fits(known))
    }
}
