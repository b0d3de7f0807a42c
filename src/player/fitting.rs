//! The listening that is under way for how texts lie on the film: at most one, the latest.

use std::sync::Arc;

use app::{FitFailure, PlayerNews};

use super::hearing::{Heard, Hearing, Work};
use super::inbox::Inbox;
use super::pipeline::Word;

#[derive(Debug, Default)]
pub(super) struct Fitting {
    hearing: Option<Hearing>,
    /// How often one was begun: late word of an earlier one is known by its number.
    begun: u64,
}

impl Fitting {
    /// Begins to listen, to say what is heard to this film; what to tell at once if it cannot.
    pub(super) fn begin(
        &mut self,
        work: Result<Work, FitFailure>,
        inbox: &Arc<Inbox>,
        film: u64,
    ) -> Option<PlayerNews> {
        self.hearing = None;
        self.begun += 1;
        let (inbox, number) = (inbox.clone(), self.begun);
        let tell = move |heard| inbox.word(film, Word::Heard(number, heard));
        let hearing = work.and_then(|work| {
            Hearing::start(work, tell).map_err(|error| {
                tracing::warn!(%error, "no thread to listen on");
                FitFailure::NotSure
            })
        });
        match hearing {
            Ok(hearing) => {
                self.hearing = Some(hearing);
                None
            }
            Err(failure) => Some(PlayerNews::Fitted(Err(failure))),
        }
    }

    pub(super) fn stop(&mut self) {
        self.hearing = None;
    }

    /// What to tell of this; nothing of a listening that is over.
    pub(super) fn heard(&mut self, number: u64, heard: Heard) -> Option<PlayerNews> {
        if self.hearing.is_none() || number != self.begun {
            return None;
        }
        Some(match heard {
            Heard::Progress(permille) => PlayerNews::Fitting(permille),
            Heard::Done(fits) => {
                self.hearing = None;
                PlayerNews::Fitted(fits)
            }
        })
    }
}
