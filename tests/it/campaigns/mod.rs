//! Campaigns, from the first word to the report.

mod bounces;
mod checks;
mod control;
mod drafting;
mod kills;
mod lawful;
mod sending;
mod town;
