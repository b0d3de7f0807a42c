//! What is searched for, in the one form that the server does not redirect: names in order, small
//! letters, `+` for spaces, nothing that is the default.

use crate::Imdb;
use crate::exchange::escaped;

/// Their codes that are not BCP 47 in small letters.
const CODES: &[(&str, &str)] = &[
    ("at", "ast"),
    ("ea", "es-419"),
    ("me", "sr-ME"),
    ("pt-br", "pt-BR"),
    ("pt-pt", "pt"),
    ("sy", "syr"),
    ("zh-ca", "yue"),
    ("zh-cn", "zh-Hans"),
    ("zh-tw", "zh-Hant"),
];

/// Languages of one question; people know fewer.
const LANGUAGES_MAX: usize = 10;

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// In BCP 47; none: all.
    pub languages: Vec<String>,
    /// OSHash: size and sums of both ends of the file.
    pub hash: Option<u64>,
    /// Of the film or the episode.
    pub imdb: Option<Imdb>,
    pub tmdb: Option<u64>,
    /// Of the series.
    pub series_imdb: Option<Imdb>,
    pub series_tmdb: Option<u64>,
    pub season: Option<u16>,
    pub episode: Option<u16>,
    /// A title or a file's name.
    pub words: String,
    pub year: Option<u16>,
    /// From 1; 0 is the first too.
    pub page: u16,
}

impl Query {
    /// What follows `/subtitles`, with its `?`; empty when nothing is asked.
    pub(super) fn text(&self) -> String {
        let number = |value: Option<u64>| value.map(|number| number.to_string());
        let words = self
            .words
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .to_lowercase();
        // In the order of the alphabet.
        let pairs = [
            ("episode_number", number(self.episode.map(u64::from))),
            ("imdb_id", number(self.imdb.map(|id| id.0.into()))),
            ("languages", self.languages()),
            ("moviehash", self.hash.map(|hash| format!("{hash:016x}"))),
            ("page", number((self.page > 1).then_some(self.page.into()))),
            (
                "parent_imdb_id",
                number(self.series_imdb.map(|id| id.0.into())),
            ),
            ("parent_tmdb_id", number(self.series_tmdb)),
            ("query", (!words.is_empty()).then_some(words)),
            ("season_number", number(self.season.map(u64::from))),
            ("tmdb_id", number(self.tmdb)),
            ("year", number(self.year.map(u64::from))),
        ];
        let pairs = pairs.into_iter().filter_map(|(name, value)| {
            let value = escaped(&value?).replace("%20", "+");
            Some(format!("{name}={value}"))
        });
        let pairs: Vec<String> = pairs.collect();
        if pairs.is_empty() {
            String::new()
        } else {
            format!("?{}", pairs.join("&"))
        }
    }

    fn languages(&self) -> Option<String> {
        let codes = self
            .languages
            .iter()
            .take(LANGUAGES_MAX)
            .map(|tag| code(tag));
        let mut codes: Vec<String> = codes.collect();
        codes.sort_unstable();
        codes.dedup();
        (!codes.is_empty()).then(|| codes.join(","))
    }
}

/// Their code of a language in BCP 47.
pub fn code(tag: &str) -> String {
    let known = CODES
        .iter()
        .find(|(_, known)| known.eq_ignore_ascii_case(tag));
    let chinese = || tag.eq_ignore_ascii_case("zh").then(|| "zh-cn".to_owned());
    // Of the others they know only the language.
    let plain = || tag.split('-').next().unwrap_or(tag).to_ascii_lowercase();
    known
        .map(|(code, _)| (*code).to_owned())
        .or_else(chinese)
        .unwrap_or_else(plain)
}

/// BCP 47 of their code.
pub fn tag(code: &str) -> String {
    let known = CODES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(code));
    known.map_or_else(|| code.to_ascii_lowercase(), |(_, tag)| (*tag).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn questions_have_one_form() {
        let query = Query {
            languages: vec!["pt-BR".into(), "en".into(), "fr-CA".into(), "EN".into()],
            hash: Some(0x0000_df1f_5fa1_c000),
            imdb: Some(Imdb(1_727_587)),
            words: "  Sintel  & Co ".into(),
            page: 1,
            ..Query::default()
        };
        assert_eq!(
            query.text(),
            "?imdb_id=1727587&languages=en%2Cfr%2Cpt-br&moviehash=0000df1f5fa1c000\
             &query=sintel+%26+co"
        );
        let episode = Query {
            series_imdb: Some(Imdb(1_748_166)),
            season: Some(1),
            episode: Some(2),
            page: 3,
            ..Query::default()
        };
        assert_eq!(
            episode.text(),
            "?episode_number=2&page=3&parent_imdb_id=1748166&season_number=1"
        );
        assert_eq!(Query::default().text(), "");
    }

    #[test]
    fn codes_come_back_as_they_went() {
        for known in [
            "en", "fr", "pt", "pt-BR", "es-419", "zh-Hans", "zh-Hant", "ast",
        ] {
            assert_eq!(tag(&code(known)), known);
        }
        assert_eq!(
            (code("zh"), code("de-AT"), tag("PT-BR")),
            ("zh-cn".into(), "de".into(), "pt-BR".into())
        );
    }
}
