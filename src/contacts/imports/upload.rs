//! `/w/{org}/contacts/imports`: every import, and bringing in a file piece by piece.

use axum::{
    extract::{DefaultBodyLimit, Multipart, State, multipart::Field},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{
    ImportId, columns,
    format::{Format, Letters},
    pieces, queries, views,
};
use crate::{
    audit::Entry,
    contacts::{EditContacts, ViewContacts, fields},
    orgs::frame::frame,
    tenancy::Scope,
    web::{App, Error, FieldErrors, Result, Routes, View},
};

/// Bytes of a file.
const LARGEST: usize = 512 * 1024 * 1024;
/// Bytes of a piece of it, as it is kept.
const PIECE: usize = 1024 * 1024;
/// Bytes of its beginning that say what it looks like.
const BEGINNING: usize = 256 * 1024;

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
        let (beginning, waiting) = (Vec::new(), Vec::with_capacity(PIECE));
        Ok(Self { app, scope, id, name, letters: None, beginning, waiting, kept: 0 })
    }

    /// Takes the whole file, or says what is wrong with it.
    async fn take(&mut self, mut field: Field<'_>) -> Result<std::result::Result<(), &'static str>> {
        while let Some(bytes) = field.chunk().await.map_err(|error| Error::Unreadable(error.status()))? {
            if self.letters.is_none()
                && (bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"\xd0\xcf\x11\xe0"))
            {
                return Ok(Err("This is a spreadsheet. Save it as CSV first, then choose that file."));
            }
            let is_first = self.letters.is_none();
            let letters = self.letters.get_or_insert_with(|| Letters::of(&bytes));
            let text = letters.turn(&bytes, is_first, false);
            if text.iter().take(4096).any(|byte| *byte == 0) {
                return Ok(Err("This is no text. Choose a file of comma-separated values (CSV)."));
            }
            self.waiting.extend_from_slice(&text);
            while self.waiting.len() >= PIECE {
                let rest = self.waiting.split_off(PIECE);
                self.keep().await?;
                self.waiting = rest;
            }
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
        let is_whole = i64::try_from(self.beginning.len()).is_ok_and(|read| read == self.kept);
        let format = Format::of(&self.beginning, is_whole);
        let mut tx = self.scope.enter().await?;
        let own = fields::in_use(&mut tx).await?;
        let first = format.sample.first().cloned().unwrap_or_default();
        let headers = if format.has_header { first } else { vec![String::new(); first.len()] };
        let rows = format.sample.get(usize::from(format.has_header)..).unwrap_or_default();
        let mapping = columns::guess(&headers, rows, &own);
        let encoding = self.letters.as_ref().map_or("UTF-8", Letters::name);
        let now = self.app.clock.now();
        queries::uploaded(&mut tx, self.id, (self.kept, encoding), (&format, &mapping), now).await?;
        let uploaded = Entry::new("imports.uploaded").on("import", self.id, &self.name);
        tx.record(uploaded.after(serde_json::json!({ "bytes": self.kept })), now).await?;
        tx.commit().await?;
        Ok(self.id)
    }
}
