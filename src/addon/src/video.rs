//! Videos of a meta: episodes, parts, what a channel shows; their order, and which is next.

use serde::Serialize;
use serde_json::Value;

use crate::bounds::{PROSE_MAX_CHARS, STREAMS_MAX};
use crate::fields::Fields;
use crate::losses::Losses;
use crate::meta::{Meta, is_none};
use crate::stream::Stream;

/// An episode, a part, a video of a channel.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Video {
    pub id: String,
    pub title: String,
    /// ISO 8601, as it came.
    #[serde(skip_serializing_if = "is_none")]
    pub released: Option<String>,
    /// 0: specials.
    #[serde(skip_serializing_if = "is_none")]
    pub season: Option<u32>,
    #[serde(skip_serializing_if = "is_none")]
    pub episode: Option<u32>,
    #[serde(skip_serializing_if = "is_none")]
    pub overview: Option<String>,
    #[serde(skip_serializing_if = "is_none")]
    pub thumbnail: Option<String>,
    /// Whether it can be played yet, where the add-on says.
    #[serde(skip_serializing_if = "is_none")]
    pub available: Option<bool>,
    /// Where there are some, nobody else is asked for streams.
    #[serde(skip_serializing_if = "is_none")]
    pub streams: Vec<Stream>,
    #[serde(skip_serializing_if = "is_none")]
    pub trailer_streams: Vec<Stream>,
}

impl Video {
    pub(crate) fn read(value: &Value, losses: &mut Losses) -> Option<Video> {
        let fields = Fields::of(value)?;
        let id = fields.id("id")?;
        let prose = |key| fields.prose(key, PROSE_MAX_CHARS);
        let mut streams = Stream::list(fields, "streams", STREAMS_MAX, losses);
        if streams.is_empty() {
            streams = Stream::list(fields, "stream", STREAMS_MAX, losses);
        }
        let title = fields.line("title").or_else(|| fields.line("name"));
        Some(Video {
            title: title.unwrap_or_default(),
            released: fields
                .line("released")
                .or_else(|| fields.line("firstAired")),
            season: fields.small("season"),
            episode: fields.small("episode").or_else(|| fields.small("number")),
            overview: prose("overview").or_else(|| prose("description")),
            thumbnail: fields.web("thumbnail"),
            available: fields.get("available").map(|_| fields.flag("available")),
            streams,
            trailer_streams: Stream::list(fields, "trailerStreams", STREAMS_MAX, losses),
            id,
        })
    }

    /// Seasons in their order with specials last, in them the episodes; what has no number first.
    fn order(&self) -> (Option<u32>, Option<u32>) {
        // Season 0 wraps around to the last; the last of all is none that there is.
        (
            self.season.map(|season| season.wrapping_sub(1)),
            self.episode,
        )
    }
}

impl Meta {
    /// The video to play without asking which: a film has no list of videos and is its own.
    pub fn only_video(&self) -> Option<&str> {
        match (&self.hints.default_video_id, self.videos.as_slice()) {
            (Some(id), _) => Some(id),
            (None, []) => Some(&self.id),
            (None, [one]) => Some(&one.id),
            _ => None,
        }
    }

    pub fn video(&self, id: &str) -> Option<&Video> {
        self.videos.iter().find(|video| video.id == id)
    }

    /// The videos by season, each in the order of its episodes; specials come last. Videos without
    /// a season are one of their own, the first.
    pub fn seasons(&self) -> Vec<(Option<u32>, Vec<&Video>)> {
        let mut videos: Vec<&Video> = self.videos.iter().collect();
        // Stable: episodes without a number stay as they came.
        videos.sort_by_key(|video| video.order());
        let mut seasons: Vec<(Option<u32>, Vec<&Video>)> = Vec::new();
        for video in videos {
            match seasons.last_mut() {
                Some((season, videos)) if *season == video.season => videos.push(video),
                _ => seasons.push((video.season, vec![video])),
            }
        }
        seasons
    }

    /// What is seen after the video `id`: the next episode, over the end of a season too. After a
    /// special comes a special, and none after the last season.
    pub fn next_after(&self, id: &str) -> Option<&Video> {
        let after = self.video(id)?;
        let season = after.season?;
        let seasons = self.seasons();
        let special = |season: Option<u32>| season == Some(0);
        let later = seasons
            .into_iter()
            .filter(|(it, _)| special(*it) == (season == 0));
        let mut videos = later
            .flat_map(|(_, videos)| videos)
            .skip_while(|it| it.id != id);
        videos.find(|video| video.id != id)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn series() -> Meta {
        let video = |id: &str, season, episode| Video {
            id: id.into(),
            season,
            episode,
            ..Video::default()
        };
        let mut meta = Meta::new("tt1", "series", "S");
        meta.videos = vec![
            video("0:1", Some(0), Some(1)),
            video("2:1", Some(2), Some(1)),
            video("1:2", Some(1), Some(2)),
            video("0:2", Some(0), Some(2)),
            video("1:1", Some(1), Some(1)),
            video("odd", None, None),
        ];
        meta
    }

    #[test]
    fn seasons_are_in_order_and_specials_last() {
        let meta = series();
        let seasons = meta.seasons();
        let told: Vec<(Option<u32>, Vec<&str>)> = seasons
            .iter()
            .map(|(season, videos)| (*season, videos.iter().map(|it| it.id.as_str()).collect()))
            .collect();
        assert_eq!(
            told,
            [
                (None, vec!["odd"]),
                (Some(1), vec!["1:1", "1:2"]),
                (Some(2), vec!["2:1"]),
                (Some(0), vec!["0:1", "0:2"]),
            ]
        );
        assert_eq!(meta.only_video(), None);
    }

    #[test]
    fn the_next_one_is_an_episode() {
        let meta = series();
        let next = |id| meta.next_after(id).map(|video| video.id.as_str());
        assert_eq!(next("1:1"), Some("1:2"));
        assert_eq!(next("1:2"), Some("2:1"));
        assert_eq!(next("2:1"), None);
        assert_eq!(next("0:1"), Some("0:2"));
        assert_eq!(next("0:2"), None);
        assert_eq!(next("odd"), None);
        assert_eq!(next("none"), None);
    }

    #[test]
    fn a_video_may_bring_its_streams() {
        let mut losses = Losses::default();
        let value = json!({"id": "c", "videos": [
            {"id": "a", "name": "A", "number": "3", "season": "1", "available": "true",
             "stream": {"ytId": "abc"}},
            {"title": "no id"},
        ]});
        let meta = Meta::read(&value, "channel", &mut losses).unwrap();
        let video = &meta.videos[0];
        assert_eq!((meta.name.as_str(), video.title.as_str()), ("c", "A"));
        assert_eq!((video.season, video.episode), (Some(1), Some(3)));
        assert_eq!((video.streams.len(), video.available), (1, Some(true)));
        assert_eq!(losses.bad, 1);
        assert_eq!(meta.only_video(), Some("a"));
    }
}
