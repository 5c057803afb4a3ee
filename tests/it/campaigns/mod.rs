//! Campaigns, from the first word to the report.

mod kills;
mod sending;
mod town;
