//! What the viewer has seen: resume positions and watched marks, as a value.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use crate::{
    Choices, Film, FilmId, Language, OwnerSettings, ProfileId, Reach, ReachKey, SoundSettings,
    TextLook, Title, WallRows, series_page,
};

/// A film left before this is begun again, not continued.
const BEGUN: Duration = Duration::from_secs(5);

/// Thousandths of a film after which it counts as watched: credits are about a tenth of it.
pub(crate) const WATCHED_PERMILLE: u16 = 900;

/// Films remembered at most; the ones played longest ago are forgotten first.
const MARKS_MAX: usize = 1000;

/// Films on the viewer's own list at most; the one put on it first leaves first.
const LIST_MAX: usize = 500;

/// Everything that is remembered of films, by film.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Library {
    /// Whose it is. What is the box's is in all of them the same ([`Library::on_box`]).
    pub profile: ProfileId,
    pub marks: BTreeMap<FilmId, Mark>,
    /// The viewer's own list, the newest first.
    pub list: Vec<Film>,
    /// Series of which an episode was played, with the episodes known then.
    pub series: BTreeMap<Title, Film>,
    /// What was chosen in those, for their other episodes.
    pub series_choices: BTreeMap<Title, Choices>,
    /// How subtitles look.
    pub look: TextLook,
    /// How the box sounds.
    pub sound: SoundSettings,
    /// What it was told to speak; none: nobody has chosen.
    pub language: Option<Language>,
    /// What else was chosen on it.
    pub owner: OwnerSettings,
    /// Which rows the wall has.
    pub wall: WallRows,
}

/// What is remembered of one film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The film as it was when last played: it can be continued when its catalogue is gone.
    pub film: Film,
    pub position: Duration,
    /// Zero while unknown.
    pub duration: Duration,
    pub watched: bool,
    /// Higher was played later; counts up by one with each play.
    pub played: u64,
    /// Where in which file its bytes were read; none when it was written by an older release.
    pub read: Option<ReadPlace>,
    /// What was chosen while it played.
    pub choices: Choices,
}

/// Where a film's bytes were read when its position was noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadPlace {
    /// What it was read from.
    pub from: ReachKey,
    /// Bytes of that file; zero while unknown.
    pub size: u64,
    /// The byte from which on the noted position can be shown (`trail` says how it is told);
    /// none right after a jump.
    pub at: Option<u64>,
}

/// Key frames are up to about this far apart in most films: a moment reckoned by the film's
/// length is looked for so much earlier.
const KEY_FRAMES: Duration = Duration::from_secs(3);

impl Mark {
    /// Where to go on; none when the film was hardly begun or seen to its end.
    pub fn resume(&self) -> Option<Duration> {
        (self.position >= BEGUN).then_some(self.position)
    }

    /// The byte of `reach` from which on `moment` can be shown, as near before it as is known;
    /// none when it was played from somewhere else, or `moment` is the start.
    pub(crate) fn byte_of(&self, reach: &Reach, moment: Duration) -> Option<u64> {
        let read = self.read.as_ref()?;
        if read.from != reach.key() || moment.is_zero() {
            return None;
        }
        if let Some(at) = read.at.filter(|_| moment == self.position) {
            return Some(at);
        }
        let early = moment.saturating_sub(KEY_FRAMES).as_millis();
        let bytes = (u128::from(read.size) * early).checked_div(self.duration.as_millis())?;
        u64::try_from(bytes)
            .ok()
            .filter(|at| (1..read.size).contains(at))
    }

    /// Thousandths seen, when it can be continued.
    pub fn seen_permille(&self) -> Option<u16> {
        self.resume()
            .map(|position| permille(position, self.duration))
    }
}

impl Library {
    /// With what is the box's in `of`, and so the same for all who watch on it.
    #[must_use]
    pub fn on_box(self, of: &Library) -> Library {
        Library {
            owner: of.owner,
            sound: of.sound,
            wall: of.wall.clone(),
            ..self
        }
    }

    /// The film begins to play: it becomes the latest one.
    pub(crate) fn began(&mut self, film: &Film, at: Duration) {
        let played = self
            .marks
            .values()
            .map(|mark| mark.played)
            .max()
            .unwrap_or(0)
            + 1;
        let old = self.marks.get(&film.id);
        let mark = Mark {
            film: film.clone(),
            position: at,
            duration: old.map_or(Duration::ZERO, |mark| mark.duration),
            watched: old.is_some_and(|mark| mark.watched),
            played,
            read: old
                .filter(|old| old.position == at)
                .and_then(|old| old.read.clone()),
            choices: self.choices(film),
        };
        self.marks.insert(film.id.clone(), mark);
        self.keep_series(film);
        while self.marks.len() > MARKS_MAX {
            let oldest = self.marks.iter().min_by_key(|(_, mark)| mark.played);
            let oldest = oldest
                .map(|(id, _)| id.clone())
                .expect("over the limit: not empty");
            self.marks.remove(&oldest);
        }
        // A series is remembered as long as one of its episodes is.
        let marks = &self.marks;
        let of = |mark: &Mark| mark.film.episode.as_ref().map(|it| it.series.clone());
        let known: BTreeSet<Title> = marks.values().filter_map(of).collect();
        self.series.retain(|title, _| known.contains(title));
        self.series_choices.retain(|title, _| known.contains(title));
    }

