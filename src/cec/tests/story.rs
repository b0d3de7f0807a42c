//! Stories of a box and a TV on one bus: what is said, and what the box is told.
#![allow(clippy::unwrap_used, clippy::needless_raw_string_hashes)]

use std::fmt::Write as _;
use std::time::Duration;

use cec::{Act, Bus, Deck, Follower, Frame, Logical, Order, Place, Sent, Volume};
use expect_test::{Expect, expect};

/// A box at 1.0.0.0, and whoever else is on the bus.
struct Bench {
    follower: Follower,
    now: Duration,
    transcript: String,
    /// How the next messages end; done where nothing is said.
    ends: Vec<Sent>,
}

impl Bench {
    fn unplugged() -> Bench {
        Bench {
            follower: Follower::new("Matinee"),
            now: Duration::ZERO,
            transcript: String::new(),
            ends: Vec::new(),
        }
    }

    /// One whose address is claimed, and no amplifier is there.
    fn new() -> Bench {
        let mut bench = Bench::unplugged();
        bench.ends = vec![Sent::Refused];
        bench.claimed(0x1000);
        bench.transcript.clear();
        bench
    }

    fn claimed(&mut self, place: u16) {
        self.bus(Bus::Claimed {
            address: Logical::new(4).unwrap(),
            place: Place::new(place).unwrap(),
        });
    }

    fn bus(&mut self, news: Bus) {
        self.follower.bus(news, self.now);
        self.settle();
    }

    fn act(&mut self, act: Act) {
        writeln!(self.transcript, "{:<6} box {act:?}", self.now.as_millis()).unwrap();
        self.follower.act(act, self.now);
        self.settle();
    }

    /// Somebody says something, written as by cec-ctl.
    fn hear(&mut self, bytes: &str) {
        writeln!(self.transcript, "{:<6} <- {bytes}", self.now.as_millis()).unwrap();
        let bytes = bytes
            .split(':')
            .map(|it| u8::from_str_radix(it, 16).unwrap());
        let frame = Frame::of(&bytes.collect::<Vec<_>>()).unwrap();
        self.bus(Bus::Received(frame));
    }

    /// Each message takes no time; how it ends was said before.
    fn settle(&mut self) {
        loop {
            let orders = self.follower.orders();
            if orders.is_empty() {
                return;
            }
            for order in orders {
                let now = self.now.as_millis();
                match order {
                    Order::Tell(told) => writeln!(self.transcript, "{now:<6} told {told:?}"),
                    Order::Send(frame) => {
                        let ends = self.ends.pop().unwrap_or(Sent::Done);
                        let how = if ends == Sent::Done { "" } else { " x" };
                        self.follower.bus(Bus::Sent(ends), self.now);
                        writeln!(self.transcript, "{now:<6} -> {frame}{how}")
                    }
                }
                .unwrap();
            }
        }
    }

    /// Lets time pass, and wakes the follower when it wants to.
    fn wait(&mut self, wait_ms: u64) {
        let until = self.now + Duration::from_millis(wait_ms);
        while let Some(due) = self.follower.deadline().filter(|due| *due <= until) {
            self.now = self.now.max(due);
            self.follower.tick(self.now);
            self.settle();
        }
        self.now = until;
    }

    fn shows(&mut self) {
        self.act(Act::Show);
        self.hear("04:90:00");
        self.transcript.clear();
    }

    fn check(&self, expect: &Expect) {
        expect.assert_eq(&self.transcript);
    }
}

