//! The manifest: who an add-on is, what it answers, and for which types and ids.
//!
//! Read into the one form that the rules are about: a resource in the short form takes the
//! manifest's types and prefixes with it, one in the long form has what it says and no more, and
//! extras of catalogs in the legacy short form become the long one. What may be asked by it is in
//! `offers`.

use serde::Serialize;
use serde_json::Value;

use crate::bounds::{CATALOGS_MAX, OPTIONS_MAX, PROSE_MAX_CHARS, WORDS_MAX};
use crate::fields::{Fields, words};
use crate::json::{self, AnswerError};
use crate::losses::Losses;
use crate::meta::is_none;
use crate::request::Resource;
use crate::text;

/// What an add-on says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    pub id: String,
    pub name: String,
    /// Should be a semantic version, and is what it is.
    pub version: String,
    #[serde(skip_serializing_if = "is_none")]
    pub description: Option<String>,
    /// Pictures are http or https addresses.
    #[serde(skip_serializing_if = "is_none")]
    pub logo: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub background: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub contact_email: Option<String>,
    /// `movie`, `series` ...
    pub types: Vec<String>,
    pub resources: Vec<Rule>,
    pub catalogs: Vec<CatalogEntry>,
    /// Lists of other add-ons.
    #[serde(skip_serializing_if = "is_none")]
    pub addon_catalogs: Vec<CatalogEntry>,
    #[serde(rename = "behaviorHints", skip_serializing_if = "is_none")]
    pub hints: ManifestHints,
}

/// A resource, and what of it may be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    #[serde(rename = "name")]
    pub resource: Resource,
    pub types: Vec<String>,
    /// How ids begin; none: all ids.
    #[serde(skip_serializing_if = "is_none")]
    pub id_prefixes: Option<Vec<String>>,
}

/// A catalog, and how it can be asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CatalogEntry {
    #[serde(rename = "type")]
    pub kind: String,
    pub id: String,
    #[serde(skip_serializing_if = "is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub extra: Vec<Extra>,
}

/// An extra that a catalog takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Extra {
    /// `search`, `genre`, `skip` ...
    pub name: String,
    #[serde(skip_serializing_if = "is_none")]
    pub is_required: bool,
    /// Its values; empty: any.
    #[serde(skip_serializing_if = "is_none")]
    pub options: Vec<String>,
    /// So many of them may be sent at once.
    #[serde(rename = "optionsLimit", skip_serializing_if = "is_one")]
    pub options_max: u32,
}

// Four yes or no of the protocol.
#[allow(clippy::struct_excessive_bools)]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestHints {
    #[serde(skip_serializing_if = "is_none")]
    pub adult: bool,
    /// Its streams are torrents: peers see the viewer's address.
    #[serde(skip_serializing_if = "is_none")]
    pub p2p: bool,
    /// It has a page of settings.
    #[serde(skip_serializing_if = "is_none")]
    pub configurable: bool,
    /// Without them it cannot be installed: open the page instead.
    #[serde(skip_serializing_if = "is_none")]
    pub configuration_required: bool,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's form
fn is_one(count: &u32) -> bool {
    *count == 1
}

impl Manifest {
    /// Reads the answer to `/manifest.json`, and counts what of it was no use.
    ///
    /// # Errors
    /// When it is no JSON object, or one without an id.
    pub fn read(bytes: &[u8]) -> Result<(Manifest, Losses), AnswerError> {
        let (table, cut) = json::object(bytes)?;
        let mut losses = Losses {
            cut,
            ..Losses::default()
        };
        let fields = Fields(&table);
        match Manifest::of(fields, &mut losses) {
            Some(manifest) => Ok((manifest, losses)),
            None => Err(refusal(fields).unwrap_or(AnswerError::Missing("id"))),
        }
    }

