//! Who looks after the sample installation.

use super::PASSWORD;
use crate::{
    accounts::{password, sign_up},
    admin::staff,
    email_address::EmailAddress,
    web::App,
};

/// Name, address, platform role, and the same in words.
const STAFF: &[(&str, &str, &str, &str)] = &[
    ("Pia Sample-Administrator", "pia@groundswell.example", staff::ADMIN, "sample platform administrator"),
    ("Theo Sample-Support", "theo@groundswell.example", staff::SUPPORT, "sample technical support"),
];

/// Makes the sample people who look after the installation, unless they are there. Gives who they are:
/// nobody outside of development, where everybody who has read this could sign in as them.
pub async fn plant_staff(app: &App) -> anyhow::Result<Vec<(String, &'static str)>> {
    if !app.config.dev {
        return Ok(Vec::new());
    }
    for (name, address, role, _) in STAFF {
        let email =
            EmailAddress::parse(address).ok_or_else(|| anyhow::anyhow!("a sample address is wrong"))?;
        let hash = password::hash(app, PASSWORD).await?;
        let mut tx = app.db.begin().await?;
        if sign_up::create(&mut tx, &email, name, &hash, app.clock.now()).await?.is_some() {
            tx.commit().await?;
            staff::give(app, address, role, super::past::SEED).await?;
        }
    }
    Ok(STAFF.iter().map(|(_, address, _, words)| ((*address).to_owned(), *words)).collect())
}
