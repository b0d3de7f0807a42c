//! Cards as far as planes go: facts from the kernel's drivers, each named with its file. What a
//! driver checks beyond them (bandwidth, line buffers) is not here; `board/README.md` says which of
//! these were seen as hardware.

use drm::buffer::DrmFourcc;

use super::super::device::LINEAR;
use super::super::planes::Type;
use super::{CRTC, Known, OTHER_CRTC, Recorded};

pub(super) const BT601: &str = "ITU-R BT.601 YCbCr";
pub(super) const BT709: &str = "ITU-R BT.709 YCbCr";
pub(super) const BT2020: &str = "ITU-R BT.2020 YCbCr";
pub(super) const LIMITED: &str = "YCbCr limited range";
pub(super) const FULL: &str = "YCbCr full range";

/// Order of values as the kernel has it: those of the encoding are given, ranges and blends are
/// the same wherever there are any.
const RANGES: &[&str] = &[LIMITED, FULL];
const BLENDS: &[&str] = &["None", "Pre-multiplied", "Coverage"];

const RGB: [DrmFourcc; 2] = [DrmFourcc::Xrgb8888, DrmFourcc::Argb8888];

/// ARM's compressed frames, some kind of them: nothing that a processor writes.
const AFBC: u64 = 0x0800_0000_0000_0001;

/// A plane of nothing but this; it takes any size as it is.
fn plain(kind: Type, formats: &[DrmFourcc]) -> Known {
    Known {
        kind,
        formats: formats.to_vec(),
        modifiers: None,
        crtcs: vec![CRTC],
        zpos: None,
        encodings: &[],
        ranges: &[],
        blends: &[],
        copies: false,
        scales: (1.0, 1.0),
    }
}

fn with_film(rgb: &[DrmFourcc], film: &[DrmFourcc]) -> Vec<DrmFourcc> {
    [rgb, film].concat()
}

/// virtio-gpu (`virtgpu_plane.c`): one plane of one format, and a cursor; it copies what is new.
pub(super) fn virtio_gpu() -> Recorded {
    Recorded {
        name: "virtio-gpu",
        planes: vec![
            Known {
                copies: true,
                ..plain(Type::Primary, &RGB[..1])
            },
            plain(Type::Cursor, &RGB[1..]),
        ],
        insists_on_primary: false,
    }
}

/// vc4 of a Raspberry Pi 4 (`vc4_plane.c`): every plane takes every format and scales at will;
/// mainline tells no order of planes.
pub(super) fn vc4() -> Recorded {
    let any = |kind| Known {
        modifiers: Some(vec![LINEAR]),
        encodings: &[BT601, BT709, BT2020],
        ranges: RANGES,
        scales: (f64::MAX, f64::MAX),
        crtcs: match kind {
            Type::Overlay => vec![CRTC, OTHER_CRTC],
            _ => vec![CRTC],
        },
        ..plain(
            kind,
            &with_film(&RGB, &[DrmFourcc::Yuv420, DrmFourcc::Nv12]),
        )
    };
    let mut planes = vec![any(Type::Primary)];
    planes.extend((0..16).map(|_| any(Type::Overlay)));
    planes.push(any(Type::Cursor));
    Recorded {
        name: "vc4",
        planes,
        insists_on_primary: false,
    }
}

/// The same driver in Raspberry Pi's kernels, which the Pi 5 has: each plane can be put anywhere
/// ("drm/vc4: Support zpos on all planes"). Here all are at 0 at first.
pub(super) fn vc4_of_pi5() -> Recorded {
    let mut card = vc4();
    card.name = "vc4 (Pi 5)";
    for plane in &mut card.planes {
        plane.zpos = Some((0, Some((0, 31))));
        plane.blends = BLENDS;
    }
    card
}

