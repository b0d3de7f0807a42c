//! A stream of an add-on as a source of the core, with all that its texts say of it to choose by.
//!
//! What cannot be played here is no source: videos of YouTube, pages, other programs, and lists of
//! parts (HLS, DASH), which are no file: GStreamer's readers of such lists call the addresses in
//! them by themselves, past `fetch` and what it asks of an address, so a stranger's list could
//! send the box anywhere at home. They are not offered until the box reads them itself. Reading
//! names costs about a millisecond a line, so this is for threads that may take a while.

use addon::{Source as Bytes, Stream};
use app::choosing::{Codec, Content, Hdr, Offer, Way};
use app::{Reach, Source, TorrentRef, WebFile};
use names::{Kind, Medium, Release};

use url::Url;

use crate::magnet;

/// Sources taken of one add-on for one film: they come best first, and a screen shows eight.
pub(crate) const STREAMS_MAX: usize = 100;

/// A line of the list of sources has room for about so much of an add-on's own words.
const LABEL_CHARS: usize = 40;

/// The sources among `streams`, in their order. `place` is the add-on's in the owner's order.
pub(crate) fn sources(streams: &[Stream], add_on: &str, place: usize) -> Vec<Source> {
    let place = u16::try_from(place).unwrap_or(u16::MAX);
    let playable = streams.iter().enumerate().filter_map(|(at, stream)| {
        let reach = reach(stream)?;
        let (label, mut offer) = told(stream, add_on, &reach);
        offer.add_on = place;
        offer.place = u16::try_from(at).unwrap_or(u16::MAX);
        Some(Source {
            label,
            reach,
            offer,
        })
    });
    playable.take(STREAMS_MAX).collect()
}

/// Where its bytes are; none when that is nowhere this box can read.
pub(crate) fn reach(stream: &Stream) -> Option<Reach> {
    let hints = &stream.hints;
    match &stream.source {
        Bytes::Torrent(torrent) => Some(Reach::Torrent(TorrentRef {
            info_hash: torrent.info_hash.0,
            name: hints.filename.clone().unwrap_or_default(),
            trackers: torrent.trackers.clone(),
            file: torrent.file,
            ..TorrentRef::default()
        })),
        Bytes::Magnet { link, info_hash } => {
            let mut torrent = magnet::torrent(link, *info_hash);
            if let Some(name) = &hints.filename {
                torrent.name.clone_from(name);
            }
            Some(Reach::Torrent(torrent))
        }
        // Only a part of this box can say so: readers of foreign answers refuse the scheme.
        Bytes::Url(url) if url.starts_with("file://") => {
            let path = Url::parse(url).ok()?.to_file_path().ok()?;
            Some(Reach::File(path.to_str()?.into()))
        }
        Bytes::Url(url) if is_list(url) => None,
        Bytes::Url(url) => Some(Reach::Web(WebFile {
            url: url.clone(),
            name: hints.filename.clone(),
            headers: hints
                .proxy_headers
                .request
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
            size: hints.video_bytes,
            near: false,
        })),
        Bytes::YouTube(_) | Bytes::External(_) => None,
    }
}

/// A list of parts and no file.
fn is_list(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path = path.to_ascii_lowercase();
    [".m3u8", ".m3u", ".mpd"]
        .iter()
        .any(|end| path.ends_with(end))
}

/// What its texts say of it: as one line, and to choose by.
fn told(stream: &Stream, add_on: &str, reach: &Reach) -> (String, Offer) {
    let hints = &stream.hints;
    let name = stream.name.as_deref().unwrap_or_default();
    let description = stream.description.as_deref().unwrap_or_default();
    let file = hints.filename.as_deref();
    let names::Stream {
        release,
        seeds,
        size_bytes,
    } = names::Stream::of(name, description, file);
    let way = match reach {
        Reach::Torrent(_) => Way::Torrent,
        Reach::Web(_) | Reach::File(_) => Way::Http,
    };
    let size_bytes = hints.video_bytes.or(size_bytes);
    let label = label(&release, size_bytes, name, description, add_on);
    let offer = Offer {
        way,
        content: content(&release),
        lines: release.resolution,
        codec: release.codec.map(codec),
        ten_bit: release.ten_bit,
        three_d: release.three_d,
        hdr: release.hdr.iter().copied().map(hdr).collect(),
        size_bytes,
        seeds: seeds.filter(|_| way == Way::Torrent),
        web_seeded: reach.torrent().is_some_and(|it| !it.web_seeds.is_empty()),
        release: hints.binge_group.clone().or_else(|| release.key()),
        languages: release.languages,
        several_languages: release.several_languages,
        ..Offer::default()
    };
    (label, offer)
}

/// "1080p · MKV · 2.1 GB · Name of the add-on"; where nothing is known of the picture, what the
/// add-on calls it.
fn label(
    release: &Release,
    size: Option<u64>,
    name: &str,
    description: &str,
    add_on: &str,
) -> String {
    let mut parts = Vec::new();
    if let Some(lines) = release.resolution {
        parts.push(format!("{lines}p"));
    } else {
        let own = [name, description].into_iter().flat_map(str::lines);
        let own = own.map(str::trim).find(|line| !line.is_empty());
        parts.extend(own.map(|line| line.chars().take(LABEL_CHARS).collect()));
    }
    parts.extend(release.container.as_deref().map(container));
    parts.extend(size.map(crate::film::bytes));
    parts.push(add_on.to_owned());
    parts.join(" · ")
}

