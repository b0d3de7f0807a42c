//! The time zones that can be chosen: those of the countries of the Wi-Fi page, each once for every
//! time that is kept there now, and some cities for whoever lives elsewhere.
//!
//! What a zone's rules are is not known here: a shell tells how far each is ahead of UTC.

use crate::Country;

/// A zone that can be chosen, by its name in the time zone database (tz, RFC 6557).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Zone(&'static str);

/// Of no country that can be chosen.
const ELSEWHERE: &str = "";

/// Country (ISO 3166-1) and zone; of countries with several times from east to west.
const ZONES: &[(&str, &str)] = &[
    ("AR", "America/Argentina/Buenos_Aires"),
    ("AU", "Australia/Sydney"),
    ("AU", "Australia/Brisbane"),
    ("AU", "Australia/Adelaide"),
    ("AU", "Australia/Darwin"),
    ("AU", "Australia/Perth"),
    ("AT", "Europe/Vienna"),
    ("BE", "Europe/Brussels"),
    ("BR", "America/Noronha"),
    ("BR", "America/Sao_Paulo"),
    ("BR", "America/Manaus"),
    ("BR", "America/Rio_Branco"),
    ("BG", "Europe/Sofia"),
    ("CA", "America/St_Johns"),
    ("CA", "America/Halifax"),
    ("CA", "America/Toronto"),
    ("CA", "America/Winnipeg"),
    ("CA", "America/Regina"),
    ("CA", "America/Edmonton"),
    ("CA", "America/Whitehorse"),
    ("CA", "America/Vancouver"),
    ("CL", "America/Punta_Arenas"),
    ("CL", "America/Santiago"),
    ("CL", "Pacific/Easter"),
    ("CN", "Asia/Shanghai"),
    ("CO", "America/Bogota"),
    ("HR", "Europe/Zagreb"),
    ("CY", "Asia/Nicosia"),
    ("CZ", "Europe/Prague"),
    ("DK", "Europe/Copenhagen"),
    ("EG", "Africa/Cairo"),
    ("EE", "Europe/Tallinn"),
    ("FI", "Europe/Helsinki"),
    ("FR", "Europe/Paris"),
    ("DE", "Europe/Berlin"),
    ("GR", "Europe/Athens"),
    ("HK", "Asia/Hong_Kong"),
    ("HU", "Europe/Budapest"),
    ("IS", "Atlantic/Reykjavik"),
    ("IN", "Asia/Kolkata"),
    ("ID", "Asia/Jayapura"),
    ("ID", "Asia/Makassar"),
    ("ID", "Asia/Jakarta"),
    ("IE", "Europe/Dublin"),
    ("IL", "Asia/Jerusalem"),
    ("IT", "Europe/Rome"),
    ("JP", "Asia/Tokyo"),
    ("KE", "Africa/Nairobi"),
    ("LV", "Europe/Riga"),
    ("LT", "Europe/Vilnius"),
    ("LU", "Europe/Luxembourg"),
    ("MY", "Asia/Kuala_Lumpur"),
    ("MT", "Europe/Malta"),
    ("MX", "America/Cancun"),
    ("MX", "America/Mexico_City"),
    ("MX", "America/Mazatlan"),
    ("MX", "America/Tijuana"),
    ("MA", "Africa/Casablanca"),
    ("NL", "Europe/Amsterdam"),
    ("NZ", "Pacific/Auckland"),
    ("NZ", "Pacific/Chatham"),
    ("NG", "Africa/Lagos"),
    ("NO", "Europe/Oslo"),
    ("PK", "Asia/Karachi"),
    ("PE", "America/Lima"),
    ("PH", "Asia/Manila"),
    ("PL", "Europe/Warsaw"),
    ("PT", "Europe/Lisbon"),
    ("PT", "Atlantic/Azores"),
    ("RO", "Europe/Bucharest"),
    ("RU", "Asia/Kamchatka"),
    ("RU", "Asia/Magadan"),
    ("RU", "Asia/Vladivostok"),
    ("RU", "Asia/Yakutsk"),
    ("RU", "Asia/Irkutsk"),
    ("RU", "Asia/Novosibirsk"),
    ("RU", "Asia/Omsk"),
    ("RU", "Asia/Yekaterinburg"),
    ("RU", "Europe/Samara"),
    ("RU", "Europe/Moscow"),
    ("RU", "Europe/Kaliningrad"),
    ("SA", "Asia/Riyadh"),
    ("RS", "Europe/Belgrade"),
    ("SG", "Asia/Singapore"),
    ("SK", "Europe/Bratislava"),
    ("SI", "Europe/Ljubljana"),
    ("ZA", "Africa/Johannesburg"),
    ("KR", "Asia/Seoul"),
    ("ES", "Europe/Madrid"),
    ("ES", "Atlantic/Canary"),
    ("SE", "Europe/Stockholm"),
    ("CH", "Europe/Zurich"),
    ("TW", "Asia/Taipei"),
    ("TH", "Asia/Bangkok"),
    ("TR", "Europe/Istanbul"),
    ("UA", "Europe/Kyiv"),
    ("AE", "Asia/Dubai"),
    ("GB", "Europe/London"),
    ("US", "America/New_York"),
    ("US", "America/Chicago"),
    ("US", "America/Denver"),
    ("US", "America/Phoenix"),
    ("US", "America/Los_Angeles"),
    ("US", "America/Anchorage"),
    ("US", "Pacific/Honolulu"),
    ("VN", "Asia/Ho_Chi_Minh"),
    (ELSEWHERE, "Pacific/Kiritimati"),
    (ELSEWHERE, "Pacific/Fiji"),
    (ELSEWHERE, "Pacific/Guadalcanal"),
    (ELSEWHERE, "Pacific/Port_Moresby"),
    (ELSEWHERE, "Asia/Ulaanbaatar"),
    (ELSEWHERE, "Asia/Yangon"),
    (ELSEWHERE, "Asia/Dhaka"),
    (ELSEWHERE, "Asia/Kathmandu"),
    (ELSEWHERE, "Asia/Colombo"),
    (ELSEWHERE, "Asia/Tashkent"),
    (ELSEWHERE, "Asia/Kabul"),
    (ELSEWHERE, "Asia/Tbilisi"),
    (ELSEWHERE, "Asia/Tehran"),
    (ELSEWHERE, "Asia/Baghdad"),
    (ELSEWHERE, "Africa/Addis_Ababa"),
    (ELSEWHERE, "Europe/Minsk"),
    (ELSEWHERE, "Asia/Beirut"),
    (ELSEWHERE, "Europe/Chisinau"),
    (ELSEWHERE, "Africa/Maputo"),
    (ELSEWHERE, "Europe/Sarajevo"),
    (ELSEWHERE, "Africa/Algiers"),
    (ELSEWHERE, "Africa/Kinshasa"),
    (ELSEWHERE, "Africa/Accra"),
    (ELSEWHERE, "Atlantic/Cape_Verde"),
    (ELSEWHERE, "America/Nuuk"),
    (ELSEWHERE, "America/Montevideo"),
    (ELSEWHERE, "America/Caracas"),
    (ELSEWHERE, "America/Havana"),
    (ELSEWHERE, "America/Panama"),
    (ELSEWHERE, "America/Guatemala"),
    (ELSEWHERE, "Pacific/Tahiti"),
    (ELSEWHERE, "Pacific/Pago_Pago"),
];

