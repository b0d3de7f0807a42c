//! What lies over the film: controls, a list, subtitles, the word that it waits.

use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use app::{
    ActionView, Chapter, ControlsView, FactView, NextView, PlayingView, StillView, TextColour,
    TextPicture, TextPlace, TextSize,
};
use slint::{Color, ComponentHandle, Image, Rgb8Pixel, Rgba8Pixel, SharedPixelBuffer, VecModel};

use crate::Geometry;
use crate::lists::{Buttons, List, refill};
use crate::page::Wander;
use crate::rows::SIDE;
use screens::{Laid, Measured, Playing, Span, Stage, Still};

/// Parts of the film that are drawn as held; more are drawn as one.
const SPANS_MAX: usize = 48;
/// Pictures of discs are no higher.
const SD_HEIGHT: f32 = 576.0;
/// Chapters that are marked: of a film with more, none would be told from the next.
const TICKS_MAX: usize = 120;

pub(crate) struct Over {
    buttons: Buttons,
    panel: List,
    next: Buttons,
    skips: Buttons,
    measured: Rc<VecModel<Measured>>,
    buffered: Rc<VecModel<Span>>,
    ticks: Rc<VecModel<f32>>,
    pictures: Rc<VecModel<Laid>>,
    /// What the pictures were made of.
    laid: Vec<TextPicture>,
    /// What the ticks were made of.
    marked: Option<(Arc<Vec<Chapter>>, Option<Duration>)>,
    stills: Rc<VecModel<Still>>,
    /// What the stills were made of.
    strip: Vec<StillView>,
    wandering: Wander,
}

impl Over {
    pub(crate) fn new(stage: &Stage) -> Self {
        let over = Self {
            buttons: Buttons::new(),
            panel: List::new(),
            next: Buttons::new(),
            skips: Buttons::new(),
            measured: Rc::default(),
            buffered: Rc::default(),
            ticks: Rc::default(),
            pictures: Rc::default(),
            laid: Vec::new(),
            marked: None,
            stills: Rc::default(),
            strip: Vec::new(),
            wandering: Wander::default(),
        };
        let playing = stage.global::<Playing>();
        playing.set_buttons(over.buttons.model());
        playing.set_lines(over.panel.model());
        playing.set_next_buttons(over.next.model());
        playing.set_skips(over.skips.model());
        playing.set_measured(Rc::clone(&over.measured).into());
        playing.set_buffered(Rc::clone(&over.buffered).into());
        playing.set_ticks(Rc::clone(&over.ticks).into());
        playing.set_pictures(Rc::clone(&over.pictures).into());
        playing.set_stills(Rc::clone(&over.stills).into());
        over
    }

    pub(crate) fn show(&mut self, stage: &Stage, view: &PlayingView, geometry: Geometry) {
        let playing = stage.global::<Playing>();
        show_speech(&playing, view);
        if self.laid != view.lines.pictures {
            self.laid.clone_from(&view.lines.pictures);
            let aspect = geometry.size.0 as f32 / geometry.size.1 as f32;
            refill(
                &self.pictures,
                self.laid.iter().map(|it| laid(it, aspect)).collect(),
            );
        }
        playing.set_paused(view.paused);
        playing.set_waiting(view.buffering.is_some());
        let permille = view.buffering.as_ref().and_then(|it| it.permille);
        if let Some(buffering) = &view.buffering {
            playing.set_waiting_text(buffering.text.as_str().into());
            playing.set_known(permille.is_some());
            playing.set_part(f32::from(permille.unwrap_or(0).min(1000)) / 1000.0);
        }
        self.wandering
            .set(view.buffering.is_some() && permille.is_none());
        playing.set_controls(view.controls.is_some());
        self.show_strip(&playing, view.controls.as_ref());
        self.show_next(&playing, view.next.as_deref());
        self.show_skip(view.skip.as_ref());
        refill(&self.measured, view.stats.iter().map(measured).collect());
        let panel = view.controls.as_ref().and_then(|it| it.panel.as_ref());
        playing.set_panel(panel.is_some());
        if let Some(panel) = panel {
            playing.set_panel_title(panel.title.as_str().into());
            let more = self
                .panel
                .show(&panel.labels, panel.chosen, panel.focus, geometry);
            playing.set_above(more.above);
            playing.set_below(more.below);
        }
        if let Some(controls) = &view.controls {
            self.show_controls(&playing, view, controls, geometry);
        }
    }

