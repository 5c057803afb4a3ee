//! Campaigns, from the first word to the report.

mod bounces;
mod kills;
mod sending;
mod town;
