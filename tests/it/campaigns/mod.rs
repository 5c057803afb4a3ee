//! Campaigns, from the first word to the report.

mod bounces;
mod kills;
mod lawful;
mod sending;
mod town;
