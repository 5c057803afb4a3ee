//! What a contact is, which fields it has, and what its form accepts.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::fields::OwnField;
use crate::{email_address::EmailAddress, web::FieldErrors};

crate::id!(
    /// Somebody whom an organization talks to.
    ContactId
);

/// A field that every contact has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub key: &'static str,
    pub label: &'static str,
    /// The longest value, in characters.
    pub longest: usize,
    /// Other names that a column of a file may have for it, in lower case, without spaces and signs.
    pub known_as: &'static [&'static str],
}

const fn field(
    key: &'static str,
    label: &'static str,
    longest: usize,
    known_as: &'static [&'static str],
) -> Field {
    Field { key, label, longest, known_as }
}

/// Every field of a contact that people fill in, in the order of the form. The first is the address.
pub const FIELDS: &[Field] = &[
    field(
        "email",
        "E-mail",
        254,
        &["emailaddress", "mail", "emails", "courriel", "correo", "email1", "primaryemail"],
    ),
    field(
        "first_name",
        "First name",
        200,
        &["firstname", "givenname", "forename", "vorname", "prenom", "nombre"],
    ),
    field(
        "last_name",
        "Last name",
        200,
        &["lastname", "surname", "familyname", "nachname", "nom", "apellido"],
    ),
    field(
        "phone",
        "Phone",
        40,
        &["phonenumber", "telephone", "tel", "mobile", "mobilephone", "cell", "phone1", "telefon"],
    ),
    field(
        "company",
        "Company",
        200,
        &["companyname", "organization", "organisation", "account", "employer", "firma"],
    ),
    field("job_title", "Job title", 200, &["jobtitle", "title", "position", "role", "contacttitle"]),
    field("website", "Website", 500, &["url", "web", "homepage", "site"]),
    field("street", "Street", 300, &["address", "streetaddress", "address1", "addressline1", "strasse"]),
    field("city", "City", 200, &["town", "ort", "ville", "ciudad", "locality"]),
    field("region", "State or region", 200, &["state", "region", "province", "county", "stateprovince"]),
    field("postal_code", "Postal code", 40, &["postalcode", "zip", "zipcode", "postcode", "plz"]),
    field("country", "Country", 100, &["countryname", "land", "pays", "countrycode"]),
    field("language", "Language", 35, &["lang", "locale"]),
    field(
        "customer_code",
        "Customer number",
        100,
        &["customercode", "customerid", "customernumber", "accountnumber"],
    ),
];

/// Where a person stands with the organization: key and words.
pub const STAGES: &[(&str, &str)] = &[
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("mql", "Marketing qualified"),
    ("sql", "Sales qualified"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("inactive", "Inactive"),
];

/// How far the conversation with a person has come: key and words.
pub const LEAD_STATUSES: &[(&str, &str)] = &[
    ("new", "New"),
    ("contacted", "Contacted"),
    ("qualified", "Qualified"),
    ("nurturing", "Nurturing"),
    ("converted", "Converted"),
    ("lost", "Lost"),
];

/// The words for a stage.
pub fn stage_words(key: &str) -> &str {
    words_of(STAGES, key)
}

/// The words that a vocabulary has for a key.
pub fn words_of<'a>(vocabulary: &[(&'static str, &'static str)], key: &'a str) -> &'a str {
    vocabulary.iter().find(|(known, _)| *known == key).map_or(key, |(_, words)| words)
}

/// The key of a vocabulary that somebody writes so, as key or in words, in capitals or not.
pub fn key_of(vocabulary: &[(&'static str, &'static str)], typed: &str) -> Option<&'static str> {
    let is = |known: &str| known.to_lowercase() == typed.to_lowercase();
    vocabulary.iter().find(|(key, words)| is(key) || is(words)).map(|(key, _)| *key)
}

