//! What an add-on tells of a title, as the core's film: a card of the wall, or a page with facts
//! and episodes; and what several tell of one, put together.
//!
//! Links of a meta with these categories say what the protocol has no field for: `Attribution`,
//! `Certification`, `Original title`, `Licence` (with its address). Our own add-ons use them.

use std::sync::Arc;

use addon::{Link, Meta, Source, Video};
use app::{Episode, Facts, Film, FilmId, Licence, Poster, Title, Trailer};
use aws_lc_rs::digest::{SHA256, digest};

use crate::offer;

/// Genres on a page; a line of the screen has room for five.
const GENRES_MAX: usize = 8;
/// Actors and directors of a page: more are not read from three metres.
const PEOPLE_MAX: usize = 20;
/// Titles shown as similar: two rows of cards.
const SIMILAR_MAX: usize = 20;
/// Its ids have eleven letters; nobody promised that.
const YOUTUBE_BYTES_MAX: usize = 20;
/// Lines that say whom facts are from.
const ATTRIBUTIONS_MAX: usize = 4;

/// The film's id in the core: `movie:tt1727587`.
pub(crate) fn film_id(title: &Title) -> FilmId {
    FilmId(format!("{}:{}", title.kind, title.id))
}

/// A card: what a catalog tells.
pub(crate) fn card(meta: &Meta) -> Film {
    let title = Title::new(&meta.kind, &meta.id);
    Film {
        id: film_id(&title),
        title: meta.name.clone(),
        year: meta.year(),
        synopsis: meta.description.clone().unwrap_or_default(),
        runtime_min: meta.runtime_minutes().and_then(|it| u16::try_from(it).ok()),
        by: first(&meta.director, 3).join(", "),
        genres: first(&meta.genres, GENRES_MAX),
        licence: licence(meta),
        age: linked(meta, "Age").find_map(|age| age.parse().ok()),
        poster: meta.poster.as_deref().map(poster),
        colours: colours(&title),
        origin: Some(title),
        ..Film::default()
    }
}

/// A film of which little is known: its title, and what it is called.
pub fn known(title: &Title, name: &str) -> Film {
    let film = card(&Meta::new(&*title.id, &*title.kind, name));
    Film {
        origin: Some(title.clone()),
        ..film
    }
}

/// A page: the card, and all that is told beyond it.
pub(crate) fn page(meta: &Meta) -> Film {
    let mut film = card(meta);
    // Where no name is told, the id stands in; another add-on may know it.
    if film.title == meta.id {
        film.title.clear();
    }
    film.facts = Some(Arc::new(Facts {
        original_title: linked(meta, "Original title").next(),
        backdrop: meta.background.as_deref().map(poster),
        cast: first(&meta.cast, PEOPLE_MAX),
        directors: first(&meta.director, PEOPLE_MAX),
        rating: meta.imdb_rating.map(|it| (it * 10.0).round() as u8),
        certification: linked(meta, "Certification").next(),
        country: meta.country.clone(),
        trailer: trailer(meta),
        youtube: youtube(meta),
        similar: similar(meta),
        episodes: episodes(meta),
        attribution: linked(meta, "Attribution").take(ATTRIBUTIONS_MAX).collect(),
    }));
    film
}

/// What the first does not know, from the second.
pub(crate) fn fill(film: &mut Film, more: &Film) {
    if film.title.is_empty() {
        film.title.clone_from(&more.title);
    }
    if film.synopsis.is_empty() {
        film.synopsis.clone_from(&more.synopsis);
    }
    if film.by.is_empty() {
        film.by.clone_from(&more.by);
    }
    or_list(&mut film.genres, &more.genres);
    film.age = film.age.max(more.age);
    film.year = film.year.or(more.year);
    film.runtime_min = film.runtime_min.or(more.runtime_min);
    or(&mut film.licence, more.licence.as_ref());
    or(&mut film.poster, more.poster.as_ref());
    let Some(more) = more.facts.as_deref() else {
        return;
    };
    let mut facts = film.facts.as_deref().cloned().unwrap_or_default();
    or(&mut facts.original_title, more.original_title.as_ref());
    or(&mut facts.backdrop, more.backdrop.as_ref());
    or(&mut facts.certification, more.certification.as_ref());
    or(&mut facts.country, more.country.as_ref());
    or(&mut facts.trailer, more.trailer.as_ref());
    or(&mut facts.youtube, more.youtube.as_ref());
    facts.rating = facts.rating.or(more.rating);
    or_list(&mut facts.cast, &more.cast);
    or_list(&mut facts.directors, &more.directors);
    or_list(&mut facts.similar, &more.similar);
    or_list(&mut facts.episodes, &more.episodes);
    for line in &more.attribution {
        if facts.attribution.len() < ATTRIBUTIONS_MAX && !facts.attribution.contains(line) {
            facts.attribution.push(line.clone());
        }
    }
    film.facts = Some(Arc::new(facts));
}

