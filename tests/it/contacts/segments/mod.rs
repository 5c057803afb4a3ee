//! People put together by a rule: the rule, its form, and who comes and goes.

mod agree;
pub(crate) mod foreign;
mod freshness;
mod making;
mod many;
