//! What may be asked of an add-on, by its manifest: the rule that every client keeps, the rows of
//! the wall, the catalogs that search, and what of the viewer it gets to see.

use crate::add_on::AddOnError;
use crate::manifest::{CatalogEntry, Manifest, Rule};
use crate::request::{Request, Resource};

/// So many items a page of a catalog has; a shorter one is the last.
pub const PAGE_ITEMS: usize = 100;

/// A row of the wall: a catalog, and how to ask for its first page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'m> {
    pub entry: &'m CatalogEntry,
    pub request: Request,
}

/// A kind of question that an add-on is asked, and so what it learns of the viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    pub resource: Resource,
    pub types: Vec<String>,
    /// How the ids begin that it is asked for; none: all ids.
    pub ids: Option<Vec<String>>,
}

impl Manifest {
    /// Whether `request` may be asked of this add-on.
    pub fn answers(&self, request: &Request) -> bool {
        if !request.is_speakable() {
            return false;
        }
        let entries = match request.resource {
            Resource::Catalog => &self.catalogs,
            Resource::AddOnCatalog => &self.addon_catalogs,
            _ => return self.resources.iter().any(|rule| rule.allows(request)),
        };
        let same = |it: &&CatalogEntry| it.kind == request.kind && it.id == request.id;
        entries
            .iter()
            .filter(same)
            .any(|it| it.takes(&request.extra))
    }

    /// What an add-on says first to `request`.
    ///
    /// # Errors
    /// [`AddOnError::Unsupported`]: it may not be asked that.
    pub fn admit(&self, request: &Request) -> Result<(), AddOnError> {
        let answers = self.answers(request);
        answers.then_some(()).ok_or(AddOnError::Unsupported)
    }

    /// The catalogs that can be shown without a choice; of an extra that must be sent the first
    /// value is taken.
    pub fn board(&self) -> Vec<Row<'_>> {
        let rows = self.catalogs.iter().filter_map(|entry| {
            let request = entry.first()?;
            Some(Row { entry, request })
        });
        rows.collect()
    }

    /// How its catalogs are asked for `words`.
    pub fn searches(&self, words: &str) -> Vec<Row<'_>> {
        let rows = self.catalogs.iter().filter_map(|entry| {
            let request = entry.search(words)?;
            Some(Row { entry, request })
        });
        rows.collect()
    }

    /// Which films, videos and files it is asked for; its own catalogs are no news to it.
    pub fn sights(&self) -> Vec<Sight> {
        let asked = self.resources.iter().filter(|rule| {
            let by_id = !matches!(rule.resource, Resource::Catalog | Resource::AddOnCatalog);
            by_id && !rule.types.is_empty()
        });
        let sights = asked.map(|rule| Sight {
            resource: rule.resource,
            types: rule.types.clone(),
            ids: rule.id_prefixes.clone(),
        });
        sights.collect()
    }

    /// Whether it gets to see what the viewer searches for.
    pub fn sees_searches(&self) -> bool {
        self.catalogs
            .iter()
            .any(|entry| entry.extra("search").is_some())
    }
}

impl Rule {
    fn allows(&self, request: &Request) -> bool {
        let begins = |prefix: &String| request.id.starts_with(prefix.as_str());
        self.resource == request.resource
            && self.types.contains(&request.kind)
            && self
                .id_prefixes
                .as_ref()
                .is_none_or(|all| all.iter().any(begins))
    }
}

impl CatalogEntry {
    pub fn new(kind: impl Into<String>, id: impl Into<String>) -> CatalogEntry {
        CatalogEntry {
            kind: kind.into(),
            id: id.into(),
            name: None,
            extra: Vec::new(),
        }
    }

    pub fn extra(&self, name: &str) -> Option<&crate::manifest::Extra> {
        self.extra.iter().find(|extra| extra.name == name)
    }

    /// Whether it has pages.
    pub fn has_pages(&self) -> bool {
        self.extra("skip").is_some()
    }

    /// Its genres; empty where it has none, or takes any.
    pub fn genres(&self) -> &[String] {
        self.extra("genre").map_or(&[], |extra| &extra.options)
    }

    /// Whether every extra of these is one of its own, and none that it must have is missing.
    pub fn takes(&self, sent: &[(String, String)]) -> bool {
        let known = sent.iter().all(|(name, _)| self.extra(name).is_some());
        let has = |name: &str| sent.iter().any(|(it, _)| it == name);
        let mut required = self.extra.iter().filter(|extra| extra.is_required);
        known && required.all(|extra| has(&extra.name))
    }

    /// Its first page; none where the viewer has to choose or to say something first.
    pub fn first(&self) -> Option<Request> {
        self.request(None)
    }

    /// Its answer to a search; none where it does not search.
    pub fn search(&self, words: &str) -> Option<Request> {
        self.extra("search")?;
        self.request(Some(words))
    }

