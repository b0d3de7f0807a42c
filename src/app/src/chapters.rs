//! What a chapter of a film is, where its name says so: an opening, a recap, the credits.
//!
//! A name is looked up whole in a table of those that makers of films use, in the languages of the
//! box; what is not in it means nothing here, for a guess would take a scene from somebody.

use std::time::Duration;

use crate::Chapter;

/// Of a film without chapters that say so, its last part is so long: credits run for at least that.
const TAIL: Duration = Duration::from_secs(30);

/// A shorter film has no such part.
const LONG: Duration = Duration::from_mins(10);

/// What is shorter has gone before somebody finds the key.
const SKIP_MIN: Duration = Duration::from_secs(5);

/// What is longer is no opening, whatever it is called: scenes are in it.
const SKIP_MAX: Duration = Duration::from_mins(10);

/// What happens in a chapter that some would rather not see again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Intro,
    Recap,
    Credits,
}

/// What the names stand for; the last are of both ends of a film, and which is told by the half
/// that they begin in.
const NAMES: [(Option<Part>, &[&str]); 4] = [
    (
        Some(Part::Intro),
        &[
            "intro",
            "op",
            "opening",
            "opening credits",
            "opening song",
            "opening theme",
            "opening title",
            "opening titles",
            "theme song",
            "title sequence",
            "main title",
            "main titles",
            "générique de début",
            "générique d'ouverture",
            "cabecera",
            "créditos iniciales",
            "créditos iniciais",
            "créditos de abertura",
            "abertura",
            "vorspann",
            "titelsequenz",
            "sigla",
            "sigla iniziale",
            "sigla di apertura",
            "titoli di testa",
            "begintitels",
            "openingstitels",
            "czołówka",
            "опенинг",
            "заставка",
            "начальные титры",
            "опенінг",
            "початкові титри",
            "açılış",
            "açılış jeneriği",
            "شارة البداية",
            "פתיח",
            "כתוביות פתיחה",
            "शुरुआती क्रेडिट",
            "片头",
            "片頭",
            "片头曲",
            "片頭曲",
            "オープニング",
            "オープニングテーマ",
            "오프닝",
        ],
    ),
    (
        Some(Part::Recap),
        &[
            "recap",
            "previously",
            "previously on",
            "résumé",
            "précédemment",
            "en capítulos anteriores",
            "anteriormente",
            "resumen",
            "recapitulação",
            "resumo",
            "rückblick",
            "was bisher geschah",
            "riassunto",
            "riepilogo",
            "nelle puntate precedenti",
            "samenvatting",
            "wat voorafging",
            "poprzednio",
            "w poprzednich odcinkach",
            "ранее",
            "ранее в сериале",
            "в предыдущих сериях",
            "раніше",
            "у попередніх серіях",
            "önceki bölümlerde",
            "özet",
            "في الحلقات السابقة",
            "בפרקים הקודמים",
            "पिछले एपिसोड में",
            "前情提要",
            "あらすじ",
            "前回のあらすじ",
            "지난 이야기",
        ],
    ),
    (
        Some(Part::Credits),
        &[
            "ed",
            "ending",
            "ending credits",
            "ending song",
            "ending theme",
            "end credits",
            "end title",
            "end titles",
            "closing credits",
            "closing titles",
            "outro",
            "générique de fin",
            "créditos finales",
            "créditos finais",
            "encerramento",
            "abspann",
            "sigla finale",
            "sigla di chiusura",
            "titoli di coda",
            "aftiteling",
            "eindtitels",
            "tyłówka",
            "napisy końcowe",
            "эндинг",
            "финальные титры",
            "конечные титры",
            "ендінг",
            "фінальні титри",
            "кінцеві титри",
            "bitiş jeneriği",
            "kapanış jeneriği",
            "شارة النهاية",
            "כתוביות סיום",
            "अंतिम क्रेडिट",
            "片尾",
            "片尾曲",
            "エンディング",
            "エンディングテーマ",
            "엔딩",
            "엔딩 크레딧",
        ],
    ),
    (
        None,
        &[
            "credits",
            "titles",
            "générique",
            "crédits",
            "créditos",
            "titoli",
            "titels",
            "титры",
            "титри",
            "jenerik",
            "क्रेडिट",
            "クレジット",
            "크레딧",
        ],
    ),
];

/// What a chapter of that name is.
fn part(title: &str, first_half: bool) -> Option<Part> {
    let name = plain(title);
    let known = |names: &[&str]| names.iter().any(|it| plain(it) == name);
    let (part, _) = NAMES.iter().find(|(_, names)| known(names))?;
    Some(part.unwrap_or(if first_half {
        Part::Intro
    } else {
        Part::Credits
    }))
}

/// "01 - Opening (2)", "OPENING" and "Opening2" are one name: words in small letters, no numbers,
/// and not the word for what it is.
fn plain(title: &str) -> String {
    let small = title.to_lowercase();
    let words = small.split(|letter: char| !letter.is_alphanumeric());
    let words = words.map(|word| word.trim_end_matches(char::is_numeric));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let words = match words.split_first() {
        Some((&"chapter", rest)) if !rest.is_empty() => rest,
        _ => &words,
    };
    words.join(" ")
}