/// A contact, whole.
#[derive(Clone, Debug, Serialize)]
pub struct Contact {
    pub id: ContactId,
    pub email: Option<String>,
    pub phone: String,
    pub first_name: String,
    pub last_name: String,
    pub company: String,
    pub job_title: String,
    pub website: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postal_code: String,
    pub country: String,
    pub language: String,
    pub customer_code: String,
    pub source: String,
    pub lifecycle_stage: String,
    pub lead_status: String,
    /// Who looks after them: a member, by id and name.
    pub owner_id: Option<uuid::Uuid>,
    pub owner: Option<String>,
    /// The company they work for, where it is one that is kept.
    pub company_id: Option<uuid::Uuid>,
    pub custom: serde_json::Value,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    pub archived_at: Option<DateTime<Utc>>,
}

impl Contact {
    /// What they are called: their name, or whatever else is known.
    pub fn name(&self) -> String {
        called(
            &self.first_name,
            &self.last_name,
            &[&self.company, self.email.as_deref().unwrap_or(""), &self.phone],
        )
    }

    /// The value of one of the [`FIELDS`].
    pub fn value(&self, key: &str) -> &str {
        match key {
            "email" => self.email.as_deref().unwrap_or(""),
            "phone" => &self.phone,
            "first_name" => &self.first_name,
            "last_name" => &self.last_name,
            "company" => &self.company,
            "job_title" => &self.job_title,
            "website" => &self.website,
            "street" => &self.street,
            "city" => &self.city,
            "region" => &self.region,
            "postal_code" => &self.postal_code,
            "country" => &self.country,
            "language" => &self.language,
            "customer_code" => &self.customer_code,
            _ => "",
        }
    }

    /// The value of one of the organization's own fields, as it is typed again.
    pub fn typed(&self, field: &OwnField) -> String {
        self.custom.get(&field.key).map_or_else(String::new, |value| field.typed(value))
    }
}

/// A name out of its parts, or the first of the others that is there.
pub fn called(first: &str, last: &str, others: &[&str]) -> String {
    let name = format!("{} {}", first.trim(), last.trim());
    let name = name.trim();
    if !name.is_empty() {
        return name.to_owned();
    }
    others
        .iter()
        .find(|other| !other.is_empty())
        .map_or_else(|| "Nameless".to_owned(), |other| (*other).to_owned())
}

/// The form, as typed: `stage`, `lead_status`, the keys of [`FIELDS`], and `custom.` with the key of an own field.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub struct ContactForm(pub BTreeMap<String, String>);

/// Of a field that was sent several times, the last counts; of an own field each is a line, for there are
/// those of several choices.
impl From<Vec<(String, String)>> for ContactForm {
    fn from(fields: Vec<(String, String)>) -> Self {
        let mut typed: BTreeMap<String, String> = BTreeMap::new();
        for (key, value) in fields {
            match typed.get_mut(&key).filter(|_| key.starts_with("custom.")) {
                Some(lines) => *lines = format!("{lines}\n{value}"),
                None => {
                    typed.insert(key, value);
                }
            }
        }
        Self(typed)
    }
}

/// A contact ready to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub email: Option<String>,
    /// The values of [`FIELDS`] but the address, in their order.
    pub values: Vec<String>,
    pub stage: String,
    /// None leaves it as it is.
    pub lead_status: Option<String>,
    /// Values of own fields, each of its kind; what is empty is not there.
    pub custom: BTreeMap<String, serde_json::Value>,
    /// The keys of the own fields that were asked for: what others hold stays.
    pub asked: Vec<String>,
}

impl Checked {
    /// The value of one of the [`FIELDS`].
    pub fn value(&self, key: &str) -> &str {
        if key == "email" {
            return self.email.as_deref().unwrap_or_default();
        }
        let at = FIELDS.iter().skip(1).position(|field| field.key == key);
        at.and_then(|at| self.values.get(at)).map_or("", String::as_str)
    }
}

impl ContactForm {
    pub fn of(contact: &Contact, own: &[OwnField]) -> Self {
        let mut typed: BTreeMap<String, String> =
            FIELDS.iter().map(|field| (field.key.to_owned(), contact.value(field.key).to_owned())).collect();
        typed.insert("stage".to_owned(), contact.lifecycle_stage.clone());
        typed.insert("lead_status".to_owned(), contact.lead_status.clone());
        typed.extend(own.iter().map(|one| (one.input(), contact.typed(one))));
        Self(typed)
    }