fn or<T: Clone>(known: &mut Option<T>, more: Option<&T>) {
    if known.is_none() {
        *known = more.cloned();
    }
}

fn or_list<T: Clone>(known: &mut Vec<T>, more: &[T]) {
    if known.is_empty() {
        *known = more.to_vec();
    }
}

fn first(names: &[String], most: usize) -> Vec<String> {
    names.iter().take(most).cloned().collect()
}

fn poster(address: &str) -> Poster {
    Poster(address.into())
}

fn linked(meta: &Meta, category: &str) -> impl Iterator<Item = String> {
    let links = meta.links.iter();
    links
        .filter(move |link| link.category.eq_ignore_ascii_case(category))
        .map(|link| link.name.clone())
}

fn licence(meta: &Meta) -> Option<Licence> {
    let mut links = meta.links.iter();
    let link = links.find(|link| link.category.eq_ignore_ascii_case("Licence"))?;
    Some(Licence {
        name: link.name.clone(),
        url: link.url.clone(),
    })
}

/// The first that plays here.
fn trailer(meta: &Meta) -> Option<Trailer> {
    let mut streams = meta.trailer_streams.iter();
    streams.find_map(|stream| {
        let name = stream.name.as_deref().unwrap_or_default();
        Some(Trailer {
            name: name.lines().next().unwrap_or_default().to_owned(),
            reach: offer::reach(stream)?,
        })
    })
}

/// The first that a phone can show: one that is called so, before clips and the like.
fn youtube(meta: &Meta) -> Option<String> {
    let told = meta.trailers.iter();
    let told = told.map(|it| (!it.kind.eq_ignore_ascii_case("trailer"), it.source.as_str()));
    let streams = meta.trailer_streams.iter();
    let streams = streams.filter_map(|stream| match &stream.source {
        Source::YouTube(id) => Some((false, id.as_str())),
        _ => None,
    });
    let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let sound = |id: &str| {
        let length = (1..=YOUTUBE_BYTES_MAX).contains(&id.len());
        length && id.bytes().all(letter)
    };
    let ids = told.chain(streams).filter(|(_, id)| sound(id));
    let best = ids.min_by_key(|(clip, _)| *clip);
    best.map(|(_, id)| id.to_owned())
}

/// Titles that the meta links to as similar, as cards of which no more than the name is known.
fn similar(meta: &Meta) -> Vec<Film> {
    let links = meta.links.iter();
    let films = links.filter(|link| link.category.eq_ignore_ascii_case("similar"));
    let films = films.filter_map(|link| match Link::parse(&link.url) {
        Ok(Link::Detail { kind, id, .. }) => Some(card(&Meta::new(id, kind, link.name.clone()))),
        _ => None,
    });
    films.take(SIMILAR_MAX).collect()
}

/// By season and number, specials last; also of a film, where it has several videos: its parts.
/// Those that an add-on says are not out yet are left out.
fn episodes(meta: &Meta) -> Vec<Arc<Episode>> {
    let series = Title::new(&meta.kind, &meta.id);
    if !series.is_series() && meta.videos.len() < 2 {
        return Vec::new();
    }
    let mut episodes = Vec::new();
    for (season, videos) in meta.seasons() {
        for (place, video) in videos.into_iter().enumerate() {
            if video.available != Some(false) {
                episodes.push(Arc::new(episode(meta, &series, season, place, video)));
            }
        }
    }
    episodes
}

fn episode(
    meta: &Meta,
    series: &Title,
    season: Option<u32>,
    place: usize,
    video: &Video,
) -> Episode {
    let small = |number: u32| u16::try_from(number).unwrap_or(u16::MAX);
    // Videos of a channel have neither season nor number: one season, in the order they came.
    let number = video.episode.map_or(place + 1, |it| it as usize);
    Episode {
        series: series.clone(),
        series_name: meta.name.clone(),
        id: video.id.as_str().into(),
        season: season.map_or(1, small),
        number: u16::try_from(number).unwrap_or(u16::MAX),
        name: video.title.clone(),
        synopsis: video.overview.clone().unwrap_or_default(),
        released: video.released.as_deref().and_then(day),
        still: video.thumbnail.as_deref().map(poster),
        runtime_min: None,
    }
}

