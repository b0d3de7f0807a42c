//! Sentences of the settings, of the first start, and of what is told of the box.

use super::{
    ADD_ONS, BACKUP, BACKUP_HELP, DRIVES, LANGUAGE_HELP, NETWORK, NO_DRIVE_HELP, PHONE, PHONES_ASK,
    PROFILES, PROFILES_HELP, READING_ALOUD, REMOTE, SHARING, SHARING_HELP, TIME_ZONE,
    TIME_ZONE_ABOUT, UPDATES, UPDATES_HINT, WALL_ROWS, WALL_ROWS_HELP, language_door, list,
    minutes, percent, rate, sentences, share_help, share_name, share_now, size, sound_moved,
    update_stage,
};
use crate::choices_page::{Choice, Group, Held};
use crate::saying::{Message, msg, tr, trn};
use crate::settings_page::Topic;
use crate::told_page::{About, Part};
use crate::updates::{Stage, Updates};
use crate::{Pace, ShowTexts, VolumeWish};

/// A place above the wall, and the title of its page.
pub(crate) const SETTINGS: Message = msg!("Settings");
/// Over the list of what a new box can be told.
pub(crate) const FIRST_START: Message = msg!("First steps");
pub(crate) const WELCOME: Message = msg!("Welcome");
pub(crate) const FIRST_START_HINT: Message = msg!(
    "Up and down choose, OK opens. Back leads to the films, and all this stays in the settings."
);
/// Below settings of which each is one of a few values.
pub(crate) const CHOICES_HINT: Message = msg!("Left and right change it. Back returns.");

const ON: Message = msg!("setting" => "On");
const OFF: Message = msg!("setting" => "Off");
/// A setting that is one of two.
pub(crate) fn on_or_off(on: bool) -> Message {
    if on { ON } else { OFF }
}

/// After how many minutes something happens.
const NEVER: Message = msg!("setting" => "Never");

/// A line of the settings.
pub(crate) fn topic(topic: Topic) -> String {
    match topic {
        Topic::Language => return language_door(),
        Topic::TimeZone => TIME_ZONE,
        Topic::Profiles => PROFILES,
        Topic::Network => NETWORK,
        Topic::Phone => PHONE,
        Topic::Remote => REMOTE,
        Topic::Drives => DRIVES,
        Topic::Rows => WALL_ROWS,
        Topic::Choices(it) => group(it),
        Topic::Updates => UPDATES,
        Topic::Backup => BACKUP,
        Topic::Told(it) => about(it),
        Topic::FirstStart => FIRST_START,
        Topic::Wall => msg!("To the films"),
    }
    .into()
}

/// What a line of the settings leads to.
pub(crate) fn topic_help(topic: Topic) -> String {
    match topic {
        Topic::Language => LANGUAGE_HELP,
        Topic::TimeZone => TIME_ZONE_ABOUT,
        Topic::Profiles => PROFILES_HELP,
        Topic::Network => msg!("How the box is connected, and which Wi-Fi networks are in reach."),
        Topic::Phone => PHONES_ASK,
        Topic::Remote => {
            msg!("Teach the box the buttons of any remote, keyboard or gamepad, one by one.")
        }
        Topic::Drives => NO_DRIVE_HELP,
        Topic::Rows => WALL_ROWS_HELP,
        Topic::Choices(Group::Films) => {
            msg!("Which films begin with subtitles, and what the box does of its own accord.")
        }
        Topic::Choices(Group::Sharing) => SHARING_HELP,
        Topic::Choices(Group::Sound) => msg!("How films sound, and what the volume keys turn up."),
        Topic::Choices(Group::Screen) => {
            msg!("The size of picture and letters, contrast, and when the screen is spared.")
        }
        Topic::Choices(Group::Speech) => {
            msg!("The box says what it shows, for those who do not see the screen.")
        }
        Topic::Choices(Group::Tv) => msg!("What the box and the TV do together (HDMI-CEC)."),
        Topic::Updates => UPDATES_HINT,
        Topic::Backup => BACKUP_HELP,
        Topic::Told(About::Checks) => msg!("Whether all is well with the box, in plain words."),
        Topic::Told(About::Privacy) => msg!("What leaves the box, and to whom."),
        Topic::Told(About::Box) => msg!("What this box is made of, and whom it owes thanks."),
        Topic::FirstStart => msg!("What a new box asks, once more."),
        Topic::Wall => msg!("That is all. Everything can be changed in the settings, at any time."),
    }
    .into()
}

