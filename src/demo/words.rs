//! Everything the demo says: its page, its chapters, its subtitles. All of it says that this is
//! the demo, so nobody takes it for a film from the network.

use std::fmt::Write as _;
use std::time::Duration;

use app::{Film, FilmId, Licence, Poster, Readiness, Source};

/// Its title, the name of its torrent, and the stem of its files.
pub(super) const TITLE: &str = "Matinee Demo";

/// Titles of the four chapters, each a quarter of the film.
pub(super) const CHAPTERS: [&str; 4] = ["Dawn", "Noon", "Dusk", "Night"];

/// Language (ISO 639-1) and title of the sound tracks, in order.
pub(super) const SOUND: [(&str, &str); 2] = [("en", "Bells"), ("fr", "Bourdon")];

/// Second of the two-minute film at which it stands, for how many, English, French.
const LINES: &[(u32, u32, &str, &str)] = &[
    (
        1,
        5,
        "Good morning. This is the Matinee demo.",
        "Bonjour. Voici la démo de Matinee.",
    ),
    (
        7,
        6,
        "Your box made this film by itself,\nand now it fetches it as it fetches any film:",
        "Votre box a fait ce film elle-même,\net elle le reçoit comme n'importe quel film :",
    ),
    (
        14,
        6,
        "in small pieces, from several peers at once,\neach piece checked before it is shown.",
        "par petits morceaux, de plusieurs pairs à la fois,\nchacun vérifié avant d'être montré.",
    ),
    (
        22,
        6,
        "Left and Right move through it.\nWhat lies ahead is fetched first.",
        "Gauche et Droite vous déplacent.\nLa suite est demandée en premier.",
    ),
    (
        31,
        6,
        "It is noon. OK pauses, and shows\nthe sound tracks and the subtitles.",
        "Il est midi. OK met en pause et montre\nles pistes sonores et les sous-titres.",
    ),
    (
        40,
        6,
        "The other sound track lies two octaves lower.",
        "L'autre piste sonore est deux octaves plus bas.",
    ),
    (
        50,
        6,
        "The strip on the left tells machines\nwhich frame this is.",
        "La bande à gauche dit aux machines\nquelle image est affichée.",
    ),
    (
        61,
        6,
        "Dusk. Back leads to the wall,\nand Continue leads here again.",
        "Le soir. Retour mène au mur d'affiches,\net Reprendre ramène ici.",
    ),
    (
        72,
        6,
        "Pull the plug if you like:\nthe box will know where you were.",
        "Débranchez si vous voulez :\nla box saura où vous étiez.",
    ),
    (
        84,
        6,
        "Nothing of this came from the internet.",
        "Rien de tout cela n'est venu d'internet.",
    ),
    (
        94,
        6,
        "Night. The real films are on the wall.",
        "La nuit. Les vrais films sont au mur.",
    ),
    (
        112,
        6,
        "Good night, and enjoy the show.",
        "Bonne nuit, et bonne séance.",
    ),
];

/// The film as the wall shows it.
pub(super) fn film(readiness: Readiness, sources: Vec<Source>, poster: Option<Poster>) -> Film {
    Film {
        id: FilmId("demo".to_owned()),
        title: TITLE.to_owned(),
        synopsis: "A day over the hills, from dawn to night, to try your box with. The box made \
                   this short film itself, and three small seeders inside it hand it out: it \
                   streams exactly as any film does, without the internet."
            .to_owned(),
        runtime_min: Some(2),
        by: "Made on this box".to_owned(),
        genres: vec!["Demo".to_owned()],
        licence: Some(Licence {
            name: "CC0 1.0".to_owned(),
            url: "https://creativecommons.org/publicdomain/zero/1.0/".to_owned(),
        }),
        poster,
        colours: [0x2b_3a67, 0xf2_a98c],
        badge: Some("Demo".to_owned()),
        sources,
        readiness,
        ..Film::default()
    }
}

/// The subtitles as `SubRip` text: `(language, text)`, for a film of that length.
pub(super) fn subtitles(length: Duration) -> [(&'static str, String); 2] {
    let mut files = [("en", String::new()), ("fr", String::new())];
    // A shorter film has its words closer together.
    let pace = length.as_secs_f64() / 120.0;
    for (index, (from, stay, english, french)) in LINES.iter().enumerate() {
        let time = |second: u32| {
            let ms = (f64::from(second) * pace * 1000.0) as u64;
            let (seconds, minutes) = (ms / 1000, ms / 60_000);
            let (hour, minute) = (minutes / 60, minutes % 60);
            format!("{hour:02}:{minute:02}:{:02},{:03}", seconds % 60, ms % 1000)
        };
        let (start, stop) = (time(*from), time(from + stay));
        for (file, words) in files.iter_mut().zip([english, french]) {
            let count = index + 1;
            write!(file.1, "{count}\n{start} --> {stop}\n{words}\n\n")
                .expect("writing to a string cannot fail");
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_follow_one_another() {
        for pair in LINES.windows(2) {
            assert!(pair[0].0 + pair[0].1 <= pair[1].0, "{}", pair[1].2);
        }
        let last = LINES.last().map(|line| line.0 + line.1);
        assert!(last.is_some_and(|end| end <= 120));
    }

    #[test]
    fn subtitles_are_in_the_form_of_subrip() {
        let [(language, english), _] = subtitles(Duration::from_mins(2));
        assert_eq!(language, "en");
        let head = "1\n00:00:01,000 --> 00:00:06,000\nGood morning.";
        assert!(english.starts_with(head), "{english}");
        assert!(english.contains("\n\n9\n00:01:12,000 --> 00:01:18,000\n"));
    }
}
