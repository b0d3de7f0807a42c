//! The desk: where the sound of films and the voice of the box meet, while the box reads aloud.
//!
//! A sound device without a desktop is opened by one alone: what drives HDMI mixes nothing, and a
//! film that is paused still has it. So as long as the box reads aloud the desk has the device, and
//! films play into the desk (`desk_sink`). It mixes down to two channels; a film is softer while
//! something is said. When the box does not read aloud there is no desk, and films have the device
//! as it is.
//!
//! Why not ALSA's own mixer (dmix): the kernel's driver for HDMI on a Raspberry Pi takes frames of
//! IEC 60958 alone, which dmix cannot mix. Why not one pipeline for both: while a film is paused,
//! nothing flows through it.
//!
//! Invariants: whoever waits here goes on when the device is gone; the desk's samples never end.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::leveller;
use crate::player::inbox::{Inbox, Order};

/// Of the desk's samples, two channels of 16 bits each.
pub(super) const RATE: u32 = 48_000;

/// Bytes of a sample of both channels.
pub(super) const FRAME: usize = 4;

/// Samples of a film that wait: the device takes twenty milliseconds at a time.
const FILM_MAX: usize = RATE as usize / 25;

/// Samples of the voice that wait: enough that a slow engine leaves no gap.
const VOICE_MAX: usize = RATE as usize;

/// How loud a film is while something is said.
const UNDER: f32 = 0.25;

/// The share by which the loudness nears its end with each sample: done in a tenth of a second.
const NEARER: f32 = 1.0 / 1200.0;

/// Nobody takes samples for so long only if there is no device, or none yet.
const GONE: Duration = Duration::from_secs(5);

/// The voice is as loud as a film, but never turned down to nothing: hundredths.
const VOLUME_MIN: u8 = 20;

#[derive(Debug, Default)]
pub(in crate::player) struct Desk {
    on: AtomicBool,
    state: Mutex<State>,
    /// Samples were taken, or those who wait are to look.
    moved: Condvar,
}

#[derive(Debug)]
struct State {
    film: VecDeque<[i16; 2]>,
    /// Of samples of a film that are not wanted any more: one more each time.
    film_cuts: u64,
    voice: VecDeque<i16>,
    /// Which utterance is said.
    utterance: u64,
    /// More of it will come.
    speaks: bool,
    resampler: Resampler,
    /// How loud the film is now, and the voice.
    film_gain: f32,
    voice_gain: f32,
}

impl Default for State {
    fn default() -> State {
        State {
            film: VecDeque::new(),
            film_cuts: 0,
            voice: VecDeque::new(),
            utterance: 0,
            speaks: false,
            resampler: Resampler::default(),
            film_gain: 1.0,
            voice_gain: 1.0,
        }
    }
}

/// One utterance, until another begins or it is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ticket(pub u64);

/// The voice's place at the desk. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Voice {
    pub(in crate::player) desk: Arc<Desk>,
    pub(in crate::player) inbox: Arc<Inbox>,
}

impl Voice {
    /// The box reads aloud from now on: what is said is heard over whatever else is. A film goes on
    /// where it is, in two channels; false: as before.
    pub fn open(&self, on: bool) {
        self.desk.turn(on);
        self.inbox.order(Order::ReadAloud(on));
    }

    /// Something is said from now on; what was said before is cut.
    pub fn begin(&self) -> Ticket {
        let mut state = self.desk.lock();
        state.cut();
        state.speaks = true;
        self.desk.moved.notify_all();
        Ticket(state.utterance)
    }

    /// Says that, one channel of `rate` samples a second; waits while enough is waiting. False: it
    /// was cut, or nobody can hear it.
    pub fn say(&self, ticket: Ticket, rate: u32, samples: &[i16]) -> bool {
        let said = self.desk.wait(ticket, VOICE_MAX);
        let Some(mut state) = said else {
            return false;
        };
        let State {
            resampler, voice, ..
        } = &mut *state;
        resampler.put(rate, samples, voice);
        true
    }

