//! A brand as it is typed, and as it is kept.

use serde::{Deserialize, Serialize};

use crate::{email_address::EmailAddress, web::FieldErrors};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct BrandForm {
    pub name: String,
    pub primary_colour: String,
    pub accent_colour: String,
    pub reply_to: String,
    pub postal_address: String,
}

/// A brand, ready to be kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Brand {
    pub name: String,
    pub primary_colour: String,
    pub accent_colour: String,
    /// Empty for none.
    pub reply_to: String,
    /// Where the organization is, on one line; empty where nobody has said.
    pub postal_address: String,
}

/// The colours before anybody has chosen any.
pub const PLAIN: (&str, &str) = ("#2b50c8", "#b3400f");

impl BrandForm {
    pub fn of(brand: &Brand) -> Self {
        let Brand { name, primary_colour, accent_colour, reply_to, postal_address } = brand.clone();
        Self { name, primary_colour, accent_colour, reply_to, postal_address }
    }

    /// What to keep, or what to tell the person who typed it.
    pub fn check(&self) -> Result<Brand, FieldErrors> {
        let mut errors = FieldErrors::default();
        let name = self.name.trim();
        if name.is_empty() || name.chars().count() > 120 || name.contains(char::is_control) {
            errors.add("name", "Give the brand a name of up to 120 characters.");
        }
        let mut colour = |field: &str, typed: &str| {
            let found = colour(typed);
            if found.is_none() {
                errors.add(field, "Choose a colour, such as #2b50c8.");
            }
            found.unwrap_or_default()
        };
        let primary_colour = colour("primary_colour", &self.primary_colour);
        let accent_colour = colour("accent_colour", &self.accent_colour);
        let reply_to = match self.reply_to.trim() {
            "" => String::new(),
            typed => EmailAddress::parse(typed).map(|email| email.to_string()).unwrap_or_default(),
        };
        if reply_to.is_empty() && !self.reply_to.trim().is_empty() {
            errors.add("reply_to", "That does not look like an e-mail address.");
        }
        let postal_address = self.postal_address.split_whitespace().collect::<Vec<_>>().join(" ");
        if postal_address.chars().count() > 500 || postal_address.contains(char::is_control) {
            errors.add("postal_address", "Please keep the postal address under 500 characters.");
        }
        errors.into_result()?;
        Ok(Brand { name: name.to_owned(), primary_colour, accent_colour, reply_to, postal_address })
    }
}

/// Six digits after a hash, in lower case.
fn colour(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    let digits = typed.strip_prefix('#')?;
    (digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit())).then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_brand_has_a_name_two_colours_and_perhaps_an_address() {
        let form = BrandForm {
            name: " Acme ".into(),
            primary_colour: "#AABBCC".into(),
            accent_colour: "#000000".into(),
            reply_to: "Hello@acme.test".into(),
            postal_address: " 1 Sky Road,  Denver ".into(),
        };
        let brand = form.check().unwrap();
        assert_eq!((brand.name.as_str(), brand.primary_colour.as_str()), ("Acme", "#aabbcc"));
        assert_eq!(brand.reply_to, "hello@acme.test");
        assert_eq!(brand.postal_address, "1 Sky Road, Denver");

        let wrong =
            BrandForm { name: String::new(), primary_colour: "red".into(), reply_to: "x".into(), ..form };
        let told: Vec<String> =
            wrong.check().unwrap_err().all().iter().map(|(field, _)| (*field).to_owned()).collect();
        assert_eq!(told, ["name", "primary_colour", "reply_to"]);
    }
}
