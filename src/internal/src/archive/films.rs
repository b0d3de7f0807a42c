//! Items of the Archive as films of the add-on protocol.

use addon::{InfoHash, Meta, MetaLink, Source, Stream, StreamHints, Subtitle, Video as Part};
use app::own;
use facts::archive::{Archive as Site, Hit, Item, Licence, Video};
use facts::{Header, Method, Request, USER_AGENT, Value};

use super::parts::{longest, parts};
use super::{PREFIX, told};
use crate::metainfo::{Metainfo, magnet};
use crate::{ATTRIBUTION, LICENCE};

/// Versions of a film that are offered: the upload, and two or three that the Archive made of it.
const VERSIONS_MAX: usize = 6;
/// Films of an item that are told: a season of a long serial.
const PARTS_MAX: usize = 200;
/// Words of subjects that are shown as genres.
const GENRES_MAX: usize = 5;
/// People and companies that are named as makers.
const MAKERS_MAX: usize = 3;

/// A film of a row.
pub(super) fn tile(site: &Site, hit: &Hit) -> Meta {
    let mut meta = base(site, &hit.id, &hit.title, hit.licence.as_ref());
    meta.release_info = hit.year.map(|year| year.to_string());
    meta.runtime = minutes(hit.runtime_s);
    meta.description = Some(hit.description.clone()).filter(|text| !text.is_empty());
    meta.genres = some(&hit.subjects, GENRES_MAX);
    meta.director = some(&hit.creators, MAKERS_MAX);
    meta.language = hit.languages.first().cloned();
    meta
}

/// A film's page. Where the item has several films, the others are its videos: the page itself is
/// that of the longest.
pub(super) fn meta(site: &Site, item: &Item) -> Meta {
    let mut meta = base(site, &item.id, &item.title, item.licence.as_ref());
    let longest = item.videos.iter().filter_map(|video| video.length_s).max();
    meta.release_info = item.year.map(|year| year.to_string());
    meta.runtime = minutes(item.runtime_s.or(longest));
    meta.description = Some(item.description.clone()).filter(|text| !text.is_empty());
    meta.genres = some(&item.subjects, GENRES_MAX);
    meta.director = some(&item.creators, MAKERS_MAX);
    meta.language = item.languages.first().cloned();
    meta.imdb_id = item.imdb.map(|id| id.to_string());
    let parts = parts(item);
    if parts.len() > 1 {
        meta.hints.default_video_id = Some(meta.id.clone());
        let numbered = (1..).zip(parts.iter().take(PARTS_MAX));
        let videos = numbered.map(|(number, part)| Part {
            id: format!("{}:{}", meta.id, part.id()),
            title: part.title(),
            episode: Some(number),
            ..Part::default()
        });
        meta.videos = videos.collect();
    }
    meta
}

fn base(site: &Site, id: &str, title: &str, licence: Option<&Licence>) -> Meta {
    let licence = licence.map(|licence| MetaLink {
        name: licence.name.clone(),
        category: LICENCE.to_owned(),
        url: licence.url.clone(),
    });
    let page = site.page(id).map(|url| MetaLink {
        name: own::ARCHIVE.to_owned(),
        category: ATTRIBUTION.to_owned(),
        url,
    });
    Meta {
        poster: site.picture(id),
        links: licence.into_iter().chain(page).collect(),
        ..Meta::new(format!("{PREFIX}{id}"), "movie", title)
    }
}

fn some(words: &[String], max: usize) -> Vec<String> {
    words.iter().take(max).cloned().collect()
}

fn minutes(seconds: Option<u32>) -> Option<String> {
    let minutes = seconds?.div_ceil(60);
    Some(format!("{minutes} min"))
}

/// The versions of the item's film, or of the part of this name, the best first; each as a part of
/// the torrent, where it has one that holds it, and as a file.
pub(super) fn streams(
    site: &Site,
    item: &Item,
    part: Option<&str>,
    metainfo: Option<&Metainfo>,
) -> Vec<Stream> {
    let mut streams = Vec::new();
    let texts = subtitles(item, part);
    for video in film(item, part).into_iter().take(VERSIONS_MAX) {
        let torrent = metainfo.and_then(|metainfo| torrent(site, item, video, metainfo));
        let sources = torrent.into_iter().chain([Source::Url(video.url.clone())]);
        streams.extend(sources.map(|source| stream(video, &texts, source)));
    }
    streams
}

/// The versions of the part of this name, or else of the longest. Others of an item are trailers,
/// and films of their own.
fn film<'i>(item: &'i Item, part: Option<&str>) -> Vec<&'i Video> {
    let mut parts = parts(item);
    let named = |name: &str| parts.iter().position(|it| it.id() == name);
    let at = part.map_or_else(|| longest(&parts), named);
    at.map(|at| parts.swap_remove(at).videos)
        .unwrap_or_default()
}

