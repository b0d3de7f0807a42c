//! The name that most sources know a film by.

use std::fmt;
use std::str::FromStr;

/// IMDb's number of a film, a series or an episode: `tt1727587`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Imdb(pub u32);

impl fmt::Display for Imdb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Seven digits at least; newer ones have eight.
        write!(f, "tt{:07}", self.0)
    }
}

impl FromStr for Imdb {
    type Err = ();

    fn from_str(text: &str) -> Result<Imdb, ()> {
        let digits = text.strip_prefix("tt").ok_or(())?;
        let sound = (5..=9).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        let number = digits.parse().map_err(|_| ())?;
        if sound && number > 0 {
            Ok(Imdb(number))
        } else {
            Err(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_and_written() {
        for text in ["tt1727587", "tt0032138", "tt12345678"] {
            let id: Imdb = text.parse().unwrap();
            assert_eq!(id.to_string(), text);
        }
        for text in [
            "",
            "tt",
            "1727587",
            "tt0000000",
            "tt12a4567",
            "tt9999999999",
            "nm0000001",
        ] {
            assert_eq!(text.parse::<Imdb>(), Err(()), "{text}");
        }
    }
}
