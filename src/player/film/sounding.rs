//! By which output a film is heard, and whether decoded: what comes of news of either.

use super::{End, Film};
use crate::player::failure;
use crate::player::seeks::OWN_SPEED;
use crate::player::sound::Heard;

impl Film {
    pub(super) fn heard_by(&mut self, heard: Heard) {
        for name in &heard.failed {
            self.opening.tried.failed(name);
        }
        if heard.coded != self.opening.coded {
            // It does not open for that.
            self.opening.tried.decode = true;
            self.opening.coded = heard.coded;
        }
        self.heard = Some(heard);
        self.choose_way();
    }

    /// Sound outputs came, went or changed: it is heard by the best from now on.
    pub(in crate::player) fn outputs_changed(&mut self) {
        self.opening.tried.forget();
        let by = self.heard.as_ref().and_then(|heard| heard.by.as_deref());
        let outlet = &self.opening.outlet;
        if self.end.is_none() && outlet.is_worse(by, &self.opening.tried) {
            // Whether it goes out decoded there is seen once it is open.
            self.opening.coded = None;
            self.end = Some(End::SoundMoved);
        } else if let Some(heard) = &mut self.heard {
            // The same socket may have another TV now.
            heard.takes = heard.by.as_deref().and_then(|by| outlet.takes(by));
            self.choose_way();
        }
    }

    /// Another track was chosen, the volume was turned, or more is known: does it go out decoded?
    pub(super) fn choose_way(&mut self) {
        let Some(heard) = self.heard.as_ref().filter(|_| self.end.is_none()) else {
            return;
        };
        let opening = &mut self.opening;
        // What is turned here must be decoded, and stays so: each change is a gap.
        opening.tried.decode |= !opening.outlet.dials.is_neutral();
        opening.tried.decode |= opening.speed != OWN_SPEED;
        let before = opening.resumed.and_then(|resumed| resumed.chosen.audio);
        let way = if opening.tried.decode {
            None
        } else if let Some(stream) = self.choice.wanted_sound(before) {
            opening.outlet.coded(heard, &stream)
        } else {
            return;
        };
        if way != opening.coded {
            tracing::info!(?way, "sound");
            opening.coded = way;
            self.end = Some(End::SoundMoved);
        }
    }

    /// Whether it goes on all the same: decoded, or by another output.
    pub(super) fn survives(&mut self, error: &gst::message::Error<gst::Message>) -> bool {
        if self.end.is_some() || self.feed.gone().is_some() {
            return false;
        }
        let why = error.error();
        if self.opening.coded.take().is_some() {
            tracing::warn!(error = %why, "sound goes out decoded from now on");
            self.opening.tried.decode = true;
        } else if failure::is_of_sound_output(error)
            && let Some(by) = self.heard.take().and_then(|heard| heard.by)
        {
            tracing::warn!(error = %why, by, "a sound output failed");
            self.opening.tried.failed(&by);
        } else {
            return false;
        }
        self.end = Some(End::SoundMoved);
        true
    }
}