pub(crate) fn group(group: Group) -> Message {
    match group {
        Group::Films => msg!("Films and episodes"),
        Group::Sharing => SHARING,
        Group::Sound => msg!("settings" => "Sound"),
        Group::Screen => msg!("settings" => "Screen"),
        Group::Speech => READING_ALOUD,
        Group::Tv => msg!("settings" => "TV"),
    }
}

pub(crate) fn about(about: About) -> Message {
    match about {
        About::Checks => msg!("Is all well?"),
        About::Privacy => msg!("Privacy"),
        About::Box => msg!("About this box"),
    }
}

pub(crate) fn choice_name(choice: Choice) -> Message {
    match choice {
        Choice::Autoplay => msg!("Next episode by itself"),
        Choice::Texts => msg!("Begin with subtitles"),
        Choice::Prefetch => msg!("Get ready what is looked at"),
        Choice::Night => msg!("Night: loud and quiet closer"),
        Choice::Speakers => msg!("Loudspeakers"),
        Choice::SoundDelay => msg!("Sound and picture"),
        Choice::VolumeKeys => msg!("Volume keys"),
        Choice::PictureSize => msg!("Size of the picture"),
        Choice::Contrast => msg!("High contrast"),
        Choice::LargeText => msg!("Large text"),
        Choice::Screensaver => msg!("Posters drift"),
        Choice::ScreenOff => msg!("Screen off"),
        Choice::Spoken => msg!("Read aloud"),
        Choice::Pace => msg!("Speed"),
        Choice::TvWake => msg!("Switch the TV on"),
        Choice::StandbyFollows => msg!("Stand by with the TV"),
        Choice::StandbyTurnsOff => msg!("Switch the TV off"),
        Choice::Share(share) => share_name(share),
        Choice::LeftPauses => msg!("Pause when the TV shows another"),
    }
}

pub(crate) fn choice_help(choice: Choice) -> Message {
    match choice {
        Choice::Autoplay => msg!(
            "At the end of an episode the next one plays after a countdown, which any key stops. \
             After three in a row the box asks whether you still watch."
        ),
        Choice::Texts => msg!(
            "Whether a film begins with subtitles in your language. Over a film others can be \
             chosen, and that is remembered."
        ),
        Choice::Prefetch => msg!(
            "The beginning of a film that you look at is got ahead, so that it starts at once. \
             Switch it off where the network costs by the byte."
        ),
        Choice::Night => msg!(
            "What is loud is made quieter, and what is quiet louder: nobody is woken, and \
             nothing is missed."
        ),
        Choice::Speakers => msg!(
            "Where voices are too quiet on a TV, let the box mix all channels down to two. It \
             holds from the next film on."
        ),
        Choice::SoundDelay => msg!(
            "If lips and voices are apart, move the sound: to the right it comes later. OK puts \
             it back."
        ),
        Choice::VolumeKeys => msg!("What the volume keys of the remote turn up and down."),
        Choice::PictureSize => msg!(
            "Some TVs cut off the edges of the picture. Make it smaller until the marks in all \
             four corners are whole."
        ),
        Choice::Contrast => {
            msg!("White letters on black, and strong lines: easier to read from afar.")
        }
        Choice::LargeText => msg!(
            "All words on the screen are larger, and lists show fewer lines at a time. Subtitles \
             have a size of their own, which is set over a film."
        ),
        Choice::Screensaver => msg!(
            "When nobody has pressed a key for so long and nothing plays, the screen dims, and \
             then posters drift over it. This spares OLED screens."
        ),
        Choice::ScreenOff => msg!(
            "When nobody has pressed a key for so long and nothing plays, the screen goes dark."
        ),
        Choice::Spoken => msg!(
            "What has the focus and what the box tells is said. To switch it on or off without \
             seeing, hold Subtitles or Home on the remote for two seconds."
        ),
        Choice::Pace => msg!("How fast it is said."),
        Choice::TvWake => {
            msg!("When you wake the box or play a film, the TV goes on and shows it.")
        }
        Choice::StandbyFollows => msg!("When the TV is switched off, the box stands by, too."),
        Choice::StandbyTurnsOff => msg!("When the box stands by, it switches the TV off, too."),
        Choice::Share(share) => share_help(share),
        Choice::LeftPauses => msg!("A film waits while the TV shows something else."),
    }
}

