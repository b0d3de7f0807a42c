//! What every source of films is to the rest of the box: ours, and those of others over HTTP.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::answer::Answer;
use crate::json::AnswerError;
use crate::manifest::Manifest;
use crate::request::Request;

/// An add-on, wherever it is.
pub trait AddOn: Send + Sync + fmt::Debug {
    /// As it is now; those over HTTP may learn of a newer one.
    fn manifest(&self) -> Arc<Manifest>;

    /// Answers what its manifest allows ([`Manifest::answers`]); `Unsupported` for the rest.
    /// Dropping the future takes the question back.
    fn answer(&self, request: Request) -> AnswerFuture;
}

pub type AnswerFuture = Pin<Box<dyn Future<Output = Result<Answer, AddOnError>> + Send>>;

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddOnError {
    /// Its manifest does not say that it answers this.
    #[error("the add-on does not answer this")]
    Unsupported,
    /// It says that it has no such thing.
    #[error("the add-on has no such thing")]
    NotFound,
    /// No connection: name, network, TLS, or an address that must not be asked.
    #[error("the add-on cannot be reached: {0}")]
    Unreachable(String),
    #[error("the add-on did not answer in time")]
    TimedOut,
    /// Another HTTP status than those of answers.
    #[error("the add-on answered with status {0}")]
    Status(u16),
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// One of ours could not do it.
    #[error("the add-on failed: {0}")]
    Failed(String),
}
