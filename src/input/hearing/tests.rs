//! One device and its buttons, and then a storm of all that can happen to several of them.

#![allow(clippy::unwrap_used)]

use std::time::Duration;

use proptest::prelude::*;

use super::*;

/// A hearing with one device, and what it told so far.
struct Room {
    hearing: Hearing,
    now: Instant,
}

impl Room {
    fn of(kind: Kind) -> Room {
        let mut hearing = Hearing::default();
        hearing.maps.presets = crate::input::keymap::presets();
        hearing.came(1, kind);
        Room {
            hearing,
            now: Instant::now(),
        }
    }

    fn hear(&mut self, all: impl IntoIterator<Item = Said>) -> Vec<Told> {
        let mut told = Vec::new();
        for said in all {
            self.hearing.hear(1, said, self.now, &mut told);
        }
        told
    }

    /// Lets time pass, as the thread would.
    fn wait(&mut self, ms: u64) -> Vec<Told> {
        let end = self.now + Duration::from_millis(ms);
        let mut told = Vec::new();
        while let Some(due) = self.hearing.due().filter(|due| *due <= end) {
            self.now = self.now.max(due);
            self.hearing.turn(self.now, &mut told);
        }
        self.now = end;
        told
    }
}

fn down(key: Key) -> Told {
    Told::Key(key, Press::Down)
}

fn up(key: Key) -> Told {
    Told::Key(key, Press::Up)
}

fn repeats(told: &[Told]) -> usize {
    let repeat = |it: &&Told| matches!(it, Told::Key(_, Press::Repeat));
    told.iter().filter(repeat).count()
}

#[test]
fn back_of_a_tv_is_exit_and_its_backward_is_previous() {
    let mut room = Room::of(Kind::Cec);
    let back = [Said::Scan(0x0d), Said::Key(174, 1), Said::End];
    assert_eq!(room.hear(back), [down(Key::Back)]);
    assert_eq!(room.hear([Said::Key(174, 0), Said::End]), [up(Key::Back)]);
    let backward = [Said::Scan(0x4c), Said::Key(158, 1), Said::End];
    assert_eq!(room.hear(backward), [down(Key::Previous)]);
    let mut room = Room::of(Kind::Keys);
    assert_eq!(room.hear([Said::Key(158, 1), Said::End]), [down(Key::Back)]);
}

#[test]
fn a_preset_gives_a_scancode_without_a_code_its_meaning() {
    let mut room = Room::of(Kind::Infrared);
    let frame = [Said::Scan(0x800f_0420), Said::End];
    assert_eq!(room.hear(frame.clone()), [down(Key::Left)]);
    // Held for a second: a frame each 110 ms.
    let mut told = Vec::new();
    for _ in 0..9 {
        told.extend(room.wait(110));
        told.extend(room.hear(frame.clone()));
    }
    assert!(repeats(&told) >= 4, "{told:?}");
    assert_eq!(
        told.len(),
        repeats(&told),
        "neither let go nor pressed anew"
    );
    let told = room.wait(250);
    assert_eq!(told.last(), Some(&up(Key::Left)));
    assert_eq!(repeats(&told), told.len() - 1);
    assert_eq!(room.hear(frame), [down(Key::Left)]);
}

#[test]
fn the_next_button_of_a_remote_ends_the_one_before() {
    let mut room = Room::of(Kind::Infrared);
    room.hear([Said::Scan(0x800f_0420), Said::End]);
    let told = room.hear([Said::Scan(0x800f_0421), Said::End]);
    assert_eq!(told, [up(Key::Left), down(Key::Right)]);
}

