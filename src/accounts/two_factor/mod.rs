//! The second factor: codes of an authenticator (RFC 6238), and recovery codes for when it is lost.
//!
//! The secret is sealed for the person it belongs to. A code is taken once: its time step is remembered.

mod queries;
pub mod reseal;

use data_encoding::BASE32_NOPAD;
use sha2::{Digest, Sha256};
use sqlx::PgConnection;
use totp_rs::{Builder, Secret, Totp};

use super::{UserId, throttle};
use crate::{
    crypto::{Purpose, sealed},
    web::{App, Error, Result},
};

/// Codes one step before and after the present one are taken: phones and people are late.
const SKEW: u16 = 1;
const STEP_SECONDS: u64 = 30;
/// Recovery codes given out at a time.
const RECOVERY_CODES: usize = 10;

/// Whether this code, of the authenticator or for recovery, is the person's. Each is taken once.
pub async fn check(app: &App, user: UserId, typed: &str) -> Result<bool> {
    let charged = throttle::charge(&app.db, throttle::CODE, &user.to_string(), app.clock.now()).await?;
    let typed: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_right = if typed.len() == 6 {
        check_totp(app, user, &typed).await?
    } else {
        queries::use_recovery_code(&app.db, user, &code_hash(user, &typed), app.clock.now()).await?
    };
    if is_right {
        throttle::give_back(&app.db, &charged).await?;
    }
    Ok(is_right)
}

async fn check_totp(app: &App, user: UserId, code: &str) -> Result<bool> {
    let Some(sealed) = queries::secret(&app.db, user).await? else { return Ok(false) };
    let secret = unseal(app, user, &sealed)?;
    let Some(step) = step_of(app, &secret, user, code)? else { return Ok(false) };
    Ok(queries::take_step(&app.db, user, step).await?)
}

/// The time step that a code belongs to, when it is one that may be used now.
pub fn step_of(app: &App, secret: &[u8], user: UserId, code: &str) -> Result<Option<i64>> {
    let now = u64::try_from(app.clock.now().timestamp()).unwrap_or(0);
    let step = totp(secret, &user.to_string())?.check(code, now);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// A new secret, and the address that authenticators read it from.
pub struct Offer {
    pub secret: Vec<u8>,
    /// The secret as people type it.
    pub text: String,
    /// An `otpauth://` address.
    pub url: String,
}

impl Offer {
    pub fn new(account: &str) -> Result<Self> {
        let mut secret = [0u8; 20];
        getrandom::fill(&mut secret).map_err(|error| anyhow::anyhow!(error))?;
        Self::of(secret.to_vec(), account)
    }

    /// The same offer again, from what a form brought back.
    pub fn again(text: &str, account: &str) -> Result<Self> {
        let secret =
            BASE32_NOPAD.decode(text.trim().to_uppercase().as_bytes()).map_err(|_| Error::StaleForm)?;
        if secret.len() != 20 {
            return Err(Error::StaleForm);
        }
        Self::of(secret, account)
    }

    fn of(secret: Vec<u8>, account: &str) -> Result<Self> {
        let text = BASE32_NOPAD.encode(&secret);
        let url = totp(&secret, account)?.to_url().map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(Self { secret, text, url })
    }

    /// The address as a picture for a phone's camera.
    pub fn picture(&self) -> Result<String> {
        let code = qrcode::QrCode::new(self.url.as_bytes()).map_err(anyhow::Error::from)?;
        let svg = code.render::<qrcode::render::svg::Color>().min_dimensions(200, 200).build();
        // The element alone: a document's prologue cannot stand inside a page.
        Ok(svg.find("<svg").and_then(|at| svg.get(at..)).unwrap_or_default().to_owned())
    }
}

fn totp(secret: &[u8], account: &str) -> Result<Totp> {
    let account = account.replace(':', " ");
    Builder::new()
        .with_secret(Secret::from(secret.to_vec()))
        .with_skew(SKEW)
        .with_step_duration(STEP_SECONDS)
        .with_account_name(account)
        .with_issuer(Some("Groundswell"))
        .build()
        .map_err(|error| Error::Other(anyhow::anyhow!("{error:?}")))
}

/// Turns the second factor on with this secret; gives recovery codes, which are shown this once.
pub async fn turn_on(
    app: &App,
    conn: &mut PgConnection,
    user: UserId,
    secret: &[u8],
    step: i64,
) -> Result<Vec<String>> {
    let sealed = sealed::seal(&app.keys, Purpose::TwoFactorSecret, &place(user), secret)
        .map_err(anyhow::Error::from)?;
    queries::turn_on(conn, user, &sealed, step, app.clock.now()).await?;
    renew_recovery_codes(conn, user).await
}

pub async fn turn_off(app: &App, conn: &mut PgConnection, user: UserId) -> Result<()> {
    Ok(queries::turn_off(conn, user, app.clock.now()).await?)
}

/// Ten new recovery codes; the former no longer work.
pub async fn renew_recovery_codes(conn: &mut PgConnection, user: UserId) -> Result<Vec<String>> {
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        let mut bytes = [0u8; 10];
        getrandom::fill(&mut bytes).map_err(|error| anyhow::anyhow!(error))?;
        codes.push(BASE32_NOPAD.encode(&bytes).to_lowercase());
    }
    let hashes: Vec<Vec<u8>> = codes.iter().map(|code| code_hash(user, code)).collect();
    queries::replace_recovery_codes(conn, user, &hashes).await?;
    Ok(codes.iter().map(|code| in_groups(code)).collect())
}

/// How many recovery codes are left.
pub async fn recovery_codes_left(app: &App, user: UserId) -> Result<i64> {
    Ok(queries::recovery_codes_left(&app.db, user).await?)
}

fn unseal(app: &App, user: UserId, sealed_secret: &[u8]) -> Result<Vec<u8>> {
    let opened = sealed::open(&app.keys, Purpose::TwoFactorSecret, &place(user), sealed_secret);
    Ok(opened.map_err(anyhow::Error::from)?)
}

fn place(user: UserId) -> [String; 3] {
    ["users".into(), "totp_secret".into(), user.to_string()]
}

/// A recovery code has 80 random bits: a plain hash is enough, salted with its owner.
fn code_hash(user: UserId, code: &str) -> Vec<u8> {
    Sha256::digest(format!("{user}:{}", code.to_lowercase())).to_vec()
}

fn in_groups(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}
