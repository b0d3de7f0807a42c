//! Which subtitles a film begins with: by the owner's languages, without asking.
//!
//! One sort by a key of each track alone, so the order they come in changes nothing but between
//! equals. Only what is in the container or beside the film is chosen from; the viewer's own choice
//! is made in `controls` and is never undone here.

use crate::{Language, Text, TextChoice, Track, TrackId, Tracks};

/// Texts of one language that are listed: the next ones fit the film less well.
const OF_ONE_MAX: usize = 5;

/// Texts listed in all: more than a screen has room for, and a language that is not the owner's
/// may be a guest's.
const TEXTS_MAX: usize = 40;

/// When subtitles are shown that nobody asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ShowTexts {
    Always,
    /// Where the sound is said to be in a language that the owner did not name. Of a sound that
    /// says nothing of its language that is not known: then they are not.
    #[default]
    WhenForeign,
    Never,
}

impl ShowTexts {
    /// All of them with what they are called in files.
    pub const NAMES: [(&'static str, ShowTexts); 3] = [
        ("always", ShowTexts::Always),
        ("foreign", ShowTexts::WhenForeign),
        ("never", ShowTexts::Never),
    ];
}

/// What the owner wants of subtitles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextWish {
    /// Those that are understood as BCP 47, the best first; none: nothing is chosen.
    pub languages: Vec<String>,
    pub show: ShowTexts,
    /// The owner has named no languages: what the box speaks is understood, too.
    pub as_spoken: bool,
}

impl TextWish {
    /// The box speaks another language now. English stays understood, as it is by an owner who
    /// says nothing.
    pub(crate) fn speak(&mut self, language: Language) {
        if self.as_spoken {
            let both = [language, Language::English].map(|it| it.code().to_owned());
            self.languages = both.into();
            self.languages.dedup();
        }
    }

    /// What to show of these tracks; none: what is shown already, or nothing. What was chosen
    /// before counts first, and takes the place of what is less like it.
    pub fn choose(&self, tracks: &Tracks, before: Option<&TextChoice>) -> Option<TrackId> {
        if before == Some(&TextChoice::Off) {
            return None;
        }
        let like = |track: &Track| before.and_then(|it| it.likeness(track));
        let liked = tracks.subtitles.iter().filter_map(|track| {
            let like = like(track)?;
            Some(((like, is_partial(track)), track.id))
        });
        if let Some(((best, _), id)) = liked.min_by_key(|(key, _)| *key) {
            let now = tracks.subtitle_now;
            let now = tracks.subtitles.iter().find(|it| Some(it.id) == now);
            let as_good = now.and_then(like).is_some_and(|like| like <= best);
            return (!as_good).then_some(id);
        }
        let wanted = match self.show {
            ShowTexts::Always => true,
            ShowTexts::WhenForeign => self.is_foreign(tracks),
            ShowTexts::Never => false,
        };
        if !wanted || tracks.subtitle_now.is_some() {
            return None;
        }
        let ranked = tracks.subtitles.iter().filter_map(|track| {
            let language = track.language.as_deref()?;
            let (place, closeness) = self.place(language)?;
            Some(((is_partial(track), place, closeness), track.id))
        });
        // The first of equals: the container's own.
        let best = ranked.min_by_key(|(key, _)| *key);
        best.map(|(_, id)| id)
    }

    /// Those worth listing, in the order of the owner's languages and then as they fit.
    pub(crate) fn shortlist(&self, texts: Vec<Text>) -> Vec<Text> {
        let place = |text: &Text| {
            let place = text.language.as_deref().and_then(|it| self.place(it));
            place.map_or(usize::MAX, |(place, _)| place)
        };
        let mut listed: Vec<Text> = Vec::new();
        let mut ranked: Vec<(usize, Text)> = texts.into_iter().map(|it| (place(&it), it)).collect();
        ranked.sort_by_key(|(place, _)| *place);
        for (_, text) in ranked {
            let same = listed.iter().filter(|it| it.language == text.language);
            if same.count() < OF_ONE_MAX && listed.len() < TEXTS_MAX {
                listed.push(text);
            }
        }
        listed
    }

    /// Those to read what is heard in: of the sound's own language, else of the owner's, else any.
    pub fn of_what_is_heard(&self, tracks: &Tracks) -> Option<TrackId> {
        let heard = heard(tracks);
        let key = |track: &Track| {
            let language = track.language.as_deref();
            let same = language.and_then(|language| apart(language, heard?));
            let known = language.and_then(|language| self.place(language));
            match (same, known) {
                (Some(apart), _) => (0, 0, apart),
                (None, Some((place, apart))) => (1, place, apart),
                (None, None) => (2, 0, 0),
            }
        };
        let texts = tracks.subtitles.iter();
        let best = texts.min_by_key(|track| (is_partial(track), key(track)));
        best.map(|track| track.id)
    }

    fn is_foreign(&self, tracks: &Tracks) -> bool {
        heard(tracks).is_some_and(|language| self.place(language).is_none())
    }

    /// Where among the wanted languages it is, and how far from what was meant: the same tag, one
    /// of them without a region, another region.
    fn place(&self, language: &str) -> Option<(usize, u8)> {
        let places = self.languages.iter().enumerate();
        let known = places.filter_map(|(place, wanted)| {
            let apart = apart(language, wanted)?;
            Some((place, apart))
        });
        // "pt-BR, pt" means both, each by its own place.
        known.min_by_key(|(place, apart)| (*apart, *place))
    }
}

/// The language of the sound that is heard, where it says so.
fn heard(tracks: &Tracks) -> Option<&str> {
    let mut heard = tracks.audio.iter();
    let heard = heard.find(|track| Some(track.id) == tracks.audio_now)?;
    heard.language.as_deref()
}

fn apart(one: &str, other: &str) -> Option<u8> {
    if one.eq_ignore_ascii_case(other) {
        return Some(0);
    }
    let parts = |tag: &str| {
        let (primary, rest) = tag.split_once('-').unwrap_or((tag, ""));
        (primary.to_ascii_lowercase(), rest.is_empty())
    };
    let ((one, one_plain), (other, other_plain)) = (parts(one), parts(other));
    (one == other).then_some(if one_plain || other_plain { 1 } else { 2 })
}

/// Says only what is foreign to the film's own language, or what its makers say about it.
fn is_partial(track: &Track) -> bool {
    let title = track.title.as_deref().unwrap_or_default().to_lowercase();
    let words = ["forced", "foreign", "signs", "commentary"];
    title
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| words.contains(&word))
}
