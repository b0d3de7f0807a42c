//! Looking for films by words: in what was seen before, and with all who search, at once.

use std::collections::HashSet;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use addon::{Body, Request};
use app::{Answer, Event, Film, Quest};
use futures_util::StreamExt as _;
use futures_util::future::join_all;
use futures_util::stream::FuturesUnordered;

use crate::catalog::Inner;
use crate::lock;
use crate::member::Member;
use crate::meta;

/// Found in what was seen before: the core shows 300 of all.
const LOCAL_MAX: usize = 60;

/// Films taken of one add-on: the core shows 300 of all.
const FOUND_MAX: usize = 200;

/// Catalogs of one add-on that are searched: it mostly has one for films and one for series.
const CATALOGS_MAX: usize = 8;

/// One who looks, by the name the viewer knows; none: this box itself.
type Search = Pin<Box<dyn Future<Output = (Option<Arc<str>>, Vec<Film>)> + Send>>;

impl Inner {
    pub(crate) async fn search(self: Arc<Self>, quest: Quest, text: String) {
        let news = Arc::clone(&self.news);
        let tell = move |answer| news(Event::Found(quest, answer));
        self.look_for(&text, tell).await;
    }

    /// Tells what is found as it comes.
    pub(crate) async fn look_for(self: &Arc<Self>, text: &str, tell: impl Fn(Answer<Film>)) {
        let mut members: Vec<(Member, Vec<Request>)> = Vec::new();
        for (_, member) in lock(&self.roster).enabled() {
            let manifest = member.manifest();
            let rows = manifest.searches(text).into_iter();
            let requests: Vec<_> = rows.map(|row| row.request).take(CATALOGS_MAX).collect();
            if !requests.is_empty() {
                members.push((member.clone(), requests));
            }
        }
        let asked = u16::try_from(members.len()).unwrap_or(u16::MAX);
        let answer = |from, answered, items| Answer {
            from,
            asked,
            answered,
            items,
        };
        tell(answer(None, 0, Vec::new()));
        let mut searches: FuturesUnordered<Search> = FuturesUnordered::new();
        let (here, words) = (Arc::clone(self), text.to_owned());
        searches.push(Box::pin(async move {
            let films = here.found_here(words).await;
            (None, films)
        }));
        for (member, requests) in members {
            searches.push(Box::pin(async move {
                let films = found_by(&member, requests).await;
                (Some(member.name()), films)
            }));
        }
        let mut answered = 0;
        while let Some((from, films)) = searches.next().await {
            if from.is_some() {
                answered += 1;
                self.keeper.seen(&films);
            }
            tell(answer(from, answered, films));
        }
    }

    /// In what was seen before.
    async fn found_here(&self, text: String) -> Vec<Film> {
        let keeper = Arc::clone(&self.keeper);
        let found = tokio::task::spawn_blocking(move || keeper.search(&text, LOCAL_MAX)).await;
        found
            .inspect_err(|error| tracing::error!("search: {error}"))
            .unwrap_or_default()
    }
}

/// What the add-on's catalogs that search have, each film once.
async fn found_by(member: &Member, requests: Vec<Request>) -> Vec<Film> {
    let asked = requests.into_iter().map(|request| member.ask(request));
    let answers = join_all(asked).await;
    let mut films: Vec<Film> = Vec::new();
    for answer in answers.into_iter().flatten() {
        if let Body::Catalog(metas) = answer.body {
            films.extend(metas.iter().map(meta::card));
        }
    }
    let mut seen = HashSet::new();
    films.retain(|film| seen.insert(film.id.clone()));
    films.truncate(FOUND_MAX);
    films
}