#[test]
fn a_claim_asks_who_is_heard_and_says_nothing_else() {
    let mut bench = Bench::unplugged();
    bench.claimed(0x1000);
    bench.wait(60_000);
    bench.hear("50:7e:01");
    bench.hear("54:7e:01");
    bench.hear("5f:72:00");
    bench.check(&expect![[r#"
        0      told Volume(Tv)
        0      -> 45:7d
        60000  <- 50:7e:01
        60000  <- 54:7e:01
        60000  told Volume(Amplifier)
        60000  -> 45:71
        60000  <- 5f:72:00
        60000  told Volume(Tv)
    "#]]);
}

#[test]
fn a_tv_that_sleeps_is_woken_and_told_once_it_is_on() {
    let mut bench = Bench::new();
    // The third try is heard.
    bench.ends = vec![Sent::Done, Sent::Refused, Sent::Refused];
    bench.act(Act::Show);
    bench.wait(1200);
    bench.hear("04:90:03");
    bench.wait(3000);
    // It is asked again no sooner than ten seconds later.
    bench.wait(8000);
    bench.hear("04:90:00");
    bench.wait(60_000);
    bench.act(Act::Show);
    bench.check(&expect![[r#"
        0      box Show
        0      -> 40:04 x
        500    -> 40:04 x
        1000   -> 40:04
        1000   -> 40:8f
        1200   <- 04:90:03
        11000  -> 40:8f
        12200  <- 04:90:00
        12200  -> 4f:82:10:00
        12200  told Shown
        72200  box Show
    "#]]);
}

#[test]
fn a_tv_that_does_not_say_whether_it_is_on_is_told_all_the_same() {
    let mut bench = Bench::new();
    bench.act(Act::Show);
    bench.hear("04:00:8f:00");
    bench.check(&expect![[r#"
        0      box Show
        0      -> 40:04
        0      -> 40:8f
        0      <- 04:00:8f:00
        0      -> 4f:82:10:00
        0      told Shown
    "#]]);
    let mut bench = Bench::new();
    bench.act(Act::Show);
    bench.wait(2500);
    bench.check(&expect![[r#"
        0      box Show
        0      -> 40:04
        0      -> 40:8f
        2000   -> 4f:82:10:00
        2000   told Shown
    "#]]);
}

#[test]
fn nobody_is_woken_who_is_not_there() {
    let mut bench = Bench::new();
    bench.ends = vec![Sent::Refused; 3];
    bench.act(Act::Show);
    bench.wait(60_000);
    bench.check(&expect![[r#"
        0      box Show
        0      -> 40:04 x
        500    -> 40:04 x
        1000   -> 40:04 x
        1000   told NotWoken
    "#]]);
}

#[test]
fn a_tv_that_hides_the_place_is_woken_without_an_address() {
    let mut bench = Bench::unplugged();
    bench.act(Act::Show);
    bench.bus(Bus::Unplaced);
    bench.act(Act::Show);
    bench.wait(6000);
    bench.claimed(0x2000);
    bench.hear("04:90:00");
    bench.check(&expect![[r#"
        0      box Show
        0      box Show
        0      -> f0:04
        6000   told Volume(Tv)
        6000   -> 45:7d
        6000   -> 40:8f
        6000   <- 04:90:00
        6000   -> 4f:82:20:00
        6000   told Shown
    "#]]);
    // Or it sleeps on.
    let mut bench = Bench::unplugged();
    bench.bus(Bus::Unplaced);
    bench.act(Act::Show);
    bench.wait(60_000);
    bench.check(&expect![[r#"
        0      box Show
        0      -> f0:04
        30000  told NotWoken
    "#]]);
}

#[test]
fn who_is_asked_for_says_so_only_while_it_is_shown() {
    let mut bench = Bench::new();
    bench.hear("0f:85");
    bench.hear("0f:86:10:00");
    bench.hear("0f:85");
    // Another plays.
    bench.hear("8f:82:20:00");
    bench.hear("8f:82:20:00");
    bench.hear("0f:85");
    bench.hear("0f:80:20:00:10:00");
    bench.hear("0f:80:10:00:00:00");
    bench.check(&expect![[r#"
        0      <- 0f:85
        0      <- 0f:86:10:00
        0      -> 4f:82:10:00
        0      told Shown
        0      <- 0f:85
        0      -> 4f:82:10:00
        0      <- 8f:82:20:00
        0      told Left
        0      <- 8f:82:20:00
        0      <- 0f:85
        0      <- 0f:80:20:00:10:00
        0      -> 4f:82:10:00
        0      told Shown
        0      <- 0f:80:10:00:00:00
        0      told Left
    "#]]);
}

#[test]
fn behind_an_amplifier_the_way_is_told_in_steps() {
    let mut bench = Bench::new();
    bench.claimed(0x1200);
    bench.transcript.clear();
    bench.hear("0f:80:00:00:10:00");
    bench.hear("5f:81:12:00");
    bench.hear("5f:81:11:00");
    bench.check(&expect![[r#"
        0      <- 0f:80:00:00:10:00
        0      <- 5f:81:12:00
        0      -> 4f:82:12:00
        0      told Shown
        0      <- 5f:81:11:00
        0      told Left
    "#]]);
}

#[test]
fn standby_goes_both_ways() {
    let mut bench = Bench::new();
    bench.shows();
    bench.hear("0f:36");
    bench.act(Act::Sleep { tv: false });
    bench.hear("04:8f");
    bench.hear("0f:85");
    bench.check(&expect![[r#"
        0      <- 0f:36
        0      told Standby
        0      box Sleep { tv: false }
        0      <- 04:8f
        0      -> 40:90:01
        0      <- 0f:85
    "#]]);
    let mut bench = Bench::new();
    bench.shows();
    bench.act(Act::Sleep { tv: true });
    bench.hear("04:36");
    bench.act(Act::Wake);
    bench.hear("04:8f");
    bench.check(&expect![[r#"
        0      box Sleep { tv: true }
        0      -> 40:9d:10:00
        0      -> 40:36
        0      <- 04:36
        0      told Standby
        0      box Wake
        0      <- 04:8f
        0      -> 40:90:00
    "#]]);
    // One that shows another is left alone.
    let mut bench = Bench::new();
    bench.hear("8f:82:20:00");
    bench.act(Act::Sleep { tv: true });
    bench.check(&expect![[r#"
        0      <- 8f:82:20:00
        0      told Left
        0      box Sleep { tv: true }
    "#]]);
}

#[test]
fn a_box_that_sleeps_is_chosen_by_the_tv() {
    let mut bench = Bench::new();
    bench.act(Act::Sleep { tv: false });
    bench.hear("0f:80:20:00:10:00");
    bench.hear("0f:86:10:00");
    bench.act(Act::Wake);
    bench.act(Act::Show);
    bench.hear("04:90:00");
    bench.check(&expect![[r#"
        0      box Sleep { tv: false }
        0      <- 0f:80:20:00:10:00
        0      <- 0f:86:10:00
        0      told Chosen
        0      box Wake
        0      box Show
        0      -> 40:04
        0      -> 40:8f
        0      <- 04:90:00
        0      -> 4f:82:10:00
        0      told Shown
    "#]]);
}

#[test]
fn a_wake_that_another_interrupts_is_taken_back() {
    let mut bench = Bench::new();
    bench.ends = vec![Sent::Refused; 3];
    bench.act(Act::Show);
    bench.hear("8f:82:20:00");
    bench.wait(60_000);
    bench.check(&expect![[r#"
        0      box Show
        0      -> 40:04 x
        0      <- 8f:82:20:00
        0      told Left
    "#]]);
}

#[test]
fn menus_and_decks_answer() {
    let mut bench = Bench::new();
    bench.hear("04:8d:00");
    bench.hear("04:8d:09");
    bench.hear("04:1a:03");
    bench.act(Act::Deck(Deck::Playing));
    bench.hear("04:1a:01");
    bench.act(Act::Deck(Deck::Paused));
    bench.act(Act::Deck(Deck::Paused));
    bench.hear("04:1a:02");
    bench.act(Act::Deck(Deck::Stopped));
    bench.hear("04:1a:07");
    bench.check(&expect![[r#"
        0      <- 04:8d:00
        0      -> 40:8e:00
        0      <- 04:8d:09
        0      -> 40:00:8d:03
        0      <- 04:1a:03
        0      -> 40:1b:1a
        0      box Deck(Playing)
        0      <- 04:1a:01
        0      -> 40:1b:11
        0      box Deck(Paused)
        0      -> 40:1b:14
        0      box Deck(Paused)
        0      <- 04:1a:02
        0      box Deck(Stopped)
        0      <- 04:1a:07
        0      -> 40:00:1a:03
    "#]]);
}

#[test]
fn decks_are_told_what_to_play() {
    let mut bench = Bench::new();
    for mode in ["24", "25", "06", "0a", "20", "77"] {
        bench.hear(&format!("04:41:{mode}"));
    }
    for mode in ["01", "02", "03", "04", "05"] {
        bench.hear(&format!("04:42:{mode}"));
    }
    bench.act(Act::Sleep { tv: false });
    bench.hear("04:41:24");
    bench.hear("04:42:03");
    bench.check(&expect![[r#"
        0      <- 04:41:24
        0      told Deck(Play)
        0      <- 04:41:25
        0      told Deck(Pause)
        0      <- 04:41:06
        0      told Deck(Forward)
        0      <- 04:41:0a
        0      told Deck(Rewind)
        0      <- 04:41:20
        0      -> 40:00:41:04
        0      <- 04:41:77
        0      -> 40:00:41:03
        0      <- 04:42:01
        0      told Deck(Next)
        0      <- 04:42:02
        0      told Deck(Previous)
        0      <- 04:42:03
        0      told Deck(Stop)
        0      <- 04:42:04
        0      -> 40:00:42:04
        0      <- 04:42:05
        0      -> 40:00:42:03
        0      box Sleep { tv: false }
        0      <- 04:41:24
        0      -> 40:00:41:01
        0      <- 04:42:03
        0      -> 40:00:42:01
    "#]]);
}

#[test]
fn the_volume_is_that_of_whoever_is_heard() {
    let mut bench = Bench::new();
    bench.act(Act::Volume(Volume::Up));
    bench.act(Act::VolumeReleased);
    bench.hear("5f:72:01");
    bench.act(Act::Volume(Volume::Down));
    for _ in 0..3 {
        bench.wait(125);
        bench.act(Act::Volume(Volume::Down));
    }
    // It is never let go.
    bench.wait(5000);
    bench.act(Act::Volume(Volume::Mute));
    bench.wait(300);
    bench.act(Act::Volume(Volume::Mute));
    bench.act(Act::Volume(Volume::Up));
    bench.act(Act::VolumeReleased);
    bench.check(&expect![[r#"
        0      box Volume(Up)
        0      -> 40:44:41
        0      box VolumeReleased
        0      -> 40:45
        0      <- 5f:72:01
        0      told Volume(Amplifier)
        0      -> 45:71
        0      box Volume(Down)
        0      -> 45:44:42
        125    box Volume(Down)
        250    box Volume(Down)
        250    -> 45:44:42
        250    -> 45:71
        375    box Volume(Down)
        1375   -> 45:45
        1375   -> 45:71
        5375   box Volume(Mute)
        5375   -> 45:44:43
        5675   box Volume(Mute)
        5675   box Volume(Up)
        5675   -> 45:45
        5675   -> 45:71
        5675   -> 45:44:41
        5675   box VolumeReleased
        5675   -> 45:45
        5675   -> 45:71
    "#]]);
}

#[test]
fn without_a_bus_nothing_is_said() {
    let mut bench = Bench::unplugged();
    bench.act(Act::Volume(Volume::Up));
    bench.act(Act::Show);
    bench.act(Act::Sleep { tv: true });
    bench.hear("04:8f");
    bench.wait(60_000);
    bench.check(&expect![[r#"
        0      box Volume(Up)
        0      box Show
        0      box Sleep { tv: true }
        0      <- 04:8f
    "#]]);
}

#[test]
fn what_is_not_for_a_player_is_refused_to_whoever_asks_it() {
    let mut bench = Bench::new();
    // A maker's command, a timer, the tuner, what tests devices.
    for asked in [
        "04:89:01:02",
        "04:a0:00:e0:91:01",
        "04:34:01",
        "04:08:01",
        "04:ff",
    ] {
        bench.hear(asked);
    }
    // To all, by nobody, too short, the wrong way, an answer, a refusal.
    for quiet in [
        "0f:89:01", "f4:89:01", "f4:8f", "04:8d", "0f:82:10", "0f:8f", "04:85",
    ] {
        bench.hear(quiet);
    }
    for quiet in [
        "04:9e:05",
        "04:00:8d:00",
        "04:44:41",
        "0f:32:65:6e:67",
        "04",
        "0f:82:ff:ff",
    ] {
        bench.hear(quiet);
    }
    bench.hear("04:46");
    bench.check(&expect![[r#"
        0      <- 04:89:01:02
        0      -> 40:00:89:00
        0      <- 04:a0:00:e0:91:01
        0      -> 40:00:a0:00
        0      <- 04:34:01
        0      -> 40:00:34:00
        0      <- 04:08:01
        0      -> 40:00:08:00
        0      <- 04:ff
        0      -> 40:00:ff:04
        0      <- 0f:89:01
        0      <- f4:89:01
        0      <- f4:8f
        0      <- 04:8d
        0      <- 0f:82:10
        0      <- 0f:8f
        0      <- 04:85
        0      <- 04:9e:05
        0      <- 04:00:8d:00
        0      <- 04:44:41
        0      <- 0f:32:65:6e:67
        0      told Language([101, 110, 103])
        0      <- 04
        0      <- 0f:82:ff:ff
        0      <- 04:46
        0      -> 40:47:4d:61:74:69:6e:65:65
    "#]]);
}

#[test]
fn an_address_that_is_lost_takes_all_that_was_known_with_it() {
    let mut bench = Bench::new();
    bench.shows();
    bench.hear("04:1a:01");
    bench.hear("5f:72:01");
    bench.bus(Bus::Unplaced);
    bench.act(Act::Deck(Deck::Playing));
    bench.hear("04:8f");
    bench.claimed(0x1000);
    bench.hear("0f:85");
    bench.act(Act::Deck(Deck::Paused));
    bench.bus(Bus::Gone);
    bench.act(Act::Show);
    bench.check(&expect![[r#"
        0      <- 04:1a:01
        0      -> 40:1b:1a
        0      <- 5f:72:01
        0      told Volume(Amplifier)
        0      -> 45:71
        0      told Volume(Nobody)
        0      box Deck(Playing)
        0      <- 04:8f
        0      told Volume(Tv)
        0      -> 45:7d
        0      <- 0f:85
        0      box Deck(Paused)
        0      told Volume(Nobody)
        0      box Show
    "#]]);
}

#[test]
fn a_flood_of_questions_is_answered_as_the_bus_can_carry() {
    let mut follower = Follower::new("Matinee");
    let (address, place) = (Logical::new(4).unwrap(), Place::new(0x1000).unwrap());
    follower.bus(Bus::Claimed { address, place }, Duration::ZERO);
    let mut sent = 0;
    for number in 0..10_000_u32 {
        let now = Duration::from_millis(number.into());
        let opcode = u8::try_from(0xa8 + number % 50).unwrap();
        let frame = Frame::of(&[0x04, opcode]).unwrap();
        follower.bus(Bus::Received(frame), now);
        // A message takes fifty milliseconds.
        if number % 50 == 0 {
            follower.bus(Bus::Sent(Sent::Done), now);
        }
        let orders = follower.orders();
        sent += orders
            .iter()
            .filter(|it| matches!(it, Order::Send(_)))
            .count();
    }
    assert_eq!(sent, 200);
}
