//! The turn of the minute, zones on the days when they change, and what the thread tells when.

use super::*;
use std::fs;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use rustix::time::timerfd_gettime;

/// Nothing here takes a tenth of it.
const PATIENCE: Duration = Duration::from_secs(60);

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// "01:59" where that zone is.
fn local(zone_name: &str, utc: &str) -> String {
    let time = time_of_day(at(utc), Some(&zone(zone_name).unwrap()));
    let here = time.here.unwrap();
    assert_eq!(&*here.zone, zone_name);
    let minute = i64::from(time.utc_ms) / 60_000 + i64::from(here.ahead_min);
    let minute = minute.rem_euclid(24 * 60);
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

#[test]
fn a_minute_turns_when_the_clock_says_so() {
    let turn = |now: &str| turn_after(at(now), MINUTE_S);
    let is = |now: &str, next: &str| assert_eq!(turn(now), at(next).as_second(), "{now}");
    is("2026-05-01T21:05:00Z", "2026-05-01T21:06:00Z");
    is("2026-05-01T21:05:00.000001Z", "2026-05-01T21:06:00Z");
    is("2026-05-01T21:05:59.999999Z", "2026-05-01T21:06:00Z");
    is("2026-12-31T23:59:30Z", "2027-01-01T00:00:00Z");
    // Before the network has set it, and before it began.
    is("1970-01-01T00:00:00Z", "1970-01-01T00:01:00Z");
    is("1969-12-31T23:59:30Z", "1970-01-01T00:00:00Z");
}

#[test]
fn the_time_is_told_from_midnight_on() {
    let told = |now: &str| time_of_day(at(now), None);
    assert_eq!(told("2026-05-01T00:00:00.25Z").utc_ms, 250);
    assert_eq!(told("2026-05-01T23:59:59.999Z").utc_ms, 86_399_999);
    assert_eq!(told("1969-12-31T23:59:59Z").utc_ms, 86_399_000);
    assert_eq!(told("2026-05-01T00:00:00Z").here, None);
}

#[test]
fn zones_change_on_their_days() {
    // Forward in spring and back in autumn, in the other half of the world too; parts of an hour;
    // the first of all, and one that never changes.
    for (zone, utc, expected) in [
        ("Europe/Vienna", "2026-03-29T00:59:59Z", "01:59"),
        ("Europe/Vienna", "2026-03-29T01:00:00Z", "03:00"),
        ("Europe/Vienna", "2026-10-25T00:59:59Z", "02:59"),
        ("Europe/Vienna", "2026-10-25T01:00:00Z", "02:00"),
        ("America/New_York", "2026-03-08T06:59:59Z", "01:59"),
        ("America/New_York", "2026-03-08T07:00:00Z", "03:00"),
        ("Australia/Adelaide", "2026-10-03T16:29:59Z", "01:59"),
        ("Australia/Adelaide", "2026-10-03T16:30:00Z", "03:00"),
        ("America/St_Johns", "2026-01-01T03:29:00Z", "23:59"),
        ("Asia/Kathmandu", "2026-07-01T18:15:00Z", "00:00"),
        ("Pacific/Kiritimati", "2026-07-01T10:00:00Z", "00:00"),
        ("Asia/Tokyo", "2026-03-29T01:00:00Z", "10:00"),
    ] {
        assert_eq!(local(zone, utc), expected, "{zone} at {utc}");
    }
}

#[test]
fn every_zone_that_is_offered_is_known_and_told() {
    // Of our own database too, which an image has alone.
    let bundled = jiff::tz::TimeZoneDatabase::bundled();
    for zone in Zone::all() {
        assert!(bundled.get(zone.name()).is_ok(), "{}", zone.name());
    }
    let zones = Zones::of(&Config {
        zone: Some("Europe/Vienna".into()),
        ..Config::default()
    });
    let ClockNews::Zones { usual, ahead_min } = zones.told(at("2026-07-01T00:00:00Z")) else {
        panic!("it was asked for zones");
    };
    assert_eq!(usual.as_deref(), Some("Europe/Vienna"));
    assert_eq!(ahead_min.len(), Zone::all().count());
    let of = |name: &str| ahead_min.iter().find(|it| it.0.name() == name).unwrap().1;
    assert_eq!(of("Europe/London"), 60);
    assert_eq!(of("Asia/Kathmandu"), 345);
    assert_eq!(of("America/St_Johns"), -150);
}

#[test]
fn what_is_chosen_comes_before_the_settings_and_a_wrong_name_is_as_none() {
    let name = |zones: &Zones| {
        let here = zones.here();
        here.and_then(|it| it.iana_name().map(str::to_owned))
    };
    let mut zones = Zones::of(&Config {
        zone: Some("Europe/Vienna".into()),
        ..Config::default()
    });
    assert_eq!(name(&zones).as_deref(), Some("Europe/Vienna"));
    zones.choose(Zone::named("Asia/Tokyo"));
    assert_eq!(name(&zones).as_deref(), Some("Asia/Tokyo"));
    zones.choose(None);
    assert_eq!(name(&zones).as_deref(), Some("Europe/Vienna"));
    assert!(zone("Europe/Nowhere").is_none());
}

#[test]
fn the_timer_is_off_while_nothing_goes_by_it() {
    let timer = Timer::new(MINUTE_S).unwrap();
    let left = || timerfd_gettime(&timer.0).unwrap().it_value.tv_sec;
    assert!(timer.set(true).unwrap());
    assert!((0..=MINUTE_S).contains(&left()), "{}", left());
    assert!(timer.set(false).unwrap());
    let off = timerfd_gettime(&timer.0).unwrap().it_value;
    assert_eq!((off.tv_sec, off.tv_nsec), (0, 0));
}

fn start(config: Config, turn_s: i64) -> (Clock, Receiver<ClockNews>) {
    let (told, news) = channel();
    let sink = Box::new(move |it| drop(told.send(it)));
    (Clock::turning(config, sink, turn_s).unwrap(), news)
}

fn time(news: &Receiver<ClockNews>) -> Option<TimeOfDay> {
    match news.recv_timeout(PATIENCE).unwrap() {
        ClockNews::Time(time) => time,
        other @ ClockNews::Zones { .. } => panic!("{other:?}"),
    }
}

#[test]
fn it_is_told_at_once_at_each_turn_and_when_the_box_moves() {
    let config = Config {
        zone: Some("Europe/Vienna".into()),
        ..Config::default()
    };
    // Of minutes that last a second.
    let (clock, news) = start(config.clone(), 1);
    let turns: Vec<_> = (0..3).map(|_| time(&news).unwrap().utc_ms / 1000).collect();
    assert!(turns[0] != turns[1] && turns[1] != turns[2], "{turns:?}");
    drop(clock);

    // Of such as nobody waits for: only what is asked is told.
    let (clock, news) = start(config, 24 * 60 * 60);
    let zone_of = |time: Option<TimeOfDay>| time.unwrap().here.unwrap().zone;
    assert_eq!(&*zone_of(time(&news)), "Europe/Vienna");
    clock.perform(ClockAct::Be(Zone::named("Asia/Tokyo")));
    assert_eq!(&*zone_of(time(&news)), "Asia/Tokyo");
    clock.perform(ClockAct::Tell(false));
    clock.perform(ClockAct::Zones);
    // The last of what is asked together may still be told.
    let zones = news.iter().find(|it| matches!(it, ClockNews::Zones { .. }));
    assert!(zones.is_some());
    clock.perform(ClockAct::Be(None));
    clock.perform(ClockAct::Tell(true));
    let mut last = zone_of(time(&news));
    if &*last == "Asia/Tokyo" {
        last = zone_of(time(&news));
    }
    assert_eq!(&*last, "Europe/Vienna");
}

#[test]
fn nothing_is_known_until_the_network_has_set_the_clock() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("timesync/synchronized");
    let config = Config {
        set: Some(file.clone()),
        zone: Some("Europe/Vienna".into()),
        chosen: None,
    };
    // A turn each second: whoever does not know has none.
    let (_clock, news) = start(config.clone(), 1);
    assert_eq!(time(&news), None);
    fs::create_dir(folder.path().join("timesync")).unwrap();
    fs::write(folder.path().join("timesync/another"), "").unwrap();
    fs::write(&file, "").unwrap();
    // It was told nothing in between.
    assert!(time(&news).is_some());
    // Who comes later knows at once.
    let (_clock, news) = start(config, 24 * 60 * 60);
    assert!(time(&news).is_some());

    let nowhere = Config {
        set: Some("/nowhere/at/all".into()),
        ..Config::default()
    };
    let told = Clock::start(nowhere, Box::new(drop))
        .unwrap_err()
        .to_string();
    assert!(told.contains("/nowhere"), "{told}");
}

#[test]
fn on_an_image_of_ours_utc_is_nobody_s_choice() {
    let zones = |bare| Zones {
        named: None,
        chosen: None,
        bare,
    };
    let system = TimeZone::try_system().unwrap_or(TimeZone::UTC);
    let is_utc = matches!(system.iana_name(), Some("UTC" | "Etc/UTC"));
    assert_eq!(zones(true).usual().is_none(), is_utc);
    assert!(zones(false).usual().is_some());
}