/// The day of a time in ISO 8601.
fn day(time: &str) -> Option<String> {
    let day = time.get(..10)?;
    let fits = day.bytes().enumerate().all(|(at, byte)| match at {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    fits.then(|| day.to_owned())
}

/// Two dark colours that are always the same for the same title.
fn colours(title: &Title) -> [u32; 2] {
    app::colours(digest(&SHA256, film_id(title).0.as_bytes()).as_ref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use addon::MetaLink;

    fn link(name: &str, category: &str, url: &str) -> MetaLink {
        MetaLink {
            name: name.into(),
            category: category.into(),
            url: url.into(),
        }
    }

    #[test]
    fn a_meta_is_a_film_with_all_that_is_told() {
        let mut meta = Meta::new("tt1727587", "movie", "Sintel");
        meta.release_info = Some("2010".into());
        meta.runtime = Some("15 min".into());
        meta.director = vec!["Colin Levy".into()];
        meta.cast = vec!["Halina Reijn".into()];
        meta.imdb_rating = Some(7.4);
        meta.poster = Some("https://a.example/p.jpg".into());
        let trailer = |kind: &str, source: &str| addon::Trailer {
            kind: kind.into(),
            source: source.into(),
        };
        meta.trailers = vec![
            trailer("Clip", "aaaaaaaaaaa"),
            trailer("Trailer", "https://elsewhere.example/?v=1"),
            trailer("Trailer", "eRsGyueVLvQ"),
        ];
        meta.links = vec![
            link("PG", "certification", "https://a.example/"),
            link(
                "CC BY 3.0",
                "Licence",
                "https://creativecommons.org/licenses/by/3.0/",
            ),
            link("Facts: Someone", "Attribution", "https://a.example/"),
            link("Spring", "similar", "stremio:///detail/movie/tt2"),
            link("Nothing", "similar", "https://a.example/"),
        ];
        let film = page(&meta);
        assert_eq!(film.id.0, "movie:tt1727587");
        assert_eq!(film.origin, Some(Title::new("movie", "tt1727587")));
        assert_eq!((film.year, film.runtime_min), (Some(2010), Some(15)));
        assert_eq!(film.licence.as_ref().unwrap().name, "CC BY 3.0");
        let facts = film.facts.as_deref().unwrap();
        assert_eq!(facts.rating, Some(74));
        assert_eq!(facts.youtube.as_deref(), Some("eRsGyueVLvQ"));
        assert_eq!(facts.certification.as_deref(), Some("PG"));
        assert_eq!(facts.attribution, ["Facts: Someone"]);
        let similar: Vec<_> = facts.similar.iter().map(|it| it.id.0.as_str()).collect();
        assert_eq!(similar, ["movie:tt2"]);
        assert!(facts.episodes.is_empty());
    }

    #[test]
    fn episodes_are_in_their_order_and_a_channel_is_one_season() {
        let mut meta = Meta::new("s", "series", "S");
        let video = |id: &str, season, episode, available| Video {
            id: id.into(),
            season,
            episode,
            available,
            released: Some("2011-01-02T00:00:00.000Z".into()),
            ..Video::default()
        };
        meta.videos = vec![
            video("special", Some(0), Some(1), None),
            video("two", Some(1), Some(2), Some(true)),
            video("one", Some(1), Some(1), None),
            video("late", Some(1), Some(3), Some(false)),
        ];
        let told = |meta: &Meta| -> Vec<(String, u16, u16)> {
            let episodes = episodes(meta).into_iter();
            episodes
                .map(|it| (it.id.to_string(), it.season, it.number))
                .collect()
        };
        let expected = [("one", 1, 1), ("two", 1, 2), ("special", 0, 1)];
        assert_eq!(
            told(&meta),
            expected.map(|(id, s, n)| (id.to_owned(), s, n))
        );
        assert_eq!(episodes(&meta)[0].released.as_deref(), Some("2011-01-02"));
        meta.kind = "channel".into();
        meta.videos = vec![video("b", None, None, None), video("a", None, None, None)];
        assert_eq!(
            told(&meta),
            [("b".to_owned(), 1, 1), ("a".to_owned(), 1, 2)]
        );
    }

    #[test]
    fn the_first_counts_and_the_others_fill_up() {
        let mut first = Meta::new("x", "movie", "x");
        first.description = Some("One.".into());
        let mut second = Meta::new("x", "movie", "The Name");
        second.description = Some("Two.".into());
        second.cast = vec!["A".into()];
        let mut film = page(&first);
        fill(&mut film, &page(&second));
        assert_eq!(
            (film.title.as_str(), film.synopsis.as_str()),
            ("The Name", "One.")
        );
        assert_eq!(film.facts.unwrap().cast, ["A"]);
    }
}
