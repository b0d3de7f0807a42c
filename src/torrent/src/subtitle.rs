//! Which files of a torrent are subtitles of its film, and in which language, told by their names.
//!
//! Nothing is read: a name is all there is before the player asks. A language is said only when
//! the name says it plainly, because a wrong one is worse than none.

use app::SubtitleFile;

use super::metainfo::{File, Metainfo};

/// More than any film has; a torrent of 20,000 subtitles is no list to choose from.
const SUBTITLES_MAX: usize = 100;
/// A text beyond this is none: the longest real ones have about 1 MiB.
const SUBTITLE_MAX_BYTES: u64 = 16 * 1024 * 1024;

/// The subtitle files beside `film`, those named like it first, then by name.
pub(super) fn beside(metainfo: &Metainfo, film: u32) -> Vec<SubtitleFile> {
    let film = stem(metainfo.files[film as usize].name()).to_lowercase();
    let texts = metainfo
        .files
        .iter()
        .enumerate()
        .filter(|(_, f)| is_text(f));
    let mut found: Vec<(bool, SubtitleFile)> = texts
        .map(|(index, file)| {
            let named_like_it = file.name().to_lowercase().starts_with(&film);
            let subtitle = SubtitleFile {
                file: index as u32,
                name: file.name().to_owned(),
                language: language(&film, file),
            };
            (!named_like_it, subtitle)
        })
        .collect();
    found.sort_by(|(a, x), (b, y)| (a, &x.name, x.file).cmp(&(b, &y.name, y.file)));
    let found = found.into_iter().map(|(_, subtitle)| subtitle);
    found.take(SUBTITLES_MAX).collect()
}

fn is_text(file: &File) -> bool {
    let ending = file.name().rsplit_once('.').map(|(_, e)| e.to_lowercase());
    matches!(ending.as_deref(), Some("srt" | "vtt"))
        && (1..=SUBTITLE_MAX_BYTES).contains(&file.length)
}

fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The language a file name tells, as BCP 47. `film` is the film's name without its ending, in
/// lower case.
fn language(film: &str, file: &File) -> Option<String> {
    let name = stem(file.name()).to_lowercase();
    let beyond = name.strip_prefix(film).unwrap_or(&name);
    let like_film = beyond.len() < name.len() && !film.is_empty();
    let words: Vec<&str> = beyond
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    // "pt-BR" and its kind are two words.
    for pair in words.windows(2).rev() {
        if let Some(tag) = regional(pair[0], pair[1]) {
            return Some(tag.to_owned());
        }
    }
    // Full names are told anywhere; codes only where no word of a title can stand: in what a name
    // like the film's has more, or last.
    let last = words.len().saturating_sub(1);
    let tagged = |at: usize| like_film || at == last;
    words
        .iter()
        .enumerate()
        .rev()
        .find_map(|(at, word)| {
            let known = |(codes, name): &(&str, &str)| {
                *name == *word || (tagged(at) && codes.split(' ').any(|code| code == *word))
            };
            let found = LANGUAGES.iter().find(|language| known(language))?;
            found.0.split(' ').next()
        })
        .map(str::to_owned)
}

/// Languages that are written differently by place.
fn regional(language: &str, place: &str) -> Option<&'static str> {
    Some(match (language, place) {
        ("pt" | "por" | "portuguese", "br" | "brazil" | "brazilian") => "pt-BR",
        ("pt" | "por", "pt") => "pt-PT",
        ("zh" | "chi", "cn" | "hans" | "chs" | "simplified")
        | ("chinese", "simplified")
        | ("simplified", "chinese") => "zh-Hans",
        ("zh" | "chi", "tw" | "hk" | "hant" | "cht" | "traditional")
        | ("chinese", "traditional")
        | ("traditional", "chinese") => "zh-Hant",
        ("es" | "spa", "419" | "la") | ("latin", "spanish") => "es-419",
        ("en", "us") => "en-US",
        ("en", "gb") => "en-GB",
        _ => return None,
    })
}

/// ISO 639 codes (639-1 first, then 639-2 both ways; what subtitle sites add last) and the
/// English name.
const LANGUAGES: [(&str, &str); 58] = [
    ("ar ara", "arabic"),
    ("bg bul", "bulgarian"),
    ("bn ben", "bengali"),
    ("bs bos", "bosnian"),
    ("ca cat", "catalan"),
    ("cs cze ces", "czech"),
    ("cy wel cym", "welsh"),
    ("da dan", "danish"),
    ("de ger deu", "german"),
    ("el gre ell", "greek"),
    ("en eng", "english"),
    ("eo epo", "esperanto"),
    ("es spa", "spanish"),
    ("et est", "estonian"),
    ("eu baq eus", "basque"),
    ("fa per fas", "persian"),
    ("fi fin", "finnish"),
    ("fr fre fra", "french"),
    ("ga gle", "irish"),
    ("gl glg", "galician"),
    ("he heb", "hebrew"),
    ("hi hin", "hindi"),
    ("hr hrv", "croatian"),
    ("hu hun", "hungarian"),
    ("hy arm hye", "armenian"),
    ("id ind", "indonesian"),
    ("is ice isl", "icelandic"),
    ("it ita", "italian"),
    ("ja jpn", "japanese"),
    ("ka geo kat", "georgian"),
    ("kk kaz", "kazakh"),
    ("ko kor", "korean"),
    ("lt lit", "lithuanian"),
    ("lv lav", "latvian"),
    ("mk mac mkd", "macedonian"),
    ("ml mal", "malayalam"),
    ("ms may msa", "malay"),
    ("nl dut nld", "dutch"),
    ("no nor nb nob nn nno", "norwegian"),
    ("pl pol", "polish"),
    ("pt-BR pob ptbr", "brazilian"),
    ("pt por", "portuguese"),
    ("ro rum ron", "romanian"),
    ("ru rus", "russian"),
    ("sk slo slk", "slovak"),
    ("sl slv", "slovenian"),
    ("sq alb sqi", "albanian"),
    ("sr srp", "serbian"),
    ("sv swe", "swedish"),
    ("ta tam", "tamil"),
    ("te tel", "telugu"),
    ("th tha", "thai"),
    ("tl tgl fil", "filipino"),
    ("tr tur", "turkish"),
    ("uk ukr", "ukrainian"),
    ("ur urd", "urdu"),
    ("vi vie", "vietnamese"),
    ("zh chi zho", "chinese"),
];

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
            (0, "an extra.en.srt"),
        ];
        assert_eq!(names, expected.map(|(i, n)| (i, n.to_owned())));
    }
}
