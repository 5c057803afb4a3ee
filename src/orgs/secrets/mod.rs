//! The page of a workspace's secrets: what it keeps, adding, replacing and deleting.
//!
//! A value goes one way. It is typed and never shown again, not even beside a form that came back.

pub mod routes;
mod views;

use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use crate::{
    secrets::{LABEL_MAX, VALUE_MAX},
    web::FieldErrors,
};

/// A new secret, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct SecretForm {
    pub label: String,
    pub value: SecretString,
}

impl SecretForm {
    /// The label and the value to keep, or what to tell the person who typed them.
    pub fn check(&self) -> Result<(&str, SecretString), FieldErrors> {
        let mut errors = FieldErrors::default();
        let label = self.label.trim();
        if label.is_empty() || label.chars().count() > LABEL_MAX {
            errors.add("label", "Give it a name of up to 120 characters, such as “Stripe, live key”.");
        }
        let value = checked(&self.value, &mut errors);
        errors.into_result()?;
        Ok((label, value))
    }
}

/// Another value for a secret, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct ValueForm {
    pub value: SecretString,
}

impl ValueForm {
    pub fn check(&self) -> Result<SecretString, FieldErrors> {
        let mut errors = FieldErrors::default();
        let value = checked(&self.value, &mut errors);
        errors.into_result()?;
        Ok(value)
    }
}

/// The value without the white space that comes along when it is copied.
fn checked(value: &SecretString, errors: &mut FieldErrors) -> SecretString {
    let value = value.expose_secret().trim();
    if value.is_empty() || value.contains('\0') {
        errors.add("value", "Paste the key or password here.");
    } else if value.len() > VALUE_MAX {
        errors.add("value", "That is too long for a key or password: 8,192 characters are the most.");
    }
    SecretString::from(value)
}

/// The wish to delete, as sent: a box that is not ticked is not sent.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct DeleteForm {
    pub is_certain: Option<String>,
}
