//! Lists as somebody wants to see them again: the query part of an address under a name.
//!
//! A view is its maker's own, or shared with everybody in the workspace. The address of a list is the
//! view; a saved one only remembers it.

mod queries;
pub mod routes;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    accounts::UserId,
    tenancy::{Member, OrgTx},
};

/// A saved view, as a tab above its list.
#[derive(Clone, Debug)]
pub struct Tab {
    pub id: Option<Uuid>,
    pub name: String,
    pub query: String,
    pub is_current: bool,
    /// Whether the one who looks may remove it.
    pub is_own: bool,
    pub is_shared: bool,
}

/// The tabs above the list `screen`, when its address holds `query`: everything first, then the saved.
pub async fn tabs(tx: &mut OrgTx, member: &Member, screen: &str, query: &str) -> sqlx::Result<Vec<Tab>> {
    let mut tabs = vec![Tab {
        id: None,
        name: "All".to_owned(),
        query: String::new(),
        is_current: query.is_empty(),
        is_own: false,
        is_shared: true,
    }];
    for saved in queries::visible(tx, member.user.id, screen).await? {
        tabs.push(Tab {
            id: Some(saved.id),
            is_current: saved.query == query,
            is_own: saved.user_id == member.user.id,
            name: saved.name,
            query: saved.query,
            is_shared: saved.is_shared,
        });
    }
    Ok(tabs)
}

/// Keeps a view for everybody: the list, its name and its query.
pub async fn share(
    tx: &mut OrgTx,
    user: UserId,
    (screen, name, query): (&str, &str, &str),
    now: DateTime<Utc>,
) -> sqlx::Result<()> {
    queries::save(tx, user, &queries::NewView { screen, name, query, is_shared: true }, now).await?;
    Ok(())
}
