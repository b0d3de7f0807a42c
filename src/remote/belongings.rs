//! What the box has of its owner's, for his phone: saved as one file, brought back, and how the box
//! does.
//!
//! What is brought is looked at and kept aside; whether it is taken in its owner is asked on the
//! TV. Each of these is one at a time, for each holds a whole file. All who watch on the box are in
//! that file, so a limit closes it.

use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header::CONTENT_DISPOSITION;
use axum::response::Response;
use futures_util::future::BoxFuture;
use serde_json::json;

use super::profiles::closed;
use super::routes::Shared;
use http_server::answers::{body_of, busy, failure, told, typed};

/// Two and a half times what a box with a thousand films and 256 add-ons saves.
const BACKUP_BYTES: usize = 16 * 1024 * 1024;

/// How a browser calls the file.
const NAME: HeaderValue = HeaderValue::from_static("attachment; filename=\"matinee-backup.json\"");

/// Who has it.
pub trait Belongings: Send + Sync {
    /// All of it as one file, without secrets. Blocks on the disk.
    ///
    /// # Errors
    /// It cannot be read; why.
    fn save(&self) -> Result<Vec<u8>, String>;

    /// Looks at such a file, and has its owner asked. Blocks on the disk.
    ///
    /// # Errors
    /// It is none, or cannot be kept until then.
    fn bring(&self, file: &[u8]) -> Result<(), NotTaken>;

    /// How the box does, as text, without secrets.
    fn diagnostics(&self) -> BoxFuture<'static, String>;
}

/// Why a file was not taken; in words of the shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotTaken {
    Unfit(String),
    NotKept(String),
}

pub(super) async fn save(State(desk): Shared) -> Response {
    if let Some(closed) = closed(&desk) {
        return closed;
    }
    let Ok(_place) = desk.backups.try_acquire() else {
        return busy("another backup is under way");
    };
    let has = desk.door.belongings.clone();
    let saved = tokio::task::spawn_blocking(move || has.save()).await;
    match saved.unwrap_or_else(|panic| Err(panic.to_string())) {
        Ok(file) => {
            let mut response = typed("application/json", file);
            response.headers_mut().insert(CONTENT_DISPOSITION, NAME);
            response
        }
        Err(why) => failure(StatusCode::INTERNAL_SERVER_ERROR, &why),
    }
}

pub(super) async fn bring(State(desk): Shared, request: Request) -> Response {
    if let Some(closed) = closed(&desk) {
        return closed;
    }
    let Ok(_place) = desk.backups.try_acquire() else {
        return busy("another backup is under way");
    };
    let plays = matches!(
        desk.door.views.borrow().screen,
        app::Screen::Playing(_) | app::Screen::Opening(_)
    );
    if plays {
        return failure(StatusCode::CONFLICT, "a film is open: stop it first");
    }
    let file = match body_of(request, BACKUP_BYTES).await {
        Ok(file) => file,
        Err(response) => return response,
    };
    let has = desk.door.belongings.clone();
    let brought = tokio::task::spawn_blocking(move || has.bring(&file)).await;
    match brought.unwrap_or_else(|panic| Err(NotTaken::NotKept(panic.to_string()))) {
        Ok(()) => told(&json!({ "asked": true })),
        Err(NotTaken::Unfit(why)) => failure(StatusCode::UNPROCESSABLE_ENTITY, &why),
        Err(NotTaken::NotKept(why)) => failure(StatusCode::INSUFFICIENT_STORAGE, &why),
    }
}

pub(super) async fn diagnostics(State(desk): Shared) -> Response {
    let Ok(_place) = desk.backups.try_acquire() else {
        return busy("another backup is under way");
    };
    let text = desk.door.belongings.diagnostics().await;
    typed("text/plain; charset=utf-8", text)
}
