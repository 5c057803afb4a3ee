//! The catalogue rules that a tenant table keeps.
