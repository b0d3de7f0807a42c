//! Whether a request is one that the card takes: what the kernel checks for all drivers
//! (`drm_atomic.c`, `drm_framebuffer.c`, `drm_atomic_helper.c`), and what a driver checks by what
//! its planes can.

use drm::buffer::DrmFourcc;

use super::super::device::{How, Kind, LINEAR, Layout, Request};
use super::super::planes::Type;
use super::{Blob, CONNECTOR, CRTC, Fake, Known, State, Trouble, Values};

/// Object, name, value.
pub(super) type Named = (u32, String, u64);

/// Whether a picture can lie so in that memory.
pub(super) fn layout(layout: &Layout, state: &State) -> Result<(), String> {
    let (width, height) = (layout.size.0 as usize, layout.size.1 as usize);
    if width == 0 || height == 0 {
        return Err("a picture of nothing".to_owned());
    }
    for (plane, (bytes, rows)) in planes(layout.format, (width, height)).iter().enumerate() {
        let handle = layout.handles[plane];
        let counts = state.imported.get(&handle).is_none_or(|it| it.1);
        let held = state.bytes(handle).filter(|_| counts);
        let held = held.ok_or("no such memory")?;
        let pitch = layout.pitches[plane] as usize;
        let least = layout.offsets[plane] as usize + pitch * (rows - 1) + bytes;
        if pitch < *bytes || least > held.len() {
            return Err(format!("plane {plane} does not lie in its memory"));
        }
    }
    Ok(())
}

/// Bytes of a row, and rows, of each plane of a format.
pub(super) fn planes(format: DrmFourcc, (width, height): (usize, usize)) -> Vec<(usize, usize)> {
    let (half, low) = (width.div_ceil(2), height.div_ceil(2));
    match format {
        DrmFourcc::Nv12 => vec![(width, height), (half * 2, low)],
        DrmFourcc::Yuv420 => vec![(width, height), (half, low), (half, low)],
        _ => vec![(width * 4, height)],
    }
}

/// A request by names; every value is one that its property takes.
pub(super) fn names(fake: &Fake, request: &Request) -> Result<Vec<Named>, String> {
    let mut named = Vec::new();
    for (object, property, value) in &request.0 {
        if !fake.objects().contains(object) {
            return Err(format!("no object {object}"));
        }
        let known = fake.describe(*object).0;
        let found = known.into_iter().find(|(_, it)| it.id == *property);
        let (name, found) = found.ok_or(format!("{object} has no property {property}"))?;
        if found.immutable {
            return Err(format!("{name} cannot be set"));
        }
        let fits = match &found.kind {
            Kind::Range(least, most) => (least..=most).contains(&value),
            Kind::Enum(values) => values.iter().any(|(_, it)| it == value),
            Kind::Number => true,
        };
        if !fits {
            return Err(format!("{name} of {object} cannot be {value}"));
        }
        named.push((*object, name, *value));
    }
    Ok(named)
}

/// What the card's properties are after it.
pub(super) fn check(
    fake: &Fake,
    state: &State,
    request: &[Named],
    how: How,
) -> Result<Values, String> {
    let mut values = state.values.clone();
    for ((_, name), value) in &mut values {
        if name == "FB_DAMAGE_CLIPS" {
            *value = 0;
        }
    }
    for (object, name, value) in request {
        values.insert((*object, name.clone()), *value);
    }
    if state.trouble == Some(Trouble::All) {
        return Err("it is unplugged".to_owned());
    }
    let of = |values: &Values, object: u32, name: &str| {
        values.get(&(object, name.to_owned())).copied().unwrap_or(0)
    };
    let mode = |values: &Values| match state.blobs.get(&of(values, CRTC, "MODE_ID")) {
        Some(Blob::Mode(mode)) => Some(*mode),
        _ => None,
    };
    let sets_mode = |values: &Values| {
        (
            mode(values),
            of(values, CRTC, "ACTIVE"),
            of(values, CONNECTOR, "CRTC_ID"),
        )
    };
    let may = !matches!(how, How::Try | How::Flip);
    if !may && sets_mode(&values) != sets_mode(&state.values) {
        return Err("it would set a mode".to_owned());
    }
    if state.before.is_some() && how == How::Flip {
        return Err("a flip is on its way (EBUSY)".to_owned());
    }
    let active = of(&values, CRTC, "ACTIVE") == 1;
    if !active && matches!(how, How::Flip | How::Set) {
        return Err("nothing would ever be seen of it".to_owned());
    }
    if active && (mode(&values).is_none() || of(&values, CONNECTOR, "CRTC_ID") != u64::from(CRTC)) {
        return Err("it is on without a mode, or without a socket".to_owned());
    }
    let screen = mode(&values).map(|mode| mode.size()).unwrap_or_default();
    for (at, known) in fake.card.planes.iter().enumerate() {
        let id = super::PLANES + at as u32;
        let value = |name: &str| of(&values, id, name);
        plane(known, state, screen, how, &value).map_err(|why| format!("plane {id}: {why}"))?;
        if fake.card.insists_on_primary
            && active
            && known.kind == Type::Primary
            && known.crtcs.contains(&CRTC)
            && value("FB_ID") == 0
        {
            return Err("the primary plane must be on".to_owned());
        }
    }
    Ok(values)
}