/// What it is now.
pub(crate) fn choice_now(choice: Choice, held: &Held) -> String {
    let tv = held.all.tv.unwrap_or_default();
    let switch = |on| on_or_off(on).into();
    match choice {
        Choice::Autoplay => switch(held.all.autoplay),
        Choice::Prefetch => switch(held.all.prefetch),
        Choice::Night => switch(held.sound.night),
        Choice::PictureSize => percent(100 - held.all.overscan.unwrap_or_default().min(100)),
        Choice::Contrast => switch(held.all.contrast),
        Choice::LargeText => switch(held.all.large_text),
        Choice::Spoken => switch(held.all.spoken),
        Choice::Pace => match held.all.pace {
            Pace::Slow => msg!("speed of the voice" => "slow"),
            Pace::Normal => msg!("speed of the voice" => "normal"),
            Pace::Fast => msg!("speed of the voice" => "fast"),
        }
        .into(),
        Choice::TvWake => switch(tv.wake),
        Choice::StandbyFollows => switch(tv.standby_follows),
        Choice::StandbyTurnsOff => switch(tv.standby_turns_off),
        Choice::Share(share) => share_now(share, &held.all.sharing),
        Choice::LeftPauses => switch(tv.left_pauses),
        Choice::Texts => match held.all.texts.show {
            ShowTexts::Always => msg!("subtitles" => "Always"),
            ShowTexts::WhenForeign => msg!("subtitles" => "When the sound is foreign"),
            ShowTexts::Never => msg!("subtitles" => "Never"),
        }
        .into(),
        Choice::Speakers if held.sound.stereo => tr!("loudspeakers" => "Two"),
        Choice::Speakers => tr!("loudspeakers" => "As many as there are"),
        Choice::SoundDelay => sound_moved(held.sound.delay_ms),
        Choice::VolumeKeys => match held.all.volume {
            VolumeWish::Auto => msg!("The TV or amplifier, else the box"),
            VolumeWish::Tv => msg!("The TV or amplifier"),
            VolumeWish::Box => msg!("The box"),
        }
        .into(),
        Choice::Screensaver => after(held.all.rest.screensaver_min),
        Choice::ScreenOff => after(held.all.rest.screen_off_min),
    }
}

/// {time} is "5 min".
fn after(min: u16) -> String {
    match min {
        0 => NEVER.into(),
        min => tr!("After {time}", time = minutes(min)),
    }
}

/// Of phones that are remotes; none: the box does not listen to any.
pub(crate) fn phones_known(count: Option<usize>) -> String {
    match count {
        None => tr!("phones" => "Kept out"),
        Some(count) => trn!(count as u64, "{count} phone", "{count} phones"),
    }
}

/// Where films are kept while they play; {drive} is its name.
pub(crate) fn kept_on(drive: Option<&str>) -> String {
    match drive {
        Some(drive) => tr!("Films are kept on {drive}", drive),
        None => tr!("Films are kept in the box"),
    }
}

fn part(name: impl Into<String>, text: impl Into<String>) -> Part {
    Part {
        name: name.into(),
        text: text.into(),
        well: None,
    }
}

fn check(name: Message, text: impl Into<String>, well: bool) -> Part {
    Part {
        well: Some(well),
        ..part(name, text)
    }
}

/// Each of them, where it is not empty, begins a line.
fn lines<T: AsRef<str>>(texts: &[T]) -> String {
    let said = texts.iter().map(AsRef::as_ref);
    said.filter(|it| !it.is_empty())
        .collect::<Vec<_>>()
        .join("\n")
}

/// Below the name of something that the box has looked at; none: nothing was.
pub(crate) fn well(well: Option<bool>) -> String {
    match well {
        None => String::new(),
        Some(true) => tr!("check" => "All is well"),
        Some(false) => tr!("check" => "Look here"),
    }
}

pub(crate) fn check_network(state: String, detail: String, online: bool) -> Part {
    check(NETWORK, lines(&[state, detail]), online)
}

