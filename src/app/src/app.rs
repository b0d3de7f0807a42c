//! The box as one value: which screen it is on, and how it goes from one to the next.
//!
//! Invariants: at most one torrent and one player are open, of the same session; Back leads home
//! from everywhere; news of a session that is over changes nothing.

use std::time::Duration;

use crate::film_page::{Asked, FilmPage};
use crate::opening::{Attempt, Opening};
use crate::playing::{Playing, Step};
use crate::prefetch::{Look, Preferences, Prefetch};
use crate::trouble::{Trouble, WayOut};
use crate::view::{Screen, View};
use crate::wall::Wall;
use crate::{
    Effect, Event, Film, FilmId, Key, Library, PlayerNews, Press, Readiness, Session, Time,
    TorrentNews, words,
};

/// How long a notice stays: time to read two lines.
const NOTICE: Duration = Duration::from_secs(8);

/// The box.
#[derive(Debug)]
pub struct App {
    wall: Wall,
    library: Library,
    place: Place,
    sessions: u64,
    notice: Option<(String, Time)>,
    prefetch: Prefetch,
    /// Updates so far.
    seq: u64,
    /// The latest time seen.
    now: Time,
}

/// Where the viewer is.
#[derive(Debug)]
enum Place {
    Home,
    Film(FilmPage),
    Opening(Opening),
    Playing(Playing),
    Trouble(Trouble),
}

impl App {
    /// The box at start, on a wall with no film yet.
    pub fn new(library: Library, preferences: Preferences) -> App {
        let mut wall = Wall::default();
        wall.rebuild(&library);
        App {
            wall,
            library,
            place: Place::Home,
            sessions: 0,
            notice: None,
            prefetch: Prefetch::new(preferences),
            seq: 0,
            now: Time::default(),
        }
    }

    /// Takes in one event and says what must be done in the world, in order.
    pub fn update(&mut self, event: Event, now: Time) -> Vec<Effect> {
        self.now = self.now.max(now);
        self.seq += 1;
        let mut effects = Vec::new();
        match event {
            Event::Key(key, press) => {
                self.prefetch.key(self.now);
                self.key(key, press, &mut effects);
            }
            Event::Tick => self.tick(&mut effects),
            Event::Shutdown => {
                self.leave(&mut effects);
                self.prefetch.end(&mut effects);
            }
            Event::Rows(rows) => self.wall.set_catalogue(rows, &self.library),
            Event::Film(film) => self.film_changed(film),
            Event::Open(film) => {
                let id = film.id.clone();
                self.wall.put(film, &self.library);
                self.close(&mut effects);
                self.visit(&id);
            }
            Event::OpenRefused(failure) => self.notify(words::refused(&failure)),
            Event::Mistake { what } => self.notify(words::mistake(&what)),
            Event::LibraryNotSaved { why } => self.notify(words::library_not_saved(&why)),
            Event::Torrent(session, news) if self.session() == Some(session) => {
                self.torrent(news, &mut effects);
            }
            Event::Player(session, news) if self.session() == Some(session) => {
                self.player(news, &mut effects);
            }
            Event::Torrent(Session::PREFETCH, TorrentNews::Progress(progress)) => {
                self.prefetch.progress(progress, self.now);
            }
            // Late news of a session that is over.
            Event::Torrent(..) | Event::Player(..) => {}
        }
        if let Place::Playing(playing) = &mut self.place {
            playing.hold(&mut effects);
        }
        let looks = self.looked_at();
        self.prefetch.look(looks, self.now, &mut effects);
        effects
    }

    /// The film that OK would open from here, and where it would go on.
    fn looked_at(&self) -> Option<Look> {
        let (film, source) = match &self.place {
            Place::Home => {
                let film = self.wall.focused()?;
                (film, self.library.usual_source(film))
            }
            Place::Film(page) => (&page.film, page.source),
            Place::Opening(_) | Place::Playing(_) | Place::Trouble(_) => return None,
        };
        let source = film.sources.get(source);
        let source = source.filter(|_| film.readiness == Readiness::Ready)?;
        let mark = self.library.marks.get(&film.id);
        Some(Look {
            torrent: source.torrent.clone(),
            at: mark.and_then(|mark| mark.byte_of(&source.torrent, mark.resume()?)),
            runtime_min: film.runtime_min,
        })
    }

    /// The attempt to play that is open now.
    fn session(&self) -> Option<Session> {
        match &self.place {
            Place::Opening(opening) => Some(opening.attempt.session),
            Place::Playing(playing) => Some(playing.attempt.session),
            Place::Home | Place::Film(_) | Place::Trouble(_) => None,
        }
    }

    fn notify(&mut self, text: String) {
        self.notice = Some((text, self.now + NOTICE));
    }

    fn film_changed(&mut self, film: Film) {
        if let Place::Film(page) = &mut self.place
            && page.film.id == film.id
        {
            page.set_film(film.clone());
        }
        self.wall.put(film, &self.library);
    }

