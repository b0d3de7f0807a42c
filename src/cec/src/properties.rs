//! What holds whatever is heard, and whatever the box does.

use std::time::Duration;

use proptest::prelude::*;

use crate::{
    Act, Bus, Deck, DeckKey, Follower, Frame, Heard, Logical, Message, Order, OsdName, Place,
    Reason, Sent, Tell, Told, Volume, read,
};

fn logical() -> impl Strategy<Value = Logical> {
    (0..16_u8).prop_map(|number| Logical::new(number).unwrap())
}

fn place() -> impl Strategy<Value = Place> {
    let usual = prop::sample::select(vec![0, 0x1000, 0x1100, 0x2000]);
    prop_oneof![usual, 0..0xffff_u16].prop_map(|number| Place::new(number).unwrap())
}

/// What the others on the bus say, most of it to us.
fn frame() -> impl Strategy<Value = Frame> {
    let noise = prop::collection::vec(any::<u8>(), 1..=16);
    let to_us = prop::collection::vec(any::<u8>(), 0..6).prop_map(|rest| {
        let mut bytes = vec![0x04];
        bytes.extend(rest);
        bytes
    });
    let known = (
        0..16_u8,
        prop::sample::select(vec![4, 15]),
        0x80..0xa0_u8,
        place(),
    );
    let known = known.prop_map(|(from, to, opcode, place)| {
        let [high, low] = place.number().to_be_bytes();
        vec![from << 4 | to, opcode, high, low, high, low]
    });
    prop_oneof![noise, to_us, known].prop_map(|bytes| Frame::of(&bytes).unwrap())
}

#[derive(Debug, Clone)]
enum Input {
    Bus(Bus),
    Act(Act),
    Tick,
}

fn input() -> impl Strategy<Value = Input> {
    let claimed = (logical(), place());
    let claimed = claimed.prop_map(|(address, place)| Bus::Claimed { address, place });
    let usual = Just(Bus::Claimed {
        address: Logical::new(4).unwrap(),
        place: Place::new(0x1000).unwrap(),
    });
    let sent = prop::sample::select(vec![Sent::Done, Sent::Refused, Sent::Failed]);
    let bus = prop_oneof![
        2 => usual,
        1 => claimed,
        1 => prop::sample::select(vec![Bus::Unplaced, Bus::Gone]),
        8 => frame().prop_map(Bus::Received),
        8 => sent.prop_map(Bus::Sent),
    ];
    let acts = prop::sample::select(vec![
        Act::Wake,
        Act::Sleep { tv: true },
        Act::Sleep { tv: false },
        Act::Show,
        Act::Deck(Deck::Playing),
        Act::Deck(Deck::Stopped),
        Act::Volume(Volume::Up),
        Act::Volume(Volume::Mute),
        Act::VolumeReleased,
    ]);
    prop_oneof![
        4 => bus.prop_map(Input::Bus),
        2 => acts.prop_map(Input::Act),
        1 => Just(Input::Tick),
    ]
}

