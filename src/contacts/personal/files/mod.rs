//! The files in which somebody stands: those that came in, and those that were made.

mod queries;

use crate::{
    personal::{Held, Person, held::Fate},
    tenancy::OrgTx,
};

/// Whether a file that holds them is being read or undone at this moment: it is waited for.
pub async fn is_being_imported(tx: &mut OrgTx, person: &Person) -> sqlx::Result<bool> {
    queries::is_in_a_running_import(tx, person.id, &person.words).await
}

/// Files that were imported and exported, and what became of their lines.
pub const FILES: &[Held] = &[
    Held {
        table: "import_refusals",
        words: "Lines of imported files that were refused",
        personal: &["cells"],
        plain: &["reason"],
        fate: Fate::Deleted,
        then: "deleted; how many were refused stays counted",
        rows: |tx, who| Box::pin(queries::refusals(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_refusals(tx, who)),
    },
    Held {
        table: "import_pieces",
        words: "Lines of imported files",
        personal: &["bytes"],
        plain: &[],
        fate: Fate::Deleted,
        then: "the whole file is thrown away; what it brought of other people stays",
        rows: |tx, who| Box::pin(queries::import_lines(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_import_files(tx, who)),
    },
    Held {
        table: "imports",
        words: "Examples and values shown of imported files",
        personal: &["sample", "unknown", "meanings"],
        plain: &[
            "status",
            "file_name",
            "encoding",
            "shape",
            "delimiter",
            "mapping",
            "mode",
            "known_by",
            "sheets",
            "consent_state",
            "consent_wording",
            "checked",
            "done",
            "undone",
            "last_error",
        ],
        fate: Fate::Blanked,
        then: "the examples and values are deleted; that there was an import, and how many it brought, stays",
        rows: |tx, who| Box::pin(queries::samples(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_samples(tx, who)),
    },
    Held {
        table: "import_changes",
        words: "What imports changed about them",
        personal: &["was"],
        plain: &[],
        fate: Fate::Deleted,
        then: "deleted",
        rows: |tx, who| Box::pin(queries::import_changes(tx, who.id)),
        erase: |tx, who| Box::pin(queries::erase_import_changes(tx, who.id)),
    },
    Held {
        table: "export_pieces",
        words: "Lines of export files",
        personal: &["bytes"],
        plain: &[],
        fate: Fate::Deleted,
        then: "every export file that holds them is thrown away; it can be made again",
        rows: |tx, who| Box::pin(queries::export_lines(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_export_files(tx, who)),
    },
    Held {
        table: "exports",
        words: "Exports that looked for them",
        personal: &["view"],
        plain: &["status", "last_error"],
        fate: Fate::Blanked,
        then: "what was looked for is deleted",
        rows: |tx, who| Box::pin(queries::exports(tx, who)),
        erase: |tx, who| Box::pin(queries::erase_exports(tx, who)),
    },
];
