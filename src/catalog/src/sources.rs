//! Where a film can be had: all who may know are asked at once, and what each says is told as it
//! comes, with how many have answered.
//!
//! Most know films by the numbers of IMDb alone. One that goes by its number at TheMovieDB is asked
//! for by its other one too, as soon as somebody has told that; where it has none, those remain who
//! take `tmdb:`.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use addon::{Body, Meta, Request, Resource, Stream};
use app::{Event, Quest, Reach, Source, Title};
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::catalog::Inner;
use crate::lock;
use crate::member::Member;
use crate::offer;

/// Before TheMovieDB's own number of a film.
const TMDB: &str = "tmdb:";

/// One who is asked, until its streams are there.
type Asked = Pin<Box<dyn Future<Output = Told> + Send>>;

/// What one of those who were asked says.
struct Told {
    by: Member,
    /// Its place in the owner's order.
    place: usize,
    streams: Vec<Stream>,
    /// IMDb's number of the film.
    imdb: Option<String>,
}

impl Inner {
    pub(crate) async fn find(self: Arc<Self>, quest: Quest, video: Title) {
        let mut asked = self.askers(&video);
        let count = |number: usize| u16::try_from(number).unwrap_or(u16::MAX);
        let tell = |from, all, answered, items| {
            let answer = app::Answer {
                from,
                asked: count(all),
                answered: count(answered),
                items,
            };
            (self.news)(Event::Offers(quest, answer));
        };
        let mut all = asked.len();
        tell(None, all, 0, Vec::new());
        let mut answered = 0;
        let mut other_id = video.id.starts_with(TMDB);
        while let Some(told) = asked.next().await {
            if let Some(imdb) = told.imdb.filter(|_| other_id) {
                other_id = false;
                let more = self.askers(&Title::new(&video.kind, &imdb));
                all += more.len();
                asked.extend(more);
            }
            let name = told.by.name();
            let mut sources = sources(told.streams, Arc::clone(&name), told.place).await;
            for source in &mut sources {
                if let Reach::Web(web) = &mut source.reach {
                    web.near = self.near.is(&web.url);
                }
            }
            answered += 1;
            tell(Some(name), all, answered, sources);
        }
    }

    /// All who may know, asked at once. Where the video came with its streams nobody else is
    /// asked; those who made up the title may have them in what they tell of it.
    fn askers(&self, video: &Title) -> FuturesUnordered<Asked> {
        let request = |resource, id: &str| Request::new(resource, &*video.kind, id);
        let asked = FuturesUnordered::new();
        let roster = lock(&self.roster);
        if let Some((by, streams)) = self.videos.of(video) {
            let mut enabled = roster.enabled();
            if let Some((place, member)) = enabled.find(|(_, member)| member.id == by) {
                let known = Told {
                    by: member.clone(),
                    place,
                    streams: streams.to_vec(),
                    imdb: None,
                };
                asked.push(Box::pin(async move { known }) as Asked);
                return asked;
            }
        }
        for (place, member) in roster.enabled() {
            let streams = request(Resource::Stream, &video.id);
            let about = request(Resource::Meta, &video.id);
            let may = member.may_be_asked(&streams);
            // Ids of IMDb are nobody's own, so no meta of them has streams.
            let made_up = !is_imdb(&video.id) && member.may_be_asked(&about);
            if !may && !made_up {
                continue;
            }
            let member = member.clone();
            asked.push(Box::pin(async move {
                let (mut streams, (inside, imdb)) = tokio::join!(
                    streams_of(&member, may.then_some(streams)),
                    streams_inside(&member, made_up.then_some(about)),
                );
                streams.extend(inside);
                Told {
                    by: member,
                    place,
                    streams,
                    imdb,
                }
            }) as Asked);
        }
        asked
    }
}

/// Reads names of releases on a thread that may take a while.
async fn sources(streams: Vec<Stream>, name: Arc<str>, place: usize) -> Vec<Source> {
    let read = move || offer::sources(&streams, &name, place);
    let read = tokio::task::spawn_blocking(read).await;
    read.inspect_err(|error| tracing::error!("sources: {error}"))
        .unwrap_or_default()
}

fn is_imdb(id: &str) -> bool {
    let digits = id.strip_prefix("tt").unwrap_or_default();
    digits.starts_with(|c: char| c.is_ascii_digit())
}

async fn streams_of(member: &Member, request: Option<Request>) -> Vec<Stream> {
    let Some(request) = request else {
        return Vec::new();
    };
    match member.ask(request).await.map(|answer| answer.body) {
        Ok(Body::Streams(streams)) => streams,
        _ => Vec::new(),
    }
}

/// The streams of the one video of a film, or, where the meta gives it another name, those that
/// the add-on has by that name; and what IMDb calls the film.
async fn streams_inside(
    member: &Member,
    request: Option<Request>,
) -> (Vec<Stream>, Option<String>) {
    let Some(about) = request else {
        return (Vec::new(), None);
    };
    let meta: Box<Meta> = match member.ask(about.clone()).await.map(|it| it.body) {
        Ok(Body::Meta(Some(meta))) => meta,
        _ => return (Vec::new(), None),
    };
    let imdb = meta.imdb_id.clone().filter(|id| is_imdb(id));
    let Some(id) = meta.only_video() else {
        return (Vec::new(), imdb);
    };
    if let Some(video) = meta.video(id)
        && !video.streams.is_empty()
    {
        return (video.streams.clone(), imdb);
    }
    let other = Request::new(Resource::Stream, about.kind.as_str(), id);
    let ask = id != about.id && member.may_be_asked(&other);
    (streams_of(member, ask.then_some(other)).await, imdb)
}
