//! The same stories on every card: what is seen is what a screen without planes shows.

use std::sync::Arc;
use std::time::Duration;

use drm::buffer::DrmFourcc;
use drm::control::Mode;
use drm_ffi::drm_mode_modeinfo;
use media::{ColourMatrix, PixelFormat, Planes, VideoFrame};

use super::super::super::choice::ScreenWish;
use super::super::super::{Headless, Presented, Presenter, Rect};
use super::super::device::How;
use super::super::screen::KmsScreen;
use super::cards::{self, with_one, with_planes};
use super::{Asked, Fake, PLANES, Recorded, Trouble};

/// Pixels of the screen: few, for they are composed slowly.
pub(super) const SIZE: (u32, u32) = (160, 90);

/// Colours are made with 13 bits of fraction or less, and blended in whole steps.
const STEPS: i32 = 4;

/// Where a picture is scaled, ways of doing so differ at its edges.
const STEPS_SCALED: i32 = 12;

struct Memory(Vec<(Vec<u8>, usize)>);

impl Planes for Memory {
    fn plane(&self, index: usize) -> &[u8] {
        &self.0[index].0
    }

    fn stride(&self, index: usize) -> usize {
        self.0[index].1
    }
}

/// Samples that change little from one to the next, and with each number.
pub(super) fn film(format: PixelFormat, (width, height): (u32, u32), number: u32) -> VideoFrame {
    let (wide, high) = (width as usize, height as usize);
    let (half, low) = (wide.div_ceil(2), high.div_ceil(2));
    let plane = |wide: usize, high: usize, across: usize, down: usize, least: usize| {
        let sample = |at: usize| {
            let (x, y) = (at % wide, at / wide);
            (least + x * across / wide + y * down / high + number as usize * 3) as u8
        };
        (0..wide * high).map(sample).collect::<Vec<u8>>()
    };
    let luma = plane(wide, high, 90, 60, 30);
    let (blue, red) = (plane(half, low, 40, 30, 90), plane(half, low, 20, 60, 80));
    let pairs = blue.iter().zip(&red).flat_map(|(blue, red)| [*blue, *red]);
    let planes = match format {
        PixelFormat::Nv12 => vec![(luma, wide), (pairs.collect(), half * 2)],
        PixelFormat::I420 => vec![(luma, wide), (blue, half), (red, half)],
    };
    VideoFrame {
        format,
        width,
        height,
        pixel_aspect: (1, 1),
        matrix: ColourMatrix::Bt709,
        full_range: false,
        position: Duration::from_millis(u64::from(number) * 40),
        rate: Some((25, 1)),
        planes: Arc::new(Memory(planes)),
    }
}

/// Of that rate.
pub(super) fn mode((width, height): (u32, u32), rate: u32) -> Mode {
    let (across, down) = (width as u16, height as u16);
    Mode::from(drm_mode_modeinfo {
        clock: (width + 40) * (height + 10) * rate / 1000,
        hdisplay: across,
        hsync_start: across + 8,
        hsync_end: across + 16,
        htotal: across + 40,
        hskew: 0,
        vdisplay: down,
        vsync_start: down + 2,
        vsync_end: down + 4,
        vtotal: down + 10,
        vscan: 0,
        vrefresh: rate,
        flags: 0,
        type_: 0,
        name: [0; 32],
    })
}

/// A screen behind a card, and one that nobody sees beside it.
pub(super) struct Tv {
    pub(super) screen: KmsScreen<Fake>,
    plain: Headless,
    name: &'static str,
    /// How far a part of a colour may be from what is seen there.
    pub(super) steps: i32,
    /// Where on the screen the picture is.
    inset: Rect,
}

impl Tv {
    pub(super) fn new(card: Recorded) -> Tv {
        Tv::with(card, &ScreenWish::default())
    }

    pub(super) fn with(card: Recorded, wish: &ScreenWish) -> Tv {
        let (name, fake) = (card.name, Fake::new(card));
        let way = fake.way(&[mode(SIZE, 60), mode(SIZE, 50)]);
        let screen = KmsScreen::new(fake, Some(way), wish, None).unwrap();
        let (width, height) = screen.size();
        Tv {
            screen,
            plain: Headless::new(width, height),
            name,
            steps: STEPS,
            inset: Rect::new((SIZE.0 - width) / 2, (SIZE.1 - height) / 2, width, height),
        }
    }

