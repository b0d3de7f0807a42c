//! What is measured of a pipeline, for those who look: what it decodes, by what, and how many
//! pictures came too late. Asked when it is wanted; nothing is counted for it otherwise.

use app::Measured;
use gst::prelude::*;

use super::pipeline::leaves;
use super::tracks::codec_name;

/// Demuxers, and what people call what they read.
const CONTAINERS: [(&str, &str); 7] = [
    ("matroskademux", "Matroska"),
    ("qtdemux", "MP4"),
    ("avidemux", "AVI"),
    ("tsdemux", "MPEG-TS"),
    ("mpegpsdemux", "MPEG-PS"),
    ("oggdemux", "Ogg"),
    ("flvdemux", "FLV"),
];

/// `video` is what shows the pictures.
pub(super) fn count(playbin: &gst::Pipeline, video: &gst::Element) -> Measured {
    let mut measured = Measured::default();
    for sink in leaves(video) {
        let stats: gst::Structure = sink.property("stats");
        measured.shown += stats.get::<u64>("rendered").unwrap_or(0);
        measured.dropped += stats.get::<u64>("dropped").unwrap_or(0);
    }
    let caps = video.static_pad("sink").and_then(|pad| pad.current_caps());
    if let Some(shape) = caps.as_ref().and_then(|caps| caps.structure(0)) {
        let side = |name: &str| {
            let side = shape.get::<i32>(name).ok()?;
            u32::try_from(side).ok()
        };
        measured.picture = side("width").zip(side("height"));
        let rate = shape.get::<gst::Fraction>("framerate").ok();
        measured.rate_milli = rate.and_then(milli);
    }
    for element in playbin.iterate_recurse().into_iter().flatten() {
        let name = element.name();
        let name = kind(&name);
        let container = CONTAINERS.iter().find(|(demuxer, _)| *demuxer == name);
        if let Some((_, container)) = container {
            measured.container = Some((*container).to_owned());
        }
        let class = element.metadata(gst::ELEMENT_METADATA_KLASS);
        if class.is_some_and(|class| class.contains("Decoder") && class.contains("Video")) {
            let caps = element
                .static_pad("sink")
                .and_then(|pad| pad.current_caps());
            measured.codec = caps.and_then(|caps| codec_name(&caps));
            measured.decoder = Some(name.to_owned());
        }
    }
    measured
}

/// What it was made as, by the name that GStreamer gave it: "vp8dec0", "avdec_h264-1". Not asked of
/// its factory, as in `start`.
fn kind(name: &str) -> &str {
    let name = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    name.strip_suffix('-').unwrap_or(name)
}

/// Pictures a second in thousandths; none where that varies.
fn milli(rate: gst::Fraction) -> Option<u32> {
    let (over, under) = (i64::from(rate.numer()), i64::from(rate.denom()));
    let milli = (over * 1000).checked_div(under)?;
    u32::try_from(milli).ok().filter(|milli| *milli > 0)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_it_was_made_as_is_in_its_name() {
        assert_eq!(super::kind("vp8dec0"), "vp8dec");
        assert_eq!(super::kind("avdec_h264-1"), "avdec_h264");
        assert_eq!(super::kind("matroskademux12"), "matroskademux");
    }
}