/// VOP2 of an RK3566 (`rockchip_vop2_reg.c`, `rockchip_drm_vop2.c`): the primary plane takes no
/// film, a second one does, the third takes compressed pictures alone; all can be put anywhere, and
/// scale eight times.
pub(super) fn vop2() -> Recorded {
    let window = |kind, film: &[DrmFourcc], zpos, modifier| Known {
        modifiers: Some(vec![modifier]),
        zpos: Some((zpos, Some((0, 2)))),
        blends: BLENDS,
        scales: (8.0, 8.0),
        ..plain(kind, &with_film(&RGB, film))
    };
    let nv12 = [DrmFourcc::Nv12];
    Recorded {
        name: "vop2",
        planes: vec![
            window(Type::Primary, &[], 0, LINEAR),
            window(Type::Overlay, &nv12, 1, LINEAR),
            window(Type::Overlay, &nv12, 2, AFBC),
        ],
        insists_on_primary: false,
    }
}

/// i915 from generation 9 on (`skl_universal_plane.c`): the order is fixed; the first planes take
/// films, and two scalers at a time shrink a film less than twice.
pub(super) fn i915() -> Recorded {
    let universal = |kind, film: &[DrmFourcc], zpos| Known {
        modifiers: Some(vec![LINEAR]),
        zpos: Some((zpos, None)),
        encodings: &[BT601, BT709],
        ranges: RANGES,
        blends: BLENDS,
        scales: (1.99, f64::MAX),
        ..plain(kind, &with_film(&RGB, film))
    };
    let nv12 = [DrmFourcc::Nv12];
    Recorded {
        name: "i915",
        planes: vec![
            universal(Type::Primary, &nv12, 0),
            universal(Type::Overlay, &nv12, 1),
            universal(Type::Overlay, &[], 2),
            universal(Type::Cursor, &[], 3),
        ],
        insists_on_primary: false,
    }
}

/// amdgpu with DCN (`amdgpu_dm_plane.c`, `amdgpu_dm_crtc.c`): films on the primary plane, which
/// must be on, up to 16 times larger and four times smaller; overlays above it.
pub(super) fn amdgpu() -> Recorded {
    let dcn = |kind, film: &[DrmFourcc], zpos| Known {
        modifiers: Some(vec![LINEAR]),
        zpos: Some(zpos),
        blends: BLENDS,
        scales: (4.0, 16.0),
        ..plain(kind, &with_film(&RGB, film))
    };
    Recorded {
        name: "amdgpu",
        planes: vec![
            Known {
                encodings: &[BT601, BT709, BT2020],
                ranges: RANGES,
                ..dcn(Type::Primary, &[DrmFourcc::Nv12], (0, None))
            },
            dcn(Type::Overlay, &[], (2, Some((1, 254)))),
            dcn(Type::Cursor, &[], (255, None)),
        ],
        insists_on_primary: true,
    }
}

/// Amlogic G12 (`meson_plane.c`, `meson_overlay.c`): the primary plane lies above the one for
/// films, which scales at will.
pub(super) fn meson() -> Recorded {
    Recorded {
        name: "meson",
        planes: vec![
            Known {
                zpos: Some((1, None)),
                ..plain(Type::Primary, &RGB)
            },
            Known {
                zpos: Some((0, None)),
                scales: (f64::MAX, f64::MAX),
                ..plain(Type::Overlay, &[DrmFourcc::Nv12, DrmFourcc::Yuv420])
            },
        ],
        insists_on_primary: false,
    }
}

/// Made up: the plane for films lies above all else, as on old chips.
pub(super) fn film_on_top() -> Recorded {
    let mut card = meson();
    card.name = "film on top";
    card.planes[1].zpos = Some((2, None));
    card
}

/// Made up: planes that scale nothing, and one that is not ours.
pub(super) fn no_scaling() -> Recorded {
    let mut card = i915();
    card.name = "no scaling";
    card.planes.truncate(2);
    for plane in &mut card.planes {
        plane.scales = (1.0, 1.0);
    }
    let mut foreign = card.planes[0].clone();
    foreign.crtcs = vec![OTHER_CRTC];
    card.planes.insert(0, foreign);
    card
}

/// All that can have the film on a plane.
pub(super) fn with_planes() -> Vec<Recorded> {
    vec![
        vc4(),
        vc4_of_pi5(),
        vop2(),
        i915(),
        amdgpu(),
        meson(),
        no_scaling(),
    ]
}

/// Those that cannot.
pub(super) fn with_one() -> Vec<Recorded> {
    vec![virtio_gpu(), film_on_top()]
}
