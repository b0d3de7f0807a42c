//! Our add-ons for others: what a path below `/addon` asks for, and the reply, as data.
//!
//! Served is what is everybody's: films that come with the box, the Archive's, and what drives have
//! that others can get at. What the owner has an account for is not, and neither is a path of this
//! box: a file of a drive goes by its film and a number, at an address of the box itself
//! ([`Served::file`]). Who serves brings HTTP, and decides whether and to whom.

use std::path::PathBuf;
use std::sync::Arc;

use addon::{AddOn, Answer, Body, Reply, Request, Route, Source, Stream, Torrent};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use url::form_urlencoded;

use crate::drives::Drives;

/// An add-on and the name it has in paths.
pub type Named = (&'static str, Arc<dyn AddOn>);

/// The add-ons that are served.
#[derive(Debug, Clone)]
pub struct Served {
    add_ons: Arc<Vec<Named>>,
    drives: Option<Drives>,
}

/// Before a film's id, the number of its file and the file's name.
const FILES: &str = "/addon/drives/file/";

impl Served {
    pub fn new(add_ons: Vec<Named>) -> Served {
        Served {
            add_ons: Arc::new(add_ons),
            drives: None,
        }
    }

    /// With what lies on drives, and the files themselves.
    #[must_use]
    pub fn with_drives(mut self, drives: Drives) -> Served {
        let named: Named = ("drives", Arc::new(drives.clone()));
        let others = self.add_ons.iter().cloned();
        self.add_ons = Arc::new(others.chain([named]).collect());
        self.drives = Some(drives);
        self
    }

    /// The file that a path asks for, if it is one of a film in the owner's folders.
    pub async fn file(&self, path: &str) -> Option<PathBuf> {
        let (id, rest) = path.strip_prefix(FILES)?.split_once('/')?;
        let (number, _) = rest.split_once('/')?;
        let id = percent_decode_str(id).decode_utf8().ok()?;
        let drives = self.drives.as_ref()?;
        drives.file(&id, number.parse().ok()?).await
    }

    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.add_ons.iter().map(|(name, _)| *name)
    }

    /// To a GET of a path as it was on the wire, `/addon/archive/manifest.json`. `host` is what the
    /// client calls this box by, with its port.
    pub async fn reply(&self, path: &str, host: Option<&str>) -> Reply {
        let Some((add_on, rest)) = self.find(path) else {
            return Reply::not_found();
        };
        match Route::parse(rest) {
            Some(Route::Manifest) => Reply::manifest(&add_on.manifest()),
            Some(Route::Resource(request)) => {
                let files = host.filter(|_| self.drives.is_some()).map(|host| Files {
                    host: host.to_owned(),
                    id: request.id.clone(),
                });
                reply(&**add_on, request, files.as_ref()).await
            }
            None => Reply::not_found(),
        }
    }

    fn find<'p>(&self, path: &'p str) -> Option<(&Arc<dyn AddOn>, &'p str)> {
        let rest = path.strip_prefix("/addon/")?;
        let (name, _) = rest.split_once('/')?;
        let (_, add_on) = self.add_ons.iter().find(|(known, _)| *known == name)?;
        Some((add_on, &rest[name.len()..]))
    }
}

/// Where the files of one film are for others.
struct Files {
    host: String,
    id: String,
}

impl Files {
    /// The n-th of its streams.
    fn url(&self, number: usize, name: Option<&str>) -> String {
        let escaped = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let (host, id) = (&self.host, escaped(&self.id));
        let name = escaped(name.unwrap_or("film"));
        format!("http://{host}{FILES}{id}/{number}/{name}")
    }
}

async fn reply(add_on: &dyn AddOn, request: Request, files: Option<&Files>) -> Reply {
    let resource = request.resource;
    match add_on.answer(request).await {
        Ok(answer) => Reply::answer(&for_others(answer, files)),
        // Our own reason is nobody's but ours; none of it is there.
        Err(addon::AddOnError::NotFound) => Reply::answer(&Answer::nothing(resource)),
        Err(error) => Reply::error(&error),
    }
}

/// Without what only this box can read.
fn for_others(mut answer: Answer, files: Option<&Files>) -> Answer {
    match &mut answer.body {
        Body::Streams(streams) => {
            let all = std::mem::take(streams);
            let all = all.into_iter().enumerate();
            streams.extend(all.filter_map(|(number, it)| stream(it, number, files)));
        }
        Body::Subtitles(subtitles) => subtitles.retain(|it| is_web(&it.url)),
        Body::Catalog(_) | Body::Meta(_) | Body::AddOns(_) => {}
    }
    answer
}

fn is_web(url: &str) -> bool {
    url.starts_with("http://") || url.starts_with("https://")
}

fn stream(mut stream: Stream, number: usize, files: Option<&Files>) -> Option<Stream> {
    stream.subtitles.retain(|it| is_web(&it.url));
    match &stream.source {
        Source::Url(url) if !is_web(url) => {
            let name = stream.hints.filename.as_deref();
            stream.source = Source::Url(files?.url(number, name));
        }
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
        let told = for_others(Answer::new(Body::Streams(streams)), None);
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