    /// What was chosen when the film played last, or another episode of its series did.
    pub(crate) fn choices(&self, film: &Film) -> Choices {
        let of_film = self.marks.get(&film.id).map(|mark| &mark.choices);
        let series = film.episode.as_ref().map(|it| &it.series);
        let of_series = series.and_then(|series| self.series_choices.get(series));
        let of_film = of_film.filter(|it| **it != Choices::default());
        of_film.or(of_series).cloned().unwrap_or_default()
    }

    /// The release that the last episode of its series was played from.
    pub(crate) fn release(&self, film: &Film) -> Option<String> {
        let series = &film.episode.as_ref()?.series;
        self.series_choices.get(series)?.release.clone()
    }

    /// These are chosen while the film plays.
    pub(crate) fn chose(&mut self, film: &Film, choices: &Choices) {
        if let Some(mark) = self.marks.get_mut(&film.id) {
            mark.choices.clone_from(choices);
        }
        let of_series = choices.of_series();
        if let Some(episode) = &film.episode
            && of_series != Choices::default()
        {
            self.series_choices
                .insert(episode.series.clone(), of_series);
        }
    }

    /// The series of an episode is remembered with all its episodes: what comes next is known
    /// even when nobody can be asked.
    fn keep_series(&mut self, film: &Film) {
        let (Some(episode), Some(facts)) = (&film.episode, &film.facts) else {
            return;
        };
        let series = Film {
            id: FilmId(format!("{}:{}", episode.series.kind, episode.series.id)),
            title: episode.series_name.clone(),
            origin: Some(episode.series.clone()),
            episode: None,
            sources: Vec::new(),
            facts: Some(Arc::clone(facts)),
            ..film.clone()
        };
        self.series.insert(episode.series.clone(), series);
    }

    pub(crate) fn is_listed(&self, film: &FilmId) -> bool {
        self.list.iter().any(|listed| listed.id == *film)
    }

    /// Puts the film on the viewer's list, or takes it off.
    pub(crate) fn toggle_listed(&mut self, film: &Film) {
        if self.is_listed(&film.id) {
            self.list.retain(|listed| listed.id != film.id);
        } else {
            self.list.insert(0, film.clone());
            self.list.truncate(LIST_MAX);
        }
    }

    /// Of each series that was begun, the episode to go on with; the series played last first.
    /// Those that were left in the middle are [`continuable`](Self::continuable) and not here.
    pub(crate) fn next_episodes(&self) -> Vec<Film> {
        let next = |series: &Film| {
            let facts = series.facts.as_ref()?;
            let next = series_page::next_episode(&facts.episodes, self)?;
            let film = series_page::film_of(series, next);
            let begun = self
                .marks
                .get(&film.id)
                .is_some_and(|m| m.resume().is_some());
            let ids = facts.episodes.iter().filter_map(|episode| {
                let id = FilmId(format!("{}:{}", episode.series.kind, episode.id));
                Some(self.marks.get(&id)?.played)
            });
            (!begun).then_some((ids.max()?, film))
        };
        let mut next: Vec<_> = self.series.values().filter_map(next).collect();
        next.sort_by_key(|(played, _)| std::cmp::Reverse(*played));
        next.into_iter().map(|(_, film)| film).collect()
    }

    pub(crate) fn reached(
        &mut self,
        film: &FilmId,
        position: Duration,
        duration: Duration,
        read: ReadPlace,
    ) {
        if let Some(mark) = self.marks.get_mut(film) {
            mark.position = position;
            mark.duration = duration;
            mark.read = Some(read);
        }
    }

    /// The viewer left the film: near its end, or once only credits are left, it counts as watched
    /// and is begun again next time.
    pub(crate) fn left(&mut self, film: &FilmId, only_credits: bool) {
        if let Some(mark) = self.marks.get_mut(film)
            && (only_credits || permille(mark.position, mark.duration) >= WATCHED_PERMILLE)
        {
            mark.watched = true;
            self.forget_place(film);
        }
    }

    /// The viewer says whether he has seen it; then it is begun again the next time.
    pub(crate) fn set_watched(&mut self, film: &Film, watched: bool) {
        if watched && !self.marks.contains_key(&film.id) {
            self.began(film, Duration::ZERO);
        }
        self.forget_place(&film.id);
        if let Some(mark) = self.marks.get_mut(&film.id) {
            mark.watched = watched;
        }
    }

    /// It is not continued.
    pub(crate) fn forget_place(&mut self, film: &FilmId) {
        if let Some(mark) = self.marks.get_mut(film) {
            mark.position = Duration::ZERO;
            mark.read = None;
        }
    }

    /// The source that the film is continued from: the one it was last read from, else the best.
    pub(crate) fn usual_source(&self, film: &Film) -> usize {
        let mark = self.marks.get(&film.id);
        let read = mark.and_then(|mark| mark.read.as_ref());
        let was = |read: &ReadPlace| {
            let mut sources = film.sources.iter();
            sources.position(|source| source.reach.key() == read.from)
        };
        read.and_then(was).unwrap_or(0)
    }

    /// Films that can be continued, the latest first.
    pub(crate) fn continuable(&self) -> Vec<&Mark> {
        let mut marks: Vec<_> = self
            .marks
            .values()
            .filter(|m| m.resume().is_some())
            .collect();
        marks.sort_by_key(|mark| std::cmp::Reverse(mark.played));
        marks
    }
}

/// `part` of `whole` in thousandths; 0 when the whole is unknown.
pub(crate) fn permille(part: Duration, whole: Duration) -> u16 {
    let share = (part.as_millis() * 1000).checked_div(whole.as_millis());
    share.map_or(0, |share| share.min(1000) as u16)
}
