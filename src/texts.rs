//! Subtitles from where they are to the player: files beside the film, and those of add-ons.
//!
//! What they hold is read by the player; which is shown is the core's matter.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use app::{Event, Session, Text, Title};
use catalog::{Catalog, TextsWanted};
use media::{ReadFuture, Source, SourceGone};
use subtitles::{END_BYTES, OsHash, SIZE_MIN_BYTES};
use tokio::time::timeout;

use crate::event_loop::Inbox;

/// Both ends of a film that plays are there in this time, or too far for a hash to be of use.
const HASHED_WITHIN: Duration = Duration::from_secs(10);

/// A file of subtitles beside the film.
#[derive(Debug)]
pub struct Beside(pub Arc<dyn Source>);

impl media::Text for Beside {
    fn name(&self) -> &str {
        self.0.name()
    }

    fn read(&self, bytes_max: u64) -> ReadFuture {
        let source = Arc::clone(&self.0);
        Box::pin(async move {
            let size = source.size();
            if size > bytes_max {
                return Err(SourceGone(format!("{size} bytes are no text")));
            }
            source.read_at(0, size as usize).await
        })
    }
}

/// A text of an add-on.
pub struct OfAddOn {
    pub catalog: Catalog,
    pub text: Text,
}

impl fmt::Debug for OfAddOn {
    /// Without its address, which may be a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OfAddOn({} of {})", self.text.name, self.text.from)
    }
}

impl media::Text for OfAddOn {
    fn name(&self) -> &str {
        &self.text.name
    }

    fn read(&self, bytes_max: u64) -> ReadFuture {
        let asked = self.catalog.text(self.text.url.clone());
        Box::pin(async move {
            let bytes = asked.await.map_err(|error| SourceGone(error.to_string()))?;
            if bytes.len() as u64 > bytes_max {
                return Err(SourceGone(format!("{} bytes are no text", bytes.len())));
            }
            Ok(bytes)
        })
    }
}

/// Asks all add-ons for subtitles of the film that plays, and tells once all have answered.
pub async fn find(
    catalog: Catalog,
    film: Arc<dyn Source>,
    session: Session,
    video: Title,
    inbox: Inbox,
) {
    let hash = timeout(HASHED_WITHIN, hash(&*film)).await.ok().flatten();
    let wanted = TextsWanted {
        video,
        hash: hash.map(|hash| hash.to_string()),
        bytes: Some(film.size()),
        file_name: Some(film.name().to_owned()),
    };
    drop(film);
    let found = catalog.subtitles(wanted).await;
    let texts = found.into_iter().map(|it| it.text).collect();
    inbox.news(Event::Texts(session, texts));
}

/// By the ends of the film's file alone; none of a small one, or when they do not come.
async fn hash(film: &dyn Source) -> Option<OsHash> {
    let size = film.size();
    if size < SIZE_MIN_BYTES {
        return None;
    }
    let head = film.read_at(0, END_BYTES).await.ok()?;
    let tail = film
        .read_at(size - END_BYTES as u64, END_BYTES)
        .await
        .ok()?;
    OsHash::of(size, &head, &tail)
}
