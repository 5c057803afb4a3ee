//! The kinds of identities, and what each takes for one.

use phonenumber::country;

use super::phone;
use crate::{contacts::contact::tidy, email_address::EmailAddress};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Email,
    Phone,
    Whatsapp,
    Telegram,
    ExternalId,
    CustomerCode,
}

/// Every kind, in the order of the page.
pub const KINDS: [Kind; 6] =
    [Kind::Email, Kind::Phone, Kind::Whatsapp, Kind::Telegram, Kind::ExternalId, Kind::CustomerCode];

/// An identity as people read it, and as it is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    pub value: String,
    pub norm: String,
}

impl Kind {
    pub fn key(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Whatsapp => "whatsapp",
            Self::Telegram => "telegram",
            Self::ExternalId => "external_id",
            Self::CustomerCode => "customer_code",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Email => "E-mail",
            Self::Phone => "Phone",
            Self::Whatsapp => "WhatsApp",
            Self::Telegram => "Telegram",
            Self::ExternalId => "External id",
            Self::CustomerCode => "Customer number",
        }
    }

    pub fn called(key: &str) -> Option<Self> {
        KINDS.into_iter().find(|kind| kind.key() == key)
    }

    /// What was typed as it is kept, or what to tell. A number without its country is one of this country.
    pub fn read(self, typed: &str, country: Option<country::Id>) -> Result<Value, &'static str> {
        let typed = tidy(typed);
        let same = |value: String| Value { norm: value.clone(), value };
        match self {
            Self::Email => {
                let email =
                    EmailAddress::parse(&typed).ok_or("That does not look like an e-mail address.")?;
                Ok(same(email.to_string()))
            }
            Self::Phone | Self::Whatsapp => {
                let number = phone::parse(&typed, country);
                number.map(same).ok_or("That is no phone number. Begin with the country, such as +49.")
            }
            Self::Telegram => {
                let name = typed.trim_start_matches('@');
                let is_name = (5..=32).contains(&name.len())
                    && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
                let value = Value { value: format!("@{name}"), norm: name.to_lowercase() };
                is_name.then_some(value).ok_or("A Telegram name has 5 to 32 letters, digits and underscores.")
            }
            Self::ExternalId | Self::CustomerCode if typed.is_empty() => Err("Type something."),
            Self::ExternalId | Self::CustomerCode if typed.chars().count() > 100 => {
                Err("Please keep this under 100 characters.")
            }
            Self::ExternalId | Self::CustomerCode => Ok(same(typed)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_in_several_ways_is_one_identity() {
        let norm = |kind: Kind, typed: &str| kind.read(typed, Some(country::DE)).map(|value| value.norm);
        assert_eq!(norm(Kind::Email, " A@B.test"), Ok("a@b.test".to_owned()));
        for typed in ["+49 30 901820", "030 901820", "0049 30 90 18 20"] {
            assert_eq!(norm(Kind::Phone, typed), Ok("+4930901820".to_owned()), "{typed}");
        }
        assert_eq!(norm(Kind::Telegram, "@Anna_B"), norm(Kind::Telegram, "anna_b"));
        assert!(norm(Kind::Telegram, "a b c d e").is_err());
        assert!(norm(Kind::Phone, "12").is_err() && norm(Kind::CustomerCode, " ").is_err());
        assert!(Kind::Phone.read("030 901820", None).is_err(), "without a country it could be anybody's");
    }
}