impl Zone {
    /// All that can be chosen.
    pub fn all() -> impl Iterator<Item = Zone> {
        ZONES.iter().map(|it| Zone(it.1))
    }

    /// The one of that name; none: it cannot be chosen.
    pub fn named(name: &str) -> Option<Zone> {
        Zone::all().find(|zone| zone.0 == name)
    }

    /// "Europe/Vienna"
    pub fn name(self) -> &'static str {
        self.0
    }

    /// Where it is; none: elsewhere.
    pub(crate) fn country(self) -> Option<Country> {
        let known = ZONES.iter().find(|it| it.1 == self.0);
        known.and_then(|it| Country::parse(it.0))
    }

    /// Those of a country, and of elsewhere.
    pub(crate) fn of(country: Option<Country>) -> impl Iterator<Item = Zone> {
        let of_it = ZONES
            .iter()
            .filter(move |it| Country::parse(it.0) == country);
        of_it.map(|it| Zone(it.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words;

    #[test]
    fn each_is_there_once_and_each_country_has_one() {
        for (at, (country, name)) in ZONES.iter().enumerate() {
            let others = &ZONES[at + 1..];
            assert!(others.iter().all(|other| other.1 != *name), "{name}");
            assert_eq!(Zone::named(name).map(Zone::name), Some(*name));
            let known = Country::parse(country);
            assert_eq!(Zone(name).country(), known);
            let in_list = |it| words::countries().iter().any(|known| known.0 == it);
            assert!(known.is_none_or(in_list), "{country} cannot be chosen");
        }
        for (country, name) in words::countries() {
            assert!(Zone::of(Some(country)).count() > 0, "{name} has no time");
        }
        assert_eq!(Zone::named("Europe/Nowhere"), None);
    }

    #[test]
    fn each_that_is_one_of_several_is_called_after_a_city() {
        for zone in Zone::all() {
            let alone = zone.country().is_some() && Zone::of(zone.country()).count() == 1;
            assert_eq!(words::city(zone).is_some(), !alone, "{}", zone.name());
        }
    }
}
