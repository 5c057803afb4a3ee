//! `/w/{org}/contacts/imports`: every import, and bringing in a file piece by piece. A file that is no text of lines is
//! turned into one when all of it is here.

use axum::{
    extract::{DefaultBodyLimit, Multipart, State, multipart::Field},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    ImportId,
    format::{Format, Letters},
    looks::{self, BEGINNING, Part},
    other::{self, Other, Sheet},
    pieces, queries, views,
};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, Error, FieldErrors, Result, Routes, View},
};

/// Bytes of a file.
const LARGEST: usize = 512 * 1024 * 1024;
/// Bytes of a piece of it, as it is kept.
const PIECE: usize = 1024 * 1024;

pub(super) fn routes() -> Routes {
    Routes::workspace().get("/contacts/imports", index).get("/contacts/imports/new", new).post_file(
        "/contacts/imports",
        create,
        DefaultBodyLimit::max(LARGEST + PIECE),
    )
}

async fn index(scope: Scope<ViewContacts>, State(app): State<App>) -> Result<Response> {
    let imports = queries::recent(&mut scope.enter().await?).await?;
    let shell = frame(&app, &scope, "contacts").await?;
    Ok(View(views::Index::new(shell, &scope.member, imports)).into_response())
}

async fn new(scope: Scope<EditContacts>, State(app): State<App>) -> Result<Response> {
    show(&app, &scope, FieldErrors::default()).await
}

async fn show(app: &App, scope: &Scope<EditContacts>, errors: FieldErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shell = frame(app, scope, "contacts").await?;
    let page = views::Upload { shell, path: scope.member.link("/contacts/imports"), errors };
    Ok((status, View(page)).into_response())
}

async fn create(scope: Scope<EditContacts>, State(app): State<App>, mut sent: Multipart) -> Result<Response> {
    while let Some(field) = sent.next_field().await.map_err(|error| Error::Unreadable(error.status()))? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String =
            field.file_name().unwrap_or_default().chars().filter(|c| !c.is_control()).take(200).collect();
        if name.is_empty() {
            break;
        }
        let mut file = Upload::begin(&app, &scope, name).await?;
        return match file.take(field).await? {
            Ok(()) => {
                let id = file.end().await?;
                Ok(Redirect::to(&scope.member.link(&format!("/contacts/imports/{id}/match"))).into_response())
            }
            Err(told) => show(&app, &scope, FieldErrors::on("file", told)).await,
        };
    }
    show(&app, &scope, FieldErrors::on("file", "Choose a file.")).await
}

/// A file that is coming in. Its pieces are committed as they come: no transaction waits for a slow line.
struct Upload<'a> {
    app: &'a App,
    scope: &'a Scope<EditContacts>,
    id: ImportId,
    name: String,
    letters: Option<Letters>,
    /// What it is where it is no text of lines, and the tables that were found in it.
    other: Option<Other>,
    sheets: Vec<Sheet>,
    beginning: Vec<u8>,
    waiting: Vec<u8>,
    kept: i64,
}

impl<'a> Upload<'a> {
    async fn begin(app: &'a App, scope: &'a Scope<EditContacts>, name: String) -> Result<Self> {
        let id = ImportId::new();
        let mut tx = scope.enter().await?;
        queries::insert(&mut tx, id, (&name, scope.member.user.id.0), app.clock.now()).await?;
        tx.commit().await?;
        let (beginning, waiting, sheets) = (Vec::new(), Vec::with_capacity(PIECE), Vec::new());
        Ok(Self { app, scope, id, name, letters: None, other: None, sheets, beginning, waiting, kept: 0 })
    }

