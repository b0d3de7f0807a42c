//! Addresses at home that the host itself named which the owner installed an add-on from: its
//! posters, texts and films may be got from there, and nobody else can send the box there.

use std::collections::{HashSet, VecDeque};

use addon::Transport;
use fetch::Url;

use crate::lock;

/// A wall of a server at home: posters, stills and texts of a few thousand films.
const PLACES_MAX: usize = 20_000;

/// The addresses, as they were told. Clones share them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Near(std::sync::Arc<std::sync::Mutex<Places>>);

#[derive(Debug, Default)]
struct Places {
    known: HashSet<String>,
    /// The one told first goes first.
    order: VecDeque<String>,
}

impl Near {
    /// An add-on told of this address; it counts if it is the add-on's own host.
    pub(crate) fn told(&self, by: &Transport, address: &str) {
        if !by.is_local() {
            return;
        }
        let origin = |text: &str| Url::parse(text).ok().map(|url| url.origin());
        if origin(by.as_str()).is_none_or(|own| origin(address) != Some(own)) {
            return;
        }
        let mut places = lock(&self.0);
        if !places.known.insert(address.to_owned()) {
            return;
        }
        places.order.push_back(address.to_owned());
        if places.order.len() > PLACES_MAX
            && let Some(oldest) = places.order.pop_front()
        {
            places.known.remove(&oldest);
        }
    }

    pub(crate) fn is(&self, address: &str) -> bool {
        lock(&self.0).known.contains(address)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_host_at_home_speaks_for_itself() {
        let near = Near::default();
        let home = Transport::parse("http://192.168.1.5:7000").unwrap();
        let far = Transport::parse("https://a.example").unwrap();
        near.told(&home, "http://192.168.1.5:7000/p.jpg");
        near.told(&home, "http://192.168.1.1/reboot");
        near.told(&far, "http://192.168.1.5:7000/other.jpg");
        near.told(&far, "https://a.example/p.jpg");
        assert!(near.is("http://192.168.1.5:7000/p.jpg"));
        for address in [
            "http://192.168.1.1/reboot",
            "http://192.168.1.5:7000/other.jpg",
            "https://a.example/p.jpg",
        ] {
            assert!(!near.is(address), "{address}");
        }
    }
}
