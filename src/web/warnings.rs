//! What is not right outside of a request, for those who watch over the installation.
//!
//! A warning is shown by `/readyz` and takes no traffic away: pages still work without the mail server.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// One sentence for each thing that may be wrong. Shared by all parts of a process.
#[derive(Clone, Debug, Default)]
pub struct Warnings(Arc<Mutex<BTreeMap<&'static str, &'static str>>>);

impl Warnings {
    pub fn set(&self, about: &'static str, told: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(about, told);
    }

    pub fn clear(&self, about: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(about);
    }

    pub fn all(&self) -> Vec<&'static str> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).values().copied().collect()
    }
}