fn plane(
    known: &Known,
    state: &State,
    screen: (u16, u16),
    how: How,
    value: &dyn Fn(&str) -> u64,
) -> Result<(), String> {
    let (picture, crtc) = (value("FB_ID"), value("CRTC_ID"));
    if (picture == 0) != (crtc == 0) {
        return Err("picture and CRTC go together".to_owned());
    }
    if picture == 0 {
        return Ok(());
    }
    if !known.crtcs.contains(&(crtc as u32)) {
        return Err("it does not reach that CRTC".to_owned());
    }
    let layout = state.pictures.get(&(picture as u32));
    let layout = layout.ok_or("there is no such picture")?;
    let modifier = layout.modifier.unwrap_or(LINEAR);
    let modifiers = known.modifiers.as_deref();
    if !known.formats.contains(&layout.format)
        || modifiers.is_some_and(|known| !known.contains(&modifier))
    {
        return Err(format!("it does not take {}", layout.format));
    }
    let film = matches!(layout.format, DrmFourcc::Nv12 | DrmFourcc::Yuv420);
    let in_earnest = matches!(how, How::Flip | How::Set);
    match state.trouble {
        Some(Trouble::Films) if film => return Err("not now".to_owned()),
        Some(Trouble::FilmsInEarnest) if film && in_earnest => {
            return Err("not after all".to_owned());
        }
        _ => {}
    }
    let (width, height) = (
        u64::from(layout.size.0) << 16,
        u64::from(layout.size.1) << 16,
    );
    let source = ["SRC_X", "SRC_Y", "SRC_W", "SRC_H"].map(value);
    if source[0] + source[2] > width || source[1] + source[3] > height {
        return Err("it would show more than the picture has".to_owned());
    }
    let place = ["CRTC_X", "CRTC_Y", "CRTC_W", "CRTC_H"].map(value);
    if source[2] == 0 || source[3] == 0 || place[2] == 0 || place[3] == 0 {
        return Err("it would show nothing".to_owned());
    }
    let (across, down) = (u64::from(screen.0), u64::from(screen.1));
    if place[0] + place[2] > across || place[1] + place[3] > down {
        return Err("it would leave the screen".to_owned());
    }
    for (from, to) in [(source[2], place[2]), (source[3], place[3])] {
        let times = (to << 16) as f64 / from as f64;
        if times > known.scales.1 || 1.0 / times > known.scales.0 {
            return Err(format!("it does not scale {times:.2} times"));
        }
    }
    if let Some(Blob::Clips(clips)) = state.blobs.get(&value("FB_DAMAGE_CLIPS")) {
        let inside = |clip: &[i32; 4]| {
            let [left, top, right, bottom] = clip.map(|it| u32::try_from(it).unwrap_or(u32::MAX));
            left < right && top < bottom && right <= layout.size.0 && bottom <= layout.size.1
        };
        if !clips.iter().all(inside) {
            return Err("what is new is outside the picture".to_owned());
        }
    }
    Ok(())
}
