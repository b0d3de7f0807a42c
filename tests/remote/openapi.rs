//! `openapi.json` against the API itself: every endpoint is in it and no other, its examples fit
//! its schemas, and so does every answer that any test here gets.

use std::sync::OnceLock;

use super::*;

/// The file, as the box serves it.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let text = include_str!("../../src/remote/openapi.json");
        serde_json::from_str(text).unwrap()
    })
}

/// What `{"$ref": "#/a/b"}` stands for.
fn resolved(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(place) => document().pointer(&place[1..]).expect(place),
        None => value,
    }
}

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Methods, paths and what is said of them.
fn operations() -> Vec<(&'static str, &'static str, &'static Value)> {
    let mut operations = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            if METHODS.contains(&method.as_str()) {
                operations.push((method.as_str(), path.as_str(), operation));
            }
        }
    }
    operations
}

/// Why the value is not as the schema says; the part of JSON Schema that the file uses.
fn fault(value: &Value, schema: &'static Value, at: &str) -> Option<String> {
    let schema = resolved(schema);
    if let Some(ways) = schema["oneOf"].as_array() {
        let fit = ways.iter().filter(|way| fault(value, way, at).is_none());
        let fit = fit.count();
        return (fit != 1).then(|| format!("{at}: fits {fit} of {} ways: {value}", ways.len()));
    }
    let is = |kind: &str| match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => panic!("{at}: a type {other}"),
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        _ => panic!("{at}: a schema without a type: {schema}"),
    };
    let among = schema["enum"].as_array();
    let among = among.is_none_or(|values| values.contains(value));
    let constant = schema.get("const").is_none_or(|only| only == value);
    if !fits || !among || !constant {
        return Some(format!("{at}: {value} is not as {schema} says"));
    }
    if let (Some(values), Some(items)) = (value.as_array(), schema.get("items")) {
        let mut values = values.iter().enumerate();
        return values.find_map(|(place, value)| fault(value, items, &format!("{at}/{place}")));
    }
    let fields = value.as_object()?;
    let known = schema.get("properties").and_then(Value::as_object);
    let closed = schema.get("additionalProperties") == Some(&Value::Bool(false));
    let required = schema["required"].as_array().into_iter().flatten();
    for name in required.filter_map(Value::as_str) {
        if !fields.contains_key(name) {
            return Some(format!("{at}: {name} is missing"));
        }
    }
    fields.iter().find_map(|(name, value)| {
        let place = format!("{at}/{name}");
        match known.and_then(|known| known.get(name)) {
            Some(schema) => fault(value, schema, &place),
            None => closed.then(|| format!("{place}: is not in the file")),
        }
    })
}

/// Holds a value against a schema of the file by its name.
pub(crate) fn fits(value: &Value, name: &str) {
    let schema = &document()["components"]["schemas"][name];
    assert_eq!(fault(value, schema, name), None);
}

/// Whether a path is of this kind (`/addons/{id}`).
fn is_of(path: &str, kind: &str) -> bool {
    let (path, kind) = (path.split('/'), kind.split('/'));
    path.clone().count() == kind.clone().count()
        && path
            .zip(kind)
            .all(|(part, known)| part == known || known.starts_with('{'))
}

/// Holds an answer against what the file says of the endpoint; strangers' paths are in no file.
pub(crate) fn holds(method: &str, target: &str, answer: &Answer) {
    let path = target.split('?').next().unwrap();
    let Some(path) = path.strip_prefix("/api/v1") else {
        return;
    };
    let mut all = operations().into_iter();
    let found = all.find(|(it, kind, _)| method.eq_ignore_ascii_case(it) && is_of(path, kind));
    let Some((_, _, operation)) = found else {
        assert!(
            [404, 405].contains(&answer.status),
            "{method} {path} is not in the file"
        );
        return;
    };
    let status = answer.status.to_string();
    let told = operation["responses"].get(&status);
    let told = told.unwrap_or_else(|| panic!("{method} {path}: {status} is not in the file"));
    let content = &resolved(told)["content"];
    let (kind, body) = content.as_object().unwrap().iter().next().unwrap();
    assert!(
        answer.head.contains(&format!("content-type: {kind}")),
        "{}",
        answer.head
    );
    if kind == "application/json" {
        let at = format!("{method} {path} {status}");
        assert_eq!(fault(&answer.json(), &body["schema"], &at), None);
    }
}

#[test]
fn the_file_has_every_endpoint_and_no_other() {
    let sorted = |mut all: Vec<(&'static str, &'static str)>| {
        all.sort_unstable();
        all
    };
    let told = operations()
        .into_iter()
        .map(|(method, path, _)| (method, path));
    assert_eq!(sorted(told.collect()), sorted(remote::endpoints()));
    let mut ids: Vec<_> = operations()
        .iter()
        .map(|(_, _, operation)| operation["operationId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), operations().len(), "each has a name of its own");
}

#[tokio::test]
async fn the_server_answers_what_the_file_says_and_nothing_else() {
    let stage = stage().await;
    let paths = document()["paths"].as_object().unwrap();
    for (path, item) in paths {
        for method in METHODS {
            // It never ends; its own test reads it.
            if path == "/events" && method == "get" {
                continue;
            }
            let target = format!("/api/v1{}", path.replace("{id}", "none"));
            let answer = ask(&stage, &method.to_uppercase(), &target, "", b"").await;
            let known = item.get(method).is_some();
            assert_eq!(
                answer.status != 405,
                known,
                "{method} {path}: {}",
                answer.status
            );
        }
    }
    let served = get(&stage, "/api/v1/openapi.json").await;
    assert_eq!(served.json(), *document());
}

#[test]
fn examples_are_as_their_schemas_say() {
    let mut seen = 0;
    let mut hold = |content: &'static Value, at: &str| {
        for (_, body) in content.as_object().into_iter().flatten() {
            if let Some(example) = body.get("example") {
                assert_eq!(fault(example, &body["schema"], at), None);
                seen += 1;
            }
        }
    };
    for (method, path, operation) in operations() {
        let at = format!("{method} {path}");
        hold(&operation["requestBody"]["content"], &at);
        for (status, response) in operation["responses"].as_object().unwrap() {
            hold(&resolved(response)["content"], &format!("{at} {status}"));
        }
    }
    assert!(seen > 40, "{seen}");
}

#[test]
fn what_does_not_fit_is_found() {
    let schema = |name: &str| &document()["components"]["schemas"][name];
    let ok = fault(&json!({ "ok": true }), schema("Ok"), "");
    assert_eq!(ok, None);
    for wrong in [
        json!({}),
        json!({ "ok": 1 }),
        json!({ "ok": true, "more": 1 }),
        json!([]),
    ] {
        assert!(fault(&wrong, schema("Ok"), "").is_some(), "{wrong}");
    }
}