    /// Makes the picture smaller or larger on both.
    fn overscan(&mut self, percent: u8) -> bool {
        let changed = self.screen.overscan(percent);
        let (width, height) = self.screen.size();
        if changed {
            self.plain = Headless::new(width, height);
            self.inset = Rect::new((SIZE.0 - width) / 2, (SIZE.1 - height) / 2, width, height);
        }
        changed
    }

    pub(super) fn video(&mut self, frame: Option<VideoFrame>) {
        let size = self.screen.size();
        let scaled = frame.as_ref().is_some_and(|it| it.width != size.0);
        self.steps = if scaled { STEPS_SCALED } else { STEPS };
        self.screen.video(frame.clone());
        self.plain.video(frame);
    }

    /// Paints a part of the UI; all else of it is clear.
    pub(super) fn ui(&mut self, part: Option<Rect>, pixel: u32) {
        let (width, height) = self.screen.size();
        let mut pixels = vec![0; (width * height) as usize];
        for y in part.iter().flat_map(|part| part.y..part.bottom()) {
            let part = part.unwrap();
            let row = (y * width) as usize;
            pixels[row + part.x as usize..row + part.right() as usize].fill(pixel);
        }
        let damage = [Rect::new(0, 0, width, height)];
        self.screen.ui(&pixels, width, &damage, part);
        self.plain.ui(&pixels, width, &damage, part);
    }

    pub(super) fn whole(&self) -> Rect {
        let (width, height) = self.screen.size();
        Rect::new(0, 0, width, height)
    }

    /// Commits, waits for the flip, and looks at the screen; says what the card was asked.
    pub(super) fn commit(&mut self, when: &str) -> Vec<Asked> {
        let presented = self.screen.commit();
        self.plain.commit();
        assert_ne!(presented, Presented::Refused, "{}: {when}", self.name);
        if presented == Presented::Sent {
            self.screen.card().refresh();
            assert!(self.screen.read_events().unwrap().is_some());
        }
        self.look(when);
        self.screen.card().asked()
    }

    /// What is seen is what the other screen shows.
    pub(super) fn look(&self, when: &str) {
        let seen = self.screen.card().seen();
        let seen = seen.unwrap_or_else(|| panic!("{}: {when}: it is off", self.name));
        let wanted = self.plain.snapshot();
        assert_eq!((seen.width, seen.height), SIZE);
        let parts = |pixel: u32| [16, 8, 0].map(|shift| (pixel >> shift & 0xff) as i32);
        for y in 0..SIZE.1 {
            for x in 0..SIZE.0 {
                let got = seen.pixels[(y * SIZE.0 + x) as usize];
                let inside = self.inset.contains(&Rect::new(x, y, 1, 1));
                let want = if inside {
                    let row = (y - self.inset.y) * wanted.width;
                    wanted.pixels[(row + x - self.inset.x) as usize]
                } else {
                    0
                };
                let near = parts(got).into_iter().zip(parts(want));
                let far = near.map(|(got, want)| (got - want).abs()).max();
                assert!(
                    far <= Some(self.steps),
                    "{}: {when}: {got:06x} at {x},{y} is not {want:06x}",
                    self.name
                );
            }
        }
        assert_eq!(self.screen.snapshot(), wanted, "{}: {when}", self.name);
    }

    /// The film is on a plane.
    pub(super) fn film_has_a_plane(&self) -> bool {
        let shown = self.screen.card().shown();
        shown
            .iter()
            .any(|(_, format)| matches!(format, DrmFourcc::Nv12 | DrmFourcc::Yuv420))
    }
}

/// Requests that were no questions.
pub(super) fn sent(asked: &[Asked]) -> Vec<&Asked> {
    let earnest = |it: &&Asked| !matches!(it.how, How::Try | How::TrySetting);
    asked.iter().filter(earnest).collect()
}

const WALL: u32 = 0xff20_4060;
const BAR: u32 = 0x8010_2030;