    fn visit(&mut self, id: &FilmId) {
        if let Some(film) = self.wall.film(id) {
            self.place = Place::Film(FilmPage::usual(film.clone(), &self.library));
        }
    }

    /// The film as the wall has it now, else as it was.
    fn current(&self, film: &Film) -> Film {
        self.wall.film(&film.id).unwrap_or(film).clone()
    }

    fn key(&mut self, key: Key, press: Press, effects: &mut Vec<Effect>) {
        if press == Press::Down && key == Key::Home && !matches!(self.place, Place::Home) {
            self.close(effects);
            self.place = Place::Home;
            return;
        }
        if let Place::Playing(playing) = &mut self.place {
            let before = (playing.paused(), playing.seeking());
            let step = playing.key(key, press, self.now, effects);
            let save = (playing.paused(), playing.seeking()) != before;
            self.take(step, save, effects);
            return;
        }
        let arrow = matches!(key, Key::Up | Key::Down | Key::Left | Key::Right);
        if press == Press::Up || press == Press::Repeat && !arrow {
            return;
        }
        match &mut self.place {
            Place::Home => self.home_key(key, effects),
            Place::Film(page) => match page.key(key, &self.library) {
                Asked::Nothing => {}
                Asked::Leave => self.place = Place::Home,
                Asked::Play { from } => {
                    let (film, source) = (page.film.clone(), page.source);
                    self.open(film, source, from, effects);
                }
            },
            Place::Opening(_) if matches!(key, Key::Back | Key::Stop) => self.leave(effects),
            Place::Trouble(trouble) => {
                if let Some(way) = trouble.key(key) {
                    let attempt = trouble.attempt.clone();
                    self.leave_trouble(way, &attempt, effects);
                }
            }
            Place::Opening(_) | Place::Playing(_) => {}
        }
    }

    fn home_key(&mut self, key: Key, effects: &mut Vec<Effect>) {
        let Some(film) = self.wall.focused().cloned() else {
            return;
        };
        match key {
            Key::Ok | Key::Menu | Key::Info => {
                self.place = Place::Film(FilmPage::usual(film, &self.library));
            }
            Key::Play | Key::PlayPause => {
                let mut page = FilmPage::usual(film, &self.library);
                if let Asked::Play { from } = page.key(key, &self.library) {
                    self.open(page.film, page.source, from, effects);
                } else {
                    self.place = Place::Film(page);
                }
            }
            _ => self.wall.key(key),
        }
    }

    fn leave_trouble(&mut self, way: WayOut, attempt: &Attempt, effects: &mut Vec<Effect>) {
        let film = self.current(&attempt.film);
        match way {
            WayOut::TryAgain => self.open(film, attempt.source, attempt.at, effects),
            WayOut::OtherSource => {
                self.place = Place::Film(FilmPage::choosing(film, attempt.source));
            }
            WayOut::Back => {
                self.place = Place::Film(FilmPage::with_source(film, attempt.source));
            }
        }
    }

    fn open(&mut self, film: Film, source: usize, at: Duration, effects: &mut Vec<Effect>) {
        let Some(chosen) = film.sources.get(source) else {
            return;
        };
        self.sessions += 1;
        let session = Session(self.sessions);
        let torrent = chosen.torrent.clone();
        self.prefetch.opens(&torrent, effects);
        let mark = self.library.marks.get(&film.id);
        let byte = mark.and_then(|mark| mark.byte_of(&torrent, at));
        effects.push(Effect::OpenTorrent {
            session,
            torrent,
            at: byte,
        });
        let attempt = Attempt {
            session,
            film,
            source,
            at,
            byte,
        };
        self.place = Place::Opening(Opening::new(attempt, self.now));
    }

