//! How the box stands for a program of the desktop, as the core's view says it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use app::{Episode, PlayingView, Poster, SPEEDS, Screen, Session, View};
use reqwest::Url;
use zbus::zvariant::{ObjectPath, Value};

/// Values by the names of their properties.
pub(super) type Properties = HashMap<&'static str, Value<'static>>;

/// What programs hear of as it changes.
#[derive(Debug, PartialEq)]
pub(super) struct Stand {
    film: Option<Film>,
    /// None: another is turned up in the box's place.
    pub(super) loudness: Option<u8>,
}

/// One that plays, or is held.
#[derive(Debug, PartialEq)]
struct Film {
    session: Session,
    title: String,
    episode: Option<Arc<Episode>>,
    poster: Option<Poster>,
    length: Option<Duration>,
    paused: bool,
    seekable: bool,
    /// Thousandths.
    speed: u16,
    has_next: bool,
}

type Property = (&'static str, fn(&Stand) -> Value<'static>);

/// The properties that are signalled.
const SIGNALLED: [Property; 11] = [
    ("PlaybackStatus", |it| it.status().into()),
    ("Rate", |it| it.rate().into()),
    ("MinimumRate", |it| it.rates().0.into()),
    ("MaximumRate", |it| it.rates().1.into()),
    ("Metadata", |it| it.metadata().into()),
    ("Volume", |it| it.volume().into()),
    ("CanGoNext", |it| it.can_go_next().into()),
    ("CanGoPrevious", |it| it.can_seek().into()),
    ("CanPlay", |it| it.can_play().into()),
    ("CanPause", |it| it.can_play().into()),
    ("CanSeek", |it| it.can_seek().into()),
];

impl Stand {
    pub(super) fn of(view: &View) -> Stand {
        let film = playing(view).map(|playing| Film {
            session: playing.session,
            title: playing.title.clone(),
            episode: playing.deck.episode.clone(),
            poster: playing.deck.poster.clone(),
            length: playing.duration,
            paused: playing.paused,
            seekable: playing.deck.seekable,
            speed: playing.deck.speed,
            has_next: playing.deck.has_next,
        });
        Stand {
            film,
            loudness: view.loudness,
        }
    }

    /// A film that waits for its bytes plays, as its viewer wants it.
    pub(super) fn status(&self) -> &'static str {
        match &self.film {
            None => "Stopped",
            Some(film) if film.paused => "Paused",
            Some(_) => "Playing",
        }
    }

    pub(super) fn rate(&self) -> f64 {
        let speed = self.film.as_ref().map_or(1000, |film| film.speed);
        f64::from(speed) / 1000.0
    }

    /// The slowest and the fastest.
    pub(super) fn rates(&self) -> (f64, f64) {
        let [slowest, .., fastest] = SPEEDS;
        if self.can_seek() {
            (f64::from(slowest) / 1000.0, f64::from(fastest) / 1000.0)
        } else {
            (1.0, 1.0)
        }
    }

    pub(super) fn volume(&self) -> f64 {
        f64::from(self.loudness.unwrap_or(100)) / 100.0
    }

    pub(super) fn can_play(&self) -> bool {
        self.film.is_some()
    }

    pub(super) fn can_seek(&self) -> bool {
        self.film.as_ref().is_some_and(|film| film.seekable)
    }

    pub(super) fn can_go_next(&self) -> bool {
        self.film.as_ref().is_some_and(|film| film.has_next)
    }

    /// What the film is named by on the bus; it is another each time it is opened, so what is asked
    /// of an earlier one is known to be late.
    pub(super) fn track(&self) -> Option<ObjectPath<'static>> {
        let Session(number) = self.film.as_ref()?.session;
        let path = format!("/org/matinee/Film/{number}");
        Some(ObjectPath::try_from(path).expect("letters and digits"))
    }

    pub(super) fn length(&self) -> Option<Duration> {
        self.film.as_ref()?.length
    }

    /// Nothing while no film is open.
    pub(super) fn metadata(&self) -> Properties {
        let (Some(film), Some(track)) = (&self.film, self.track()) else {
            return Properties::new();
        };
        let mut facts = Properties::from([
            ("mpris:trackid", track.into()),
            ("xesam:title", film.title.clone().into()),
        ]);
        if let Some(length) = film.length {
            facts.insert("mpris:length", micros(length).into());
        }
        if let Some(episode) = &film.episode {
            facts.insert("xesam:album", episode.series_name.clone().into());
            facts.insert("xesam:discNumber", i32::from(episode.season).into());
            facts.insert("xesam:trackNumber", i32::from(episode.number).into());
        }
        if let Some(art) = film.poster.as_ref().and_then(art) {
            facts.insert("mpris:artUrl", art.into());
        }
        facts
    }
}

/// What was said last.
#[derive(Debug)]
pub(super) struct Told {
    stand: Stand,
    course: Option<Course>,
}

/// By which a program that counts along learns that it is off.
#[derive(Debug, Clone, Copy)]
struct Course {
    session: Session,
    jumps: u32,
    waits: bool,
    position: Duration,
}

impl Told {
    pub(super) fn of(view: &View) -> Told {
        let course = playing(view).map(|playing| Course {
            session: playing.session,
            jumps: playing.deck.jumps,
            waits: playing.buffering.is_some(),
            position: playing.position,
        });
        Told {
            stand: Stand::of(view),
            course,
        }
    }

    pub(super) fn changes(&self, before: &Told) -> Properties {
        let (now, before) = (&self.stand, &before.stand);
        if now == before {
            return Properties::new();
        }
        let all = SIGNALLED.into_iter();
        let changed = all.filter(|(_, of)| of(now) != of(before));
        changed.map(|(name, of)| (name, of(now))).collect()
    }

    /// Where the film is, if time alone has not brought it there: it was sent there, it has waited
    /// for its bytes, or it goes on where it was left. In microseconds.
    pub(super) fn jumped(&self, before: &Told) -> Option<i64> {
        let now = self.course?;
        let before = before.course.filter(|it| it.session == now.session);
        let jumped = match before {
            Some(before) => before.jumps != now.jumps || (before.waits && !now.waits),
            None => !now.position.is_zero(),
        };
        jumped.then(|| micros(now.position))
    }
}

/// Where the film is, in microseconds: of the latest view, of which there are four a second while
/// it plays.
pub(super) fn position(view: &View) -> i64 {
    playing(view).map_or(0, |playing| micros(playing.position))
}

fn playing(view: &View) -> Option<&PlayingView> {
    match &view.screen {
        Screen::Playing(playing) => Some(playing),
        _ => None,
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

/// The picture's address for others.
fn art(poster: &Poster) -> Option<String> {
    let at = &*poster.0;
    if at.starts_with("https://") || at.starts_with("http://") {
        return Some(at.to_owned());
    }
    // A path; one of no folder is of no file.
    Url::from_file_path(at).ok().map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_poster_is_told_by_its_address_or_path() {
        let art = |at: &str| art(&Poster(at.into()));
        let web = "https://films.example/fox%20.jpg";
        assert_eq!(art(web).as_deref(), Some(web));
        let file = art("/media/films/a fox.jpg");
        assert_eq!(file.as_deref(), Some("file:///media/films/a%20fox.jpg"));
        assert_eq!(art("painted"), None);
    }
}
