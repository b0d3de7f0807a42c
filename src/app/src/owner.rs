//! What the owner chose on the TV, over what the settings' file says.
//!
//! Each is remembered; none: nobody has chosen, and the file holds.

use crate::app::App;
use crate::clock::ClockAct;
use crate::{Effect, OwnerSharing, Pace, Preferences, ShowTexts, VolumeWish, Zone};

/// What was chosen on the box itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct OwnerSettings {
    /// As of [`Preferences::autoplay`].
    pub autoplay: Option<bool>,
    pub texts: Option<ShowTexts>,
    pub prefetch: Option<bool>,
    pub volume: Option<VolumeWish>,
    /// As of [`RestSettings`](crate::RestSettings).
    pub screensaver_min: Option<u16>,
    pub screen_off_min: Option<u16>,
    /// As of [`TvSettings`](crate::TvSettings).
    pub tv_wake: Option<bool>,
    pub standby_follows: Option<bool>,
    pub standby_turns_off: Option<bool>,
    pub left_pauses: Option<bool>,
    /// As of [`View::contrast`](crate::View::contrast).
    pub contrast: Option<bool>,
    /// As of [`View::large_text`](crate::View::large_text).
    pub large_text: Option<bool>,
    /// As of [`Preferences::overscan`].
    pub overscan: Option<u8>,
    pub sharing: OwnerSharing,
    /// As of [`Preferences::spoken`].
    pub spoken: Option<bool>,
    pub pace: Option<Pace>,
    /// Where the box is, as far as its clock goes; none: where the settings or the system say.
    pub zone: Option<Zone>,
    /// The box was set up, or its owner wanted none of that.
    pub welcomed: bool,
}

impl OwnerSettings {
    /// The file's, and over them these.
    pub(crate) fn over(&self, file: &Preferences) -> Preferences {
        let mut all = file.clone();
        let put = |chosen: Option<bool>, place: &mut bool| *place = chosen.unwrap_or(*place);
        put(self.autoplay, &mut all.autoplay);
        put(self.prefetch, &mut all.prefetch);
        put(self.contrast, &mut all.contrast);
        put(self.large_text, &mut all.large_text);
        put(self.spoken, &mut all.spoken);
        if let Some(tv) = &mut all.tv {
            put(self.tv_wake, &mut tv.wake);
            put(self.standby_follows, &mut tv.standby_follows);
            put(self.standby_turns_off, &mut tv.standby_turns_off);
            put(self.left_pauses, &mut tv.left_pauses);
        }
        all.overscan = all.overscan.map(|file| self.overscan.unwrap_or(file));
        self.sharing.put(&mut all);
        all.texts.show = self.texts.unwrap_or(all.texts.show);
        all.pace = self.pace.unwrap_or(all.pace);
        all.volume = self.volume.unwrap_or(all.volume);
        let rest = &mut all.rest;
        rest.screensaver_min = self.screensaver_min.unwrap_or(rest.screensaver_min);
        rest.screen_off_min = self.screen_off_min.unwrap_or(rest.screen_off_min);
        all
    }
}

impl App {
    /// What holds now.
    pub(crate) fn wishes(&self) -> Preferences {
        self.library.owner.over(&self.file)
    }

    /// The owner chose that: it holds from now on, and is remembered.
    pub(crate) fn choose(&mut self, owner: OwnerSettings, effects: &mut Vec<Effect>) {
        if owner != self.library.owner {
            let shared = self.wishes().sharing;
            let moved = owner.zone != self.library.owner.zone;
            self.library.owner = owner;
            self.obey();
            let sharing = self.wishes().sharing;
            effects.extend((sharing != shared).then_some(Effect::Share(sharing)));
            if moved {
                self.clock.iter_mut().for_each(|clock| clock.be(owner.zone));
                effects.push(Effect::Clock(ClockAct::Be(owner.zone)));
            }
            effects.push(Effect::SaveLibrary(self.library.clone()));
        }
    }

    /// All who go by the owner's wishes hear them.
    pub(crate) fn obey(&mut self) {
        let all = self.wishes();
        self.autoplay.obey(&all);
        self.prefetch.obey(&all);
        self.texts.show = all.texts.show;
        self.rest.obey(all.rest);
        self.power.obey(&all);
        self.contrast = all.contrast;
        self.large_text = all.large_text;
        self.overscan = all.overscan.unwrap_or_default();
        self.taste.obey(&all);
        if let Some(updates) = &mut self.updates {
            updates.obey(&all);
        }
    }
}
