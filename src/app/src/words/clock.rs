//! Sentences of the clock, and of the page where it is said which time it is.

use super::{city, country_name};
use crate::saying::{Message, msg, spoken, tr};
use crate::{Language, Zone};

/// A line of the settings, and the title of its page.
pub(crate) const TIME_ZONE: Message = msg!("Time zone");
/// Over a list of countries or cities, with the time in each.
pub(crate) const WHICH_TIME: Message = msg!("Which time is it where you live?");
pub(crate) const TIME_ZONE_HELP: Message = msg!(
    "The clock goes by it, and so does the time at which a film ends. Choose your country; where \
     it has several times, you choose a city next."
);
pub(crate) const CITY_HELP: Message =
    msg!("This country has several times. Choose the city that has yours.");
/// Below countries that are named.
pub(crate) const ANOTHER_COUNTRY: Message = msg!("Another country");
pub(crate) const CITY_ELSEWHERE_HELP: Message =
    msg!("Choose a city near you that has your time, in summer and in winter.");
/// The page of the settings, in one sentence.
pub(crate) const TIME_ZONE_ABOUT: Message =
    msg!("Which time it is where you live: for the clock, and for when a film ends.");

/// Where English is written with the hours of half a day (CLDR, timeData).
const HALF_DAYS: [&[u8; 2]; 6] = [b"US", b"CA", b"AU", b"NZ", b"IN", b"PH"];

/// Zones of the USA beside those that can be chosen, which a desktop may be in.
const OF_THE_US: [&str; 7] = [
    "US/",
    "America/Detroit",
    "America/Boise",
    "America/Indiana/",
    "America/Kentucky/",
    "America/Menominee",
    "America/North_Dakota/",
];

/// "21:05"; in English "9:05 PM" where that is usual, in the zone of that name. `minute` is of the
/// day.
pub(crate) fn time_of_day(minute: u16, zone: &str) -> String {
    let (hour, minute) = (minute / 60 % 24, minute % 60);
    let country = Zone::named(zone).and_then(Zone::country);
    let halves = country.is_some_and(|it| HALF_DAYS.iter().any(|known| **known == it.0))
        || OF_THE_US.iter().any(|known| zone.starts_with(known));
    if spoken() == Language::English && halves {
        let half = if hour < 12 { "AM" } else { "PM" };
        return format!("{}:{minute:02} {half}", (hour + 11) % 12 + 1);
    }
    format!("{hour:02}:{minute:02}")
}

/// {time} is "22:41".
pub(crate) fn ends_at(time: &str) -> String {
    tr!("Ends at {time}", time)
}

/// The times of a country: "14:05 – 18:05".
pub(crate) fn from_to(from: &str, to: &str) -> String {
    format!("{from} \u{2013} {to}")
}

/// "UTC+5:30", which is so in every language.
pub(crate) fn ahead_of_utc(minutes: i16) -> String {
    let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
    let sign = if minutes < 0 { '\u{2212}' } else { '+' };
    match rest {
        0 => format!("UTC{sign}{hours}"),
        rest => format!("UTC{sign}{hours}:{rest:02}"),
    }
}

/// The line for who has chosen none; {place} is a country or a city.
pub(crate) fn as_the_system(place: &str) -> String {
    tr!("As the system: {place}", place)
}

/// What the zone of that name is called: its country, or its city where that has several times.
pub(crate) fn place_of_zone(name: &str) -> String {
    let zone = Zone::named(name);
    let city = zone.and_then(city).map(String::from);
    let country = || zone.and_then(Zone::country).map(country_name);
    city.or_else(country).unwrap_or_else(|| {
        let last = name.rsplit('/').next().unwrap_or(name);
        last.replace('_', " ")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::saying::speak;

    #[test]
    fn hours_are_written_as_where_one_lives() {
        let minutes = [0, 9 * 60 + 5, 12 * 60, 23 * 60 + 59];
        let all = |zone: &str| minutes.map(|it| time_of_day(it, zone));
        let whole = ["00:00", "09:05", "12:00", "23:59"];
        let halves = ["12:00 AM", "9:05 AM", "12:00 PM", "11:59 PM"];
        for zone in ["America/New_York", "America/Indiana/Knox", "Asia/Kolkata"] {
            assert_eq!(all(zone), halves, "{zone}");
        }
        for zone in ["Europe/London", "Europe/Vienna", "America/Bogota", "UTC"] {
            assert_eq!(all(zone), whole, "{zone}");
        }
        let _speaks = speak(Language::Spanish);
        assert_eq!(all("America/New_York"), whole);
    }

    #[test]
    fn a_place_has_the_name_that_people_know() {
        assert_eq!(place_of_zone("Europe/Vienna"), "Austria");
        assert_eq!(place_of_zone("America/Los_Angeles"), "Los Angeles");
        assert_eq!(place_of_zone("Asia/Kathmandu"), "Kathmandu");
        assert_eq!(place_of_zone("America/Port-au-Prince"), "Port-au-Prince");
        assert_eq!(place_of_zone("UTC"), "UTC");
        assert_eq!(ahead_of_utc(345), "UTC+5:45");
        assert_eq!(ahead_of_utc(-180), "UTC\u{2212}3");
        assert_eq!(ahead_of_utc(0), "UTC+0");
    }
}
