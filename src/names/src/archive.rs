//! The Internet Archive's habits: what it appends to the names of the files it makes, and titles
//! that are identifiers.

/// Before the ending of what it derives from an upload, or what people there append.
const MADE: &[&str] = &["_512kb", "_256kb", "_64kb", "_edit", "_archive", ".ia"];

/// `Night_of_the_Living_Dead_512kb.mp4` as `Night of the Living Dead.mp4`.
pub(crate) fn cleaned(name: &str) -> String {
    let (stem, end) = match name.rsplit_once('.') {
        // The longest is "torrent".
        Some((stem, end)) if (2..=7).contains(&end.len()) && !stem.is_empty() => (stem, end),
        _ => (name, ""),
    };
    let mut stem = stem;
    while let Some(made) = MADE.iter().find(|made| ends_with(stem, made)) {
        stem = &stem[..stem.len() - made.len()];
    }
    let spaced = stem.replace('_', " ");
    let words = if spaced.contains([' ', '.']) {
        spaced
    } else if spaced.matches('-').count() > 1 {
        spaced.replace('-', " ")
    } else {
        apart(&spaced)
    };
    match end {
        "" => words,
        end => format!("{words}.{end}"),
    }
}

fn ends_with(text: &str, end: &str) -> bool {
    let begin = text.len().checked_sub(end.len());
    let found = begin.and_then(|begin| text.get(begin..));
    // Nothing before it: then it is the name.
    begin != Some(0) && found.is_some_and(|found| found.eq_ignore_ascii_case(end))
}

/// `CosmosLaundromatFirstCycle` as "Cosmos Laundromat First Cycle", `Film1968` as "Film 1968". One
/// capital inside a word is left alone: "McLintock".
fn apart(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let turns = |at: &usize| {
        let (before, here) = (letters[at - 1], letters[*at]);
        let humps = before.is_lowercase() && here.is_uppercase();
        let number = before.is_alphabetic() && here.is_ascii_digit() && before != 'x';
        let after = before.is_ascii_digit() && here.is_uppercase();
        humps || number || after
    };
    let turns: Vec<usize> = (1..letters.len()).filter(turns).collect();
    if turns.len() < 2 && !letters.iter().any(char::is_ascii_digit) {
        return word.to_owned();
    }
    let mut out = String::new();
    for (at, letter) in letters.iter().enumerate() {
        if turns.contains(&at) {
            out.push(' ');
        }
        out.push(*letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn its_endings_go() {
        for (name, expected) in [
            (
                "Night_of_the_Living_Dead_512kb.mp4",
                "Night of the Living Dead.mp4",
            ),
            ("sintel_edit_512KB.mp4", "sintel.mp4"),
            ("Sintel_archive.torrent", "Sintel.torrent"),
            ("Sintel.ia.mp4", "Sintel.mp4"),
            (
                "CosmosLaundromatFirstCycle",
                "Cosmos Laundromat First Cycle",
            ),
            (
                "BigBuckBunny1280x720Stereo.mp4",
                "Big Buck Bunny 1280x720 Stereo.mp4",
            ),
            ("TearsOfSteel2012", "Tears Of Steel 2012"),
            ("McLintock.mp4", "McLintock.mp4"),
            ("_edit.mp4", " edit.mp4"),
            ("", ""),
            (".", "."),
            ("Tears-of-Steel", "Tears of Steel"),
            ("Spider-Man", "Spider-Man"),
        ] {
            assert_eq!(cleaned(name), expected);
        }
    }
}