    /// None without an id.
    pub(crate) fn of(fields: Fields<'_>, losses: &mut Losses) -> Option<Manifest> {
        let id = fields.id("id")?;
        let catalogs = CatalogEntry::list(fields, "catalogs", losses);
        let addon_catalogs = CatalogEntry::list(fields, "addonCatalogs", losses);
        let mut types = fields.ids("types", WORDS_MAX, losses);
        if fields.get("types").is_none() {
            for catalog in &catalogs {
                if types.len() < WORDS_MAX && !types.contains(&catalog.kind) {
                    types.push(catalog.kind.clone());
                }
            }
        }
        let id_prefixes = prefixes(fields, losses);
        let mut resources = Vec::new();
        for item in fields.items("resources", WORDS_MAX, losses) {
            match Rule::read(item, &types, id_prefixes.as_ref(), losses) {
                Ok(rule) => resources.extend(rule),
                Err(NoRule) => losses.bad(),
            }
        }
        Some(Manifest {
            name: fields.line("name").unwrap_or_else(|| text::name_of(&id)),
            version: fields.line("version").unwrap_or_else(|| "0.0.0".into()),
            description: fields.prose("description", PROSE_MAX_CHARS),
            logo: fields.web("logo"),
            background: fields.web("background"),
            contact_email: fields.line("contactEmail"),
            types,
            resources,
            catalogs,
            addon_catalogs,
            hints: ManifestHints::read(fields),
            id,
        })
    }
}

/// What an add-on says of its own failure, where it says nothing else.
pub(crate) fn refusal(fields: Fields<'_>) -> Option<AnswerError> {
    let said = ["err", "error"].iter().find_map(|key| {
        let table = fields.table(key).and_then(|error| error.line("message"));
        table.or_else(|| fields.line(key))
    });
    said.map(AnswerError::Refused)
}

/// `idPrefixes`: null is none, and an empty list is one that nothing begins with.
fn prefixes(fields: Fields<'_>, losses: &mut Losses) -> Option<Vec<String>> {
    fields.get("idPrefixes")?;
    Some(fields.ids("idPrefixes", WORDS_MAX, losses))
}

/// Neither a name nor an object with one.
struct NoRule;

impl Rule {
    /// None for a resource that is not of this protocol.
    fn read(
        value: &Value,
        types: &[String],
        id_prefixes: Option<&Vec<String>>,
        losses: &mut Losses,
    ) -> Result<Option<Rule>, NoRule> {
        let Some(fields) = Fields::of(value) else {
            let word = value.as_str().ok_or(NoRule)?;
            return Ok(Resource::from_word(word).map(|resource| Rule {
                resource,
                types: types.to_vec(),
                id_prefixes: id_prefixes.cloned(),
            }));
        };
        let word = fields.line("name").ok_or(NoRule)?;
        let Some(resource) = Resource::from_word(&word) else {
            return Ok(None);
        };
        Ok(Some(Rule {
            resource,
            types: fields.ids("types", WORDS_MAX, losses),
            id_prefixes: prefixes(fields, losses),
        }))
    }
}

impl CatalogEntry {
    fn list(fields: Fields<'_>, key: &str, losses: &mut Losses) -> Vec<CatalogEntry> {
        fields.list(key, CATALOGS_MAX, losses, CatalogEntry::read)
    }

    fn read(value: &Value, losses: &mut Losses) -> Option<CatalogEntry> {
        let fields = Fields::of(value)?;
        let mut extra = fields.list("extra", WORDS_MAX, losses, Extra::read);
        if fields.get("extra").is_none() {
            extra = short_extras(fields, losses);
        }
        Some(CatalogEntry {
            kind: fields.id("type")?,
            id: fields.id("id")?,
            name: fields.line("name"),
            extra,
        })
    }
}

/// `extraSupported`, `extraRequired` and `genres`.
fn short_extras(fields: Fields<'_>, losses: &mut Losses) -> Vec<Extra> {
    let required = fields.ids("extraRequired", WORDS_MAX, losses);
    let mut names = fields.ids("extraSupported", WORDS_MAX, losses);
    let genres = options(fields, "genres", losses);
    let genre = (!genres.is_empty()).then(|| "genre".to_owned());
    for name in required.iter().cloned().chain(genre) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let extras = names.into_iter().map(|name| Extra {
        is_required: required.contains(&name),
        options: if name == "genre" {
            genres.clone()
        } else {
            Vec::new()
        },
        options_max: 1,
        name,
    });
    extras.collect()
}

/// Sent back as they are, so kept as they are.
fn options(fields: Fields<'_>, key: &str, losses: &mut Losses) -> Vec<String> {
    let read = |item: &Value, _: &mut Losses| {
        // Some add-ons have a null before the others, for none.
        text::id(&words(item)?)
    };
    fields.list(key, OPTIONS_MAX, losses, read)
}

