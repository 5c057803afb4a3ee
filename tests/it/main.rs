//! The one test program: linking the application once is what takes long.

mod support;

mod house_rules;
mod orgs;
mod schema;
mod smoke;