    /// Closes what is open, keeping the place in the film.
    fn close(&mut self, effects: &mut Vec<Effect>) {
        let Some(session) = self.session() else {
            return;
        };
        let reads = !matches!(&self.place, Place::Opening(opening) if !opening.reading());
        if let Place::Playing(playing) = &mut self.place {
            playing.mark(&mut self.library, self.now, true);
            self.library.left(&playing.attempt.film.id);
            self.wall.rebuild(&self.library);
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
        if reads {
            effects.push(Effect::ClosePlayer(session));
        }
        effects.push(Effect::CloseTorrent(session));
    }

    /// Back to the page of the film that is open.
    fn leave(&mut self, effects: &mut Vec<Effect>) {
        self.close(effects);
        if let Place::Opening(Opening { attempt, .. }) | Place::Playing(Playing { attempt, .. }) =
            &self.place
        {
            let film = self.current(&attempt.film);
            let slow = match &self.place {
                Place::Opening(opening) => opening.too_slow(),
                Place::Playing(playing) => playing.too_slow(),
                _ => false,
            };
            let mut page = FilmPage::with_source(film, attempt.source);
            page.slow = slow.then_some(page.source);
            self.place = Place::Film(page);
        }
    }

    fn fail(&mut self, text: (String, String), effects: &mut Vec<Effect>) {
        self.close(effects);
        let mut attempt = match &self.place {
            Place::Opening(opening) => opening.attempt.clone(),
            Place::Playing(playing) => playing.attempt.clone(),
            _ => return,
        };
        // Trying again goes on where the film stopped.
        let mark = self.library.marks.get(&attempt.film.id);
        attempt.at = mark.and_then(crate::Mark::resume).unwrap_or(attempt.at);
        self.place = Place::Trouble(Trouble::new(attempt, text));
    }

    fn tick(&mut self, effects: &mut Vec<Effect>) {
        let now = self.now;
        self.notice.take_if(|(_, until)| now >= *until);
        self.prefetch.tick(now);
        match &mut self.place {
            Place::Playing(playing) => playing.tick(now, effects),
            Place::Opening(opening) => {
                opening.tick(now);
                self.start_if_ready(effects);
            }
            Place::Home | Place::Film(_) | Place::Trouble(_) => {}
        }
    }

    fn torrent(&mut self, news: TorrentNews, effects: &mut Vec<Effect>) {
        match (news, &mut self.place) {
            (TorrentNews::Failed(failure), _) => {
                self.fail(words::torrent_failure(&failure), effects);
            }
            (TorrentNews::Ready { size, subtitles }, Place::Opening(opening))
                if !opening.reading() =>
            {
                opening.reads(size);
                let (session, at) = (opening.attempt.session, opening.attempt.at);
                effects.push(Effect::OpenPlayer {
                    session,
                    at,
                    subtitles,
                });
            }
            (TorrentNews::Progress(progress), Place::Opening(opening)) => {
                opening.progress(progress, self.now);
                self.start_if_ready(effects);
            }
            (TorrentNews::Progress(progress), Place::Playing(playing)) => {
                playing.progress(progress, self.now);
            }
            _ => {}
        }
    }

    fn player(&mut self, news: PlayerNews, effects: &mut Vec<Effect>) {
        if let PlayerNews::Failed(failure) = &news {
            self.fail(words::player_failure(failure), effects);
            return;
        }
        match &mut self.place {
            Place::Opening(opening) => {
                opening.player(news, self.now);
                self.start_if_ready(effects);
            }
            Place::Playing(playing) => {
                let seeked = matches!(news, PlayerNews::Seeked(_));
                let step = playing.player(news, self.now);
                self.take(step, seeked, effects);
            }
            _ => {}
        }
    }

    fn start_if_ready(&mut self, effects: &mut Vec<Effect>) {
        let Place::Opening(opening) = &self.place else {
            return;
        };
        let Some(player) = opening.player.clone().filter(|_| opening.can_start()) else {
            return;
        };
        let opening = opening.clone();
        let (film, at) = (opening.attempt.film.clone(), opening.attempt.at);
        self.library.began(&film, at);
        self.place = Place::Playing(Playing::new(opening, player, self.now));
        effects.push(Effect::SaveLibrary(self.library.clone()));
    }

    /// Follows what the playing film asks for, and writes its position when that is due.
    fn take(&mut self, step: Step, at_once: bool, effects: &mut Vec<Effect>) {
        let Place::Playing(playing) = &mut self.place else {
            return;
        };
        match step {
            Step::Leave => self.leave(effects),
            Step::Refused => self.notify(words::NO_SEEKING.into()),
            Step::Stay => {
                if playing.mark(&mut self.library, self.now, at_once) {
                    effects.push(Effect::SaveLibrary(self.library.clone()));
                }
            }
        }
    }

    /// When the next [`Event::Tick`] is due; none: nothing happens by itself.
    pub fn deadline(&self) -> Option<Time> {
        let place = match &self.place {
            Place::Opening(opening) => opening.deadline(self.now),
            Place::Playing(playing) => playing.deadline(),
            Place::Home | Place::Film(_) | Place::Trouble(_) => None,
        };
        let notice = self.notice.as_ref().map(|(_, until)| *until);
        let prefetch = self.prefetch.deadline(self.now);
        [place, notice, prefetch].into_iter().flatten().min()
    }

    /// What to show now.
    pub fn view(&self) -> View {
        let screen = match &self.place {
            Place::Home => Screen::Home(self.wall.view()),
            Place::Film(page) => {
                let slow = page.torrent().is_some_and(|it| self.prefetch.too_slow(it));
                Screen::Film(page.view(&self.library, slow))
            }
            Place::Opening(opening) => Screen::Opening(opening.view(&self.library, self.now)),
            Place::Playing(playing) => Screen::Playing(playing.view(self.now)),
            Place::Trouble(trouble) => Screen::Trouble(trouble.view()),
        };
        View {
            seq: self.seq,
            screen,
            notice: self.notice.as_ref().map(|(text, _)| text.clone()),
        }
    }
}
