//! Phones in stories: "phones off", "phones on ANN BOB" (both were let in), "phones code 123456",
//! "phones paired ANN", "phones failed WHY"; what they do: "typed fox", "jump 30", "brings 12" (a
//! backup of so many films), "diagnose". And programs of a desktop: "steer play" (also pause,
//! play-pause, stop, next), "steer by -5" (seconds), "steer speed 1500", "steer volume 40".

use std::time::Duration;

use app::{BackupNews, Event, Phone, PhoneView, PhonesAct, PhonesNews, Steer, Typed, WayIn};

use super::telling::list;

pub(crate) fn phone_news(line: &str) -> Option<Vec<Event>> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let event = match word {
        "typed" => Event::Typed(Typed(rest.into())),
        "jump" => Event::Jump(Duration::from_secs(rest.parse().unwrap())),
        "steer" => Event::Steer(steer(rest)),
        "brings" => Event::Backup(BackupNews::Offered {
            films: rest.parse().unwrap(),
        }),
        "diagnose" => Event::Diagnose,
        "phones" => Event::Phones(news(rest)),
        _ => return None,
    };
    Some(vec![event])
}

fn steer(line: &str) -> Steer {
    let (word, number) = line.split_once(' ').unwrap_or((line, ""));
    match word {
        "play" => Steer::Play,
        "pause" => Steer::Pause,
        "play-pause" => Steer::PlayPause,
        "stop" => Steer::Stop,
        "next" => Steer::Next,
        "by" => Steer::By {
            micros: number.parse::<i64>().unwrap() * 1_000_000,
        },
        "speed" => Steer::Speed(number.parse().unwrap()),
        "volume" => Steer::Volume(number.parse().unwrap()),
        other => panic!("steer {other}?"),
    }
}

fn news(line: &str) -> PhonesNews {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let phone = |name: &str| Phone {
        id: name.to_lowercase().into(),
        name: name.into(),
    };
    match word {
        "on" | "off" => PhonesNews::Stand {
            listens: word == "on",
            phones: rest.split_whitespace().map(phone).collect(),
        },
        "code" => PhonesNews::Offered(WayIn {
            digits: rest.into(),
            address: "http://box".into(),
            link: format!("http://box/#{rest}"),
        }),
        "paired" => PhonesNews::Paired(rest.into()),
        "failed" => PhonesNews::Failed(rest.into()),
        other => panic!("phones {other}?"),
    }
}

pub(crate) fn tell_phones(act: &PhonesAct) -> String {
    match act {
        PhonesAct::Listen(true) => "listen to phones".into(),
        PhonesAct::Listen(false) => "listen to no phone".into(),
        PhonesAct::Offer => "make a code".into(),
        PhonesAct::EndOffer => "no code".into(),
        PhonesAct::Forget(id) => format!("forget {id}"),
    }
}

pub(crate) fn tell_phone_page(page: &PhoneView) -> String {
    let labels = page.labels.iter().map(|label| &**label).collect();
    let mut parts = vec![list(labels, Some(page.focus)), page.headline.clone()];
    parts.extend(page.digits.clone());
    parts.extend(page.link.clone());
    parts.extend(page.ask.clone());
    format!("phone {}", parts.join(" | "))
}
