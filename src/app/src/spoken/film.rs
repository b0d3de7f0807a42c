//! What is said of a film that runs: its sound has the floor, so only what changed.

use super::script::{Focus, Script};
use crate::saying::Message;
use crate::view::{ControlsView, NextView};
use crate::{PlayingView, Track, TrackId, words};

/// The lists that a focus can be in.
const BAR: usize = 0;
const BUTTONS: usize = 1;
const PANEL: usize = 2;
const CARD: usize = 3;

pub(super) fn script(playing: &PlayingView) -> Script {
    let mut script = Script::new(format!("{:?}", playing.session), &[&playing.title]);
    if let Some(controls) = &playing.controls {
        of_controls(&mut script, controls, playing);
    }
    script.lines.extend([
        chosen(words::AUDIO, &playing.audio, playing.audio_now),
        chosen(words::SUBTITLES, &playing.subtitles, playing.subtitle_now),
    ]);
    script.lines.extend(playing.skip.clone());
    let waits = playing.buffering.as_ref();
    script.progress.extend(waits.map(|it| it.text.clone()));
    let facts = playing.stats.iter();
    let facts = facts.map(|fact| format!("{}: {}", fact.name, fact.value));
    script.once.extend(facts);
    if let Some(next) = &playing.next {
        of_card(&mut script, next);
    }
    script
}

/// "Subtitles: English", as on the button for them.
fn chosen(name: Message, tracks: &[Track], now: Option<TrackId>) -> String {
    let at = tracks.iter().position(|track| Some(track.id) == now);
    let now = at.map(|at| words::track(&tracks[at], at));
    let now = now.as_deref().and_then(|label| label.split("  ·  ").next());
    words::button(name, now)
}

fn of_controls(script: &mut Script, controls: &ControlsView, playing: &PlayingView) {
    let labels: Vec<_> = controls.buttons.iter().map(|it| it.label.clone()).collect();
    // Time passes by itself: it is said where the viewer turns to it, or moves it.
    let place = || controls.elapsed.clone();
    if playing.paused {
        script.head.push(words::PAUSED.into());
    }
    if controls.scrubbing || playing.seeking {
        script.lines.push(place());
        script.lines.extend(controls.chapter.clone());
    }
    match (&controls.panel, controls.button) {
        (Some(panel), _) => {
            script.head.push(panel.title.clone());
            script.list_at(PANEL, (&panel.labels, &[]), panel.focus, panel.chosen);
        }
        // Its other face shows as the film pauses, which is said already.
        (None, Some(0)) => {
            let place = words::place_of(1, labels.len());
            script.focus = Some(Focus {
                at: (BUTTONS, 0, 0),
                aside: labels.into_iter().take(1).chain([place]).collect(),
                ..Focus::default()
            });
        }
        (None, Some(button)) => script.list_at(BUTTONS, (&labels, &[]), button, None),
        (None, None) => {
            let chapter = controls.chapter.iter().cloned();
            script.focus = Some(Focus {
                at: (BAR, 0, 0),
                aside: std::iter::once(place())
                    .chain([controls.left.clone()])
                    .chain(chapter)
                    .collect(),
                ..Focus::default()
            });
        }
    }
}

fn of_card(script: &mut Script, next: &NextView) {
    script
        .head
        .extend([next.heading.clone(), next.title.clone()]);
    let labels: Vec<_> = next.actions.iter().map(|it| it.label.clone()).collect();
    script.list_at(CARD, (&labels, &[]), next.focus, None);
    script.progress.push(next.status.clone());
}
