//! Power and the TV in stories: "tv standby", "tv left", "tv chosen", "tv pause" (any key of a
//! deck), "tv volume amplifier" (also `tv`, `nobody`: who takes the keys for it), "tv level 40
//! muted", "tv language deu", "not-ended"; "shown": the first picture is on the screen. Of
//! drives: "drives stick=8:30 disk", "adopting 2", "adopted", "adopted gone", "not-moved".

use app::{
    AdoptFailure, Drive, DriveAct, DriveNews, Effect, Event, Key, Level, Library, MenuView,
    PowerAct, Room, SoundSettings, TvAct, TvNews, VolumeBy, VolumeView,
};

use super::telling::list;

pub(crate) fn power_news(line: &str) -> Option<Vec<Event>> {
    let event = match line.split_once(' ').unwrap_or((line, "")) {
        ("tv", "standby") => Event::Tv(TvNews::Standby),
        ("tv", "left") => Event::Tv(TvNews::Left),
        ("tv", "chosen") => Event::Tv(TvNews::Chosen),
        ("tv", "volume nobody") => Event::Tv(TvNews::Volume(VolumeBy::Nobody)),
        ("tv", "volume tv") => Event::Tv(TvNews::Volume(VolumeBy::Tv)),
        ("tv", "volume amplifier") => Event::Tv(TvNews::Volume(VolumeBy::Amplifier)),
        ("tv", level) if level.starts_with("level ") => {
            let mut words = level.split(' ').skip(1);
            Event::Tv(TvNews::Level(Level {
                volume: words.next().unwrap().parse().ok(),
                muted: words.next() == Some("muted"),
            }))
        }
        ("tv", "language deu") => Event::Tv(TvNews::Language(*b"deu")),
        ("tv", key) => Event::Tv(TvNews::Key(Key::named(key).unwrap())),
        ("shown", _) => Event::Shown,
        ("drives", what) => Event::Drive(drives(what)),
        ("adopting", step) => Event::Drive(DriveNews::Adopting {
            step: step.parse().unwrap(),
            of: 4,
        }),
        ("adopted", "") => Event::Drive(DriveNews::Adopted(Ok(()))),
        ("adopted", _) => Event::Drive(DriveNews::Adopted(Err(AdoptFailure::Gone))),
        ("not-moved", _) => Event::Drive(DriveNews::NotMoved),
        ("not-ended", _) => Event::NotEnded {
            why: "no place for it".into(),
        },
        _ => return None,
    };
    Some(vec![event])
}

/// "stick=8:30 disk": these are there, the first with 8 GB free at 30 MB/s, and 4 GB in the box.
pub(crate) fn drives(what: &str) -> DriveNews {
    let drive = |word: &str| {
        let (id, room) = word.split_once('=').unwrap_or((word, ""));
        let room = room.split_once(':').map(|(free, speed)| Room {
            free_bytes: free.parse::<u64>().unwrap() * 1_000_000_000,
            speed: Some(speed.parse::<u64>().unwrap() * 1_000_000),
        });
        Drive {
            id: id.into(),
            name: id.to_uppercase(),
            bytes: 32_000_000_000,
            room,
        }
    };
    DriveNews::There {
        drives: what.split_whitespace().map(drive).collect(),
        internal: Room {
            free_bytes: 4_000_000_000,
            speed: None,
        },
    }
}

pub(crate) fn tell_power(effect: &Effect) -> Option<String> {
    Some(match effect {
        Effect::Tv(act) => match act {
            TvAct::Wake => "tv: we are up".into(),
            TvAct::Sleep { tv: false } => "tv: we stand by".into(),
            TvAct::Sleep { tv: true } => "tv: we stand by, and so do you".into(),
            TvAct::Show => "tv: show us".into(),
            TvAct::Deck(deck) => format!("tv: {deck:?}").to_lowercase(),
            TvAct::Volume(volume) => format!("tv: volume {volume:?}").to_lowercase(),
            TvAct::VolumeReleased => "tv: volume let go".into(),
        },
        Effect::Drive(DriveAct::Adopt(id)) => format!("erase {id}"),
        Effect::Drive(DriveAct::KeepOn(place)) => {
            format!("keep films on {}", place.as_deref().unwrap_or("no drive"))
        }
        Effect::Power(PowerAct::Off) => "switch off".into(),
        Effect::Power(PowerAct::Reset) => "forget everything, and restart".into(),
        Effect::Status(status) => format!("lamp: {status:?}").to_lowercase(),
        Effect::Power(PowerAct::Restart) => "restart the machine".into(),
        Effect::Sound(sound) => format!("sound: {}", tell_sound(*sound)),
        _ => return None,
    })
}

/// How the box sounds, where that was set.
pub(crate) fn tell_kept(library: &Library) -> String {
    match library.sound {
        sound if sound == SoundSettings::default() => String::new(),
        sound => format!(" [{}]", tell_sound(sound)),
    }
}

/// "volume 80 muted, night, 40 ms"
fn tell_sound(sound: SoundSettings) -> String {
    let muted = if sound.muted { " muted" } else { "" };
    let night = if sound.night { ", night" } else { "" };
    let delay = match sound.delay_ms {
        0 => String::new(),
        delay_ms => format!(", {delay_ms} ms"),
    };
    let stereo = if sound.stereo { ", stereo" } else { "" };
    format!("volume {}{muted}{night}{stereo}{delay}", sound.volume)
}

pub(crate) fn tell_volume(volume: &VolumeView) -> String {
    let muted = if volume.muted { " muted" } else { "" };
    match volume.volume {
        Some(volume) => format!(" | volume {volume}{muted}"),
        None => format!(" | volume ?{muted}"),
    }
}

/// "settings [Language=English] Remote | Language | All that the box says ..."
pub(crate) fn tell_menu(page: &MenuView) -> String {
    let told = |(at, label): (usize, &String)| match page.notes.get(at) {
        Some(note) if !note.is_empty() => format!("{label}={note}"),
        _ => label.clone(),
    };
    let labels: Vec<String> = page.labels.iter().enumerate().map(told).collect();
    let labels = list(
        labels.iter().map(|label| &**label).collect(),
        Some(page.focus),
    );
    let message = page.message.replace("\n\n", "\n").replace('\n', " / ");
    let mut parts = vec![labels, page.headline.clone(), message];
    parts.extend(page.ask.clone());
    format!("{} {}", page.title.to_lowercase(), parts.join(" | "))
}
