//! Passwords: which are good enough, and how they are kept.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP's Password Storage Cheat Sheet). Hashing takes a
//! permit of [`App::hashing`](crate::web::App): a crowd of sign-ins waits instead of eating the memory.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version, password_hash::phc::PasswordHash,
};

use crate::web::{App, Error};

/// Characters that a password has at least.
pub const SHORTEST: usize = 10;
/// Octets that a password has at most: nothing is cut off silently.
pub const LONGEST: usize = 1024;

const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// Stands in for a person who does not exist, so that asking about one takes as long.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Why a password will not do, for the person who chose it. `about` is what others know of them.
pub fn complaint(password: &str, about: &[&str]) -> Option<String> {
    if password.chars().count() < SHORTEST {
        return Some(format!("Please use at least {SHORTEST} characters."));
    }
    if password.len() > LONGEST {
        return Some("That is longer than anybody can type. Please use fewer than 1,000 characters.".into());
    }
    // The whole and its pieces, in lower case: what is looked for in the password.
    let about: Vec<String> = about.iter().map(|text| text.to_lowercase()).collect();
    let pieces = about.iter().flat_map(|text| text.split(['@', '.', ' ', '-']));
    let known: Vec<&str> = pieces.chain(about.iter().map(String::as_str)).chain(["groundswell"]).collect();
    let judged = zxcvbn::zxcvbn(password, &known);
    if judged.score() >= zxcvbn::Score::Three {
        return None;
    }
    let why =
        judged.feedback().and_then(zxcvbn::feedback::Feedback::warning).map(|warning| warning.to_string());
    Some(match why {
        Some(why) => format!(
            "That would be guessed soon. {why} Three or four words that do not belong together do well."
        ),
        None => "That would be guessed soon. Three or four words that do not belong together do well.".into(),
    })
}

/// What is stored of a password.
pub async fn hash(app: &App, password: &str) -> Result<String, Error> {
    let password = password.to_owned();
    with_permit(app, move || hash_now(&password)).await?
}

/// Whether this is the password that `stored` was made of. `None` takes as long and is never right.
pub async fn verify(app: &App, password: &str, stored: Option<String>) -> Result<bool, Error> {
    let password = password.to_owned();
    with_permit(app, move || {
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| NOBODY.clone());
        let fits = PasswordHash::new(&stored)
            .is_ok_and(|stored| Argon2::default().verify_password(password.as_bytes(), &stored).is_ok());
        known && fits
    })
    .await
}

async fn with_permit<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Error> {
    let permit = app.hashing.clone().acquire_owned().await.map_err(anyhow::Error::from)?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work();
        drop(permit);
        done
    });
    Ok(done.await.map_err(anyhow::Error::from)?)
}

fn hash_now(password: &str) -> Result<String, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash = argon2.hash_password(password.as_bytes()).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(hash.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_uses_is_refused_and_what_nobody_guesses_is_taken() {
        let about = ["olga@acme.test", "Olga Owner", "Summit Roofing"];
        for poor in [
            "password123",
            "qwertyuiop",
            "1234567890",
            "letmein12345",
            "short",
            "olgaowner1",
            "olga@acme.test",
        ] {
            assert!(complaint(poor, &about).is_some(), "{poor}");
        }
        for good in ["correct horse battery staple", "Zürich ☂ marmalade 7"] {
            assert_eq!(complaint(good, &about), None, "{good}");
        }
        assert!(complaint(&"x".repeat(LONGEST + 1), &about).is_some());
    }

    #[test]
    fn nothing_is_cut_off_and_nothing_is_lost() {
        let long = "x".repeat(200);
        let stored = hash_now(&format!("{long}a\0☂")).unwrap();
        let fits = |typed: &str| {
            Argon2::default().verify_password(typed.as_bytes(), &PasswordHash::new(&stored).unwrap()).is_ok()
        };
        assert!(fits(&format!("{long}a\0☂")));
        assert!(!fits(&format!("{long}a\0")) && !fits(&format!("{long}a")) && !fits(&long));
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}
