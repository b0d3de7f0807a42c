//! The page of a series: its seasons, their episodes, and which of them comes next.
//!
//! The parts of a film that has several are shown as the episodes of one season.
//!
//! An episode becomes a film of its own when it is opened, so that everything a film can do an
//! episode can. Which one has the focus at first is what a viewer would look for: the one that was
//! begun, else the one after the last that was seen.

use std::sync::Arc;

use crate::library::Library;
use crate::view::{EpisodeView, SeriesView};
use crate::{Episode, Film, FilmId, Key, Title, wall, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SeriesPage {
    pub(crate) film: Film,
    /// Its facts are being asked for.
    pub(crate) asking: bool,
    season: usize,
    /// Index into the season's episodes.
    episode: usize,
    choosing_season: bool,
    /// The viewer has moved the focus: it is not moved for them any more.
    moved: bool,
    seasons: Vec<Season>,
    /// The lists as shown.
    names: Arc<Vec<String>>,
    shown: Arc<Vec<EpisodeView>>,
}

#[derive(Debug, Clone, PartialEq)]
struct Season {
    number: u16,
    episodes: Vec<Arc<Episode>>,
}

/// What a key on the page asks for.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Nothing,
    Leave,
    /// The page of the episode.
    Visit(Box<Film>),
    Play(Box<Film>),
}

impl SeriesPage {
    pub(crate) fn new(film: Film, library: &Library) -> SeriesPage {
        let mut page = SeriesPage {
            film,
            asking: false,
            season: 0,
            episode: 0,
            choosing_season: false,
            moved: false,
            seasons: Vec::new(),
            names: Arc::default(),
            shown: Arc::default(),
        };
        page.arrange(library);
        page
    }

    /// More is known of the series than when the page was opened.
    pub(crate) fn set_film(&mut self, film: Film, library: &Library) {
        self.film = film;
        self.arrange(library);
    }

    /// Lists the seasons anew, with the marks as they are now.
    pub(crate) fn arrange(&mut self, library: &Library) {
        let focused = self.focused().map(|episode| Arc::clone(&episode.id));
        self.seasons = seasons(&self.film);
        let series = self.film.origin.as_ref().is_some_and(Title::is_series);
        let names = self.seasons.iter().map(|it| match it.number {
            1 if !series => words::PARTS.into(),
            number => words::season(number),
        });
        self.names = Arc::new(names.collect());
        let wanted = if self.moved {
            focused
        } else {
            self.next(library)
        };
        let place = wanted.and_then(|id| self.place_of(&id));
        (self.season, self.episode) = place.unwrap_or((0, 0));
        self.show(library);
    }

    fn show(&mut self, library: &Library) {
        let season = self.seasons.get(self.season);
        let episodes = season.map(|season| season.episodes.as_slice());
        let view = |episode: &Arc<Episode>| episode_view(episode, library);
        self.shown = Arc::new(episodes.unwrap_or_default().iter().map(view).collect());
    }

    fn place_of(&self, id: &str) -> Option<(usize, usize)> {
        let mut seasons = self.seasons.iter().enumerate();
        seasons.find_map(|(season, it)| {
            let episode = it.episodes.iter().position(|episode| *episode.id == *id)?;
            Some((season, episode))
        })
    }

    /// The episode to go on with.
    fn next(&self, library: &Library) -> Option<Arc<str>> {
        let facts = self.film.facts.as_ref()?;
        let next = next_episode(&facts.episodes, library);
        next.map(|episode| Arc::clone(&episode.id))
    }

    /// The episode that has the focus, as a film.
    pub(crate) fn focused_id(&self) -> Option<FilmId> {
        let episode = self.focused()?;
        Some(id_of(&episode.series, episode))
    }

    fn focused(&self) -> Option<&Arc<Episode>> {
        self.seasons.get(self.season)?.episodes.get(self.episode)
    }

    /// An episode may be looked at, not only played.
    pub(crate) fn has_context(&self) -> bool {
        !self.choosing_season && self.focused().is_some()
    }

    pub(crate) fn key(&mut self, key: Key, library: &Library) -> Asked {
        if key == Key::Back {
            return Asked::Leave;
        }
        if self.seasons.is_empty() {
            return Asked::Nothing;
        }
        let shown = self.seasons[self.season].episodes.len();
        match key {
            Key::Left if self.choosing_season => self.turn(self.season.saturating_sub(1), library),
            Key::Right if self.choosing_season => self.turn(self.season + 1, library),
            Key::Down | Key::Ok if self.choosing_season => self.choosing_season = false,
            Key::Up if self.episode == 0 => self.choosing_season = self.seasons.len() > 1,
            Key::Up => self.episode -= 1,
            Key::Down => self.episode = (self.episode + 1).min(shown - 1),
            Key::Left | Key::Previous => self.turn(self.season.saturating_sub(1), library),
            Key::Right | Key::Next => self.turn(self.season + 1, library),
            Key::Ok | Key::Play | Key::PlayPause => {
                return self.open().map_or(Asked::Nothing, Asked::Play);
            }
            Key::Menu | Key::Context | Key::Info => {
                return self.open().map_or(Asked::Nothing, Asked::Visit);
            }
            _ => return Asked::Nothing,
        }
        self.moved = true;
        Asked::Nothing
    }

