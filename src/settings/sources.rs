//! The options of our own sources of films, facts and subtitles.
//!
//! [`Sources`] is the plain result. Accounts are the owner's; none comes with the box, and what
//! needs one is not there without it.

use std::path::{Path, PathBuf};

use super::arguments::set;
use super::engine::put;
use super::{Secret, values};

/// Everything that can be chosen of sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// BCP 47, the best known first: of texts, facts and subtitles; none: nobody has said.
    pub languages: Vec<String>,
    /// When subtitles are shown that nobody asked for.
    pub subtitles: app::ShowTexts,
    /// ISO 3166-1: whose certifications are shown.
    pub country: Option<String>,
    /// Shows the free films of the Internet Archive.
    pub internet_archive: bool,
    /// Asks Wikidata and Wikipedia for facts of films.
    pub wikipedia: bool,
    /// Shows the films in them, and what comes and goes there.
    pub film_folders: Vec<PathBuf>,
    /// Where the system mounts drives, each in a folder of its own: shown like film folders.
    pub drives: Option<PathBuf>,
    /// TheMovieDB's "API read access token".
    pub tmdb_token: Option<Secret>,
    /// OpenSubtitles' key of an application.
    pub opensubtitles_key: Option<Secret>,
    pub opensubtitles_user: Option<String>,
    pub opensubtitles_password: Option<Secret>,
    /// Copies of the sources on the owner's network.
    pub archive_address: Option<String>,
    pub tmdb_address: Option<String>,
    pub opensubtitles_address: Option<String>,
    pub wiki_address: Option<String>,
}

/// For who said nothing.
const LANGUAGE: &str = "en";

impl Default for Sources {
    fn default() -> Self {
        Self {
            languages: Vec::new(),
            subtitles: app::ShowTexts::default(),
            country: None,
            internet_archive: true,
            wikipedia: true,
            film_folders: Vec::new(),
            drives: None,
            tmdb_token: None,
            opensubtitles_key: None,
            opensubtitles_user: None,
            opensubtitles_password: None,
            archive_address: None,
            tmdb_address: None,
            opensubtitles_address: None,
            wiki_address: None,
        }
    }
}

impl Sources {
    /// Those that are understood.
    pub fn understood(&self) -> Vec<String> {
        match self.languages.as_slice() {
            [] => vec![LANGUAGE.to_owned()],
            languages => languages.to_vec(),
        }
    }

    /// The language that texts of facts are asked for in.
    pub fn language(&self) -> &str {
        self.languages.first().map_or(LANGUAGE, String::as_str)
    }

    /// The country that was named, or that of the first language that has one ("pt-BR").
    pub fn country(&self) -> &str {
        let regions = self.languages.iter().filter_map(|tag| {
            let (_, region) = tag.rsplit_once('-')?;
            (region.len() == 2).then_some(region)
        });
        let named = self.country.as_deref();
        named.or_else(|| { regions }.next()).unwrap_or_default()
    }

    /// Whether something in here must not be read by others.
    pub fn has_secrets(&self) -> bool {
        let all = [
            &self.tmdb_token,
            &self.opensubtitles_key,
            &self.opensubtitles_password,
        ];
        all.into_iter().any(Option::is_some)
    }
}

/// The sources' part of a command line or settings' file.
#[derive(Debug, Default, clap::Args)]
#[command(next_help_heading = "Films, facts and subtitles")]
pub(super) struct SourceArguments {
    /// A language you know, the best known first; may be given several times [default: en]
    #[arg(long, value_name = "TAG", value_parser = values::language)]
    languages: Vec<String>,

    /// When subtitles are shown by themselves: always, foreign (where the sound is in a language
    /// that is none of yours) or never [default: foreign]
    #[arg(long, value_name = "WHEN", value_parser = values::subtitles)]
    subtitles: Option<app::ShowTexts>,

    /// Show the certifications of this country [default: that of the first language]
    #[arg(long, value_name = "CC", value_parser = values::country)]
    country: Option<String>,

    /// Show the free films of the Internet Archive [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    internet_archive: Option<bool>,

    /// Ask Wikidata and Wikipedia for facts of films [default: true]
    #[arg(long, value_name = "BOOL", value_parser = values::switch, num_args = 0..=1,
          require_equals = true, default_missing_value = "true")]
    wikipedia: Option<bool>,

    /// Show the films in this folder; may be given several times
    #[arg(long, value_name = "DIR")]
    film_folders: Vec<PathBuf>,

    /// Show the films on the drives that are mounted in this folder
    #[arg(long, value_name = "DIR")]
    drives: Option<PathBuf>,

    /// Ask TheMovieDB with your API read access token
    #[arg(long, value_name = "T", value_parser = values::long_token)]
    tmdb_token: Option<Secret>,

    /// Ask OpenSubtitles with this key of an application
    #[arg(long, value_name = "T", value_parser = values::token)]
    opensubtitles_key: Option<Secret>,

    /// Your name there
    #[arg(long, value_name = "NAME")]
    opensubtitles_user: Option<String>,

    /// Your password there
    #[arg(long, value_name = "T", value_parser = values::password)]
    opensubtitles_password: Option<Secret>,

    /// Ask a copy of the Internet Archive instead
    #[arg(long, value_name = "URL", value_parser = values::web)]
    archive_address: Option<String>,

    /// Ask a copy of TheMovieDB instead
    #[arg(long, value_name = "URL", value_parser = values::web)]
    tmdb_address: Option<String>,

    /// Ask a copy of OpenSubtitles instead
    #[arg(long, value_name = "URL", value_parser = values::web)]
    opensubtitles_address: Option<String>,

    /// Ask a copy of Wikidata and Wikipedia instead
    #[arg(long, value_name = "URL", value_parser = values::web)]
    wiki_address: Option<String>,
}

impl SourceArguments {
    /// What was given takes the place of what is there.
    pub(super) fn over(self, sources: &mut Sources) {
        if !self.languages.is_empty() {
            sources.languages = self.languages;
        }
        if !self.film_folders.is_empty() {
            sources.film_folders = self.film_folders;
        }
        put(&mut sources.drives, self.drives);
        set(&mut sources.internet_archive, self.internet_archive);
        set(&mut sources.wikipedia, self.wikipedia);
        set(&mut sources.subtitles, self.subtitles);
        put(&mut sources.country, self.country);
        put(&mut sources.tmdb_token, self.tmdb_token);
        put(&mut sources.opensubtitles_key, self.opensubtitles_key);
        put(&mut sources.opensubtitles_user, self.opensubtitles_user);
        put(
            &mut sources.opensubtitles_password,
            self.opensubtitles_password,
        );
        put(&mut sources.archive_address, self.archive_address);
        put(&mut sources.tmdb_address, self.tmdb_address);
        put(
            &mut sources.opensubtitles_address,
            self.opensubtitles_address,
        );
        put(&mut sources.wiki_address, self.wiki_address);
    }

    /// Takes paths from `folder`, where they are relative.
    pub(super) fn based_on(&mut self, folder: &Path) {
        for path in self.film_folders.iter_mut().chain(&mut self.drives) {
            *path = folder.join(&path);
        }
    }
}
