//! Films, series and channels as add-ons tell of them: the tile of a catalog and the page of a
//! film are one type, because pages have no more than videos beside.

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::bounds::{PROSE_MAX_CHARS, STREAMS_MAX, VIDEOS_MAX, WORDS_MAX};
use crate::fields::Fields;
use crate::losses::Losses;
use crate::stream::Stream;
use crate::text;
use crate::video::Video;

/// A film, a series, a channel.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Meta {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub name: String,
    /// Pictures are http or https addresses.
    #[serde(skip_serializing_if = "is_none")]
    pub poster: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub poster_shape: PosterShape,
    #[serde(skip_serializing_if = "is_none")]
    pub background: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub logo: Option<String>,
    /// With line breaks.
    #[serde(skip_serializing_if = "is_none")]
    pub description: Option<String>,
    /// `2010`, `2000-2014`, `2000-`
    #[serde(skip_serializing_if = "is_none")]
    pub release_info: Option<String>,
    /// ISO 8601, as it came.
    #[serde(skip_serializing_if = "is_none")]
    pub released: Option<String>,
    /// As it came; see [`Meta::runtime_minutes`].
    #[serde(skip_serializing_if = "is_none")]
    pub runtime: Option<String>,
    /// Above 0, at most 10.
    #[serde(skip_serializing_if = "is_none", serialize_with = "as_text")]
    pub imdb_rating: Option<f32>,
    #[serde(rename = "imdb_id", skip_serializing_if = "is_none")]
    pub imdb_id: Option<String>,
    /// Of TheMovieDB.
    #[serde(rename = "moviedb_id", skip_serializing_if = "is_none")]
    pub tmdb_id: Option<u64>,
    #[serde(skip_serializing_if = "is_none")]
    pub genres: Vec<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub director: Vec<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub writer: Vec<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub cast: Vec<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub country: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub language: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub links: Vec<MetaLink>,
    #[serde(skip_serializing_if = "is_none")]
    pub trailers: Vec<Trailer>,
    #[serde(skip_serializing_if = "is_none")]
    pub trailer_streams: Vec<Stream>,
    /// In the order they came; see [`Meta::seasons`].
    #[serde(skip_serializing_if = "is_none")]
    pub videos: Vec<Video>,
    #[serde(rename = "behaviorHints", skip_serializing_if = "is_none")]
    pub hints: MetaHints,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PosterShape {
    /// Width over height 0.675
    #[default]
    Poster,
    /// 1.77
    Landscape,
    Square,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MetaHints {
    /// The video to play without asking which.
    #[serde(skip_serializing_if = "is_none")]
    pub default_video_id: Option<String>,
    /// More videos come at times that are known.
    #[serde(skip_serializing_if = "is_none")]
    pub has_scheduled_videos: bool,
}

/// Something beside the film to go to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MetaLink {
    pub name: String,
    /// `Genres`, `Cast`, `Directors`, `Writers`, `imdb`, `share`, `similar` ...
    pub category: String,
    /// http, https, or a `stremio:` link (see [`crate::Link`]).
    pub url: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Trailer {
    /// Id of a video of YouTube.
    pub source: String,
    /// `Trailer`, `Clip`
    #[serde(rename = "type")]
    pub kind: String,
}

/// Whether a field need not be written.
pub(crate) fn is_none<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // serde's form
fn as_text<S: Serializer>(value: &Option<f32>, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(&value.unwrap_or_default())
}

impl Meta {
    /// A meta that says no more than what it must.
    pub fn new(id: impl Into<String>, kind: impl Into<String>, name: impl Into<String>) -> Meta {
        Meta {
            id: id.into(),
            kind: kind.into(),
            name: name.into(),
            ..Meta::default()
        }
    }

    /// `kind` is what was asked for; it stands in where none is said, and the id for the name.
    pub(crate) fn read(value: &Value, kind: &str, losses: &mut Losses) -> Option<Meta> {
        let fields = Fields::of(value)?;
        Some(Meta::of(fields, fields.id("id")?, kind, losses))
    }

    /// With this id, whatever it says.
    pub(crate) fn of(fields: Fields<'_>, id: String, kind: &str, losses: &mut Losses) -> Meta {
        let line = |key| fields.line(key);
        let mut meta = Meta {
            kind: fields.id("type").unwrap_or_else(|| kind.to_owned()),
            name: line("name")
                .or_else(|| line("title"))
                .unwrap_or_else(|| text::name_of(&id)),
            poster: fields.web("poster"),
            poster_shape: PosterShape::read(fields),
            background: fields.web("background"),
            logo: fields.web("logo"),
            description: fields.prose("description", PROSE_MAX_CHARS),
            release_info: line("releaseInfo").or_else(|| line("year")),
            released: line("released"),
            runtime: line("runtime"),
            imdb_rating: rating(fields.decimal("imdbRating")),
            imdb_id: line("imdb_id").or_else(|| line("imdbId")),
            tmdb_id: fields
                .number("moviedb_id")
                .or_else(|| fields.number("tmdb_id")),
            genres: fields.names("genres", WORDS_MAX, losses),
            director: fields.names("director", WORDS_MAX, losses),
            writer: fields.names("writer", WORDS_MAX, losses),
            cast: fields.names("cast", WORDS_MAX, losses),
            country: line("country"),
            language: line("language"),
            links: fields.list("links", WORDS_MAX, losses, |it, _| MetaLink::read(it)),
            trailers: fields.list("trailers", WORDS_MAX, losses, |it, _| Trailer::read(it)),
            trailer_streams: Stream::list(fields, "trailerStreams", STREAMS_MAX, losses),
            videos: fields.list("videos", VIDEOS_MAX, losses, Video::read),
            hints: MetaHints::read(fields),
            id,
        };
        if meta.genres.is_empty() {
            meta.genres = fields.names("genre", WORDS_MAX, losses);
        }
        meta.fill_from_links();
        meta
    }

    /// Newer add-ons say these by links only, with a category.
    fn fill_from_links(&mut self) {
        let of = |category: &str| -> Vec<String> {
            let links = self.links.iter().filter(|link| link.category == category);
            links.map(|link| link.name.clone()).collect()
        };
        let rating = of("imdb").iter().find_map(|name| name.parse().ok());
        let lists = [of("Genres"), of("Directors"), of("Writers"), of("Cast")];
        let own = [
            &mut self.genres,
            &mut self.director,
            &mut self.writer,
            &mut self.cast,
        ];
        for (own, list) in own.into_iter().zip(lists) {
            if own.is_empty() {
                *own = list;
            }
        }
        self.imdb_rating = self.imdb_rating.or(crate::meta::rating(rating));
    }

    /// The year it came out, or began.
    pub fn year(&self) -> Option<u16> {
        let texts = [&self.release_info, &self.released];
        texts.into_iter().flatten().find_map(|text| {
            let year: u16 = text.get(..4)?.parse().ok()?;
            // The first film is of 1888.
            (1880..=2200).contains(&year).then_some(year)
        })
    }

    /// How long it is: `120 min`, `2h 10min`, `2:10:00`, or minutes alone.
    pub fn runtime_minutes(&self) -> Option<u32> {
        minutes(self.runtime.as_deref()?)
    }

    /// The id of IMDb: said by the add-on, or its own.
    pub fn imdb(&self) -> Option<&str> {
        let ids = [self.imdb_id.as_deref(), Some(self.id.as_str())];
        ids.into_iter().flatten().find(|id| {
            let digits = id.strip_prefix("tt").unwrap_or_default();
            (5..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
    }
}

impl PosterShape {
    fn read(fields: Fields<'_>) -> PosterShape {
        match fields.line("posterShape").as_deref() {
            Some("landscape") => PosterShape::Landscape,
            Some("square") => PosterShape::Square,
            _ => PosterShape::Poster,
        }
    }
}

impl MetaHints {
    fn read(fields: Fields<'_>) -> MetaHints {
        let Some(hints) = fields.table("behaviorHints") else {
            return MetaHints::default();
        };
        MetaHints {
            default_video_id: hints.id("defaultVideoId"),
            has_scheduled_videos: hints.flag("hasScheduledVideos"),
        }
    }
}

impl MetaLink {
    fn read(value: &Value) -> Option<MetaLink> {
        let fields = Fields::of(value)?;
        let deep = || fields.id("url").filter(|url| url.starts_with("stremio://"));
        Some(MetaLink {
            name: fields.line("name")?,
            category: fields.line("category")?,
            url: fields.web("url").or_else(deep)?,
        })
    }
}

impl Trailer {
    fn read(value: &Value) -> Option<Trailer> {
        let fields = Fields::of(value)?;
        Some(Trailer {
            source: fields.id("source")?,
            kind: fields.line("type").unwrap_or_else(|| "Trailer".into()),
        })
    }
}

fn rating(value: Option<f32>) -> Option<f32> {
    value.filter(|rating| *rating > 0.0 && *rating <= 10.0)
}

fn minutes(text: &str) -> Option<u32> {
    if text.contains(':') {
        let mut parts = text.split(':').map(|part| part.trim().parse::<u32>().ok());
        let (first, second) = (parts.next()??, parts.next()??);
        // Two parts are hours and minutes: no film is given in minutes and seconds.
        return first.checked_mul(60)?.checked_add(second);
    }
    let (mut total, mut number, mut seen) = (0u32, None::<u32>, false);
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(digit)?);
        } else if let (false, Some(value)) = (c == ' ', number) {
            let unit = match c.to_ascii_lowercase() {
                'h' => 60,
                'm' => 1,
                's' => 0,
                _ => return None,
            };
            total = total.checked_add(value.checked_mul(unit)?)?;
            (number, seen) = (None, true);
        }
    }
    match number {
        // `2h 10`, `120`
        Some(rest) => total.checked_add(rest),
        None => seen.then_some(total),
    }
    .filter(|minutes| *minutes > 0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (Meta, Losses) {
        let mut losses = Losses::default();
        let meta = Meta::read(value, "movie", &mut losses).unwrap();
        (meta, losses)
    }

    #[test]
    fn sloppy_fields_are_read_for_what_they_mean() {
        let (meta, losses) = read(&json!({
            "id": "tt0000001", "name": ["A Film"], "poster": "//a.example/p.jpg",
            "posterShape": "landscape", "year": 1927, "runtime": 153, "imdbRating": 8.3,
            "moviedb_id": "19", "genre": "Drama, Sci-Fi", "cast": [{"name": "A"}, 3, null],
            "director": "B", "description": "One.\r\nTwo.\u{0}", "background": "p.jpg",
            "links": [{"name": "x", "category": "share", "url": "https://a.example/"}, {}],
            "trailers": [{"source": "abc", "type": "Clip"}, {"type": "Clip"}],
            "behaviorHints": {"hasScheduledVideos": 1}
        }));
        assert_eq!(
            (meta.kind.as_str(), meta.name.as_str()),
            ("movie", "A Film")
        );
        assert_eq!(meta.poster.as_deref(), Some("https://a.example/p.jpg"));
        assert_eq!(meta.poster_shape, PosterShape::Landscape);
        assert_eq!(
            (meta.year(), meta.runtime_minutes()),
            (Some(1927), Some(153))
        );
        assert_eq!((meta.imdb_rating, meta.tmdb_id), (Some(8.3), Some(19)));
        assert_eq!(meta.genres, ["Drama", "Sci-Fi"]);
        assert_eq!((meta.cast.len(), meta.director.len()), (2, 1));
        assert_eq!(meta.description.as_deref(), Some("One.\nTwo."));
        assert_eq!(meta.background, None);
        assert_eq!((meta.links.len(), meta.trailers.len()), (1, 1));
        assert_eq!(meta.imdb(), Some("tt0000001"));
        assert_eq!(meta.only_video(), Some("tt0000001"));
        assert_eq!(losses.bad, 3);
        assert_eq!(read(&json!(meta)), (meta, Losses::default()));
    }

    #[test]
    fn links_say_what_the_fields_do_not() {
        let link = |name, category| json!({"name": name, "category": category, "url": "//a"});
        let (meta, _) = read(&json!({"id": "x", "name": "X", "cast": ["Own"], "links": [
            link("7.4", "imdb"), link("Drama", "Genres"), link("C", "Cast"), link("D", "Directors")
        ]}));
        assert_eq!(
            (meta.imdb_rating, meta.genres),
            (Some(7.4), vec!["Drama".to_owned()])
        );
        assert_eq!(
            (meta.cast, meta.director),
            (vec!["Own".into()], vec!["D".into()])
        );
    }

    #[test]
    fn runtimes_come_in_every_form() {
        for (text, expected) in [
            ("120 min", Some(120)),
            ("2h 10min", Some(130)),
            ("2 h 10", Some(130)),
            ("PT1H30M", Some(90)),
            ("1h30m20s", Some(90)),
            ("2:10:00", Some(130)),
            ("95", Some(95)),
            ("0", None),
            ("99999999999 min", None),
            ("long", None),
            ("", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
