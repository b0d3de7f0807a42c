//! Where a film can be had: all who may know are asked at once, and what each says is told as it
//! comes, with how many have answered.

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

/// One who is asked, until its streams are there.
type Asked = Pin<Box<dyn Future<Output = (Member, usize, Vec<Stream>)> + Send>>;

impl Inner {
    pub(crate) async fn find(self: Arc<Self>, quest: Quest, video: Title) {
        let mut asked = self.askers(&video);
        let all = u16::try_from(asked.len()).unwrap_or(u16::MAX);
        let tell = |from, answered, items| {
            let answer = app::Answer {
                from,
                asked: all,
                answered,
                items,
            };
            (self.news)(Event::Offers(quest, answer));
        };
        tell(None, 0, Vec::new());
        let mut answered = 0;
        while let Some((member, place, streams)) = asked.next().await {
            let name = member.name();
            let mut sources = sources(streams, Arc::clone(&name), place).await;
            for source in &mut sources {
                if let Reach::Web(web) = &mut source.reach {
                    web.near = self.near.is(&web.url);
                }
            }
            answered += 1;
            tell(Some(name), answered, sources);
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
                let known = (member.clone(), place, streams.to_vec());
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
                let (mut found, inside) = tokio::join!(
                    streams_of(&member, may.then_some(streams)),
                    streams_inside(&member, made_up.then_some(about)),
                );
                found.extend(inside);
                (member, place, found)
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
/// the add-on has by that name.
async fn streams_inside(member: &Member, request: Option<Request>) -> Vec<Stream> {
    let Some(about) = request else {
        return Vec::new();
    };
    let meta: Box<Meta> = match member.ask(about.clone()).await.map(|it| it.body) {
        Ok(Body::Meta(Some(meta))) => meta,
        _ => return Vec::new(),
    };
    let Some(id) = meta.only_video() else {
        return Vec::new();
    };
    if let Some(video) = meta.video(id)
        && !video.streams.is_empty()
    {
        return video.streams.clone();
    }
    let other = Request::new(Resource::Stream, about.kind.as_str(), id);
    let ask = id != about.id && member.may_be_asked(&other);
    streams_of(member, ask.then_some(other)).await
}
