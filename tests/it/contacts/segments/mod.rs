//! People put together by a rule: the rule, its form, and who comes and goes.

mod agree;
mod freshness;
mod making;