    /// All of it was given; waits until it was said. False: it was cut, or nobody can hear it.
    pub fn end(&self, ticket: Ticket) -> bool {
        let said = self.desk.wait(ticket, 1);
        let Some(mut state) = said else {
            return false;
        };
        state.speaks = false;
        true
    }

    /// Says no more of what is said, whatever that is.
    pub fn cut(&self) {
        self.desk.lock().cut();
        self.desk.moved.notify_all();
    }
}

impl State {
    fn cut(&mut self) {
        self.voice.clear();
        self.utterance += 1;
        self.speaks = false;
        self.resampler = Resampler::default();
    }
}

impl Desk {
    pub(super) fn is_on(&self) -> bool {
        self.on.load(Ordering::Acquire)
    }

    /// From now on films play into the desk; false: no more.
    fn turn(&self, on: bool) {
        self.on.store(on, Ordering::Release);
        if !on {
            self.lock().cut();
        }
        self.moved.notify_all();
    }

    /// Of the box's own sound, in hundredths.
    pub(in crate::player) fn set_volume(&self, volume: u8) {
        self.lock().voice_gain = leveller::gain(volume.max(VOLUME_MIN));
    }

    /// The next `frames` samples for the device.
    pub(super) fn mix(&self, frames: usize) -> Vec<u8> {
        let mut state = self.lock();
        let mut mixed = Vec::with_capacity(frames * FRAME);
        for _ in 0..frames {
            let said = state.voice.pop_front();
            let wanted = if said.is_some() || state.speaks {
                UNDER
            } else {
                1.0
            };
            state.film_gain += (wanted - state.film_gain) * NEARER;
            let said = f32::from(said.unwrap_or(0)) * state.voice_gain;
            for sample in state.film.pop_front().unwrap_or_default() {
                let both = f32::from(sample) * state.film_gain + said;
                let both = both.clamp(f32::from(i16::MIN), f32::from(i16::MAX)) as i16;
                mixed.extend_from_slice(&both.to_le_bytes());
            }
        }
        drop(state);
        self.moved.notify_all();
        mixed
    }

    /// Takes a film's samples as the device takes what lies before them.
    pub(super) fn film(&self, bytes: &[u8]) {
        let mut state = self.lock();
        let cuts = state.film_cuts;
        let (frames, _) = bytes.as_chunks::<FRAME>();
        let sample = |low, high| i16::from_le_bytes([low, high]);
        state.film.extend(
            frames
                .iter()
                .map(|it| [sample(it[0], it[1]), sample(it[2], it[3])]),
        );
        while state.film.len() > FILM_MAX && state.film_cuts == cuts && self.is_on() {
            let (next, timeout) = self.sleep(state);
            state = next;
            if timeout {
                break;
            }
        }
        // Nobody hears them.
        let over = state.film.len().saturating_sub(FILM_MAX);
        state.film.drain(..over);
    }

    /// A film's samples that were not taken are not wanted any more.
    pub(super) fn cut_film(&self) {
        let mut state = self.lock();
        state.film.clear();
        state.film_cuts += 1;
        drop(state);
        self.moved.notify_all();
    }

    /// Samples of the film that wait here.
    pub(super) fn film_waits(&self) -> usize {
        self.lock().film.len()
    }