    /// Takes the whole file, or says what is wrong with it.
    async fn take(&mut self, mut field: Field<'_>) -> Result<std::result::Result<(), &'static str>> {
        while let Some(bytes) = field.chunk().await.map_err(|error| Error::Unreadable(error.status()))? {
            if self.letters.is_none() && bytes.starts_with(b"\xd0\xcf\x11\xe0") {
                return Ok(Err(
                    "This workbook is locked, or of an old kind. Save it as XLSX without a password, or as CSV.",
                ));
            }
            if self.letters.is_none() && bytes.starts_with(b"\x1f\x8b") {
                return Ok(Err("This file is packed (gzip). Unpack it, then choose what was in it."));
            }
            let is_first = self.letters.is_none();
            let letters = self.letters.get_or_insert_with(|| Letters::of(&bytes));
            if is_first {
                self.other = Other::of(&bytes);
            }
            if self.other.is_some() {
                self.waiting.extend_from_slice(&bytes);
                if self.waiting.len() > other::LARGEST {
                    return Ok(Err(
                        "A workbook or a file of cards may have 20 MB. Save it as CSV, which may have 512 MB.",
                    ));
                }
                continue;
            }
            let text = letters.turn(&bytes, is_first, false);
            if text.iter().take(4096).any(|byte| *byte == 0) {
                return Ok(Err(
                    "This is no text. Choose a file of comma-separated values (CSV), a workbook or cards.",
                ));
            }
            self.waiting.extend_from_slice(&text);
            self.keep_whole_pieces().await?;
        }
        if let Some(other) = self.other {
            return self.turn(other).await;
        }
        if let Some(letters) = &mut self.letters {
            let end = letters.turn(&[], false, true);
            self.waiting.extend_from_slice(&end);
        }
        if self.kept == 0 && self.waiting.iter().all(u8::is_ascii_whitespace) {
            return Ok(Err("The file is empty."));
        }
        self.keep().await?;
        Ok(Ok(()))
    }

    /// Turns what has come in into text.
    async fn turn(&mut self, other: Other) -> Result<std::result::Result<(), &'static str>> {
        let bytes = std::mem::take(&mut self.waiting);
        // Two pieces wait at most: the thread goes no faster than they are kept.
        let (send, mut receive) = tokio::sync::mpsc::channel::<Vec<u8>>(2);
        let turning =
            tokio::task::spawn_blocking(move || other.turn(bytes, |piece| send.blocking_send(piece).is_ok()));
        while let Some(piece) = receive.recv().await {
            self.waiting.extend_from_slice(&piece);
            self.keep_whole_pieces().await?;
        }
        // A file that a reader stumbles over is one that cannot be read.
        let turned =
            turning.await.unwrap_or(Err("This file cannot be read. Save it as CSV, then choose that."));
        match turned {
            Err(told) => Ok(Err(told)),
            Ok(sheets) => {
                self.sheets = sheets;
                self.keep().await?;
                Ok(Ok(()))
            }
        }
    }

    /// Keeps of what waits what makes whole pieces.
    async fn keep_whole_pieces(&mut self) -> Result<()> {
        while self.waiting.len() >= PIECE {
            let rest = self.waiting.split_off(PIECE);
            self.keep().await?;
            self.waiting = rest;
        }
        Ok(())
    }

    /// Keeps what waits.
    async fn keep(&mut self) -> Result<()> {
        for piece in self.waiting.chunks(PIECE) {
            let room = BEGINNING.saturating_sub(self.beginning.len()).min(piece.len());
            self.beginning.extend_from_slice(piece.get(..room).unwrap_or_default());
            let mut tx = self.scope.enter().await?;
            pieces::add(&mut tx, self.id, self.kept, piece).await?;
            tx.commit().await?;
            self.kept += i64::try_from(piece.len()).unwrap_or(0);
        }
        self.waiting.clear();
        Ok(())
    }

    /// The file is whole: what does it look like?
    async fn end(&self) -> Result<ImportId> {
        let first = self.sheets.first();
        let part = Part { begins_at: 0, bytes: first.map_or(self.kept, |sheet| sheet.bytes) };
        let (beginning, is_whole) = part.beginning(&self.beginning);
        let format = match first {
            Some(_) => Format::with(beginning, b',', is_whole),
            None => Format::of(beginning, is_whole),
        };
        let encoding = self.letters.as_ref().filter(|_| first.is_none()).map_or("UTF-8", Letters::name);
        let now = self.app.clock.now();
        let mut tx = self.scope.enter().await?;
        looks::keep(&mut tx, (self.id, part), (encoding, &format), now).await?;
        queries::keep_sheets(&mut tx, self.id, &self.sheets).await?;
        let uploaded = Entry::new("imports.uploaded").on("import", self.id, &self.name);
        tx.record(uploaded.after(serde_json::json!({ "bytes": self.kept })), now).await?;
        tx.commit().await?;
        Ok(self.id)
    }
}