#[test]
fn frames_of_a_button_that_the_kernel_knows_press_nothing_anew() {
    let mut room = Room::of(Kind::Infrared);
    let first = [Said::Scan(0x800f_0420), Said::Key(105, 1), Said::End];
    assert_eq!(room.hear(first), [down(Key::Left)]);
    let frame = [Said::Scan(0x800f_0420), Said::End];
    assert_eq!(room.hear(frame.clone()), []);
    assert_eq!(room.hear([Said::Key(105, 0), Said::End]), [up(Key::Left)]);
    // One that comes late.
    assert_eq!(room.hear(frame), []);
    assert_eq!(room.wait(2000), []);
}

#[test]
fn what_the_owner_says_comes_before_the_kernel_and_the_presets() {
    let mut room = Room::of(Kind::Infrared);
    room.hearing
        .maps
        .owner
        .learn(Button::Infrared(0x800f_0420), Key::Home);
    let coded = [Said::Scan(0x800f_0420), Said::Key(105, 1), Said::End];
    assert_eq!(room.hear(coded), [down(Key::Home)]);
    assert_eq!(room.hear([Said::Key(105, 0), Said::End]), [up(Key::Home)]);
    let mut room = Room::of(Kind::Infrared);
    room.hearing
        .maps
        .owner
        .learn(Button::Infrared(0x800f_0420), Key::Home);
    assert_eq!(
        room.hear([Said::Scan(0x800f_0420), Said::End]),
        [down(Key::Home)]
    );
}

#[test]
fn a_strange_button_is_told_once_a_press() {
    let mut room = Room::of(Kind::Infrared);
    let strange = Button::Infrared(0xdead);
    let frame = [Said::Scan(0xdead), Said::End];
    assert_eq!(room.hear(frame.clone()), [Told::Heard(strange, None)]);
    for _ in 0..5 {
        room.wait(110);
        assert_eq!(room.hear(frame.clone()), []);
    }
    room.wait(250);
    assert_eq!(room.hear(frame), [Told::Heard(strange, None)]);
}

#[test]
fn letters_are_no_strange_remote_and_keys_that_nobody_knows_are() {
    let mut room = Room::of(Kind::Keys);
    let letter = [Said::Scan(0x7_0014), Said::Key(16, 1), Said::End];
    assert_eq!(room.hear(letter.clone()), []);
    let unknown = [Said::Scan(0xc_01a2), Said::Key(UNKNOWN, 1), Said::End];
    assert_eq!(
        room.hear(unknown),
        [Told::Heard(Button::Usage(0xc_01a2), None)]
    );
    room.hearing.learning = true;
    room.hear([Said::Key(16, 0), Said::End]);
    assert_eq!(
        room.hear(letter),
        [Told::Heard(Button::Usage(0x7_0014), None)]
    );
}

#[test]
fn while_buttons_are_learnt_they_press_nothing() {
    let mut room = Room::of(Kind::Keys);
    room.hear([Said::Key(105, 1), Said::End]);
    room.hearing.learning = true;
    // What was pressed before is let go as ever.
    assert_eq!(room.hear([Said::Key(105, 0), Said::End]), [up(Key::Left)]);
    let heard = Told::Heard(Button::Code(105), Some(Key::Left));
    assert_eq!(room.hear([Said::Key(105, 1), Said::End]), [heard]);
    assert_eq!(room.wait(3000), []);
    assert_eq!(room.hear([Said::Key(105, 0), Said::End]), []);
}

#[test]
fn crosses_and_sticks_are_arrows() {
    let mut room = Room::of(Kind::Pad);
    let cross = |value| [Said::Axis(0x10, value, -1..=1), Said::End];
    assert_eq!(room.hear(cross(-1)), [down(Key::Left)]);
    assert_eq!(room.hear(cross(1)), [up(Key::Left), down(Key::Right)]);
    assert_eq!(room.hear(cross(0)), [up(Key::Right)]);
    let stick = |value| [Said::Axis(1, value, 0..=255), Said::End];
    assert_eq!(room.hear(stick(150)), [], "it rests off its middle");
    assert_eq!(room.hear(stick(250)), [down(Key::Down)]);
    assert_eq!(room.hear(stick(190)), [], "still tilted");
    assert_eq!(room.hear(stick(160)), [up(Key::Down)]);
    assert_eq!(
        room.hear([Said::Axis(1, 7, 0..=0), Said::End]),
        [],
        "no range"
    );
    assert_eq!(room.hear([Said::Key(0x130, 1), Said::End]), [down(Key::Ok)]);
    assert_eq!(
        room.hear([Said::Key(0x131, 1), Said::End]),
        [down(Key::Back)]
    );
}

