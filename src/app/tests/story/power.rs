//! Power and the TV in stories: "tv standby", "tv left", "tv chosen", "tv pause" (any key of a
//! deck), "not-ended"; "shown": the first picture is on the screen.

use app::{Effect, Event, Key, PowerAct, PowerView, TvAct, TvNews};

use super::telling::list;

pub(crate) fn power_news(line: &str) -> Option<Vec<Event>> {
    let event = match line.split_once(' ').unwrap_or((line, "")) {
        ("tv", "standby") => Event::Tv(TvNews::Standby),
        ("tv", "left") => Event::Tv(TvNews::Left),
        ("tv", "chosen") => Event::Tv(TvNews::Chosen),
        ("tv", key) => Event::Tv(TvNews::Key(Key::named(key).unwrap())),
        ("shown", _) => Event::Shown,
        ("not-ended", _) => Event::NotEnded {
            why: "no place for it".into(),
        },
        _ => return None,
    };
    Some(vec![event])
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
        Effect::Power(PowerAct::Off) => "switch off".into(),
        Effect::Power(PowerAct::Reset) => "forget everything, and restart".into(),
        Effect::Status(status) => format!("lamp: {status:?}").to_lowercase(),
        Effect::Power(PowerAct::Restart) => "restart the machine".into(),
        _ => return None,
    })
}

pub(crate) fn tell_power_page(page: &PowerView) -> String {
    let labels = page.labels.iter().map(|label| &**label).collect();
    let labels = list(labels, Some(page.focus));
    let mut parts = vec![labels, page.headline.clone(), page.message.clone()];
    parts.extend(page.ask.clone());
    format!("power {}", parts.join(" | "))
}
