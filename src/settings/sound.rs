//! The options of how the box sounds.

use super::arguments::set;
use super::values;

/// What can be chosen of the box's sound.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sound {
    /// Whom the keys for the volume turn up.
    pub volume: app::VolumeWish,
    /// The sound card that films are heard by, by its name; none: the one of the screen, else the
    /// first that can be heard.
    pub card: Option<String>,
    /// AC-3, E-AC-3 and DTS go out as they are where the sink says that it takes them.
    pub passthrough: bool,
    /// The box reads aloud what it shows, where it has a voice.
    pub spoken: bool,
    /// How fast.
    pub pace: app::Pace,
}

/// The sound's part of a command line or settings' file.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Sound")]
pub(super) struct SoundArguments {
    /// Sound card, by its name in /proc/asound/cards [default: auto, the screen's first]
    #[arg(long, value_name = "CARD", value_parser = values::sound_card)]
    sound_device: Option<Card>,

    /// Send Dolby and DTS sound on as it is; auto: where the TV or receiver says that it takes that
    /// [default: off]
    #[arg(long, value_name = "auto|off", value_parser = values::auto)]
    passthrough: Option<bool>,

    /// Whom the keys for the volume turn up; auto: an amplifier or the TV where they can be asked
    /// [default: auto]
    #[arg(long, value_name = "auto|tv|box", value_parser = values::volume)]
    volume: Option<app::VolumeWish>,

    /// Read aloud what the box shows, where espeak-ng is installed [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    spoken: Option<bool>,

    /// How fast it is read [default: normal]
    #[arg(long, value_name = "slow|normal|fast", value_parser = values::pace)]
    spoken_speed: Option<app::Pace>,
}

/// A card's name; none: any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Card(pub(super) Option<String>);

impl SoundArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, sound: &mut Sound) {
        set(&mut sound.volume, self.volume);
        set(&mut sound.passthrough, self.passthrough);
        set(&mut sound.spoken, self.spoken);
        set(&mut sound.pace, self.spoken_speed);
        set(&mut sound.card, self.sound_device.map(|card| card.0));
    }
}
