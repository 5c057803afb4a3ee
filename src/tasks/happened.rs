//! What happens to tasks, for whoever listens, and for the timeline of the contact that one is about.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::events::Event;

/// A task was done.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TaskDone {
    pub task: Uuid,
    #[serde(default)]
    pub contact: Option<Uuid>,
    #[serde(default)]
    pub deal: Option<Uuid>,
    /// `call`, `meeting` …
    pub kind: String,
}

impl Event for TaskDone {
    const KIND: &'static str = "task.done";

    fn contact(&self) -> Option<Uuid> {
        self.contact
    }
}

/// A task that was done is open again.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct TaskReopened {
    pub task: Uuid,
    #[serde(default)]
    pub contact: Option<Uuid>,
}

impl Event for TaskReopened {
    const KIND: &'static str = "task.reopened";

    fn contact(&self) -> Option<Uuid> {
        self.contact
    }
}
