//! The messages in the sources of the crate: what the macros of `saying` say, and what is written
//! above them for translators.

use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, Group, Literal, TokenStream, TokenTree};
use syn::LitStr;

/// The context of what `own!` marks.
const OWN: &str = "name";

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Message {
    pub(crate) context: String,
    pub(crate) text: String,
    pub(crate) plural: Option<String>,
    /// The docs of the function or constant that it is in.
    pub(crate) comments: Vec<String>,
    /// Files, from the folder of the crate.
    pub(crate) files: Vec<String>,
    /// The names that its places are given, in the code.
    pub(crate) filled: Vec<String>,
}

/// Of all files, each once, in the order of files and of places in them.
pub(crate) fn messages(root: &Path) -> Vec<Message> {
    let mut all: Vec<Message> = Vec::new();
    for path in files(&root.join("src")) {
        let code = std::fs::read_to_string(&path).unwrap();
        let name = path.strip_prefix(root).unwrap().to_str().unwrap();
        for message in of_code(&code, name) {
            let same = |it: &&mut Message| it.context == message.context && it.text == message.text;
            match all.iter_mut().find(same) {
                Some(known) => merge(known, message),
                None => all.push(message),
            }
        }
    }
    all
}

fn merge(known: &mut Message, other: Message) {
    known.plural = known.plural.take().or(other.plural);
    for comment in other.comments {
        if !known.comments.contains(&comment) {
            known.comments.push(comment);
        }
    }
    for file in other.files {
        if !known.files.contains(&file) {
            known.files.push(file);
        }
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let inside = |path: PathBuf| {
        if path.is_dir() {
            files(&path)
        } else {
            vec![path]
        }
    };
    paths.into_iter().flat_map(inside).collect()
}

pub(crate) fn of_code(code: &str, file: &str) -> Vec<Message> {
    let tokens: TokenStream = code.parse().unwrap();
    let mut found = Vec::new();
    walk(tokens, "", &mut |macro_name, group, comment| {
        found.extend(message(macro_name, group, comment, file));
    });
    found
}

/// Calls `take` for each macro of `saying`, with what is written above the item it is in; not in
/// tests.
fn walk(tokens: TokenStream, outer: &str, take: &mut dyn FnMut(&str, &Group, &str)) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut docs, mut comment, mut test) = (Vec::new(), outer.to_owned(), false);
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Punct(it) if it.as_char() == '#' => {
                if let Some(TokenTree::Group(attribute)) = tokens.get(at) {
                    at += 1;
                    docs.extend(doc(attribute));
                    test |= attribute.stream().to_string().replace(' ', "") == "cfg(test)";
                }
            }
            TokenTree::Punct(it) if it.as_char() == ';' => {
                docs.clear();
                (comment, test) = (outer.to_owned(), false);
            }
            TokenTree::Ident(name)
                if ["fn", "const", "static"].contains(&&*name.to_string()) && !docs.is_empty() =>
            {
                comment = docs.join(" ");
                docs.clear();
            }
            TokenTree::Ident(name) => {
                let name = name.to_string();
                let called = tokens.get(at..at + 2);
                if let Some([TokenTree::Punct(mark), TokenTree::Group(group)]) = called
                    && mark.as_char() == '!'
                    && ["msg", "tr", "trn", "own"].contains(&&*name)
                    && !test
                {
                    at += 1;
                    take(&name, group, &comment);
                }
            }
            TokenTree::Group(group) => {
                if !test {
                    walk(group.stream(), &comment, take);
                }
                if group.delimiter() == Delimiter::Brace {
                    docs.clear();
                    (comment, test) = (outer.to_owned(), false);
                }
            }
            _ => {}
        }
    }
}

/// `#[doc = "text"]`, which is what `/// text` is.
fn doc(attribute: &Group) -> Option<String> {
    let mut tokens = attribute.stream().into_iter();
    let is_doc = matches!(tokens.next(), Some(TokenTree::Ident(it)) if it == "doc");
    match (is_doc, tokens.nth(1)) {
        (true, Some(TokenTree::Literal(text))) => Some(text_of(&text).trim().to_owned()),
        _ => None,
    }
}

fn text_of(literal: &Literal) -> String {
    syn::parse_str::<LitStr>(&literal.to_string())
        .unwrap()
        .value()
}

/// None: the macro's own definition, or one that passes a message on.
fn message(macro_name: &str, group: &Group, comment: &str, file: &str) -> Option<Message> {
    let mut parts = parts(group).into_iter();
    if macro_name == "trn" {
        parts.next();
    }
    let (context, text) = said(&parts.next()?)?;
    let plural = match macro_name {
        "trn" => Some(said(&parts.next()?)?.1),
        _ => None,
    };
    let name = |part: Vec<TokenTree>| part.first().map(ToString::to_string);
    Some(Message {
        context: if macro_name == "own" {
            OWN.to_owned()
        } else {
            context
        },
        text,
        plural,
        comments: [comment.to_owned()]
            .into_iter()
            .filter(|it| !it.is_empty())
            .collect(),
        files: vec![file.to_owned()],
        filled: parts.filter_map(name).collect(),
    })
}

/// What is between the commas.
fn parts(group: &Group) -> Vec<Vec<TokenTree>> {
    let mut parts = vec![Vec::new()];
    for token in group.stream() {
        match &token {
            TokenTree::Punct(it) if it.as_char() == ',' => parts.push(Vec::new()),
            _ => parts.last_mut().unwrap().push(token),
        }
    }
    parts
}

/// `"text"`, or `"context" => "text"`.
fn said(part: &[TokenTree]) -> Option<(String, String)> {
    match part {
        [TokenTree::Literal(text)] => Some((String::new(), text_of(text))),
        [TokenTree::Literal(context), _, _, TokenTree::Literal(text)] => {
            Some((text_of(context), text_of(text)))
        }
        _ => None,
    }
}