/// A film from the wall to the wall, with all that can lie over it.
fn whole_story(tv: &mut Tv, size: (u32, u32), has_planes: bool) {
    tv.ui(Some(tv.whole()), WALL);
    tv.commit("the wall");
    assert!(!tv.film_has_a_plane());
    for format in [PixelFormat::I420, PixelFormat::Nv12] {
        // The page is left, and the film's first picture is there.
        tv.ui(None, 0);
        for number in 0..3 {
            tv.video(Some(film(format, size, number)));
            tv.commit("the film");
            assert_eq!(tv.film_has_a_plane(), has_planes, "{}", tv.name);
        }
        for number in 3..6 {
            let bar = Rect::new(10, 50 + number * 3, 100, 14);
            tv.ui(Some(bar), BAR);
            tv.commit("controls over a picture that stands");
            tv.video(Some(film(format, size, number)));
            tv.commit("controls over another picture");
        }
        tv.video(Some(film(format, size, 6)));
        tv.ui(None, 0);
        tv.commit("the controls leave");
        // It stands by and comes back; the film goes on.
        tv.screen.lights(false);
        assert!(tv.screen.card().seen().is_none());
        tv.screen.lights(true);
        tv.commit("it is on again");
        tv.video(None);
        tv.ui(Some(tv.whole()), WALL);
        tv.commit("the wall after the film");
        assert!(!tv.film_has_a_plane());
    }
    tv.screen.plug(None).unwrap();
    let left = tv.screen.card().left();
    assert_eq!(left, (0, 0), "{}: memory is not given back", tv.name);
}

#[test]
fn every_card_shows_what_a_screen_without_planes_shows() {
    let sizes = [SIZE, (160, 68), (80, 44), (240, 135), (640, 272)];
    for size in sizes {
        for card in with_planes() {
            whole_story(&mut Tv::new(card), size, true);
        }
        for card in with_one() {
            whole_story(&mut Tv::new(card), size, false);
        }
    }
}

#[test]
fn all_is_on_one_plane_where_the_owner_wants_that() {
    let wish = ScreenWish {
        planes: false,
        ..ScreenWish::default()
    };
    for card in with_planes() {
        whole_story(&mut Tv::with(card, &wish), SIZE, false);
    }
}

#[test]
fn edges_that_a_tv_hides_are_black_on_planes_too() {
    let wish = ScreenWish {
        overscan: 10,
        ..ScreenWish::default()
    };
    for card in [cards::vc4(), cards::meson(), cards::no_scaling()] {
        // Of the picture's own size, and scaled.
        for size in [(144, 82), SIZE] {
            whole_story(&mut Tv::with(card.clone(), &wish), size, true);
        }
    }
}

#[test]
fn the_picture_is_made_smaller_and_larger_while_it_is_shown() {
    for card in [cards::vc4(), cards::meson(), cards::no_scaling()] {
        let mut tv = Tv::new(card);
        tv.ui(Some(tv.whole()), WALL);
        tv.commit("the wall");
        for percent in [10, 15, 3, 0] {
            assert!(tv.overscan(percent));
            tv.ui(Some(tv.whole()), WALL);
            tv.commit("of another size");
            tv.ui(Some(Rect::new(2, 2, 9, 9)), WALL);
            tv.video(Some(film(PixelFormat::Nv12, tv.screen.size(), 1)));
            tv.commit("with a film");
            assert!(!tv.overscan(percent), "nothing changes");
            tv.video(None);
            tv.ui(Some(tv.whole()), WALL);
            tv.commit("without it");
            tv.commit("and again");
        }
    }
}

