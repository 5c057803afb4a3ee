//! What the template `templates/deals/new.html` is given.

use askama::Template;

use super::routes::DealForm;
use crate::{
    deals::pipelines::{Kind, Pipeline},
    money::CURRENCIES,
    web::{FieldErrors, Shell},
};

#[derive(Template)]
#[template(path = "deals/new.html")]
pub(super) struct New {
    pub shell: Shell,
    pub path: String,
    pub pipelines: Vec<Pipeline>,
    pub owners: Vec<(String, String)>,
    /// The name of whom it is about, where that is known.
    pub contact: Option<String>,
    pub form: DealForm,
    pub errors: FieldErrors,
}

impl New {
    /// The stages that a deal can begin in: id and name, with the pipeline's where there are several.
    fn stages(&self) -> Vec<(String, String)> {
        let several = self.pipelines.len() > 1;
        let named = |pipeline: &Pipeline, name: &str| {
            if several { format!("{}: {name}", pipeline.name) } else { name.to_owned() }
        };
        self.pipelines
            .iter()
            .flat_map(|pipeline| {
                pipeline
                    .of_kind(Kind::Open)
                    .map(move |stage| (stage.id.to_string(), named(pipeline, &stage.name)))
            })
            .collect()
    }

    fn people(&self) -> Vec<(String, String)> {
        let nobody = (String::new(), "Nobody yet".to_owned());
        std::iter::once(nobody).chain(self.owners.iter().cloned()).collect()
    }

    fn currencies(&self) -> &'static [&'static str] {
        CURRENCIES
    }
}
