//! Passwords: which are good enough, and how they are kept.
//!
//! Argon2id with 19 MiB, two passes and one lane (OWASP's Password Storage Cheat Sheet). Hashing takes a
//! permit of [`App::hashing`](crate::web::App): a crowd of sign-ins waits instead of eating the memory.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Block, Params, Version,
    password_hash::{
        self,
        phc::{Output, ParamsString, PasswordHash, Salt},
    },
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
    if is_made_of(password, &known) {
        return Some(format!("That is made of what others know of you. {ADVICE}"));
    }
    let judged = zxcvbn::zxcvbn(password, &known);
    if judged.score() >= zxcvbn::Score::Three {
        return None;
    }
    let why = judged.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    let why = why.map_or_else(String::new, |why| format!("{why} "));
    Some(format!("That would be guessed soon. {why}{ADVICE}"))
}

const ADVICE: &str = "Three or four words that do not belong together do well.";

/// Whether little is left of the password without the words that are known of its owner.
fn is_made_of(password: &str, known: &[&str]) -> bool {
    let whole = password.to_lowercase();
    let words = known.iter().filter(|word| word.chars().count() >= 3);
    let left = words.fold(whole.clone(), |left, word| left.replace(word, ""));
    left != whole && left.chars().filter(|c| c.is_alphanumeric()).count() < 8
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
        let fits = fits(&password, stored.as_ref().unwrap_or(&NOBODY)).unwrap_or(false);
        stored.is_some() && fits
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
    let mut salt = [0u8; 16];
    getrandom::fill(&mut salt).map_err(|error| anyhow::anyhow!(error))?;
    let params = Params::new(MEMORY_KIB, PASSES, 1, None).map_err(|error| anyhow::anyhow!("{error}"))?;
    let stored = stored_form(password, &salt, params).map_err(|error| anyhow::anyhow!("{error}"))?;
    Ok(stored.to_string())
}

fn stored_form(password: &str, salt: &[u8], params: Params) -> password_hash::Result<PasswordHash> {
    let mut out = [0u8; Params::DEFAULT_OUTPUT_LEN];
    let shown = ParamsString::try_from(&params)?;
    fill(&Argon2::new(Algorithm::Argon2id, Version::V0x13, params), password, salt, &mut out)?;
    Ok(PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: shown,
        salt: Some(Salt::new(salt)?),
        hash: Some(Output::new(&out)?),
    })
}

/// Whether `stored` was made of this password, with whatever parameters it names.
fn fits(password: &str, stored: &str) -> password_hash::Result<bool> {
    let stored = PasswordHash::new(stored)?;
    let (Some(salt), Some(expected)) = (&stored.salt, &stored.hash) else { return Ok(false) };
    let algorithm = Algorithm::try_from(stored.algorithm.as_str())?;
    let version = stored.version.map(Version::try_from).transpose()?.unwrap_or_default();
    let argon2 = Argon2::new(algorithm, version, Params::try_from(&stored)?);
    let mut out = [0u8; Output::MAX_LENGTH];
    let out = out.get_mut(..expected.len()).ok_or(password_hash::Error::OutputSize)?;
    fill(&argon2, password, salt, out)?;
    // Compared in constant time by its type.
    Ok(Output::new(out)? == *expected)
}

fn fill(argon2: &Argon2<'_>, password: &str, salt: &[u8], out: &mut [u8]) -> argon2::Result<()> {
    let needed = argon2.params().block_count();
    let mut memory = Vec::with_capacity(needed.max(MAPPED));
    memory.resize(needed, Block::default());
    argon2.hash_password_into_with_memory(password.as_bytes(), salt, out, &mut memory)
}

/// Blocks of 1 KiB to ask for, of which only those needed are touched. Beyond 32 MiB the allocator of glibc
/// takes memory from the system for this alone and gives it back at once; below, what a crowd of sign-ins
/// was lent stays with the process, cut into pieces: 600 MB were seen after a hundred.
const MAPPED: usize = 33 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_uses_is_refused_and_what_nobody_guesses_is_taken() {
        let about = ["olga@acme.test", "Olga Owner", "Summit Roofing"];
        for poor in ["password123", "qwertyuiop", "1234567890", "letmein12345", "short", "olga@acme.test"] {
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
        let fits = |typed: &str| fits(typed, &stored).unwrap();
        assert!(fits(&format!("{long}a\0☂")));
        assert!(!fits(&format!("{long}a\0")) && !fits(&format!("{long}a")) && !fits(&long));
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
    }
}
