//! The time in stories: "clock 21:05:30 Europe/Vienna+120", of that place and so many minutes ahead
//! of UTC; "clock 21:05:30 nowhere" (UTC: nobody has said where the box is); "clock unknown";
//! "zones Europe/Vienna": how all that can be chosen stand, and which holds where none is (also
//! "nowhere"): each an hour further than the one before, round the world.

use app::{ClockAct, ClockNews, Event, Here, TimeOfDay, Zone};

const DAY_S: i64 = 24 * 60 * 60;

pub(crate) fn clock_news(line: &str) -> Option<Vec<Event>> {
    let (word, rest) = line.split_once(' ')?;
    let news = match word {
        "clock" if rest == "unknown" => ClockNews::Time(None),
        "clock" => {
            let (time, place) = rest.split_once(' ').unwrap();
            ClockNews::Time(Some(time_of_day(time, place)))
        }
        "zones" => ClockNews::Zones {
            usual: (rest != "nowhere").then(|| rest.into()),
            ahead_min: (0..).zip(Zone::all()).map(ahead).collect(),
        },
        _ => return None,
    };
    Some(vec![Event::Clock(news)])
}

fn ahead((number, zone): (i16, Zone)) -> (Zone, i16) {
    (zone, (number % 24 - 11) * 60)
}

/// What it is in UTC when it is `time` there.
pub(crate) fn time_of_day(time: &str, place: &str) -> TimeOfDay {
    let parts = time.split(':').map(|part| part.parse::<i64>().unwrap());
    let local_s = parts.fold(0, |all, part| all * 60 + part);
    let here = place.rsplit_once(['+', '-']).map(|(zone, _)| Here {
        zone: zone.into(),
        ahead_min: place[zone.len()..].parse().unwrap(),
    });
    let ahead = here.as_ref().map_or(0, |it| i64::from(it.ahead_min));
    TimeOfDay {
        utc_ms: (local_s - ahead * 60).rem_euclid(DAY_S) as u32 * 1000,
        here,
    }
}

pub(crate) fn tell_clock(act: ClockAct) -> String {
    match act {
        ClockAct::Tell(true) => "tell the time".into(),
        ClockAct::Tell(false) => "tell the time no more".into(),
        ClockAct::Zones => "tell of the zones".into(),
        ClockAct::Be(None) => "be where the system says".into(),
        ClockAct::Be(Some(zone)) => format!("be in {}", zone.name()),
    }
}
