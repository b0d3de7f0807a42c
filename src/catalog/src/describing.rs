//! What all who know a title tell of it, put together field by field in the owner's order, and
//! told again whenever somebody adds to it.
//!
//! A video may come with its streams; then nobody else is asked for them, so they are remembered.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};

use addon::{Answer, Body, Meta, Request, Resource, Stream};
use app::{Event, Film, Title};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::task::AbortHandle;

use crate::catalog::Inner;
use crate::lock;
use crate::member::Member;
use crate::meta;

/// Titles asked about at a time: pages that are left are not waited for, and few are open.
const DESCRIBING_MAX: usize = 8;

/// Videos whose streams are remembered: some seasons of a few series.
const VIDEOS_MAX: usize = 1000;

/// Streams remembered of one video; those in a meta are one or two.
const STREAMS_MAX: usize = 20;

/// Titles that are being asked about, the first first.
#[derive(Debug, Default)]
pub(crate) struct Describing(Mutex<VecDeque<(Title, AbortHandle)>>);

/// Streams that came with videos, by video; who told them.
#[derive(Debug, Default)]
pub(crate) struct Videos(Mutex<Shelf>);

#[derive(Debug, Default)]
struct Shelf {
    known: HashMap<Title, (Arc<str>, Arc<[Stream]>)>,
    order: VecDeque<Title>,
}

impl Videos {
    /// The streams of this video, and the id of the add-on that told them.
    pub(crate) fn of(&self, video: &Title) -> Option<(Arc<str>, Arc<[Stream]>)> {
        lock(&self.0).known.get(video).cloned()
    }

    fn keep(&self, by: &Member, told: &Meta) {
        let mut shelf = lock(&self.0);
        for video in told.videos.iter().filter(|it| !it.streams.is_empty()) {
            let title = Title::new(&told.kind, &video.id);
            let streams: Arc<[Stream]> = video.streams.iter().take(STREAMS_MAX).cloned().collect();
            let known = (Arc::clone(&by.id), streams);
            if shelf.known.insert(title.clone(), known).is_none() {
                shelf.order.push_back(title);
            }
            if shelf.order.len() > VIDEOS_MAX
                && let Some(oldest) = shelf.order.pop_front()
            {
                shelf.known.remove(&oldest);
            }
        }
    }
}

impl Inner {
    /// Asks what is known of a title, unless that is being asked already.
    pub(crate) fn describe(self: &Arc<Self>, title: Title) {
        let mut open = lock(&self.describing.0);
        open.retain(|(_, task)| !task.is_finished());
        if open.iter().any(|(it, _)| *it == title) {
            return;
        }
        if open.len() >= DESCRIBING_MAX
            && let Some((left, task)) = open.pop_front()
        {
            task.abort();
            // Whoever still shows it is not to wait for ever.
            let news = Arc::clone(&self.news);
            self.runtime
                .spawn(async move { news(Event::Described(left, None)) });
        }
        let (inner, asked) = (Arc::clone(self), title.clone());
        let task = self.runtime.spawn(async move {
            inner.ask_about(&asked).await;
        });
        open.push_back((title, task.abort_handle()));
    }

    async fn ask_about(&self, title: &Title) {
        let request = Request::new(Resource::Meta, &*title.kind, &*title.id);
        let mut members = Vec::new();
        for (_, member) in lock(&self.roster).enabled() {
            if member.may_be_asked(&request) {
                members.push(member.clone());
            }
        }
        let mut told: Vec<Option<Film>> = vec![None; members.len()];
        let mut shown: Option<Film> = None;
        let mut tell = |told: &[Option<Film>]| {
            let all = together(told);
            if all.is_some() && all != shown {
                (self.news)(Event::Described(title.clone(), all.clone().map(Box::new)));
                shown = all;
            }
        };
        // What is kept first: the page is there at once, whoever is down.
        for (place, member) in members.iter().enumerate() {
            let kept = member.kept(&request).await;
            told[place] = kept.and_then(|answer| self.take_meta(member, &answer));
        }
        tell(&told);
        let asked = members.iter().enumerate().map(|(place, member)| {
            let request = request.clone();
            async move { (place, member, member.ask(request).await) }
        });
        let mut asked: FuturesUnordered<_> = asked.collect();
        while let Some((place, member, answer)) = asked.next().await {
            if let Ok(answer) = answer {
                told[place] = self.take_meta(member, &answer);
                tell(&told);
            }
        }
        match shown {
            Some(film) => self.keeper.seen(&[film]),
            None => (self.news)(Event::Described(title.clone(), None)),
        }
    }

    fn take_meta(&self, by: &Member, answer: &Answer) -> Option<Film> {
        let Body::Meta(Some(told)) = &answer.body else {
            return None;
        };
        self.videos.keep(by, told);
        Some(meta::page(told))
    }
}

/// The first who knows a field counts.
fn together(told: &[Option<Film>]) -> Option<Film> {
    let mut known = told.iter().flatten();
    let mut film = known.next()?.clone();
    for more in known {
        meta::fill(&mut film, more);
    }
    if film.title.is_empty() {
        film.title = film.origin.as_ref().map(|it| it.id.to_string())?;
    }
    Some(film)
}
