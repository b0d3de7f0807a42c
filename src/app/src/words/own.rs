//! What our own sources are called, and the rows of the wall that come from them.
//!
//! Others know these names too, in English: they are what the sources themselves say. The core says
//! them in the language of the box where it shows them.

use crate::saying::own;

pub const ARCHIVE: &str = "Internet Archive";
pub const ARCHIVE_ABOUT: &str = own!("Films that are free to watch, kept by the Internet Archive.");
pub const FEATURE_FILMS: &str = own!("Feature films");
pub const SILENT_FILMS: &str = own!("Silent films");
pub const CARTOONS: &str = own!("Cartoons");
pub const PRELINGER: &str = own!("Films of everyday life");
/// Each is also what the Archive calls it.
pub const GENRES: [&str; 9] = [
    own!("Adventure"),
    own!("Animation"),
    own!("Comedy"),
    own!("Crime"),
    own!("Documentary"),
    own!("Drama"),
    own!("Horror"),
    own!("Science fiction"),
    own!("Western"),
];

/// What others call genres too; these are said in the language of the box.
pub const MORE_GENRES: [&str; 16] = [
    own!("Action"),
    own!("Biography"),
    own!("Family"),
    own!("Fantasy"),
    own!("Film noir"),
    own!("History"),
    own!("Music"),
    own!("Musical"),
    own!("Mystery"),
    own!("Romance"),
    own!("Science Fiction"),
    own!("Sci-Fi"),
    own!("Short"),
    own!("Sport"),
    own!("Thriller"),
    own!("War"),
];

pub const DRIVES: &str = own!("On this drive");
pub const DRIVES_ABOUT: &str = own!("Films in your folders and on your drives.");
pub const DRIVES_SERIES: &str = own!("Series on this drive");

pub const BUNDLED: &str = "Matinee";
pub const BUNDLED_ABOUT: &str = own!("The films that come with this box.");

pub const TMDB: &str = "TheMovieDB";
pub const TMDB_ABOUT: &str = own!("Facts and pictures of films and series, with your own token.");
pub const TRENDING_FILMS: &str = own!("Films of this week");
pub const TRENDING_SERIES: &str = own!("Series of this week");

pub const WIKI: &str = own!("Wikidata and Wikipedia");
pub const WIKI_ABOUT: &str = own!("Facts of films, free for everybody.");

pub const OPENSUBTITLES: &str = "OpenSubtitles";
pub const OPENSUBTITLES_ABOUT: &str = own!("Subtitles, with your own account.");
