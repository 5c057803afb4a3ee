//! Reading a form, and what was wrong with it, field by field, in words for the person who filled it in.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;
use validator::ValidationErrors;

use super::{App, Error};

#[derive(Clone, Debug, Default)]
pub struct FieldErrors(BTreeMap<String, String>);

impl FieldErrors {
    /// For what only the database knows, such as a name already taken.
    pub fn on(field: &str, told: &str) -> Self {
        Self(BTreeMap::from([(field.to_owned(), told.to_owned())]))
    }

    pub fn add(&mut self, field: &str, told: &str) {
        self.0.entry(field.to_owned()).or_insert_with(|| told.to_owned());
    }

    /// For templates: the message under a field, or nothing.
    pub fn of(&self, field: &str) -> &str {
        self.0.get(field).map_or("", String::as_str)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// For the summary on top of a form: field and message.
    pub fn all(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(field, told)| (field.as_str(), told.as_str())).collect()
    }

    /// `Err` with these errors when there are any.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }
}

impl From<ValidationErrors> for FieldErrors {
    fn from(errors: ValidationErrors) -> Self {
        let told = |all: &[validator::ValidationError]| {
            all.first().map_or_else(String::new, |error| match &error.message {
                Some(message) => message.to_string(),
                None => "Please check this.".to_owned(),
            })
        };
        Self(errors.field_errors().iter().map(|(field, all)| (field.to_string(), told(all))).collect())
    }
}

/// A form as it was sent. Repeated fields are read into lists.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, app: &App) -> Result<Self, Error> {
        match axum_extra::extract::Form::<T>::from_request(request, app).await {
            Ok(form) => Ok(Self(form.0)),
            Err(rejection) => {
                Err(Error::Unreadable(axum::response::IntoResponse::into_response(rejection).status()))
            }
        }
    }
}