#[test]
fn nothing_is_sent_that_was_not_asked_or_is_known() {
    for card in with_planes() {
        let mut tv = Tv::new(card);
        tv.ui(Some(tv.whole()), WALL);
        tv.commit("the wall");
        tv.ui(None, 0);
        tv.video(Some(film(PixelFormat::I420, SIZE, 0)));
        let asked = tv.commit("the film begins");
        let sent_last = sent(&asked);
        let [begun] = sent_last[..] else {
            panic!("{}: it begins with {asked:?}", tv.name);
        };
        let question = asked.iter().find(|it| it.how == How::Try).unwrap();
        assert!(question.refused.is_none() && begun.refused.is_none());
        let writes = tv.screen.card().writes();
        for number in 1..4 {
            tv.video(Some(film(PixelFormat::I420, SIZE, number)));
            let asked = tv.commit("the film alone");
            assert_eq!(asked.len(), 1, "{}: {asked:?}", tv.name);
            let planes: Vec<u32> = asked[0].sets.iter().map(|it| it.0).collect();
            assert!(planes.iter().all(|it| *it == planes[0]), "{planes:?}");
            assert_eq!(asked[0].how, How::Flip);
            // Of the UI nothing is seen: it has no plane, where that may be.
            assert_eq!(tv.screen.card().shown().len(), 1, "{}", tv.name);
        }
        assert_eq!(tv.screen.card().writes(), writes + 3, "{}", tv.name);
        tv.ui(Some(Rect::new(8, 8, 16, 16)), BAR);
        tv.commit("a bar");
        let writes = tv.screen.card().writes();
        tv.video(Some(film(PixelFormat::I420, SIZE, 5)));
        let asked = tv.commit("a picture below a bar that stands");
        assert_eq!(tv.screen.card().writes(), writes + 1, "the UI is redrawn");
        assert_eq!(sent(&asked).len(), 1);
        assert_eq!(tv.screen.card().shown().len(), 2);
        assert!(tv.commit("nothing new").is_empty());
    }
}

/// Numbers that look like chance, the same every time.
struct Chance(u32);

impl Chance {
    fn below(&mut self, most: u32) -> u32 {
        // Numerical Recipes' constants; the low bits are the worst.
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % most
    }

    fn rect(&mut self, (width, height): (u32, u32)) -> Rect {
        let (x, y) = (self.below(width), self.below(height));
        let (wide, high) = (1 + self.below(width - x), 1 + self.below(height - y));
        Rect::new(x, y, wide, high)
    }
}

#[test]
fn whatever_comes_after_what_the_same_is_seen() {
    for card in [with_one(), with_planes()].concat() {
        for seed in 0..6 {
            by_chance(card.clone(), seed);
        }
    }
}

fn by_chance(card: Recorded, seed: u32) {
    let mut chance = Chance(seed);
    let mut tv = Tv::new(card);
    let mut pixels = vec![0; (SIZE.0 * SIZE.1) as usize];
    for number in 0..24 {
        match chance.below(8) {
            0..3 => {
                // Only what is told to be new is, as with the UI's renderer.
                let part = chance.rect(SIZE);
                let alpha = [0, 0x80, 0xff][chance.below(3) as usize];
                let pixel = alpha << 24 | (chance.below(alpha + 1) << 8);
                for y in part.y..part.bottom() {
                    let row = (y * SIZE.0) as usize;
                    pixels[row + part.x as usize..row + part.right() as usize].fill(pixel);
                }
                let visible = [Some(tv.whole()), Some(part), None][chance.below(3) as usize];
                tv.screen.ui(&pixels, SIZE.0, &[part], visible);
                tv.plain.ui(&pixels, SIZE.0, &[part], visible);
            }
            3..6 => {
                let format = [PixelFormat::I420, PixelFormat::Nv12][chance.below(2) as usize];
                let size = [SIZE, SIZE, (160, 68)][chance.below(3) as usize];
                tv.video(Some(film(format, size, number)));
            }
            6 => tv.video(None),
            _ => {
                let troubles = [
                    None,
                    None,
                    Some(Trouble::Films),
                    Some(Trouble::FilmsInEarnest),
                ];
                let trouble = troubles[chance.below(4) as usize];
                tv.screen.card().trouble(trouble);
            }
        }
        if chance.below(4) > 0 {
            tv.commit(&format!("seed {seed}, step {number}"));
        }
    }
}

#[test]
fn a_film_above_the_wrong_plane_is_never_tried() {
    let mut tv = Tv::new(cards::film_on_top());
    tv.video(Some(film(PixelFormat::I420, SIZE, 0)));
    let asked = tv.commit("the film");
    let films = asked.iter().flat_map(|it| &it.sets);
    assert!(films.clone().all(|(object, _)| *object != PLANES + 1));
}