    /// Until less than so much of the voice waits; none: that will not be.
    fn wait(&self, ticket: Ticket, less_than: usize) -> Option<MutexGuard<'_, State>> {
        let mut state = self.lock();
        loop {
            if !self.is_on() || state.utterance != ticket.0 {
                return None;
            }
            if state.voice.len() < less_than {
                return Some(state);
            }
            let waited = state.voice.len();
            let (next, timeout) = self.sleep(state);
            state = next;
            if timeout && state.voice.len() == waited {
                tracing::warn!("nobody takes what the box says");
                return None;
            }
        }
    }

    fn sleep<'a>(&self, state: MutexGuard<'a, State>) -> (MutexGuard<'a, State>, bool) {
        let slept = self.moved.wait_timeout(state, GONE);
        let (state, timeout) = slept.unwrap_or_else(PoisonError::into_inner);
        (state, timeout.timed_out())
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes of a voice's samples as many as the desk has, on straight lines between them: its engine
/// makes nothing that would be heard of that.
#[derive(Debug, Default)]
struct Resampler {
    last: i16,
    /// Between the last sample and the next, in parts of [`RATE`].
    at: u32,
}

impl Resampler {
    fn put(&mut self, rate: u32, samples: &[i16], out: &mut VecDeque<i16>) {
        let step = rate.clamp(1, RATE);
        for next in samples {
            let (from, to) = (i64::from(self.last), i64::from(*next));
            while self.at < RATE {
                let between = (to - from) * i64::from(self.at) / i64::from(RATE);
                out.push_back((from + between) as i16);
                self.at += step;
            }
            self.at -= RATE;
            self.last = *next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desk() -> Arc<Desk> {
        let desk = Arc::new(Desk::default());
        desk.turn(true);
        desk
    }

    /// Of the left channel.
    fn samples(mixed: &[u8]) -> Vec<i16> {
        let (frames, _) = mixed.as_chunks::<FRAME>();
        let left = frames.iter().map(|it| i16::from_le_bytes([it[0], it[1]]));
        left.collect()
    }

    #[test]
    fn without_anybody_it_is_silent_and_goes_on() {
        let desk = desk();
        assert_eq!(samples(&desk.mix(480)), [0; 480]);
        assert_eq!(desk.mix(RATE as usize).len(), RATE as usize * FRAME);
    }

    #[test]
    fn a_film_is_softer_while_something_is_said_and_then_as_before() {
        let desk = desk();
        let voice = Voice {
            desk: desk.clone(),
            inbox: Arc::default(),
        };
        let loud = [0x10, 0x27, 0x10, 0x27].repeat(FILM_MAX);
        let play = || {
            desk.film(&loud);
            samples(&desk.mix(FILM_MAX))
        };
        assert!(play().iter().all(|it| *it == 10_000));
        let ticket = voice.begin();
        for _ in 0..5 {
            play();
        }
        let under = *play().last().unwrap();
        assert!((2_400..2_700).contains(&under), "{under}");
        assert!(voice.end(ticket));
        for _ in 0..5 {
            play();
        }
        let again = *play().last().unwrap();
        assert!((9_700..=10_000).contains(&again), "{again}");
    }

    #[test]
    fn the_voice_is_as_long_and_as_high_as_it_was() {
        let desk = desk();
        let voice = Voice {
            desk: desk.clone(),
            inbox: Arc::default(),
        };
        let ticket = voice.begin();
        // A saw of 220.5 cycles a second, in pieces.
        let saw: Vec<i16> = (0..22_050).map(|at| (at % 100) * 100).collect();
        for piece in saw.chunks(77) {
            assert!(voice.say(ticket, 22_050, piece));
        }
        let said = samples(&desk.mix(RATE as usize));
        // Each fall lies between several of the desk's samples, which are closer.
        let falls = |it: &[i16]| it[1] < it[0] - 2_000;
        let falls = said.windows(3).filter(|it| !falls(it) && falls(&it[1..]));
        let falls = falls.count();
        assert!((215..=225).contains(&falls), "{falls}");
        assert_eq!(samples(&desk.mix(480)), [0; 480]);
    }

    #[test]
    fn who_waits_goes_on_when_it_is_cut_or_switched_off() {
        let desk = desk();
        let voice = Voice {
            desk: desk.clone(),
            inbox: Arc::default(),
        };
        let much = vec![1; 22_050];
        for end in [Voice::cut as fn(&Voice), |voice| voice.desk.turn(false)] {
            let ticket = voice.begin();
            let (other, much) = (voice.clone(), much.clone());
            let waits = std::thread::spawn(move || {
                let mut given = 0;
                while other.say(ticket, 22_050, &much) {
                    given += 1;
                }
                given
            });
            while desk.lock().voice.len() < VOICE_MAX {
                std::thread::yield_now();
            }
            end(&voice);
            assert!(waits.join().unwrap() >= 1);
            assert!(!voice.end(ticket));
            assert!(desk.lock().voice.is_empty());
        }
    }
}