    fn show_next(&self, playing: &Playing<'_>, next: Option<&NextView>) {
        playing.set_next(next.is_some());
        playing.set_over(next.is_some_and(|next| next.over));
        if let Some(next) = next {
            playing.set_next_heading(next.heading.as_str().into());
            playing.set_next_title(next.title.as_str().into());
            playing.set_next_status(next.status.as_str().into());
            self.next.show(&next.actions, Some(next.focus));
        }
    }

    fn show_skip(&self, skip: Option<&String>) {
        let button = |label: &String| ActionView {
            label: label.clone(),
            enabled: true,
        };
        let buttons: Vec<_> = skip.map(button).into_iter().collect();
        self.skips.show(&buttons, Some(0));
    }

    fn show_strip(&mut self, playing: &Playing<'_>, controls: Option<&ControlsView>) {
        let stills = controls.map_or(&[][..], |it| &it.stills);
        if self.strip != stills {
            self.strip = stills.to_vec();
            refill(&self.stills, self.strip.iter().map(still).collect());
        }
        playing.set_still(controls.map_or(0, |it| it.still as i32));
    }

    fn show_controls(
        &mut self,
        playing: &Playing<'_>,
        view: &PlayingView,
        controls: &ControlsView,
        geometry: Geometry,
    ) {
        // The handle moves by whole pixels: a film of two hours moves it every four seconds.
        let pixels = (geometry.breadth - 2.0 * SIDE) * geometry.scale;
        let handle = match view.duration {
            Some(duration) if !duration.is_zero() => {
                let part = controls.handle.as_secs_f32() / duration.as_secs_f32();
                (part.clamp(0.0, 1.0) * pixels).round() / pixels
            }
            _ => -1.0,
        };
        let on_bar = controls.button.is_none() && controls.panel.is_none();
        playing.set_title(view.title.as_str().into());
        playing.set_chapter(controls.chapter.as_deref().unwrap_or_default().into());
        playing.set_elapsed(controls.elapsed.as_str().into());
        playing.set_left(controls.left.as_str().into());
        playing.set_ends(controls.ends.as_deref().unwrap_or_default().into());
        playing.set_handle(handle);
        playing.set_on_bar(on_bar);
        playing.set_scrubbing(controls.scrubbing);
        let focus = controls.button.filter(|_| controls.panel.is_none());
        self.buttons.show(&controls.buttons, focus);
        refill(&self.buffered, spans(view));
        self.mark(view);
    }

    fn mark(&mut self, view: &PlayingView) {
        let same = self.marked.as_ref().is_some_and(|(chapters, duration)| {
            Arc::ptr_eq(chapters, &view.chapters) && *duration == view.duration
        });
        if !same {
            self.marked = Some((Arc::clone(&view.chapters), view.duration));
            refill(&self.ticks, ticks(&view.chapters, view.duration));
        }
    }

    pub(crate) fn step(&mut self, stage: &Stage, now: Duration) {
        if let Some(at) = self.wandering.step(now) {
            stage.global::<Playing>().set_wander(at);
        }
    }

    pub(crate) fn due(&self) -> Option<Duration> {
        self.wandering.due()
    }
}

