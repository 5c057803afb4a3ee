//! What every kind of block says about itself.

use std::marker::PhantomData;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    Draw, Field,
    draw::{Inside, TextPart},
};
use crate::{
    designs::merge::{Problem, hide, restore},
    web::FieldErrors,
};

/// Where a block may stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Anywhere, in columns too.
    Anywhere,
    /// Not in a column: it takes the whole width.
    Wide,
}

/// A kind of block, as its file writes it: properties and what is done with them.
pub trait Block: Serialize + DeserializeOwned + Default + Send + Sync + 'static {
    const KEY: &'static str;
    const NAME: &'static str;
    const ICON: &'static str;
    const STANDING: Standing = Standing::Anywhere;

    /// How its properties are edited, with their values.
    fn fields(&self) -> Vec<Field>;
    /// What the outline calls it.
    fn summary(&self) -> String;
    /// What is wrong with it beyond its merge fields.
    fn check(&self) -> Vec<Problem> {
        Vec::new()
    }
    /// As MJML: a component of a column, or whole sections where it stands wide.
    fn mjml(&self, draw: &mut Draw<'_>, inside: &Inside) -> String;
    fn text(&self, part: &mut TextPart, inside: &Inside);
}

/// A kind of block, as the registry holds it: properties come as the draft keeps them.
pub trait Kind: Send + Sync {
    fn key(&self) -> &'static str;
    fn name(&self) -> &'static str;
    fn icon(&self) -> &'static str;
    fn standing(&self) -> Standing;
    fn defaults(&self) -> Value;
    fn fields(&self, props: &Value) -> Vec<Field>;
    fn summary(&self, props: &Value) -> String;
    fn check(&self, props: &Value) -> Vec<Problem>;
    fn mjml(&self, props: &Value, draw: &mut Draw<'_>, inside: &Inside) -> String;
    fn text(&self, props: &Value, part: &mut TextPart, inside: &Inside);

    /// The properties that a form with these fields makes; what it does not name stays as it is.
    fn read(&self, props: &Value, typed: &dyn Fn(&str) -> Option<String>) -> Result<Value, FieldErrors> {
        let mut errors = FieldErrors::default();
        let mut read: Map<String, Value> = props.as_object().cloned().unwrap_or_default();
        for field in self.fields(props) {
            let Some(typed) = typed(field.name) else { continue };
            match field.read(&typed) {
                Ok(value) => drop(read.insert(field.name.to_owned(), value)),
                Err(told) => errors.add(field.name, &told),
            }
        }
        errors.into_result()?;
        Ok(Value::Object(read))
    }
}

/// With `{first_name}` where a merge field stands.
fn named(text: &str) -> String {
    let mut hidden = Vec::new();
    let text = hide(text, &mut hidden);
    restore(&text, &hidden, |tag| {
        let inner = tag.trim_matches(['{', '}', ' ']).split(['|', ' ']).next().unwrap_or_default();
        let name = inner.rsplit('.').next().filter(|_| tag.starts_with("{{"));
        name.map_or_else(String::new, |name| format!("{{{name}}}"))
    })
}

pub(super) struct Of<B>(PhantomData<fn() -> B>);

impl<B: Block> Of<B> {
    pub(super) const NEW: Self = Self(PhantomData);

    /// Properties that this version cannot read are as new ones.
    fn block(props: &Value) -> B {
        serde_json::from_value(props.clone()).unwrap_or_default()
    }
}

impl<B: Block> Kind for Of<B> {
    fn key(&self) -> &'static str {
        B::KEY
    }

    fn name(&self) -> &'static str {
        B::NAME
    }

    fn icon(&self) -> &'static str {
        B::ICON
    }

    fn standing(&self) -> Standing {
        B::STANDING
    }

    fn defaults(&self) -> Value {
        serde_json::to_value(B::default()).unwrap_or_default()
    }

    fn fields(&self, props: &Value) -> Vec<Field> {
        Self::block(props).fields()
    }

    fn summary(&self, props: &Value) -> String {
        let summary = named(&Self::block(props).summary());
        let short: String = summary.chars().take(60).collect();
        if short.trim().is_empty() { B::NAME.to_owned() } else { short }
    }

    fn check(&self, props: &Value) -> Vec<Problem> {
        Self::block(props).check()
    }

    fn mjml(&self, props: &Value, draw: &mut Draw<'_>, inside: &Inside) -> String {
        Self::block(props).mjml(draw, inside)
    }

    fn text(&self, props: &Value, part: &mut TextPart, inside: &Inside) {
        Self::block(props).text(part, inside);
    }
}