fn torrent(site: &Site, item: &Item, video: &Video, metainfo: &Metainfo) -> Option<Source> {
    // The torrent may be older than the item, and lack the file or have another of its name.
    let index = metainfo.index(&video.name)?;
    let bytes = metainfo.files[index as usize].bytes;
    if video.size_bytes.is_some_and(|size| size != bytes) {
        return None;
    }
    let (exact, seed) = (&item.torrent.as_ref()?.url, site.web_seed());
    let places = [("xs", exact.as_str()), ("ws", seed.as_str())];
    Some(Source::Magnet {
        link: magnet(metainfo.info_hash, &metainfo.name, Some(index), &places),
        info_hash: InfoHash(metainfo.info_hash),
    })
}

fn stream(video: &Video, texts: &[Subtitle], source: Source) -> Stream {
    let file = video.name.rsplit('/').next().unwrap_or(&video.name);
    let lines = video.height.map(|height| format!("{height}p"));
    let name = [Some(own::ARCHIVE.to_owned()), lines];
    let hash = video.sha1.as_deref().unwrap_or(&video.name);
    Stream {
        name: Some(name.into_iter().flatten().collect::<Vec<_>>().join("\n")),
        description: Some(format!("{file}\n{}", video.format)),
        subtitles: texts.to_vec(),
        hints: StreamHints {
            filename: Some(file.to_owned()),
            video_bytes: video.size_bytes,
            binge_group: Some(format!("archive-{hash}")),
            ..StreamHints::default()
        },
        ..Stream::of(source)
    }
}

/// The texts that lie in the item; in one of several films those that are called as the film is.
pub(super) fn subtitles(item: &Item, part: Option<&str>) -> Vec<Subtitle> {
    let film = film(item, part);
    let film = film.first().map_or("", |video| &video.name);
    let texts = item.subtitles.iter();
    texts
        .map(|it| told(&it.name, &it.url, it.language.as_deref(), film))
        .collect()
}

/// A file of an item.
pub(super) fn file_request(url: &str) -> Request {
    let header = |name, value: &str| Header {
        name,
        value: Value::Plain(value.to_owned()),
    };
    Request {
        method: Method::Get,
        url: url.to_owned(),
        secret_url: false,
        headers: vec![header("accept", "*/*"), header("user-agent", USER_AGENT)],
        body: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(name: &str, of: &str, length_s: u32) -> Video {
        Video {
            name: name.into(),
            format: "h.264".into(),
            url: format!("https://archive.org/download/X/{name}"),
            size_bytes: Some(10),
            length_s: Some(length_s),
            width: None,
            height: Some(720),
            original: name == of,
            of: of.into(),
            sha1: None,
            title: None,
        }
    }

    fn item() -> Item {
        Item {
            id: "X".into(),
            title: "X".into(),
            videos: vec![
                video("trailer.mp4", "trailer.mp4", 60),
                video("film.mp4", "film.avi", 3600),
                video("film.avi", "film.avi", 3600),
            ],
            torrent: Some(facts::archive::Torrent {
                info_hash: "ab".repeat(20),
                url: "https://archive.org/download/X/X_archive.torrent".into(),
            }),
            ..Item::default()
        }
    }

    fn metainfo(files: &[(&str, u64)]) -> Metainfo {
        let file = |(path, bytes): &(&str, u64)| crate::metainfo::File {
            path: (*path).into(),
            bytes: *bytes,
        };
        Metainfo {
            info_hash: [0xab; 20],
            name: "X".into(),
            files: files.iter().map(file).collect(),
            trackers: Vec::new(),
            web_seeds: Vec::new(),
        }
    }

    fn sources(streams: &[Stream]) -> Vec<&str> {
        let source = |stream: &Stream| match &stream.source {
            Source::Magnet { .. } => "torrent",
            Source::Url(_) => "file",
            _ => "other",
        };
        let all: Vec<&str> = streams.iter().map(source).collect();
        all
    }

    #[test]
    fn the_film_is_offered_and_its_trailer_is_not() {
        let metainfo = metainfo(&[("trailer.mp4", 10), ("film.avi", 10), ("film.mp4", 11)]);
        let streams = streams(&Site::default(), &item(), None, Some(&metainfo));
        // The one file is another in the torrent.
        assert_eq!(sources(&streams), ["file", "torrent", "file"]);
        let Source::Magnet { link, .. } = &streams[1].source else {
            panic!("{streams:?}");
        };
        assert!(link.ends_with("&so=1"), "{link}");
        assert!(link.contains("&xs=https%3A%2F%2Farchive%2Eorg%2Fdownload%2FX%2FX%5Farchive"));
        assert!(link.contains("&ws=https%3A%2F%2Farchive%2Eorg%2Fdownload%2F&"));
        assert_eq!(streams[0].name.as_deref(), Some("Internet Archive\n720p"));
    }

    #[test]
    fn without_a_torrent_there_are_files() {
        let streams = streams(&Site::default(), &item(), None, None);
        assert_eq!(sources(&streams), ["file", "file"]);
        assert!(super::streams(&Site::default(), &Item::default(), None, None).is_empty());
    }
}
