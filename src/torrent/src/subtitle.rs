//! Which files of a torrent are subtitles of its film, and in which language, told by their names.
//!
//! Nothing is read: a name is all there is before the player asks. What a name says is known by the
//! crate `subtitles`.

use app::SubtitleFile;

use super::metainfo::{File, Metainfo};

/// More than any film has; a torrent of 20,000 subtitles is no list to choose from.
const SUBTITLES_MAX: usize = 100;
/// A text beyond this is none: the longest real ones have about 1 MiB.
const SUBTITLE_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The subtitle files beside `film`, those named like it first, then by name.
pub(super) fn beside(metainfo: &Metainfo, film: u32) -> Vec<SubtitleFile> {
    let film = metainfo.files[film as usize].name();
    let like = stem(film).to_lowercase();
    let texts = metainfo
        .files
        .iter()
        .enumerate()
        .filter(|(_, file)| is_text(file, metainfo));
    let mut found: Vec<(bool, SubtitleFile)> = texts
        .map(|(index, file)| {
            let named_like_it = file.name().to_lowercase().starts_with(&like);
            let language = subtitles::facts(file.name(), Some(film)).language;
            let subtitle = SubtitleFile {
                file: index as u32,
                name: file.name().to_owned(),
                language: language.map(|language| language.tag().to_owned()),
            };
            (!named_like_it, subtitle)
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| (a, &x.name, x.file).cmp(&(b, &y.name, y.file)));
    let found = found.into_iter().map(|(_, subtitle)| subtitle);
    found.take(SUBTITLES_MAX).collect()
}

/// Of the formats that `subtitles` reads. A `.sub` beside an `.idx` is pictures.
fn is_text(file: &File, metainfo: &Metainfo) -> bool {
    let (stem, ending) = file.name().rsplit_once('.').unwrap_or_default();
    let pictures = || {
        let index = format!("{stem}.idx");
        let mut others = metainfo.files.iter();
        others.any(|other| other.name().eq_ignore_ascii_case(&index))
    };
    let text = match ending.to_ascii_lowercase().as_str() {
        "srt" | "vtt" | "ass" | "ssa" => true,
        "sub" => !pictures(),
        _ => false,
    };
    text && (1..=SUBTITLE_MAX_BYTES).contains(&file.length)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn told(film: &str, name: &str) -> Option<String> {
        let files = format!(
            "d5:filesld6:lengthi9e4:pathl{}:{name}eed6:lengthi16000e4:pathl{}:{film}eee4:name1:x\
             12:piece lengthi16384e6:pieces20:{}e",
            name.len(),
            film.len(),
            "0".repeat(20)
        );
        let metainfo = Metainfo::from_info(&files.into()).unwrap();
        beside(&metainfo, 1).remove(0).language
    }

    #[test]
    fn names_tell_languages() {
        for (name, language) in [
            ("Sintel.de.srt", Some("de")),
            ("Sintel_fre.vtt", Some("fr")),
            ("Sintel.pt-BR.srt", Some("pt-BR")),
            ("Sintel.pt.srt", Some("pt")),
            ("Sintel.zh-Hant.srt", Some("zh-Hant")),
            ("Sintel.en.forced.srt", Some("en")),
            ("Sintel.nb.srt", Some("no")),
            ("Sintel.srt", None),
            ("Sintel.sdh.srt", None),
            ("other.film.en.srt", Some("en")),
            ("2_English.srt", Some("en")),
            ("it.srt", Some("it")),
            ("English (forced).srt", Some("en")),
            ("No Country.srt", None),
            ("it happened.srt", None),
        ] {
            let found = told("Sintel.mp4", name);
            assert_eq!(found.as_deref(), language, "{name}");
        }
    }

    #[test]
    fn those_named_like_the_film_come_first() {
        let entry =
            |name: &str, length| format!("d6:lengthi{length}e4:pathl{}:{name}ee", name.len());
        let files = [
            entry("an extra.en.srt", 5),
            entry("Film.mkv", 16000),
            entry("Film.fr.srt", 5),
            entry("film.EN.vtt", 5),
            entry("empty.srt", 0),
            entry("notes.txt", 5),
            entry("film.de.ass", 5),
            entry("film.it.sub", 5),
            entry("pictures.sub", 5),
            entry("pictures.idx", 5),
        ]
        .concat();
        let info = format!(
            "d5:filesl{files}e4:name1:x12:piece lengthi16384e6:pieces20:{}e",
            "0".repeat(20)
        );
        let metainfo = Metainfo::from_info(&info.into()).unwrap();
        let names: Vec<(u32, String)> = beside(&metainfo, 1)
            .into_iter()
            .map(|subtitle| (subtitle.file, subtitle.name))
            .collect();
        let expected = [
            (2, "Film.fr.srt"),
            (3, "film.EN.vtt"),
            (6, "film.de.ass"),
            (7, "film.it.sub"),
            (0, "an extra.en.srt"),
        ];
        assert_eq!(names, expected.map(|(i, n)| (i, n.to_owned())));
    }
}
