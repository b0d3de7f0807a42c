//! The `url-list` of a metainfo (BEP 19): one address, or a list of them.
//!
//! Reads only; which of them are called is decided in `web.rs`. What is no text is left out.

use std::fmt;

use librqbit_buffers::ByteBuf;
use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess, Visitor};

use super::metainfo::ADVICE_MAX;

/// BEP 19: one address, or a list of them.
#[derive(Default)]
pub(super) struct UrlList(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for UrlList {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(UrlListVisitor)
    }
}

struct UrlListVisitor;

impl<'de> Visitor<'de> for UrlListVisitor {
    type Value = UrlList;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an address or a list of addresses")
    }

    fn visit_borrowed_bytes<E>(self, url: &'de [u8]) -> Result<UrlList, E> {
        let url = std::str::from_utf8(url).ok().filter(|url| !url.is_empty());
        Ok(UrlList(url.map(str::to_owned).into_iter().collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<UrlList, A::Error> {
        let mut urls = Vec::new();
        while urls.len() < ADVICE_MAX {
            let Some(url) = seq.next_element::<ByteBuf<'de>>()? else {
                return Ok(UrlList(urls));
            };
            urls.extend(std::str::from_utf8(url.0).ok().map(str::to_owned));
        }
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(UrlList(urls))
    }
}
