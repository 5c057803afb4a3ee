//! What a task is.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::due::{Due, Repeats};

crate::id!(
    /// Something that somebody has to do.
    TaskId
);

/// Declares words that are stored, with how they are shown.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $first:ident $first_key:literal $first_words:literal, $($one:ident $key:literal $words:literal),* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, sqlx::Type)]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        pub enum $name { #[default] $first, $($one),* }

        impl $name {
            pub const ALL: &'static [Self] = &[Self::$first, $(Self::$one),*];

            pub fn words(self) -> &'static str {
                match self { Self::$first => $first_words, $(Self::$one => $words),* }
            }

            /// As it is stored, and as a form sends it.
            pub fn key(self) -> &'static str {
                match self { Self::$first => $first_key, $(Self::$one => $key),* }
            }

            /// Nothing is the first; anything unknown is none.
            pub fn parse(typed: &str) -> Option<Self> {
                let known = Self::ALL.iter().copied().find(|one| one.key() == typed);
                known.or_else(|| typed.is_empty().then(Self::default))
            }

            /// For a choice in a form.
            pub fn options() -> Vec<(&'static str, &'static str)> {
                Self::ALL.iter().map(|one| (one.key(), one.words())).collect()
            }
        }
    };
}
pub(super) use words;

words!(
    /// How it is done.
    Kind { ToDo "to_do" "To-do", Call "call" "Call", Email "email" "E-mail", Meeting "meeting" "Meeting" }
);
words!(
    Priority { Normal "normal" "Normal", High "high" "High", Low "low" "Low" }
);

/// A task, with the names of whose it is and what it is about.
#[derive(Clone, Debug)]
pub struct Task {
    pub id: TaskId,
    pub title: String,
    pub notes: String,
    pub kind: Kind,
    pub priority: Priority,
    pub due_on: Option<chrono::NaiveDate>,
    pub due_time: Option<chrono::NaiveTime>,
    pub repeats: Repeats,
    pub repeat_day: Option<i16>,
    pub assignee_id: Option<Uuid>,
    pub assignee: Option<String>,
    pub contact_id: Option<Uuid>,
    pub contact: Option<String>,
    pub deal_id: Option<Uuid>,
    pub deal: Option<String>,
    pub done_at: Option<DateTime<Utc>>,
    pub done_by: Option<String>,
    pub created_at: DateTime<Utc>,
    pub deleted_at: Option<DateTime<Utc>>,
}

impl Task {
    pub fn due(&self) -> Option<Due> {
        self.due_on.map(|on| Due { on, at: self.due_time })
    }

    pub fn is_done(&self) -> bool {
        self.done_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_form_sends_is_known_and_nothing_is_the_usual() {
        assert_eq!(
            (Priority::parse("high"), Priority::parse("")),
            (Some(Priority::High), Some(Priority::Normal))
        );
        assert_eq!((Kind::parse("to_do"), Kind::parse("bomb")), (Some(Kind::ToDo), None));
    }
}
