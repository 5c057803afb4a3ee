//! Where the master keys come from: the settings, or the key file in the data folder.

use std::{fs, path::PathBuf};

use anyhow::{Context, bail};
use secrecy::ExposeSecret;

use crate::{
    config::Config,
    crypto::{KeyId, Keys, key_file},
};

/// The keys that are configured. Makes the key file when there is no other key.
pub(super) fn load(config: &Config) -> anyhow::Result<Keys> {
    if config.secret_key.is_none() {
        let file = file(config);
        let keys = fs::create_dir_all(&config.data_dir)
            .and_then(|()| key_file::load_or_create(&file))
            .with_context(|| format!("The master key {} can be neither read nor made", file.display()))?;
        return with_former(keys, config);
    }
    let Some(keys) = there(config)? else { bail!("GROUNDSWELL_SECRET_KEY cannot be read.") };
    Ok(keys)
}

/// The keys that are configured, for looking only: no file is made. `None` when there is none yet.
pub(super) fn there(config: &Config) -> anyhow::Result<Option<Keys>> {
    let file = file(config);
    let keys = match &config.secret_key {
        Some(key) => Keys::parse(key.expose_secret()).context("GROUNDSWELL_SECRET_KEY cannot be read")?,
        None if file.exists() => key_file::load(&file)
            .with_context(|| format!("The master key {} cannot be read", file.display()))?,
        None => return Ok(None),
    };
    with_former(keys, config).map(Some)
}

fn with_former(keys: Keys, config: &Config) -> anyhow::Result<Keys> {
    let Some(former) = &config.old_secret_keys else { return Ok(keys) };
    let former = Keys::parse_all(former.expose_secret().split(','))
        .context("GROUNDSWELL_OLD_SECRET_KEYS cannot be read")?;
    Ok(keys.reading_with(former))
}

pub(super) fn file(config: &Config) -> PathBuf {
    config.data_dir.join("secret.key")
}

/// Where the key with this name stands, for somebody who is to find it.
pub(super) fn place(config: &Config, key: KeyId) -> String {
    let is_in = |keys: Option<Keys>| keys.is_some_and(|keys| keys.ids().contains(&key));
    let typed = config.secret_key.as_ref().and_then(|key| Keys::parse(key.expose_secret()));
    if is_in(typed) {
        return "GROUNDSWELL_SECRET_KEY".to_owned();
    }
    let former = config.old_secret_keys.as_ref();
    let former = former.and_then(|keys| Keys::parse_all(keys.expose_secret().split(',')));
    if let Some(at) = former.and_then(|keys| keys.ids().iter().position(|id| *id == key)) {
        return format!("number {} in GROUNDSWELL_OLD_SECRET_KEYS", at + 1);
    }
    let file = file(config);
    let kept = key_file::load(&file).ok().and_then(|keys| keys.ids().iter().position(|id| *id == key));
    match kept {
        Some(at) => format!("key {} in {}", at + 1, file.display()),
        None => "not configured".to_owned(),
    }
}