    fn request(&self, words: Option<&str>) -> Option<Request> {
        let mut request = Request::new(Resource::Catalog, self.kind.as_str(), self.id.as_str());
        for extra in &self.extra {
            match words.filter(|_| extra.name == "search") {
                Some(words) => request = request.with("search", words),
                None if extra.is_required => {
                    request = request.with(extra.name.as_str(), extra.options.first()?.as_str());
                }
                None => {}
            }
        }
        request.is_speakable().then_some(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::Extra;

    fn manifest() -> Manifest {
        let required = |name: &str, options: &[&str]| Extra {
            is_required: true,
            options: options.iter().map(ToString::to_string).collect(),
            ..Extra::new(name)
        };
        let entry = |id: &str, extra: Vec<Extra>| CatalogEntry {
            extra,
            ..CatalogEntry::new("movie", id)
        };
        let rule = |resource, id_prefixes: Option<&[&str]>| Rule {
            resource,
            types: vec!["movie".into()],
            id_prefixes: id_prefixes.map(|all| all.iter().map(ToString::to_string).collect()),
        };
        Manifest {
            id: "org.example".into(),
            catalogs: vec![
                entry("all", vec![Extra::new("search"), Extra::new("skip")]),
                entry("by-genre", vec![required("genre", &["Drama", "Comedy"])]),
                entry("by-year", vec![required("year", &[])]),
                entry(
                    "found",
                    vec![required("search", &[]), required("genre", &["Drama"])],
                ),
                entry("..", vec![]),
            ],
            addon_catalogs: vec![CatalogEntry::new("all", "friends")],
            resources: vec![
                rule(Resource::Stream, Some(&["tt", "ff:"])),
                rule(Resource::Meta, None),
                rule(Resource::Subtitles, Some(&[])),
                rule(Resource::Catalog, None),
            ],
            ..Manifest::default()
        }
    }

    #[test]
    fn ids_and_types_decide_who_is_asked() {
        let manifest = manifest();
        let may =
            |resource, kind: &str, id: &str| manifest.answers(&Request::new(resource, kind, id));
        assert!(may(Resource::Stream, "movie", "tt1"));
        assert!(may(Resource::Stream, "movie", "ff:x"));
        assert!(!may(Resource::Stream, "movie", "kitsu:1"));
        assert!(!may(Resource::Stream, "series", "tt1"));
        assert!(may(Resource::Meta, "movie", "whatever"));
        assert!(!may(Resource::Meta, "movie", ".."));
        assert!(!may(Resource::Subtitles, "movie", "tt1"));
        assert!(may(Resource::AddOnCatalog, "all", "friends"));
        assert!(!may(Resource::AddOnCatalog, "all", "others"));
        assert!(!may(Resource::Catalog, "all", "friends"));
    }

    #[test]
    fn extras_decide_how_a_catalog_is_asked() {
        let manifest = manifest();
        let may = |id: &str, extra: &[(&str, &str)]| {
            let request = Request::new(Resource::Catalog, "movie", id);
            let sent = extra
                .iter()
                .fold(request, |it, (name, value)| it.with(*name, *value));
            manifest.answers(&sent)
        };
        assert!(may("all", &[]));
        assert!(may("all", &[("skip", "100"), ("search", "x")]));
        assert!(!may("all", &[("genre", "Drama")]));
        assert!(!may("by-genre", &[]));
        assert!(may("by-genre", &[("genre", "Comedy")]));
        assert!(!may("none", &[]));
    }

    #[test]
    fn rows_and_searches_are_found() {
        let manifest = manifest();
        let paths = |rows: Vec<Row<'_>>| -> Vec<String> {
            assert!(rows.iter().all(|row| manifest.answers(&row.request)));
            rows.iter().map(|row| row.request.path()).collect()
        };
        assert_eq!(
            paths(manifest.board()),
            [
                "/catalog/movie/all.json",
                "/catalog/movie/by-genre/genre=Drama.json"
            ]
        );
        assert_eq!(
            paths(manifest.searches("a b")),
            [
                "/catalog/movie/all/search=a%20b.json",
                "/catalog/movie/found/search=a%20b&genre=Drama.json"
            ]
        );
        assert!(manifest.catalogs[0].has_pages());
        assert_eq!(manifest.catalogs[1].genres(), ["Drama", "Comedy"]);
    }

    #[test]
    fn what_it_sees_can_be_told() {
        let manifest = manifest();
        let sights = manifest.sights();
        let told: Vec<_> = sights
            .iter()
            .map(|it| (it.resource, it.ids.as_deref()))
            .collect();
        let prefixes = ["tt".to_owned(), "ff:".to_owned()];
        assert_eq!(
            told,
            [
                (Resource::Stream, Some(&prefixes[..])),
                (Resource::Meta, None),
                (Resource::Subtitles, Some(&[][..])),
            ]
        );
        assert!(manifest.sees_searches());
        assert!(!Manifest::default().sees_searches());
    }
}
