//! What the name of a file, a release or an add-on's stream says of the film in it.
//!
//! [`Release::of`] reads the name of a file or a torrent, with the folders it lies in;
//! [`Release::of_archive`] one of the Internet Archive, which has habits of its own; [`Stream::of`]
//! the few lines that an add-on shows for a stream. All are pure, bounded and never fail: what a
//! name does not say is none. A name is somebody's claim, so what comes out of here may order
//! sources and fill a wall, and is never proof of what is in the file.
//!
//! The reading of a release name is hunch's, a port of guessit; ours are the bounds around it, the
//! values instead of words, and what it does not know: the Archive's endings, flags, seeds, sizes.
//! The first name costs about 0.1 s and 14 MB (its tables are made), each further one under 2 ms.
//!
//! # Why hunch
//!
//! Its regular expressions are the regex crate's, whose time is linear in the name, so that names
//! of strangers cannot hold it up; without its command line it needs only what is in the tree
//! already. It builds in about 13 s of CPU. Names are cut to three parts of 255 bytes first, and
//! 20,000 hostile ones made of its own vocabulary found no panic. The alternative,
//! torrent-name-parser, knows neither 4K nor editions.
//!
//! # Agreement with guessit
//!
//! How often we say the same as guessit 3.8.0 on the names of its own public cases, counting for
//! each field the names of which either says something of it:
//!
//! | field | names | agree |
//! |---|---|---|
//! | title | 804 | 89.3 % |
//! | year | 227 | 94.7 % |
//! | seasons | 433 | 90.3 % |
//! | episodes | 495 | 87.7 % |
//! | resolution | 425 | 98.8 % |
//! | codec | 450 | 98.0 % |
//! | source | 526 | 95.8 % |
//! | hdr | 9 | 100.0 % |
//! | audio | 212 | 97.6 % |
//! | channels | 119 | 94.1 % |
//! | languages | 121 | 76.0 % |
//! | subtitles | 66 | 77.3 % |
//! | group | 562 | 82.6 % |
//! | edition | 43 | 79.1 % |
//! | container | 399 | 98.2 % |
//! | all of these at once | 804 | 69.5 % |
//!
//! What is left: folders without a show's name, numbers that are a title to one and an episode to
//! the other, language codes of two letters (hunch takes fewer of them for words of titles).
//!
//! To get the table again, with guessit and its module six from PyPI and `CASES` its folder `test`
//! (`DIFFERENCES=1` prints what differs):
//!
//! ```sh
//! cat CASES/movies.yml CASES/episodes.yml CASES/various.yml | sed -n "s/^? *//p" |
//!     sed "s/^'\(.*\)'$/\1/; s/^\"\(.*\)\"$/\1/" | grep -v '^[_-]' | sort -u > names.txt
//! guessit --input-file names.txt --json > answers.txt
//! cargo run -p matinee-names --example names_agreement names.txt answers.txt
//! ```

#![cfg_attr(test, allow(clippy::unwrap_used))]

mod archive;
mod languages;
mod reading;
mod release;
mod stream;

pub use languages::language;
pub use release::{Audio, Codec, Hdr, Kind, Medium, Release, channels, resolution};
pub use stream::Stream;