impl Extra {
    /// An extra that need not be sent, with any value.
    pub fn new(name: impl Into<String>) -> Extra {
        Extra {
            name: name.into(),
            is_required: false,
            options: Vec::new(),
            options_max: 1,
        }
    }

    fn read(value: &Value, losses: &mut Losses) -> Option<Extra> {
        let Some(fields) = Fields::of(value) else {
            return value.as_str().and_then(text::id).map(Extra::new);
        };
        Some(Extra {
            name: fields.id("name")?,
            is_required: fields.flag("isRequired"),
            options: options(fields, "options", losses),
            options_max: fields.small("optionsLimit").unwrap_or(1).max(1),
        })
    }
}

impl ManifestHints {
    fn read(fields: Fields<'_>) -> ManifestHints {
        let Some(hints) = fields.table("behaviorHints") else {
            return ManifestHints::default();
        };
        ManifestHints {
            adult: hints.flag("adult"),
            p2p: hints.flag("p2p"),
            configurable: hints.flag("configurable"),
            configuration_required: hints.flag("configurationRequired"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(value: &Value) -> (Manifest, Losses) {
        Manifest::read(value.to_string().as_bytes()).unwrap()
    }

    #[test]
    fn short_and_long_resources_become_rules() {
        let (manifest, losses) = read(&json!({
            "id": "org.example", "version": 2, "types": ["movie", "series"],
            "idPrefixes": ["tt"],
            "resources": ["meta", {"name": "stream", "types": ["movie"]},
                {"name": "subtitles", "types": ["movie"], "idPrefixes": ["ff:", 7]},
                {"name": "meta"}, "rating", {"name": "rating"}, 5, {}],
            "catalogs": null, "behaviorHints": {"p2p": true, "adult": "0"}
        }));
        assert_eq!(
            (manifest.name.as_str(), manifest.version.as_str()),
            ("org.example", "2")
        );
        let rule = |resource, types: &[&str], prefixes: Option<&[&str]>| Rule {
            resource,
            types: types.iter().map(ToString::to_string).collect(),
            id_prefixes: prefixes.map(|them| them.iter().map(ToString::to_string).collect()),
        };
        assert_eq!(
            manifest.resources,
            [
                rule(Resource::Meta, &["movie", "series"], Some(&["tt"])),
                rule(Resource::Stream, &["movie"], None),
                rule(Resource::Subtitles, &["movie"], Some(&["ff:", "7"])),
                rule(Resource::Meta, &[], None),
            ]
        );
        assert!(manifest.hints.p2p && !manifest.hints.adult);
        assert_eq!(losses.bad, 2);
        assert_eq!(read(&json!(manifest)), (manifest, Losses::default()));
    }

    #[test]
    fn extras_of_both_forms_are_the_same() {
        let entry = |extra: Value| {
            let mut entry = json!({"type": "movie", "id": "top", "name": "Top"});
            entry
                .as_object_mut()
                .unwrap()
                .extend(extra.as_object().unwrap().clone());
            let (mut manifest, losses) = read(&json!({"id": "x", "catalogs": [entry, {}]}));
            assert_eq!(losses.bad, 1);
            assert_eq!(manifest.types, ["movie"]);
            manifest.catalogs.remove(0)
        };
        let long = entry(json!({"extra": [
            {"name": "skip"}, {"name": "genre", "isRequired": true, "options": ["A", "B & C"]}
        ]}));
        let short = entry(json!({
            "extraSupported": ["skip", "genre"], "extraRequired": ["genre"],
            "genres": ["A", "B & C"]
        }));
        assert_eq!(long, short);
        assert_eq!(long.extra[1].options, ["A", "B & C"]);
        let bare = entry(json!({"genres": ["A"]}));
        assert_eq!((bare.extra.len(), bare.extra[0].is_required), (1, false));
    }

    #[test]
    fn what_is_no_manifest_says_so() {
        let refused = |text: &str| Manifest::read(text.as_bytes()).unwrap_err();
        assert_eq!(refused("{}"), AnswerError::Missing("id"));
        assert_eq!(
            refused(r#"{"id": null, "name": "x"}"#),
            AnswerError::Missing("id")
        );
        let said = AnswerError::Refused("no such key".into());
        assert_eq!(refused(r#"{"error": {"message": "no such key"}}"#), said);
        assert_eq!(refused(r#"{"err": "no such key"}"#), said);
        assert_eq!(refused("<html>"), AnswerError::Html);
    }
}
