//! Refusing to run with more power than is needed.
//!
//! Row security binds neither a superuser, nor a role with BYPASSRLS, nor (unless forced) a table's
//! owner. An application that signs in as one of these keeps tenants apart by good intentions only.

use sqlx::{PgConnection, Row};

/// Every reason why the connected role is too powerful, as sentences. Empty is good.
///
/// Looks at the session's own role as well as the current one: `set role` can be undone.
pub async fn too_powerful(conn: &mut PgConnection) -> sqlx::Result<Vec<String>> {
    let rows = sqlx::query(
        "select r.rolname::text as role, r.rolsuper, r.rolbypassrls,
                exists (select 1 from pg_class c
                         where c.relowner = r.oid and c.relkind in ('r', 'p', 'v', 'm')
                           and c.relnamespace in ('public'::regnamespace, 'app'::regnamespace)) as owns,
                exists (select 1 from pg_class c
                         where c.relowner <> r.oid and c.relkind in ('r', 'p')
                           and c.relnamespace = 'public'::regnamespace
                           and pg_has_role(r.oid, c.relowner, 'member')) as member_of_owner
           from pg_roles r
          where r.rolname in (current_user, session_user)",
    )
    .fetch_all(conn)
    .await?;
    let mut reasons = Vec::new();
    for row in rows {
        let role: String = row.try_get("role")?;
        let says = [
            ("rolsuper", "is a superuser"),
            ("rolbypassrls", "may bypass row security"),
            ("owns", "owns tables of the application"),
            ("member_of_owner", "is a member of the role that owns the tables"),
        ];
        for (column, words) in says {
            if row.try_get(column)? {
                reasons.push(format!("the database role {role} {words}"));
            }
        }
    }
    Ok(reasons)
}
