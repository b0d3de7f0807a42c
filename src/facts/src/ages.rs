//! From which age on a film is for viewers, by what is printed on it in each country.
//!
//! One table, of the rating systems as their boards publish them; what means "parents decide" (PG)
//! is 8, as most boards explain it. A label that is a number is that age anywhere. What no table
//! knows says nothing: a film is not made older or younger by a guess.

/// Ages above this are no ages.
const AGE_MAX: u8 = 21;

/// What a label means there; labels that are plain numbers are left out.
type Table = (&'static str, &'static [(&'static str, u8)]);

/// By country (ISO 3166-1).
const TABLES: [Table; 23] = [
    // Of cinemas (MPA) and of television (TV Parental Guidelines).
    (
        "US",
        &[
            ("G", 0),
            ("PG", 8),
            ("PG-13", 13),
            ("R", 17),
            ("NC-17", 18),
            ("TV-Y", 0),
            ("TV-Y7", 7),
            ("TV-Y7-FV", 7),
            ("TV-G", 0),
            ("TV-PG", 8),
            ("TV-14", 14),
            ("TV-MA", 17),
        ],
    ),
    (
        "DE",
        &[
            ("FSK 0", 0),
            ("FSK 6", 6),
            ("FSK 12", 12),
            ("FSK 16", 16),
            ("FSK 18", 18),
        ],
    ),
    (
        "GB",
        &[("U", 0), ("UC", 0), ("PG", 8), ("12A", 12), ("R18", 18)],
    ),
    ("IE", &[("G", 0), ("PG", 8), ("12A", 12), ("15A", 15)]),
    ("FR", &[("U", 0), ("TP", 0)]),
    ("NL", &[("AL", 0)]),
    ("BE", &[("AL", 0), ("KT", 0), ("KT/EA", 0)]),
    (
        "ES",
        &[
            ("A", 0),
            ("AI", 0),
            ("APTA", 0),
            ("TP", 0),
            ("7I", 7),
            ("X", 18),
        ],
    ),
    ("IT", &[("T", 0), ("VM14", 14), ("VM18", 18)]),
    (
        "PT",
        &[
            ("M/3", 3),
            ("M/6", 6),
            ("M/12", 12),
            ("M/14", 14),
            ("M/16", 16),
            ("M/18", 18),
        ],
    ),
    (
        "BR",
        &[
            ("L", 0),
            ("AL", 0),
            ("A10", 10),
            ("A12", 12),
            ("A14", 14),
            ("A16", 16),
            ("A18", 18),
        ],
    ),
    ("SE", &[("BTL", 0)]),
    ("NO", &[("A", 0)]),
    ("DK", &[("A", 0)]),
    (
        "FI",
        &[
            ("S", 0),
            ("K-7", 7),
            ("K-12", 12),
            ("K-16", 16),
            ("K-18", 18),
        ],
    ),
    ("CZ", &[("U", 0)]),
    ("HU", &[("KN", 0)]),
    (
        "RO",
        &[
            ("AG", 0),
            ("A.G.", 0),
            ("AP-12", 12),
            ("A.P.-12", 12),
            ("N-15", 15),
            ("IM-18", 18),
        ],
    ),
    (
        "CA",
        &[
            ("G", 0),
            ("PG", 8),
            ("14A", 14),
            ("18A", 18),
            ("R", 18),
            ("A", 18),
        ],
    ),
    (
        "AU",
        &[
            ("G", 0),
            ("PG", 8),
            ("M", 15),
            ("MA15+", 15),
            ("MA 15+", 15),
            ("R18+", 18),
            ("R 18+", 18),
            ("X18+", 18),
            ("X 18+", 18),
        ],
    ),
    (
        "NZ",
        &[
            ("G", 0),
            ("PG", 8),
            ("M", 16),
            ("R13", 13),
            ("R15", 15),
            ("R16", 16),
            ("R18", 18),
        ],
    ),
    ("JP", &[("G", 0), ("PG12", 12), ("R15+", 15), ("R18+", 18)]),
    // Counted there from 1 at birth.
    ("KR", &[("ALL", 0), ("19", 18)]),
];

/// What the label means in that country; none: nobody knows.
pub fn of(country: &str, label: &str) -> Option<u8> {
    let label = label.trim().to_ascii_uppercase();
    let table = TABLES.iter().find(|(known, _)| *known == country);
    let labels = table.map_or(&[][..], |(_, labels)| labels);
    let known = labels.iter().find(|(known, _)| *known == label);
    known.map(|(_, age)| *age).or_else(|| number(&label))
}

/// "12", "12+"
fn number(label: &str) -> Option<u8> {
    let digits = label.strip_suffix('+').unwrap_or(label);
    let plain = !digits.is_empty() && digits.bytes().all(|it| it.is_ascii_digit());
    let age = digits.parse().ok().filter(|_| plain)?;
    (age <= AGE_MAX).then_some(age)
}

/// The age of a film by its labels, each with its country: that of `country` where it is known,
/// else the highest that is.
pub fn age(labels: &[(String, String)], country: &str) -> Option<u8> {
    let at_home = labels.iter().filter(|(known, _)| known == country);
    let at_home = at_home.filter_map(|(known, label)| of(known, label)).max();
    let anywhere = || labels.iter().filter_map(|(known, label)| of(known, label));
    at_home.or_else(|| anywhere().max())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_by_the_table_of_their_country() {
        for (country, label, expected) in [
            ("US", "PG-13", Some(13)),
            ("US", "R", Some(17)),
            ("CA", "R", Some(18)),
            ("US", "TV-MA", Some(17)),
            ("US", "NR", None),
            ("DE", "12", Some(12)),
            ("DE", "FSK 16", Some(16)),
            ("GB", "12a", Some(12)),
            ("GB", "R18", Some(18)),
            ("FR", "TP", Some(0)),
            ("RU", "16+", Some(16)),
            ("ES", "A", Some(0)),
            ("CA", "A", Some(18)),
            ("KR", "19", Some(18)),
            ("XX", "7", Some(7)),
            ("XX", "PG", None),
            ("DE", "99", None),
            ("DE", "+", None),
            ("DE", "+12", None),
            ("DE", "", None),
        ] {
            assert_eq!(of(country, label), expected, "{country} {label}");
        }
    }

    #[test]
    fn the_owners_country_is_asked_first_and_then_the_strictest() {
        let labels = |labels: &[(&str, &str)]| -> Vec<(String, String)> {
            let owned = |(country, label): &(&str, &str)| (country.to_string(), label.to_string());
            labels.iter().map(owned).collect()
        };
        let all = labels(&[("US", "R"), ("DE", "12"), ("FR", "TP"), ("GB", "NR")]);
        assert_eq!(age(&all, "DE"), Some(12));
        assert_eq!(age(&all, "FR"), Some(0));
        // Nobody knows what that label means.
        assert_eq!(age(&all, "GB"), Some(17));
        assert_eq!(age(&all, "AT"), Some(17));
        assert_eq!(age(&labels(&[("US", "NR")]), "US"), None);
        assert_eq!(age(&[], "US"), None);
    }

    #[test]
    fn no_country_and_no_label_is_there_twice() {
        for (at, (country, labels)) in TABLES.iter().enumerate() {
            assert!(TABLES[..at].iter().all(|(other, _)| other != country));
            for (at, (label, _)) in labels.iter().enumerate() {
                assert!(labels[..at].iter().all(|(other, _)| other != label));
                assert_eq!(*label, label.to_ascii_uppercase());
            }
        }
    }
}