/// Where a film's last part begins, in which a viewer may think of the next one: where a chapter
/// says that credits do, else so long before the end of a film that is long enough.
pub(crate) fn last_part(chapters: &[Chapter], duration: Duration) -> Option<Duration> {
    let half = duration / 2;
    let credits = chapters.iter().filter(|it| {
        let late = it.start >= half && it.start < duration;
        late && part(&it.title, false) == Some(Part::Credits)
    });
    let tail = || (duration > LONG).then(|| duration.saturating_sub(TAIL));
    credits.map(|it| it.start).min().or_else(tail)
}

/// A part of a film that can be skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skip {
    pub(crate) part: Part,
    pub(crate) from: Duration,
    /// Where the next chapter begins.
    pub(crate) to: Duration,
}

/// What chapters say can be skipped. The last one is never: after it there is nothing to see.
pub(crate) fn skips(chapters: &[Chapter], duration: Duration) -> Vec<Skip> {
    let skip = |two: &[Chapter]| {
        let (from, to) = (two[0].start, two[1].start);
        let part = part(&two[0].title, from < duration / 2)?;
        let length = to.checked_sub(from)?;
        let fits = (SKIP_MIN..=SKIP_MAX).contains(&length) && to < duration;
        fits.then_some(Skip { part, from, to })
    };
    chapters.windows(2).filter_map(skip).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chapters(of: &[(u64, &str)]) -> Vec<Chapter> {
        let chapter = |(start, title): &(u64, &str)| Chapter {
            start: Duration::from_secs(*start),
            title: (*title).into(),
        };
        of.iter().map(chapter).collect()
    }

    #[test]
    fn a_name_is_known_whole_or_not_at_all() {
        for (title, first_half, expected) in [
            ("Opening", true, Some(Part::Intro)),
            ("02 - OP1", true, Some(Part::Intro)),
            ("Chapter 3: Intro", true, Some(Part::Intro)),
            ("Générique d’ouverture", true, Some(Part::Intro)),
            ("شارة البداية", true, Some(Part::Intro)),
            ("शुरुआती क्रेडिट", true, Some(Part::Intro)),
            ("PREVIOUSLY ON...", true, Some(Part::Recap)),
            ("前情提要", true, Some(Part::Recap)),
            ("End Credits", false, Some(Part::Credits)),
            ("Финальные титры", false, Some(Part::Credits)),
            ("ED", false, Some(Part::Credits)),
            ("Credits", true, Some(Part::Intro)),
            ("Credits", false, Some(Part::Credits)),
            ("The opening of the tomb", true, None),
            ("Introduction", true, None),
            ("Operation", true, None),
            ("Edward", false, None),
            ("Chapter 12", true, None),
            ("12", true, None),
            ("", true, None),
        ] {
            assert_eq!(part(title, first_half), expected, "{title}");
        }
    }

    #[test]
    fn what_chapters_say_can_be_skipped_up_to_the_next() {
        for (of, expected) in [
            (&[][..], &[][..]),
            (&[(0, "One"), (60, "Opening")], &[]),
            (
                &[
                    (0, "Recap"),
                    (60, "OP"),
                    (150, "A"),
                    (1300, "ED"),
                    (1390, "B"),
                ],
                &[
                    (Part::Recap, 0, 60),
                    (Part::Intro, 60, 150),
                    (Part::Credits, 1300, 1390),
                ],
            ),
            (&[(0, "Intro"), (4, "A")], &[]),
            (&[(0, "Intro"), (601, "A")], &[]),
            (&[(60, "Intro"), (0, "A")], &[]),
            (&[(1430, "Credits"), (1500, "Beyond the end")], &[]),
        ] {
            let found = skips(&chapters(of), Duration::from_mins(24));
            let found: Vec<_> = found
                .iter()
                .map(|it| (it.part, it.from.as_secs(), it.to.as_secs()))
                .collect();
            assert_eq!(found, expected, "{of:?}");
        }
    }

    #[test]
    fn every_name_stands_for_one_thing() {
        let all = NAMES.iter().flat_map(|(_, names)| names.iter());
        let mut all: Vec<String> = all.map(|name| plain(name)).collect();
        all.sort_unstable();
        let count = all.len();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|name| !name.is_empty()));
    }

    #[test]
    fn the_last_part_is_the_credits_or_half_a_minute() {
        for (of, minutes, expected) in [
            (&[][..], 45, Some(45 * 60 - 30)),
            (&[], 10, None),
            (&[(0, "One"), (1300, "Two")], 45, Some(45 * 60 - 30)),
            (&[(0, "One"), (2500, "Credits")], 45, Some(2500)),
            (&[(0, "Credits"), (100, "Two")], 45, Some(45 * 60 - 30)),
            (&[(0, "One"), (400, "ED"), (500, "Preview")], 9, Some(400)),
            (&[(2500, "ED"), (2600, "Credits")], 45, Some(2500)),
            (&[(9000, "Credits")], 45, Some(45 * 60 - 30)),
        ] {
            let found = last_part(&chapters(of), Duration::from_mins(minutes));
            let expected = expected.map(Duration::from_secs);
            assert_eq!(found, expected, "{of:?} of {minutes} min");
        }
    }
}