    pub fn of_field(&self, key: &str) -> &str {
        self.0.get(key).map_or("", String::as_str)
    }

    /// What to keep, or what to tell the person who typed it.
    pub fn check(&self, own: &[OwnField]) -> Result<Checked, FieldErrors> {
        let mut errors = FieldErrors::default();
        let email = match self.of_field("email").trim() {
            "" => None,
            typed => {
                let parsed = EmailAddress::parse(typed);
                if parsed.is_none() {
                    errors.add("email", "That does not look like an e-mail address.");
                }
                parsed.map(|email| email.to_string())
            }
        };
        let mut values = Vec::with_capacity(FIELDS.len());
        for field in FIELDS.iter().skip(1) {
            let value = tidy(self.of_field(field.key));
            if value.chars().count() > field.longest {
                errors.add(field.key, &format!("Please keep this under {} characters.", field.longest));
            }
            values.push(value);
        }
        if email.is_none() && values.iter().all(String::is_empty) && errors.is_empty() {
            errors.add("email", "Type at least an address, a name or a phone number.");
        }
        let stage = match self.of_field("stage") {
            "" => "lead",
            stage => stage,
        };
        if !STAGES.iter().any(|(key, _)| *key == stage) {
            errors.add("stage", "Choose a stage from the list.");
        }
        let lead_status = Some(self.of_field("lead_status")).filter(|status| !status.is_empty());
        if lead_status.is_some_and(|status| !LEAD_STATUSES.iter().any(|(key, _)| *key == status)) {
            errors.add("lead_status", "Choose a status from the list.");
        }
        let mut custom = BTreeMap::new();
        for one in own {
            match one.parse(self.of_field(&one.input())) {
                Ok(Some(value)) => {
                    custom.insert(one.key.clone(), value);
                }
                Ok(None) if one.is_required => errors.add(&one.input(), "This has to be filled in."),
                Ok(None) => {}
                Err(told) => errors.add(&one.input(), &told),
            }
        }
        errors.into_result()?;
        let asked = own.iter().map(|one| one.key.clone()).collect();
        let lead_status = lead_status.map(str::to_owned);
        Ok(Checked { email, values, stage: stage.to_owned(), lead_status, custom, asked })
    }
}

/// A value without what nobody sees: spaces around it, also those that do not break, and control signs.
pub fn tidy(typed: &str) -> String {
    let is_space = |c: char| c.is_whitespace() || matches!(c, '\u{a0}' | '\u{200b}' | '\u{feff}');
    let clean: String = typed.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    clean.trim_matches(is_space).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(pairs: &[(&str, &str)]) -> ContactForm {
        ContactForm(pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn an_address_is_kept_in_lower_case_and_values_without_spaces_nobody_sees() {
        let form = typed(&[("email", " Ann@B.Test "), ("first_name", "\u{a0}Ann\u{200b} ")]);
        let checked = form.check(&[]).unwrap();
        assert_eq!(checked.email.as_deref(), Some("ann@b.test"));
        assert_eq!(checked.values[0], "Ann");
    }

    #[test]
    fn nothing_and_nonsense_are_refused_beside_their_field() {
        let told = |form: ContactForm, field: &str| form.check(&[]).unwrap_err().of(field).to_owned();
        assert!(told(typed(&[]), "email").contains("at least"));
        assert!(told(typed(&[("email", "nobody")]), "email").contains("does not look like"));
        assert!(told(typed(&[("city", &"x".repeat(201))]), "city").contains("200"));
        assert!(told(typed(&[("city", "Ulm"), ("stage", "king")]), "stage").contains("list"));
    }

    #[test]
    fn somebody_without_a_name_is_called_by_what_is_known() {
        assert_eq!(called(" ", "", &["", "a@b.test"]), "a@b.test");
        assert_eq!(called("", "", &[""]), "Nameless");
        assert_eq!(called("Ann ", "", &["x"]), "Ann");
    }
}
