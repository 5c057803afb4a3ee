//! Campaigns: making one, starting and stopping it, what stands in its way.

mod checks;
mod control;
mod drafting;
