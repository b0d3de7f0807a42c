//! What our own sources are called, and the rows of the wall that come from them.

pub const ARCHIVE: &str = "Internet Archive";
pub const ARCHIVE_ABOUT: &str = "Films that are free to watch, kept by the Internet Archive.";
pub const FEATURE_FILMS: &str = "Feature films";
pub const SILENT_FILMS: &str = "Silent films";
pub const CARTOONS: &str = "Cartoons";
pub const PRELINGER: &str = "Films of everyday life";
/// Each is also what the Archive calls it.
pub const GENRES: [&str; 9] = [
    "Adventure",
    "Animation",
    "Comedy",
    "Crime",
    "Documentary",
    "Drama",
    "Horror",
    "Science fiction",
    "Western",
];

pub const DRIVES: &str = "On this drive";
pub const DRIVES_ABOUT: &str = "Films in your folders and on your drives.";
pub const DRIVES_SERIES: &str = "Series on this drive";

pub const BUNDLED: &str = "Matinee";
pub const BUNDLED_ABOUT: &str = "The films that come with this box.";

pub const TMDB: &str = "TheMovieDB";
pub const TMDB_ABOUT: &str = "Facts and pictures of films and series, with your own token.";
pub const TRENDING_FILMS: &str = "Films of this week";
pub const TRENDING_SERIES: &str = "Series of this week";

pub const WIKI: &str = "Wikidata and Wikipedia";
pub const WIKI_ABOUT: &str = "Facts of films, free for everybody.";

pub const OPENSUBTITLES: &str = "OpenSubtitles";
pub const OPENSUBTITLES_ABOUT: &str = "Subtitles, with your own account.";
