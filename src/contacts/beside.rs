//! What other domains show beside a contact's page: a title, and where their part of it is.

use std::sync::Arc;

/// A card beside somebody's page, whose content its own domain serves at `/contacts/{contact}/{key}`: as a part
/// where htmx asks, as a page of its own without.
#[derive(Clone, Copy, Debug)]
pub struct Card {
    pub key: &'static str,
    pub title: &'static str,
    /// The permission of whoever sees it.
    pub needs: &'static str,
}

/// Every card there is. Cheap to clone.
#[derive(Clone)]
pub struct Cards(Arc<Vec<Card>>);

impl Cards {
    pub fn new(all: Vec<Card>) -> Self {
        Self(Arc::new(all))
    }

    /// Those that somebody who holds these permissions sees.
    pub fn of(&self, holds: impl Fn(&str) -> bool) -> Vec<Card> {
        self.0.iter().filter(|card| holds(card.needs)).copied().collect()
    }
}
