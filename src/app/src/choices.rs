//! What a viewer chose while a film played: for the next time that it plays, and for the other
//! episodes of its series.
//!
//! Tracks are remembered by what they say of themselves, for their numbers change with the file.
//! How texts lie on a film is kept for that film alone: the next episode has texts of its own.

use crate::{Track, TrackId, Tracks};

/// How texts lie on a film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct TextTiming {
    /// They are shown so much later than they say, in milliseconds; earlier below zero.
    pub offset_ms: i64,
    /// Their times are stretched by so many millionths: 42,708 of texts that are timed for 25
    /// pictures a second on a film of 23.976.
    pub stretch_ppm: i32,
}

/// Subtitles that were chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextChoice {
    Off,
    /// Those that say this of themselves.
    Like {
        /// BCP 47.
        language: Option<String>,
        title: Option<String>,
    },
}

/// How well a track is the one that was chosen, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Likeness {
    Same,
    Language,
}

impl TextChoice {
    pub(crate) fn of(track: Option<&Track>) -> TextChoice {
        track.map_or(TextChoice::Off, |track| TextChoice::Like {
            language: track.language.clone(),
            title: track.title.clone(),
        })
    }

    pub(crate) fn likeness(&self, track: &Track) -> Option<Likeness> {
        let TextChoice::Like { language, title } = self else {
            return None;
        };
        if track.language != *language {
            return None;
        }
        if track.title == *title {
            Some(Likeness::Same)
        } else {
            language.is_some().then_some(Likeness::Language)
        }
    }
}

/// Everything that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choices {
    /// Language of the sound, BCP 47.
    pub audio: Option<String>,
    pub subtitle: Option<TextChoice>,
    /// Language of the second subtitles; none: there were none.
    pub second: Option<String>,
    /// How the two texts lie on the film.
    pub timings: [TextTiming; 2],
    /// The release that was played: a series stays with it.
    pub release: Option<String>,
    pub zoom: Zoom,
}

/// How a film's picture fills the screen, where its shape is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Zoom {
    /// All of it, with bars.
    #[default]
    Whole,
    /// No bars, and less of it.
    Filled,
    /// No bars, and another shape.
    Stretched,
}

impl Choices {
    /// What the other episodes of a series take over.
    pub(crate) fn of_series(&self) -> Choices {
        Choices {
            timings: Default::default(),
            ..self.clone()
        }
    }

    /// The sound to switch to.
    pub(crate) fn sound(&self, tracks: &Tracks) -> Option<TrackId> {
        let wanted = self.audio.as_ref()?;
        let is = |track: &Track| track.language.as_ref() == Some(wanted);
        let now = tracks
            .audio
            .iter()
            .find(|it| Some(it.id) == tracks.audio_now);
        if now.is_some_and(is) {
            return None;
        }
        tracks.audio.iter().find(|it| is(it)).map(|it| it.id)
    }

    /// The second subtitles to show with the first.
    pub(crate) fn second(&self, tracks: &Tracks) -> Option<TrackId> {
        let wanted = self.second.as_ref()?;
        let first = tracks.subtitle_now?;
        if tracks.second_now.is_some() {
            return None;
        }
        let mut others = tracks.subtitles.iter().filter(|it| it.id != first);
        let found = others.find(|it| it.language.as_ref() == Some(wanted));
        found.map(|it| it.id)
    }
}

/// How subtitles look, on every film.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TextLook {
    pub size: TextSize,
    pub place: TextPlace,
    pub colour: TextColour,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextSize {
    Small,
    #[default]
    Normal,
    Large,
    Huge,
}

/// From the bottom of the screen upwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextPlace {
    #[default]
    Bottom,
    /// Above the bar of a film that has bars, and above what stands in front of the TV.
    Raised,
    Top,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextColour {
    #[default]
    White,
    Yellow,
    /// Easier on the eyes in the dark.
    Grey,
    /// White on a black box.
    Boxed,
}

impl TextSize {
    /// All of them with what they are called in files, in order.
    pub const NAMES: [(&'static str, TextSize); 4] = [
        ("small", TextSize::Small),
        ("normal", TextSize::Normal),
        ("large", TextSize::Large),
        ("huge", TextSize::Huge),
    ];
}

impl Zoom {
    /// As of [`TextSize::NAMES`].
    pub const NAMES: [(&'static str, Zoom); 3] = [
        ("whole", Zoom::Whole),
        ("filled", Zoom::Filled),
        ("stretched", Zoom::Stretched),
    ];
}

impl TextPlace {
    /// As of [`TextSize::NAMES`].
    pub const NAMES: [(&'static str, TextPlace); 3] = [
        ("bottom", TextPlace::Bottom),
        ("raised", TextPlace::Raised),
        ("top", TextPlace::Top),
    ];
}

impl TextColour {
    /// As of [`TextSize::NAMES`].
    pub const NAMES: [(&'static str, TextColour); 4] = [
        ("white", TextColour::White),
        ("yellow", TextColour::Yellow),
        ("grey", TextColour::Grey),
        ("boxed", TextColour::Boxed),
    ];
}
