//! All SQL of the palette.

use crate::tenancy::OrgTx;

pub(super) struct Found {
    pub name: String,
    pub email: String,
}

/// Active people whose name or address holds `sought`, which is in lower case.
pub(super) async fn people(tx: &mut OrgTx, sought: &str, most: u8) -> sqlx::Result<Vec<Found>> {
    let org = tx.org();
    sqlx::query_as!(
        Found,
        "select p.name, u.email
           from organization_members m
           join users u on u.id = m.user_id
           join user_profiles p on p.user_id = m.user_id
          where m.organization_id = $1 and m.status = 'active'
            and (position($2 in lower(p.name)) > 0 or position($2 in u.email) > 0)
          order by p.name, m.user_id
          limit $3",
        org,
        sought,
        i64::from(most),
    )
    .fetch_all(tx.conn())
    .await
}