fn show_speech(playing: &Playing<'_>, view: &PlayingView) {
    let line = |line: &Option<String>| line.as_deref().unwrap_or_default().trim().into();
    playing.set_subtitle(line(&view.lines.first));
    playing.set_second(line(&view.lines.second));
    playing.set_letters(match view.look.size {
        TextSize::Small => 36.0,
        TextSize::Normal => 48.0,
        TextSize::Large => 62.0,
        TextSize::Huge => 80.0,
    });
    playing.set_ink(match view.look.colour {
        TextColour::White | TextColour::Boxed => Color::from_rgb_u8(0xfd, 0xfb, 0xf6),
        TextColour::Yellow => Color::from_rgb_u8(0xff, 0xdf, 0x6b),
        TextColour::Grey => Color::from_rgb_u8(0xae, 0xad, 0xa8),
    });
    playing.set_boxed(view.look.colour == TextColour::Boxed);
    playing.set_at_top(view.look.place == TextPlace::Top);
    playing.set_raised(view.look.place == TextPlace::Raised);
}

fn measured(fact: &FactView) -> Measured {
    Measured {
        name: fact.name.as_str().into(),
        value: fact.value.as_str().into(),
    }
}

/// Where a picture lies on a screen that is `aspect` times as wide as high, and the picture.
fn laid(text: &TextPicture, aspect: f32) -> Laid {
    let (width, height) = (f32::from(text.screen.0), f32::from(text.screen.1));
    // A DVD's pixels are not square, and its picture fills the screen.
    let own = if height <= SD_HEIGHT {
        aspect
    } else {
        width / height
    };
    let (across, down) = (
        (own / aspect).min(1.0) / width,
        (aspect / own).min(1.0) / height,
    );
    let (left, top) = ((1.0 - across * width) / 2.0, (1.0 - down * height) / 2.0);
    let (x, y) = (f32::from(text.x), f32::from(text.y));
    let pixels = SharedPixelBuffer::<Rgba8Pixel>::clone_from_slice(
        &text.rgba,
        text.width.into(),
        text.height.into(),
    );
    Laid {
        x: left + x * across,
        y: top + y * down,
        width: f32::from(text.width) * across,
        height: f32::from(text.height) * down,
        picture: Image::from_rgba8(pixels),
    }
}

fn still(view: &StillView) -> Still {
    let picture = view.picture.as_ref().map(|still| {
        let (width, height) = (still.width.into(), still.height.into());
        let pixels = SharedPixelBuffer::<Rgb8Pixel>::clone_from_slice(&still.rgb, width, height);
        Image::from_rgb8(pixels)
    });
    Still {
        clock: view.clock.as_str().into(),
        made: picture.is_some(),
        picture: picture.unwrap_or_default(),
    }
}

fn spans(view: &PlayingView) -> Vec<Span> {
    let part = |permille: u16| f32::from(permille.min(1000)) / 1000.0;
    let mut spans: Vec<Span> = Vec::new();
    for range in view.buffered.iter().filter(|range| !range.is_empty()) {
        let span = Span {
            from: part(range.start),
            to: part(range.end),
        };
        match spans.last_mut() {
            // They touch.
            Some(last) if span.from <= last.to => last.to = span.to.max(last.to),
            _ => spans.push(span),
        }
    }
    if let Some(last) = spans.get(SPANS_MAX - 1..).and_then(<[Span]>::last) {
        let to = last.to;
        spans.truncate(SPANS_MAX);
        spans[SPANS_MAX - 1].to = to;
    }
    spans
}

/// Where chapters begin, as parts of the film; the first begins with it and needs no mark.
fn ticks(chapters: &[Chapter], duration: Option<Duration>) -> Vec<f32> {
    let Some(duration) = duration.filter(|duration| !duration.is_zero()) else {
        return Vec::new();
    };
    if chapters.len() > TICKS_MAX {
        return Vec::new();
    }
    chapters
        .iter()
        .map(|chapter| chapter.start.as_secs_f32() / duration.as_secs_f32())
        .filter(|part| *part > 0.002 && *part < 0.998)
        .collect()
}
