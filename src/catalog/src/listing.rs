//! Add-ons that an add-on lists: each as the owner would see it, with what would put it on the box.
//!
//! A list is a stranger's word. An address at home counts only where the list came from that very
//! server: nobody else may send the box there, not even by a press of OK.

use std::sync::Arc;

use addon::{Body, CatalogEntry, Listed, Request, Resource, Transport};
use app::{Event, Quest};
use fetch::Url;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::catalog::Inner;
use crate::lock;
use crate::member::{self, Member};
use crate::remote::Remote;

/// Lists of one add-on that are asked for.
const LISTS_MAX: usize = 8;

impl Inner {
    /// Asks an add-on for all its lists at once, and tells each as it comes.
    pub(crate) async fn list_add_ons(self: Arc<Self>, quest: Quest, id: Arc<str>) {
        let member = lock(&self.roster).find(&id).cloned();
        let requests = member.as_ref().map(requests).unwrap_or_default();
        let asked = u16::try_from(requests.len()).unwrap_or(u16::MAX);
        let tell = |answered, items| {
            let answer = app::Answer {
                from: member.as_ref().map(Member::name),
                asked,
                answered,
                items,
            };
            (self.news)(Event::AddOnsListed(quest, answer));
        };
        if asked == 0 {
            tell(0, Vec::new());
        }
        let Some(member) = &member else {
            return;
        };
        let by = member.remote.as_ref().map(Remote::transport);
        let mut answers: FuturesUnordered<_> =
            requests.into_iter().map(|it| member.ask(it)).collect();
        let mut answered = 0;
        while let Some(answer) = answers.next().await {
            let listed = match answer.map(|it| it.body) {
                Ok(Body::AddOns(listed)) => listed,
                _ => Vec::new(),
            };
            let theirs = listed.iter().filter(|it| may_be_named(&it.transport, by));
            answered += 1;
            tell(answered, theirs.map(told).collect());
        }
    }
}

/// How its lists are asked for; those that want something said first are left out.
fn requests(member: &Member) -> Vec<Request> {
    let manifest = member.manifest();
    let request = |entry: &CatalogEntry| {
        let request = Request::new(Resource::AddOnCatalog, &*entry.kind, &*entry.id);
        member.may_be_asked(&request).then_some(request)
    };
    let requests = manifest.addon_catalogs.iter().filter_map(request);
    requests.take(LISTS_MAX).collect()
}

fn may_be_named(listed: &Transport, by: Option<&Transport>) -> bool {
    let origin = |it: &Transport| Url::parse(it.as_str()).ok().map(|url| url.origin());
    !listed.is_local() || by.is_some_and(|by| origin(by) == origin(listed))
}

fn told(listed: &Listed) -> app::Listed {
    let transport = &listed.transport;
    app::Listed {
        add_on: member::told(&listed.manifest, Some(transport), false),
        link: transport.as_str().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_names_a_place_at_home_but_the_place_itself() {
        let at = |text: &str| Transport::parse(text).unwrap();
        let home = at("http://192.168.1.5:7000");
        let far = at("https://a.example");
        for (listed, by, may) in [
            ("https://b.example/x", Some(&far), true),
            ("https://b.example/x", Some(&home), true),
            ("http://192.168.1.5:7000/x", Some(&home), true),
            ("http://192.168.1.5:7001/x", Some(&home), false),
            ("http://192.168.1.1/x", Some(&home), false),
            ("http://192.168.1.5:7000/x", Some(&far), false),
            ("http://router.lan/x", Some(&far), false),
            ("http://127.0.0.1:7000/x", None, false),
        ] {
            assert_eq!(may_be_named(&at(listed), by), may, "{listed} by {by:?}");
        }
    }
}
