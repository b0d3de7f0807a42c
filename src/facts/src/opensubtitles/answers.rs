//! What OpenSubtitles answers: lists of subtitles, and where one can be fetched.

use std::time::Duration;

use serde_json::Value;

use super::moment::moment;
use super::query::tag;
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault, Imdb, Request, Secret};

/// Bytes of a file's name that are kept (NAME_MAX).
const NAME_MAX_BYTES: usize = 255;

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub page: u32,
    pub pages: u32,
    pub subtitles: Vec<Subtitle>,
}

#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Subtitle {
    /// What is downloaded by.
    pub file_id: u64,
    pub file_name: String,
    /// BCP 47.
    pub language: String,
    pub release: String,
    pub downloads: u64,
    /// With sounds told in words.
    pub hearing_impaired: bool,
    /// Only what is not spoken in the film's own language.
    pub foreign_parts_only: bool,
    /// Translated by a program.
    pub by_machine: bool,
    pub trusted: bool,
    /// Frames a second it was made for, when that is known.
    pub fps: Option<f64>,
    /// The file has the hash that was asked for. Not enough alone: see [`Subtitle::fit`].
    pub hash_match: bool,
    pub imdb: Option<Imdb>,
    pub tmdb: Option<u64>,
    pub series_imdb: Option<Imdb>,
    pub series_tmdb: Option<u64>,
    pub season: Option<u16>,
    pub episode: Option<u16>,
}

/// What is known of the film that is played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wanted {
    pub imdb: Option<Imdb>,
    pub tmdb: Option<u64>,
    pub series_imdb: Option<Imdb>,
    pub series_tmdb: Option<u64>,
    pub season: Option<u16>,
    pub episode: Option<u16>,
}

/// How a subtitle fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// For this very file.
    File,
    /// For this film.
    Film,
    /// As far as its name tells.
    Perhaps,
    /// For another film.
    Other,
}

/// Where a subtitle is for some hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// Opens it for anybody, once: not to be logged.
    pub link: Secret,
    pub file_name: String,
    /// Downloads that are left today.
    pub remaining: Option<u32>,
    /// When there will be all of them again, as time since 1970.
    pub renewed_at: Option<Duration>,
}

impl Page {
    pub(super) fn of(answer: &Answer<'_>) -> Result<Page, Fault> {
        let json = lenient::json(answer, ANSWER_MAX_BYTES)?;
        json["data"].as_array().ok_or(Fault::Shape("data"))?;
        Ok(Page {
            page: lenient::whole(&json["page"]).unwrap_or(1),
            pages: lenient::whole(&json["total_pages"]).unwrap_or(1),
            subtitles: lenient::items(&json["data"])
                .filter_map(Subtitle::of)
                .collect(),
        })
    }
}

impl Subtitle {
    /// None without a file, or of a film in several files: no such file is played here.
    fn of(value: &Value) -> Option<Subtitle> {
        let about = &value["attributes"];
        let feature = &about["feature_details"];
        let file = lenient::items(&about["files"]).next()?;
        if lenient::whole(&about["nb_cd"]).is_some_and(|parts: u16| parts > 1) {
            return None;
        }
        let imdb = |field: &str| {
            let number = lenient::whole(&feature[field]).filter(|number| *number > 0);
            number.map(Imdb)
        };
        let some = |field: &str| lenient::whole(&feature[field]).filter(|number| *number > 0);
        let truth = |field: &str| lenient::truth(&about[field]);
        let number = |field: &str| lenient::whole(&feature[field]);
        Some(Subtitle {
            file_id: lenient::whole(&file["file_id"])?,
            file_name: lenient::text(&file["file_name"]).unwrap_or_default(),
            language: tag(&lenient::text(&about["language"])?),
            release: lenient::text(&about["release"]).unwrap_or_default(),
            downloads: lenient::whole(&about["download_count"]).unwrap_or(0),
            hearing_impaired: truth("hearing_impaired"),
            foreign_parts_only: truth("foreign_parts_only"),
            by_machine: truth("ai_translated") || truth("machine_translated"),
            trusted: truth("from_trusted"),
            // Zero is "not said".
            fps: lenient::number(&about["fps"]).filter(|fps| (1.0..=240.0).contains(fps)),
            hash_match: truth("moviehash_match"),
            imdb: imdb("imdb_id"),
            tmdb: some("tmdb_id"),
            series_imdb: imdb("parent_imdb_id"),
            series_tmdb: some("parent_tmdb_id"),
            season: number("season_number"),
            episode: number("episode_number"),
        })
    }

