//! The options of what the box and the TV do together (HDMI-CEC).

use super::arguments::set;
use super::values;

/// The TV's part of a command line or settings' file.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "TV")]
pub(super) struct TvArguments {
    /// Switch the TV on, to the box, when you wake that or play a film [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    tv_wake: Option<bool>,

    /// Stand by when the TV does [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    tv_standby_follows: Option<bool>,

    /// Pause the film when the TV shows something else [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    tv_left_pauses: Option<bool>,

    /// Switch the TV off when the box stands by [default: false]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    standby_turns_tv_off: Option<bool>,
}

impl TvArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, tv: &mut app::TvSettings) {
        set(&mut tv.wake, self.tv_wake);
        set(&mut tv.standby_follows, self.tv_standby_follows);
        set(&mut tv.left_pauses, self.tv_left_pauses);
        set(&mut tv.standby_turns_off, self.standby_turns_tv_off);
    }
}
