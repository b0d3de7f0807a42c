//! Subtitles: who has some for a film, by its file's hash or by its name, and their bytes.
//!
//! What is in them is read elsewhere; here they are a bounded number of bytes that is kept, so that
//! a text that was shown once is there without a network too.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use addon::{Body, Request, Resource, Subtitle};
use app::{Text, Title};
use bytes::Bytes;
use fetch::{Ask, FetchError, Keep, Spans, Wanted};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use subtitles::Language;

use crate::catalog::Inner;
use crate::lock;
use crate::member::Member;

/// Of one text: the longest has 500 kB; pictures of texts in archives have more.
pub const TEXT_BYTES_MAX: u64 = 8 * 1024 * 1024;

/// Texts of one add-on for one film: 60 languages with a few each.
const TEXTS_MAX: usize = 500;

/// A text under one address stays what it is; some addresses are good for a day alone.
const TEXT: Spans = Spans {
    fresh: Duration::from_hours(24),
    revalidate: Duration::from_hours(24 * 30),
    on_error: Duration::from_hours(24 * 180),
};

/// What subtitles are wanted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextsWanted {
    pub video: Title,
    /// OSHash: 16 hex digits.
    pub hash: Option<String>,
    pub bytes: Option<u64>,
    pub file_name: Option<String>,
}

/// A text that somebody has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundText {
    pub by: By,
    pub text: Text,
}

/// How well it fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum By {
    /// Made for this very file.
    Hash,
    /// Of this film, whatever its cut.
    Id,
    /// Of something called so.
    Name,
}

/// Why a text is not there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no text: {0}")]
pub struct TextError(String);

impl Inner {
    /// What all add-ons have, those that fit best first; of equals, those of whoever was first.
    pub(crate) async fn find_texts(self: Arc<Self>, wanted: TextsWanted) -> Vec<FoundText> {
        let video = &wanted.video;
        let by_id = Request::new(Resource::Subtitles, &*video.kind, &*video.id);
        let by_file = by_id.clone().of_file(
            wanted.hash.as_deref(),
            wanted.bytes,
            wanted.file_name.as_deref(),
        );
        let mut members: Vec<Member> = Vec::new();
        for (_, member) in lock(&self.roster).enabled() {
            if member.may_be_asked(&by_id) {
                members.push(member.clone());
            }
        }
        let hashed = wanted.hash.is_some();
        let asked = members.into_iter().map(|member| {
            let (by_id, by_file) = (by_id.clone(), by_file.clone());
            async move {
                let own = member.remote.is_none();
                // Who has more for the file than for its id alone has that by the file's hash;
                // our own say so.
                let plain = async {
                    if hashed && !own {
                        texts(&member, by_id).await
                    } else {
                        None
                    }
                };
                let (plain, full) = tokio::join!(plain, texts(&member, by_file));
                put_together(&member.name(), own, plain, full.unwrap_or_default())
            }
        });
        let mut asked: FuturesUnordered<_> = asked.collect();
        let mut found: Vec<FoundText> = Vec::new();
        while let Some(texts) = asked.next().await {
            found.extend(texts);
        }
        found.sort_by_key(|it| it.by);
        found
    }

    pub(crate) async fn text(self: Arc<Self>, url: String) -> Result<Bytes, TextError> {
        if let Some(text) = (self.own_texts)(&url) {
            return text.await.map_err(TextError);
        }
        let mut ask = Ask::get(&url)
            .wanted(Wanted::File)
            .bytes_max(TEXT_BYTES_MAX)
            .keep(Keep::For(TEXT))
            // A text is no program, and many servers have no certificate.
            .plain_http();
        if self.near.is(&url) {
            ask = ask.near();
        }
        let answer = self.fetch.ask(ask).await;
        let answer = answer.map_err(|error: FetchError| TextError(error.to_string()))?;
        Ok(answer.body)
    }
}

async fn texts(member: &Member, request: Request) -> Option<Vec<Subtitle>> {
    match member.ask(request).await.ok()?.body {
        Body::Subtitles(texts) => Some(texts),
        _ => None,
    }
}

/// `plain`: what there is for the id alone, if that was asked. Our own add-ons say how they found
/// a text by the beginning of its id, `hash:` or `name:`.
fn put_together(
    from: &Arc<str>,
    own: bool,
    plain: Option<Vec<Subtitle>>,
    full: Vec<Subtitle>,
) -> Vec<FoundText> {
    let plain: Option<HashSet<String>> =
        plain.map(|all| all.into_iter().map(|it| it.url).collect());
    let by = |text: &Subtitle| match &plain {
        _ if own && text.id.starts_with("hash:") => By::Hash,
        _ if own && text.id.starts_with("name:") => By::Name,
        Some(plain) if !own && !plain.contains(&text.url) => By::Hash,
        _ => By::Id,
    };
    let mut seen = HashSet::new();
    let texts = full
        .into_iter()
        .filter(|text| seen.insert(text.url.clone()))
        .take(TEXTS_MAX)
        .map(|text| FoundText {
            by: by(&text),
            text: Text {
                language: Language::read(&text.lang).map(|it| it.tag().to_owned()),
                name: text.label.unwrap_or(text.lang),
                url: text.url,
                from: Arc::clone(from),
            },
        });
    let mut texts: Vec<FoundText> = texts.collect();
    texts.sort_by_key(|it| it.by);
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(id: &str, lang: &str) -> Subtitle {
        Subtitle {
            id: id.into(),
            lang: lang.into(),
            url: format!("https://a.example/{id}.srt"),
            label: None,
        }
    }

    #[test]
    fn what_is_there_for_the_file_alone_is_by_its_hash() {
        let from: Arc<str> = "A".into();
        let plain = vec![text("one", "fre")];
        let full = vec![text("one", "fre"), text("two", "eng"), text("two", "eng")];
        let found = put_together(&from, false, Some(plain), full.clone());
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.by, it.text.language.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(told, [(By::Hash, "en"), (By::Id, "fr")]);
        let found = put_together(&from, false, None, full);
        assert!(found.iter().all(|it| it.by == By::Id));
    }

    #[test]
    fn our_own_say_how_they_found_it() {
        let full = vec![
            text("name:3", "und"),
            text("1", "pob"),
            text("hash:2", "ger"),
        ];
        let found = put_together(&"Own".into(), true, None, full);
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.by, it.text.language.clone()))
            .collect();
        let expected = [
            (By::Hash, Some("de")),
            (By::Id, Some("pt-BR")),
            (By::Name, None),
        ];
        assert_eq!(told, expected.map(|(by, tag)| (by, tag.map(str::to_owned))));
    }
}
