//! What the database says about itself.

use crate::web::App;

/// Its version and its size in bytes.
pub(super) async fn database(app: &App) -> sqlx::Result<(String, i64)> {
    let row = sqlx::query!(
        r#"select current_setting('server_version') as "version!",
                  pg_database_size(current_database()) as "size!""#
    )
    .fetch_one(&mut *app.db.connection().await?)
    .await?;
    Ok((row.version, row.size))
}
