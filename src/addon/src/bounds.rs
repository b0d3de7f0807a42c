//! How much of a stranger's answer is taken in. Beyond these it is cut and counted, or refused
//! where half of it is no use.

/// Of an answer; the largest seen, a series with 3,000 videos told at length, has 2 MiB.
pub const ANSWER_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Tables within tables; a meta with videos with streams with hints is 8 deep.
pub(crate) const DEPTH_MAX: u32 = 64;

/// Values in one answer, each about 100 bytes in RAM; a meta of 10,000 videos has 120,000.
pub(crate) const VALUES_MAX: u32 = 250_000;

/// Items of any list, and videos of a meta: soap operas have 8,000.
pub(crate) const VIDEOS_MAX: usize = 10_000;

/// Films in a page of a catalog; a page has 100, and some add-ons do not page.
pub(crate) const METAS_MAX: usize = 1_000;

/// Streams for one film; those that search everywhere answer with 300.
pub(crate) const STREAMS_MAX: usize = 1_000;

/// Subtitles for one film: 60 languages with 20 each.
pub(crate) const SUBTITLES_MAX: usize = 2_000;

/// Add-ons in a list of add-ons; the list of the community has 500.
pub(crate) const ADD_ONS_MAX: usize = 2_000;

/// Catalogs of a manifest; its authors' SDK stops at 8 KiB, so at about 80.
pub(crate) const CATALOGS_MAX: usize = 500;

/// Values that an extra can have: genres, years, countries.
pub(crate) const OPTIONS_MAX: usize = 1_000;

/// Short lists beside a film or an add-on: genres, cast, links, types, prefixes.
pub(crate) const WORDS_MAX: usize = 200;

/// Trackers of a stream, as of a magnet link.
pub(crate) const TRACKERS_MAX: usize = 100;

/// Headers that a stream wants to be asked with.
pub(crate) const HEADERS_MAX: usize = 32;

/// Pairs after the id in a path; the protocol knows six.
pub(crate) const EXTRAS_MAX: usize = 16;

/// An id; longer ones are refused, for half an id is another id.
pub(crate) const ID_MAX_BYTES: usize = 2_048;

/// A URL, as servers take them; longer ones are refused.
pub(crate) const URL_MAX_BYTES: usize = 8_192;

/// A name, a title, a person.
pub(crate) const NAME_MAX_CHARS: usize = 300;

/// A synopsis; a screen shows 600.
pub(crate) const PROSE_MAX_CHARS: usize = 8_000;

/// How long an answer may say it is good for, in seconds: a year; who says more means
/// milliseconds.
pub(crate) const CACHE_MAX_S: u32 = 365 * 24 * 60 * 60;
