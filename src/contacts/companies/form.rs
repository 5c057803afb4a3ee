//! The form of a company, and what it accepts.

use serde::Deserialize;
use uuid::Uuid;

use super::{Company, SIZES, domain};
use crate::{contacts::contact::tidy, web::FieldErrors};

/// The form, as typed.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct CompanyForm {
    pub name: String,
    pub domain: String,
    pub industry: String,
    pub size: String,
    pub phone: String,
    pub website: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
    /// The id of a member.
    pub owner: String,
    /// The id of somebody who works there, where it is made for them.
    pub contact: String,
}

/// A company ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub name: String,
    pub domain: String,
    pub industry: String,
    pub size: String,
    pub phone: String,
    pub website: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
    pub owner: Option<Uuid>,
}

impl CompanyForm {
    pub(super) fn of(company: &Company) -> Self {
        let company = company.clone();
        Self {
            name: company.name,
            domain: company.domain,
            industry: company.industry,
            size: company.size,
            phone: company.phone,
            website: company.website,
            street: company.street,
            city: company.city,
            region: company.region,
            postal_code: company.postal_code,
            country: company.country,
            owner: company.owner_id.map(|id| id.to_string()).unwrap_or_default(),
            contact: String::new(),
        }
    }

    /// What to keep, or what to tell the person who typed it.
    pub fn check(&self, members: &[(String, String)]) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut short = |key: &str, typed: &str, longest: usize| {
            let value = tidy(typed);
            if value.chars().count() > longest {
                errors.add(key, &format!("Please keep this under {longest} characters."));
            }
            value
        };
        let mut checked = Checked {
            name: short("name", &self.name, 200),
            domain: tidy(&self.domain),
            industry: short("industry", &self.industry, 100),
            size: self.size.clone(),
            phone: short("phone", &self.phone, 40),
            website: short("website", &self.website, 500),
            street: short("street", &self.street, 300),
            city: short("city", &self.city, 200),
            region: short("region", &self.region, 200),
            postal_code: short("postal_code", &self.postal_code, 40),
            country: short("country", &self.country, 100),
            owner: self.owner.parse().ok(),
        };
        if checked.name.is_empty() {
            errors.add("name", "Type what the company is called.");
        }
        if !checked.domain.is_empty() {
            match domain::parse(&checked.domain) {
                Some(domain) if domain::of_address(&format!("x@{domain}")).is_none() => {
                    errors.add("domain", "Anybody may have an address there: it tells of no company.");
                }
                Some(domain) => checked.domain = domain,
                None => errors.add("domain", "Type a domain, such as example.com."),
            }
        }
        if !SIZES.iter().any(|(key, _)| *key == checked.size) {
            errors.add("size", "Choose a size from the list.");
        }
        if !self.owner.is_empty() && !members.iter().any(|(id, _)| *id == self.owner) {
            errors.add("owner", "Choose somebody of this workspace.");
        }
        errors.into_result()?;
        Ok(checked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_told_beside_their_fields() {
        let form = CompanyForm {
            domain: "gmail.com".into(),
            size: "huge".into(),
            owner: "nobody".into(),
            city: "x".repeat(201),
            ..CompanyForm::default()
        };
        let errors = form.check(&[]).unwrap_err();
        for (key, told) in [
            ("name", "what the company is called"),
            ("domain", "Anybody may have"),
            ("size", "from the list"),
            ("owner", "of this workspace"),
            ("city", "200"),
        ] {
            assert!(errors.of(key).contains(told), "{key}: {}", errors.of(key));
        }
    }
}