    fn turn(&mut self, season: usize, library: &Library) {
        let season = season.min(self.seasons.len() - 1);
        if season != self.season {
            self.season = season;
            self.episode = 0;
            self.show(library);
        }
    }

    fn open(&self) -> Option<Box<Film>> {
        let episode = self.focused()?;
        Some(Box::new(film_of(&self.film, episode)))
    }

    /// The viewer comes back from an episode: the focus goes to what is next.
    pub(crate) fn come_back(&mut self, library: &Library) {
        self.moved = false;
        self.arrange(library);
    }

    pub(crate) fn view(&self, library: &Library) -> SeriesView {
        let film = &self.film;
        let facts = film.facts.as_deref();
        let status = match (self.seasons.is_empty(), self.asking) {
            (false, _) => None,
            (true, true) => Some(words::ASKING_EPISODES.into()),
            (true, false) => Some(words::NO_EPISODES.into()),
        };
        SeriesView {
            card: wall::card(film, library),
            facts: words::facts(film),
            by: film.by.clone(),
            synopsis: film.synopsis.clone(),
            backdrop: facts.and_then(|facts| facts.backdrop.clone()),
            seasons: Arc::clone(&self.names),
            season: self.season,
            episodes: Arc::clone(&self.shown),
            episode: self.episode,
            choosing_season: self.choosing_season,
            status,
            attribution: facts.map_or_else(Vec::new, |facts| facts.attribution.clone()),
        }
    }
}

/// The seasons in order, the specials last; episodes by number.
fn seasons(film: &Film) -> Vec<Season> {
    let mut seasons: Vec<Season> = Vec::new();
    for episode in film.facts.iter().flat_map(|facts| &facts.episodes) {
        let number = episode.season;
        let known = seasons.iter().position(|season| season.number == number);
        let at = known.unwrap_or_else(|| {
            seasons.push(Season {
                number,
                episodes: Vec::new(),
            });
            seasons.len() - 1
        });
        seasons[at].episodes.push(Arc::clone(episode));
    }
    seasons.sort_by_key(|season| (season.number == 0, season.number));
    for season in &mut seasons {
        season.episodes.sort_by_key(|episode| episode.number);
    }
    seasons
}

/// What to watch next: the episode played last if it was not seen to its end, else the one after
/// it; none when the series is new to the viewer, or seen.
pub(crate) fn next_episode<'a>(
    episodes: &'a [Arc<Episode>],
    library: &Library,
) -> Option<&'a Arc<Episode>> {
    let mark = |episode: &Episode| library.marks.get(&id_of(&episode.series, episode));
    let played = episodes
        .iter()
        .filter_map(|episode| Some((mark(episode)?, episode)));
    let (last, episode) = played.max_by_key(|(mark, _)| mark.played)?;
    if !last.watched || last.resume().is_some() {
        return Some(episode);
    }
    after(episodes, episode)
}

/// The episode after `this` in the order of the series; specials have none.
pub(crate) fn after<'a>(episodes: &'a [Arc<Episode>], this: &Episode) -> Option<&'a Arc<Episode>> {
    let place = |episode: &Episode| (episode.season, episode.number);
    let later = episodes
        .iter()
        .filter(|it| this.season > 0 && place(it) > place(this));
    later.min_by_key(|it| place(it))
}

fn id_of(series: &Title, episode: &Episode) -> FilmId {
    FilmId(format!("{}:{}", series.kind, episode.id))
}

/// The episode as a film that can be played.
pub(crate) fn film_of(series: &Film, episode: &Arc<Episode>) -> Film {
    let facts = series.facts.as_deref();
    Film {
        id: id_of(&episode.series, episode),
        title: words::episode_of(&episode.series_name, episode),
        year: series.year,
        synopsis: if episode.synopsis.is_empty() {
            series.synopsis.clone()
        } else {
            episode.synopsis.clone()
        },
        runtime_min: episode.runtime_min.or(series.runtime_min),
        by: series.by.clone(),
        genres: series.genres.clone(),
        age: series.age,
        licence: series.licence.clone(),
        poster: series.poster.clone(),
        colours: series.colours,
        origin: Some(Title {
            kind: Arc::clone(&episode.series.kind),
            id: Arc::clone(&episode.id),
        }),
        episode: Some(Arc::clone(episode)),
        facts: facts.map(|facts| {
            Arc::new(crate::Facts {
                backdrop: episode.still.clone().or_else(|| facts.backdrop.clone()),
                cast: facts.cast.clone(),
                certification: facts.certification.clone(),
                // The next one is looked for among them.
                episodes: facts.episodes.clone(),
                attribution: facts.attribution.clone(),
                ..crate::Facts::default()
            })
        }),
        ..Film::default()
    }
}

fn episode_view(episode: &Episode, library: &Library) -> EpisodeView {
    let mark = library.marks.get(&id_of(&episode.series, episode));
    EpisodeView {
        title: words::episode(episode),
        facts: words::episode_facts(episode),
        synopsis: episode.synopsis.clone(),
        still: episode.still.clone(),
        seen_permille: mark.and_then(crate::Mark::seen_permille),
        watched: mark.is_some_and(|mark| mark.watched),
    }
}
