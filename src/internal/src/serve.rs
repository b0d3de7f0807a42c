//! Our add-ons for others: what a path below `/addon` asks for, and the reply, as data.
//!
//! Served is what is everybody's: films that come with the box, the Archive's, and what drives have
//! that others can get at. What the owner has an account for is not, and neither is a path of this
//! box: who serves brings HTTP, and decides whether and to whom.

use std::sync::Arc;

use addon::{AddOn, Answer, Body, Reply, Request, Route, Source, Stream, Torrent};
use url::form_urlencoded;

/// An add-on and the name it has in paths.
pub type Named = (&'static str, Arc<dyn AddOn>);

/// The add-ons that are served.
#[derive(Debug, Clone)]
pub struct Served(Arc<Vec<Named>>);

impl Served {
    pub fn new(add_ons: Vec<Named>) -> Served {
        Served(Arc::new(add_ons))
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|(name, _)| *name)
    }

    /// To a GET of a path as it was on the wire, `/addon/archive/manifest.json`.
    pub async fn reply(&self, path: &str) -> Reply {
        let Some((add_on, rest)) = self.find(path) else {
            return Reply::not_found();
        };
        match Route::parse(rest) {
            Some(Route::Manifest) => Reply::manifest(&add_on.manifest()),
            Some(Route::Resource(request)) => reply(&**add_on, request).await,
            None => Reply::not_found(),
        }
    }

    fn find<'p>(&self, path: &'p str) -> Option<(&Arc<dyn AddOn>, &'p str)> {
        let rest = path.strip_prefix("/addon/")?;
        let (name, _) = rest.split_once('/')?;
        let (_, add_on) = self.0.iter().find(|(known, _)| *known == name)?;
        Some((add_on, &rest[name.len()..]))
    }
}

async fn reply(add_on: &dyn AddOn, request: Request) -> Reply {
    let resource = request.resource;
    match add_on.answer(request).await {
        Ok(answer) => Reply::answer(&for_others(answer)),
        // Our own reason is nobody's but ours; none of it is there.
        Err(addon::AddOnError::NotFound) => Reply::answer(&Answer::nothing(resource)),
        Err(error) => Reply::error(&error),
    }
}

/// Without what only this box can read.
fn for_others(mut answer: Answer) -> Answer {
    match &mut answer.body {
        Body::Streams(streams) => {
            let all = std::mem::take(streams);
            streams.extend(all.into_iter().filter_map(stream));
        }
        Body::Subtitles(subtitles) => subtitles.retain(|it| is_web(&it.url)),
        Body::Catalog(_) | Body::Meta(_) | Body::AddOns(_) => {}
    }
    answer
}

fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

fn stream(mut stream: Stream) -> Option<Stream> {
    stream.subtitles.retain(|it| is_web(&it.url));
    match &stream.source {
        Source::Url(url) if !is_web(url) => return None,
        // Links are for engines that know all of them; the usual form has hash and number.
        Source::Magnet { link, info_hash } => {
            let (_, query) = link.split_once('?').unwrap_or_default();
            let pairs = || form_urlencoded::parse(query.as_bytes());
            let mut numbers = pairs().filter(|(key, _)| key == "so");
            let trackers = pairs().filter(|(key, _)| key == "tr");
            stream.source = Source::Torrent(Torrent {
                info_hash: *info_hash,
                file: numbers.find_map(|(_, value)| value.parse().ok()),
                trackers: trackers.map(|(_, value)| value.into_owned()).collect(),
                ..Torrent::default()
            });
        }
        _ => {}
    }
    Some(stream)
}

#[cfg(test)]
mod tests {
    use super::*;
    use addon::InfoHash;

    #[test]
    fn what_only_this_box_can_read_is_not_told() {
        let info_hash = InfoHash([7; 20]);
        let link = crate::metainfo::magnet([7; 20], "x", Some(3), &[("tr", "udp://t:1")]);
        let sources = [
            Source::Url("file:///media/x.mkv".into()),
            Source::Url("https://a.example/x.mkv".into()),
            Source::Magnet { link, info_hash },
        ];
        let streams = sources.map(Stream::of).to_vec();
        let told = for_others(Answer::new(Body::Streams(streams)));
        let Body::Streams(streams) = told.body else {
            panic!("{told:?}");
        };
        assert_eq!(streams.len(), 2);
        let Source::Torrent(torrent) = &streams[1].source else {
            panic!("{streams:?}");
        };
        assert_eq!((torrent.info_hash, torrent.file), (info_hash, Some(3)));
        assert_eq!(torrent.trackers, ["udp://t:1"]);
    }
}