/// {rate} is "1.2 MB/s".
pub(crate) fn check_line(measured: Option<u64>) -> Part {
    let text = match measured {
        Some(measured) => tr!(
            "The most that has come here since the box was started is {rate}. Films of up to that \
             rate play without stopping, if those who have them can give so much.",
            rate = rate(measured)
        ),
        None => tr!(
            "Nothing was fetched since the box was started, so nothing was measured. Play a film, \
             and look again."
        ),
    };
    check(msg!("Internet connection"), text, true)
}

/// {size} is "12.3 GB".
pub(crate) fn check_room(drive: Option<&str>, free_bytes: u64, enough: bool) -> Part {
    let free = tr!("{size} are free.", size = size(free_bytes));
    let low = (!enough).then(|| {
        tr!(
            "That is too little to keep a film: it plays from memory. Plug in a drive, or a \
             larger one."
        )
    });
    let texts = [kept_on(drive), free, low.unwrap_or_default()];
    check(msg!("Room for films"), lines(&texts), enough)
}

/// Of each that gives nothing: its name, and why.
pub(crate) fn check_add_ons(troubled: &[(&str, &str)]) -> Part {
    if troubled.is_empty() {
        return check(ADD_ONS, tr!("All that were asked have answered."), true);
    }
    let each = troubled.iter().map(|(name, why)| format!("{name}: {why}"));
    check(ADD_ONS, lines(&each.collect::<Vec<_>>()), false)
}

pub(crate) fn check_updates(updates: &Updates) -> Part {
    let told = update_stage(updates);
    let failed = matches!(updates.stage, Stage::Failed(_));
    check(UPDATES, lines(&[told.headline, told.message]), !failed)
}

/// `ours`: parts of the box that ask services; `strangers`: add-ons of others, with their hosts.
pub(crate) fn privacy(
    ours: &[String],
    strangers: &[String],
    channel: bool,
    peers: bool,
) -> Vec<Part> {
    let shared = peers.then(|| {
        part(
            tr!("Others who share a film"),
            tr!(
                "Most films come from others who have them, and the box passes on what it has \
                 while it gets them. Those others see the Internet address of your home, and \
                 which film it is. Nothing else of you is in it."
            ),
        )
    });
    let asked = if ours.is_empty() {
        tr!("No service is asked by the box itself.")
    } else {
        tr!(
            "To show posters, facts and subtitles, the box asks these about the films that you \
             look at and search for: {services}. They see your Internet address.",
            services = list(ours)
        )
    };
    let add_ons = if strangers.is_empty() {
        tr!("No add-on of others is switched on.")
    } else {
        tr!(
            "These were put on the box by its owner, and are asked too: {add_ons}. The page of \
             add-ons says what each of them sees.",
            add_ons = list(strangers)
        )
    };
    let updates = channel.then(|| {
        part(
            UPDATES,
            tr!(
                "Once a day the box asks whether there is a newer version of it. It says nothing \
                 of itself, nor of you."
            ),
        )
    });
    let nobody = part(
        tr!("Nobody else"),
        sentences(&[
            tr!("The box sends no statistics, has no account and no cloud."),
            tr!("What you watch, search and choose is remembered on this box alone."),
        ]),
    );
    let services = [
        part(tr!("Facts and subtitles"), asked),
        part(ADD_ONS, add_ons),
    ];
    let parts = shared.into_iter().chain(services).chain(updates);
    parts.chain([nobody]).collect()
}

pub(crate) fn about_box(version: &str) -> Vec<Part> {
    vec![
        part(
            format!("Matinee {version}"),
            tr!(
                "Free software: everybody may use, study, share and change it, under the GNU \
                 General Public License, version 3 or later. It comes without any warranty."
            ),
        ),
        part(
            tr!("about" => "Films"),
            tr!(
                "The films that come with the box are free: their makers gave them to everybody, \
                 or nobody owns them any more. The page of each film names its licence."
            ),
        ),
        part(
            tr!("Facts and pictures"),
            tr!(
                "Facts are from Wikidata and Wikipedia, old films and their facts from the \
                 Internet Archive. Whom else the facts of a film are from its page says."
            ),
        ),
        part(
            tr!("Software"),
            tr!(
                "Built on Debian, GStreamer, Slint, librqbit, tokio and many others. Their \
                 licences are on the box, in /usr/share/matinee. The letters are Inter, by Rasmus \
                 Andersson, under the SIL Open Font License."
            ),
        ),
    ]
}