fn container(ending: &str) -> String {
    match ending {
        "webm" => "WebM".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

fn content(release: &Release) -> Content {
    match (release.kind, release.source) {
        (Kind::Extra, _) => Content::Extra,
        (_, Some(Medium::Camera | Medium::Telesync | Medium::Telecine | Medium::Workprint)) => {
            Content::Poor
        }
        _ => Content::Film,
    }
}

fn codec(codec: names::Codec) -> Codec {
    match codec {
        names::Codec::H264 => Codec::H264,
        names::Codec::H265 => Codec::H265,
        names::Codec::Av1 => Codec::Av1,
        names::Codec::Vp8 => Codec::Vp8,
        names::Codec::Vp9 => Codec::Vp9,
        names::Codec::Mpeg4 => Codec::Mpeg4,
        names::Codec::Mpeg2 => Codec::Mpeg2,
        names::Codec::Vc1 => Codec::Vc1,
        names::Codec::H263 | names::Codec::RealVideo => Codec::Other,
    }
}

fn hdr(hdr: names::Hdr) -> Hdr {
    match hdr {
        names::Hdr::Hdr10 => Hdr::Hdr10,
        names::Hdr::Hdr10Plus => Hdr::Hdr10Plus,
        names::Hdr::DolbyVision => Hdr::DolbyVision,
        names::Hdr::Hlg => Hdr::Hlg,
    }
}

#[cfg(test)]
mod tests {
    use addon::{InfoHash, Torrent};

    use super::*;

    fn stream(source: Bytes, name: &str, description: &str) -> Stream {
        Stream {
            name: Some(name.into()),
            description: Some(description.into()),
            ..Stream::of(source)
        }
    }

    fn torrent() -> Bytes {
        Bytes::Torrent(Torrent {
            info_hash: InfoHash([1; 20]),
            file: Some(5),
            trackers: vec!["udp://t.example:1".into()],
            ..Torrent::default()
        })
    }

    #[test]
    fn the_texts_of_a_stream_are_what_is_chosen_by() {
        let mut one = stream(
            torrent(),
            "Free\n2160p",
            "Tears.of.Steel.2012.2160p.HDR.x265.10bit-GRP.mkv\n👤 12 💾 2.1 GB 🇫🇷",
        );
        one.hints.binge_group = Some("free-2160p".into());
        let sources = sources(&[one], "Free films", 3);
        let offer = &sources[0].offer;
        assert_eq!((offer.add_on, offer.place, offer.way), (3, 0, Way::Torrent));
        assert_eq!((offer.lines, offer.codec), (Some(2160), Some(Codec::H265)));
        assert!(
            offer.ten_bit && offer.hdr.contains(&Hdr::Hdr10),
            "{offer:?}"
        );
        assert_eq!(offer.seeds, Some(12));
        assert_eq!(offer.size_bytes, Some((1 << 30) * 21 / 10));
        assert_eq!(offer.languages, ["fr"]);
        assert_eq!(offer.release.as_deref(), Some("free-2160p"));
        let Reach::Torrent(torrent) = &sources[0].reach else {
            panic!("{sources:?}");
        };
        assert_eq!((torrent.file, torrent.trackers.len()), (Some(5), 1));
        assert!(sources[0].label.starts_with("2160p · "), "{sources:?}");
        assert!(sources[0].label.ends_with(" · Free films"), "{sources:?}");
    }

    #[test]
    fn a_file_of_this_box_goes_by_its_path() {
        let stream = stream(
            Bytes::Url("file:///media/A%20film%20%231.mkv".into()),
            "",
            "",
        );
        let path = "/media/A film #1.mkv";
        assert_eq!(reach(&stream), Some(Reach::File(path.into())));
    }

    #[test]
    fn only_what_can_be_read_here_is_offered() {
        let web = |url: &str| stream(Bytes::Url(url.into()), "Web 480p", "");
        let mut file = web("https://a.example/film.mp4");
        file.hints.filename = Some("Film.480p.mp4".into());
        file.hints.video_bytes = Some(7);
        let headers = &mut file.hints.proxy_headers.request;
        headers.insert("Referer".into(), "https://a.example/".into());
        let streams = [
            stream(Bytes::YouTube("abc".into()), "Trailer", ""),
            stream(Bytes::External("https://a.example/".into()), "Page", ""),
            web("https://a.example/list.m3u8?x=1"),
            file,
        ];
        let sources = sources(&streams, "A", 0);
        assert_eq!(sources.len(), 1);
        assert_eq!(
            (sources[0].offer.place, sources[0].offer.way),
            (3, Way::Http)
        );
        assert_eq!(sources[0].offer.lines, Some(480));
        let Reach::Web(file) = &sources[0].reach else {
            panic!("{sources:?}");
        };
        assert_eq!((file.size, file.headers.len()), (Some(7), 1));
        assert_eq!(file.name.as_deref(), Some("Film.480p.mp4"));
    }
}
