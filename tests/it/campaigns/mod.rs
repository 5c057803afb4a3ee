//! Campaigns, as those meet them who make them, who get them, and whose servers send them back.

mod bounces;