#[test]
fn a_device_that_lost_events_keeps_what_is_still_down() {
    let mut room = Room::of(Kind::Keys);
    room.hear([Said::Key(105, 1), Said::Key(106, 1), Said::End]);
    assert_eq!(room.hear([Said::Lost(vec![106])]), [up(Key::Left)]);
    let mut told = Vec::new();
    room.hearing.went(1, &mut told);
    assert_eq!(told, [up(Key::Right)]);
}

/// What can happen to one of three devices.
#[derive(Debug, Clone)]
enum Step {
    Say(u64, Said),
    Came(u64, Kind),
    Went(u64),
    Wait(u64),
    Learning(bool),
    Learn(Button, Key),
}

fn scan() -> impl Strategy<Value = u32> {
    prop_oneof![
        Just(0x800f_0420),
        Just(0x800f_0422),
        Just(0x0d),
        Just(0x4c),
        Just(0xdead),
        0..4u32
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0..3u64;
    let code = prop_oneof![
        4 => Just(105u16),
        4 => Just(106),
        3 => Just(28),
        3 => Just(174),
        2 => Just(158),
        1 => Just(UNKNOWN),
        1 => Just(16),
        1 => Just(0x130),
        1 => 0..768u16
    ];
    let kind = prop_oneof![
        Just(Kind::Keys),
        Just(Kind::Infrared),
        Just(Kind::Cec),
        Just(Kind::Pad)
    ];
    let down = prop::collection::vec(prop_oneof![Just(105u16), Just(106), Just(28)], 0..3);
    let said = prop_oneof![
        8 => (code, 0..3i32).prop_map(|(code, value)| Said::Key(code, value)),
        5 => scan().prop_map(Said::Scan),
        8 => Just(Said::End),
        2 => (0..2u16, any::<i32>()).prop_map(|(axis, at)| Said::Axis(axis, at, -32768..=32767)),
        1 => (0x10..0x12u16, -1..2i32).prop_map(|(axis, at)| Said::Axis(axis, at, -1..=1)),
        2 => down.prop_map(Said::Lost),
    ];
    prop_oneof![
        20 => (device.clone(), said).prop_map(|(device, said)| Step::Say(device, said)),
        2 => (device.clone(), kind).prop_map(|(device, kind)| Step::Came(device, kind)),
        2 => device.prop_map(Step::Went),
        5 => (0..900u64).prop_map(Step::Wait),
        1 => any::<bool>().prop_map(Step::Learning),
        1 => scan().prop_map(|scan| Step::Learn(Button::Infrared(scan), Key::Menu)),
    ]
}

/// What whoever listens believes to be down: presses less releases, by key.
#[derive(Debug, Default)]
struct Listener(BTreeMap<String, i32>);

impl Listener {
    fn take(&mut self, told: &[Told]) {
        for it in told {
            let Told::Key(key, press) = it else { continue };
            let down = self.0.entry(format!("{key:?}")).or_default();
            match press {
                Press::Down => *down += 1,
                Press::Up => *down -= 1,
                Press::Repeat => assert!(*down > 0, "{key:?} counts again and is not down"),
            }
            assert!(*down >= 0, "{key:?} is let go more often than pressed");
        }
    }

    fn held(&self) -> BTreeMap<String, i32> {
        let held = self.0.iter().filter(|(_, down)| **down > 0);
        held.map(|(key, down)| (key.clone(), *down)).collect()
    }
}

fn counted(keys: &[Key]) -> BTreeMap<String, i32> {
    let mut counted = BTreeMap::new();
    for key in keys {
        *counted.entry(format!("{key:?}")).or_default() += 1;
    }
    counted
}

/// What plain keyboards hold by the rules of evdev alone: a second account of the same.
fn follow(held: &mut BTreeSet<(u64, u16)>, device: u64, said: &Said) {
    match said {
        Said::Key(code, 1) if keys::meaning(Bus::Keys, *code).is_some() => {
            held.insert((device, *code));
        }
        Said::Key(code, 0) => {
            held.remove(&(device, *code));
        }
        Said::Lost(down) => held.retain(|(of, code)| *of != device || down.contains(code)),
        _ => {}
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever comes in whatever order: what is told adds up, agrees with what is held, and once
    /// the devices are gone nothing is down.
    #[test]
    fn no_key_is_ever_stuck(steps in prop::collection::vec(step(), 0..300)) {
        let mut room = Room::of(Kind::Infrared);
        let mut listener = Listener::default();
        let mut here = BTreeSet::from([1]);
        for step in steps {
            let mut told = Vec::new();
            match step {
                Step::Say(device, said) => room.hearing.hear(device, said, room.now, &mut told),
                // A node of a number that is in use has gone first.
                Step::Came(device, kind) => {
                    if here.insert(device) {
                        room.hearing.came(device, kind);
                    }
                }
                Step::Went(device) => {
                    here.remove(&device);
                    room.hearing.went(device, &mut told);
                }
                Step::Wait(ms) => told = room.wait(ms),
                Step::Learning(on) => room.hearing.learning = on,
                Step::Learn(button, key) => room.hearing.maps.owner.learn(button, key),
            }
            listener.take(&told);
            prop_assert_eq!(listener.held(), counted(&room.hearing.held()));
        }
        let mut told = Vec::new();
        for device in here {
            room.hearing.went(device, &mut told);
        }
        listener.take(&told);
        prop_assert_eq!(listener.held(), BTreeMap::new());
        prop_assert_eq!(room.hearing.due(), None);
    }

    /// Keyboards hold exactly what they say.
    #[test]
    fn keyboards_hold_what_they_say(steps in prop::collection::vec(step(), 0..300)) {
        let mut room = Room::of(Kind::Keys);
        let mut model = BTreeSet::new();
        for step in steps {
            match step {
                // More at once than a hand has fingers are not taken.
                Step::Say(_, said @ (Said::Key(..) | Said::Lost(_) | Said::End))
                    if model.len() < 16 =>
                {
                    follow(&mut model, 1, &said);
                    room.hear([said]);
                }
                Step::Wait(ms) => drop(room.wait(ms)),
                Step::Went(_) => {
                    model.clear();
                    room.hearing.went(1, &mut Vec::new());
                    room.hearing.came(1, Kind::Keys);
                }
                _ => {}
            }
            prop_assert_eq!(room.hearing.held().len(), model.len());
        }
    }

    /// What the TV does not say again is let go, however it is pressed.
    #[test]
    fn a_tv_that_is_silent_holds_nothing(steps in prop::collection::vec(step(), 0..100)) {
        let mut room = Room::of(Kind::Cec);
        for step in steps {
            if let Step::Say(_, said) = step
                && !matches!(said, Said::Axis(..))
            {
                room.hear([said]);
            }
        }
        let told = room.wait(700);
        prop_assert_eq!(room.hearing.held(), []);
        prop_assert!(repeats(&told) <= 8);
        prop_assert_eq!(room.wait(5000), []);
    }
}

#[test]
fn a_stick_that_rests_presses_nothing() {
    for value in -8000..8000 {
        for up in [false, true] {
            assert!(!tilted(value, &(-32768..=32767), up, false), "{value}");
        }
    }
    assert!(
        tilted(i32::MAX, &(i32::MIN..=i32::MAX), true, false),
        "no overflow"
    );
}