    /// How it fits the film that is played. A hash alone is not believed where ids are known:
    /// films with another film's hash were seen.
    pub fn fit(&self, wanted: &Wanted) -> Fit {
        // Each: whether both are known, and then the same.
        let pairs = [
            same(self.imdb, wanted.imdb),
            same(self.tmdb, wanted.tmdb),
            self.same_episode(wanted),
        ];
        // One id that is the same is enough: the others are wrong now and then.
        let known = pairs.into_iter().flatten().max();
        match known {
            Some(false) => Fit::Other,
            _ if self.hash_match => Fit::File,
            Some(true) => Fit::Film,
            None => Fit::Perhaps,
        }
    }

    fn same_episode(&self, wanted: &Wanted) -> Option<bool> {
        let series = [
            same(self.series_imdb, wanted.series_imdb),
            same(self.series_tmdb, wanted.series_tmdb),
        ];
        let series = series.into_iter().flatten().max()?;
        let season = same(self.season, wanted.season)?;
        Some(series && season && same(self.episode, wanted.episode)?)
    }
}

fn same<T: PartialEq>(one: Option<T>, other: Option<T>) -> Option<bool> {
    Some(one? == other?)
}

impl Download {
    pub(super) fn of(answer: &Answer<'_>) -> Result<Download, Fault> {
        let json = lenient::json(answer, ANSWER_MAX_BYTES)?;
        let link = lenient::text(&json["link"]);
        let link = link.filter(|link| link.starts_with("https://") || link.starts_with("http://"));
        let name = lenient::text(&json["file_name"]).unwrap_or_default();
        // A name, not a path.
        let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
        let end = name.floor_char_boundary(NAME_MAX_BYTES);
        Ok(Download {
            link: Secret::new(link.ok_or(Fault::Shape("link"))?),
            file_name: name[..end].replace(char::is_control, ""),
            remaining: lenient::whole(&json["remaining"]),
            renewed_at: lenient::text(&json["reset_time_utc"]).and_then(|text| moment(&text)),
        })
    }

    /// Fetches it: another host, which gets neither key nor token.
    pub fn request(&self) -> Request {
        let request = Request::get(self.link.reveal().to_owned());
        Request {
            secret_url: true,
            ..request
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_alone_is_not_believed() {
        let subtitle = |hash_match, imdb: u32| Subtitle {
            hash_match,
            imdb: Some(Imdb(imdb)),
            ..Subtitle::default()
        };
        let wanted = Wanted {
            imdb: Some(Imdb(7)),
            ..Wanted::default()
        };
        assert_eq!(subtitle(true, 7).fit(&wanted), Fit::File);
        assert_eq!(subtitle(true, 8).fit(&wanted), Fit::Other);
        assert_eq!(subtitle(false, 7).fit(&wanted), Fit::Film);
        assert_eq!(subtitle(true, 8).fit(&Wanted::default()), Fit::File);
        assert_eq!(subtitle(false, 8).fit(&Wanted::default()), Fit::Perhaps);
    }

    #[test]
    fn episodes_are_known_by_their_series() {
        let subtitle = Subtitle {
            series_tmdb: Some(5),
            season: Some(1),
            episode: Some(2),
            ..Subtitle::default()
        };
        let wanted = |season, episode| Wanted {
            series_tmdb: Some(5),
            season: Some(season),
            episode: Some(episode),
            ..Wanted::default()
        };
        assert_eq!(subtitle.fit(&wanted(1, 2)), Fit::Film);
        assert_eq!(subtitle.fit(&wanted(1, 3)), Fit::Other);
        assert_eq!(subtitle.fit(&wanted(2, 2)), Fit::Other);
    }
}