proptest! {
    #[test]
    fn the_follower_keeps_its_word(
        script in prop::collection::vec((input(), 0..4000_u64), 1..200)
    ) {
        let mut follower = Follower::new("Matinee");
        let (mut now, mut on_way) = (Duration::ZERO, None::<Duration>);
        let (mut asked, mut claim, mut shown) = (None::<Duration>, None, false);
        for (input, passed_ms) in script {
            now += Duration::from_millis(passed_ms);
            match input {
                Input::Bus(news) => {
                    match news {
                        Bus::Sent(_) => on_way = None,
                        Bus::Gone => (on_way, claim, shown) = (None, None, false),
                        Bus::Unplaced => (claim, shown) = (None, false),
                        Bus::Claimed { address, place } if claim != Some((address, place)) => {
                            (claim, shown) = (Some((address, place)), false);
                        }
                        Bus::Claimed { .. } | Bus::Received(_) => {}
                    }
                    follower.bus(news, now);
                }
                Input::Act(act) => {
                    follower.act(act, now);
                    shown &= !matches!(act, Act::Sleep { .. });
                }
                Input::Tick => follower.tick(now),
            }
            for order in follower.orders() {
                match order {
                    Order::Send(frame) => {
                        // A lost one is given up after five seconds.
                        let before = on_way.replace(now);
                        let lost = |sent| now >= sent + Duration::from_secs(5);
                        prop_assert!(before.is_none_or(lost));
                        let wakes = frame.bytes() == [0xf0, 0x04];
                        let address = claim.map(|(address, _)| address);
                        prop_assert!(wakes || address == Some(frame.from()), "{frame}");
                        // Nobody is asked for anything twice in ten seconds.
                        if frame.opcode() == Some(0x8f) {
                            let before = asked.replace(now);
                            let long_ago = |at| now >= at + Duration::from_secs(10);
                            prop_assert!(before.is_none_or(long_ago));
                        }
                        prop_assert!(frame.opcode() != Some(0) || !frame.is_broadcast());
                    }
                    Order::Tell(Told::Shown) => {
                        prop_assert!(!shown, "told twice");
                        shown = true;
                    }
                    Order::Tell(Told::Left | Told::Standby) => shown = false,
                    Order::Tell(_) => {}
                }
            }
            prop_assert!(follower.is_bounded());
            // It does not want to be called again at once for ever.
            follower.tick(now);
            let _ = follower.orders();
        }
    }

    #[test]
    fn reading_takes_any_bytes(frame in frame()) {
        let heard = read(&frame);
        if frame.is_broadcast() {
            let refused = matches!(heard, Heard::Refused { .. });
            prop_assert!(!refused, "what is for all is refused by nobody");
        }
        prop_assert_eq!(Frame::of(frame.bytes()), Some(frame));
    }

    #[test]
    fn what_is_made_is_read_as_it_was(message in message(), from in logical()) {
        let made = message.frame(from, Logical::new(4).unwrap());
        let all = message.frame(from, Logical::BROADCAST);
        let heard = [read(&made), read(&all)];
        prop_assert!(heard.contains(&Heard::Message(message)), "{heard:?}");
    }

    #[test]
    fn names_fit(name in ".{0,40}") {
        let name = OsdName::new(&name);
        prop_assert!(name.bytes().len() <= 14 && name.bytes().is_ascii());
        let tv = Message::SetOsdName(name).frame(Logical::new(4).unwrap(), Logical::TV);
        prop_assert_eq!(&tv.bytes()[2..], name.bytes());
    }
}

/// Those that are read, too.
fn message() -> impl Strategy<Value = Message> {
    let plain = prop::sample::select(vec![
        Message::Abort,
        Message::Standby,
        Message::RequestActiveSource,
        Message::GiveDevicePowerStatus,
        Message::ReportPowerStatus { on: true },
        Message::ReportPowerStatus { on: false },
        Message::MenuRequest,
        Message::GiveDeckStatus(Tell::AtEachChange),
        Message::GiveDeckStatus(Tell::NoMore),
        Message::GiveDeckStatus(Tell::Once),
        Message::Deck(DeckKey::Play),
        Message::Deck(DeckKey::Pause),
        Message::Deck(DeckKey::Stop),
        Message::Deck(DeckKey::Next),
        Message::Deck(DeckKey::Previous),
        Message::Deck(DeckKey::Forward),
        Message::Deck(DeckKey::Rewind),
        Message::SystemAudioMode { on: true },
        Message::SystemAudioMode { on: false },
        Message::GiveOsdName,
    ]);
    let reasons = prop::sample::select(vec![
        Reason::Unrecognized,
        Reason::NotInCorrectMode,
        Reason::InvalidOperand,
        Reason::Refused,
        Reason::Other(5),
    ]);
    let abort = (any::<u8>(), reasons);
    prop_oneof![
        plain,
        abort.prop_map(|(opcode, reason)| Message::FeatureAbort { opcode, reason }),
        place().prop_map(Message::ActiveSource),
        place().prop_map(Message::SetStreamPath),
        place().prop_map(Message::RoutingInformation),
        place().prop_map(|to| Message::RoutingChange { to }),
    ]
}
