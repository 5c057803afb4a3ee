//! All SQL of brands.

use crate::tenancy::OrgTx;

/// The brand's name, where the organization has given it one.
pub(super) async fn name(tx: &mut OrgTx) -> sqlx::Result<Option<String>> {
    let org = tx.org();
    sqlx::query_scalar!("select name from brand_profiles where organization_id = $1 and name <> ''", org)
        .fetch_optional(tx.conn())
        .await
}
