//! What the box is on the bus: a player that answers, and says what it does.
//!
//! Invariants: nothing is said without an address but the word that wakes a TV; whether the TV
//! shows us is told when it changes, never guessed; what is heard changes nothing of the box, which
//! is told and says what it does then.

mod volume;

use std::time::Duration;

use self::volume::Held;
use crate::outbox::{Ended, Outbox};
use crate::showing::{Showing, Step};
use crate::{
    Act, Bus, Deck, Frame, Heard, Logical, Message, Order, OsdName, Place, Reason, Tell, Told,
    Volume, VolumeBy, read,
};

/// What the viewer waits for is tried so often.
const TRIES: u8 = 3;

/// Whoever presses for the volume and never lets go is gone.
const LET_GO: Duration = Duration::from_secs(1);

/// The box on the bus.
#[allow(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Debug)]
pub struct Follower {
    name: OsdName,
    claim: Option<Claim>,
    /// None: no adapter.
    adapter: bool,
    awake: bool,
    shown: Shown,
    deck: Deck,
    /// Who wants to hear of each change of the deck: a bit for each address.
    listeners: u16,
    amplifier: bool,
    /// The TV has refused a key for the volume.
    deaf: bool,
    volume_by: VolumeBy,
    held: Option<Held>,
    showing: Showing,
    outbox: Outbox,
    told: Vec<Told>,
    /// The latest time seen.
    now: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    address: Logical,
    place: Place,
}

/// What the TV shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Unknown,
    Us,
    Another,
}

impl Follower {
    /// One that is awake, under that name.
    pub fn new(name: &str) -> Follower {
        Follower {
            name: OsdName::new(name),
            claim: None,
            adapter: false,
            awake: true,
            shown: Shown::Unknown,
            deck: Deck::default(),
            listeners: 0,
            amplifier: false,
            deaf: false,
            volume_by: VolumeBy::default(),
            held: None,
            showing: Showing::default(),
            outbox: Outbox::default(),
            told: Vec::new(),
            now: Duration::ZERO,
        }
    }

    /// The adapter says something.
    pub fn bus(&mut self, news: Bus, now: Duration) {
        self.now = self.now.max(now);
        match news {
            Bus::Claimed { address, place } => self.claimed(Claim { address, place }),
            Bus::Unplaced => {
                self.adapter = true;
                self.unclaimed();
                self.showing.unplaced(self.now);
            }
            Bus::Gone => {
                self.adapter = false;
                self.unclaimed();
                self.outbox.gone();
                self.showing.end();
            }
            Bus::Received(frame) => self.received(&frame),
            Bus::Sent(how) => {
                let ended = self.outbox.sent(how, self.now);
                self.ended(ended);
            }
        }
    }

    /// The box does, or wants, something.
    pub fn act(&mut self, act: Act, now: Duration) {
        self.now = self.now.max(now);
        match act {
            Act::Wake => self.awake = true,
            Act::Sleep { tv } => self.sleep(tv),
            Act::Show => self.show(),
            Act::Deck(deck) => self.deck_is(deck),
            Act::Volume(volume) => self.volume(volume),
            Act::VolumeReleased => self.let_go(),
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Duration) {
        self.now = self.now.max(now);
        let lost = self.outbox.lost(self.now);
        self.ended(lost);
        let step = self.showing.tick(self.now);
        self.step(step);
        if self
            .held
            .is_some_and(|held| self.now >= held.pressed + LET_GO)
        {
            self.let_go();
        }
    }

    /// When [`Follower::tick`] is due; none: nothing happens by itself.
    pub fn deadline(&self) -> Option<Duration> {
        let held = self.held.map(|held| held.pressed + LET_GO);
        let others = [self.outbox.deadline(), self.showing.deadline(), held];
        others.into_iter().flatten().min()
    }

    /// What is to be done, in order; to be asked for after each of the others.
    pub fn orders(&mut self) -> Vec<Order> {
        let mut orders: Vec<_> = self.told.drain(..).map(Order::Tell).collect();
        orders.extend(self.outbox.next(self.now).map(Order::Send));
        orders
    }

    fn claimed(&mut self, claim: Claim) {
        self.adapter = true;
        if self.claim == Some(claim) {
            return;
        }
        self.unclaimed();
        self.claim = Some(claim);
        self.say(Message::GiveSystemAudioModeStatus, Logical::AUDIO, 1);
        self.hear_of_volume();
        let step = self.showing.placed(self.now);
        self.step(step);
    }

    /// What was known of the bus is not any more.
    fn unclaimed(&mut self) {
        self.claim = None;
        self.shown = Shown::Unknown;
        self.listeners = 0;
        self.held = None;
        self.outbox.clear();
        self.deaf = false;
        self.amplifier(false);
    }

    fn say(&mut self, message: Message, to: Logical, tries: u8) {
        if let Some(claim) = self.claim {
            let frame = message.frame(claim.address, to);
            self.outbox.put(frame, tries, self.now);
        }
    }

    fn received(&mut self, frame: &Frame) {
        let Some(claim) = self.claim else {
            return;
        };
        if frame.to() != claim.address && !frame.is_broadcast() {
            return;
        }
        let from = frame.from();
        match read(frame) {
            Heard::Message(message) => self.heard(message, from, claim),
            Heard::Nothing => {}
            Heard::Refused { opcode, reason } => self.refuse(opcode, reason, from),
        }
    }

    fn heard(&mut self, message: Message, from: Logical, claim: Claim) {
        match message {
            Message::Standby => {
                self.shown = Shown::Unknown;
                self.showing.end();
                self.take_back_active();
                self.told.push(Told::Standby);
            }
            Message::RequestActiveSource if self.awake && self.is_shown() => {
                self.say_active(claim);
            }
            Message::SetStreamPath(place) if place == claim.place && !self.awake => {
                self.told.push(Told::Chosen);
            }
            Message::SetStreamPath(place)
            | Message::RoutingChange { to: place }
            | Message::RoutingInformation(place) => self.routed(place, claim),
            // Two devices of one place are none of our making.
            Message::ActiveSource(place) if place == claim.place => {}
            Message::ActiveSource(_) => self.left(),
            Message::GiveDevicePowerStatus => {
                self.answer(Message::ReportPowerStatus { on: self.awake }, from);
            }
            Message::ReportPowerStatus { on } if from == Logical::TV => {
                let step = self.showing.power(on, self.now);
                self.step(step);
            }
            Message::MenuRequest => self.answer(Message::MenuActive, from),
            Message::GiveDeckStatus(tell) => self.listen(tell, from),
            Message::Deck(key) if self.awake => self.told.push(Told::Deck(key)),
            Message::Deck(key) => {
                let opcode = Message::Deck(key).frame(from, claim.address).opcode();
                let opcode = opcode.unwrap_or_default();
                self.refuse(opcode, Reason::NotInCorrectMode, from);
            }
            Message::SystemAudioMode { on } if from == Logical::AUDIO => self.amplifier(on),
            Message::ReportAudioStatus(level) if from == Logical::AUDIO && self.amplifier => {
                self.told.push(Told::Level(level));
            }
            Message::SetMenuLanguage(language) if from == Logical::TV => {
                self.told.push(Told::Language(language));
            }
            Message::GiveOsdName => self.answer(Message::SetOsdName(self.name), from),
            Message::Abort => self.refuse(0xff, Reason::Refused, from),
            Message::FeatureAbort { opcode, .. } => {
                let ours = Message::GiveDevicePowerStatus.frame(claim.address, from);
                if from == Logical::TV && ours.opcode() == Some(opcode) {
                    let step = self.showing.asked(false, self.now);
                    self.step(step);
                }
                let key = Message::UserControlPressed(Volume::Up).frame(claim.address, from);
                if from == Logical::TV && key.opcode() == Some(opcode) {
                    self.deaf = true;
                    self.hear_of_volume();
                }
            }
            // Said by us alone, or not now.
            Message::RequestActiveSource
            | Message::ReportPowerStatus { .. }
            | Message::SystemAudioMode { .. }
            | Message::GiveAudioStatus
            | Message::ReportAudioStatus(_)
            | Message::SetMenuLanguage(_)
            | Message::ImageViewOn
            | Message::InactiveSource(_)
            | Message::MenuActive
            | Message::DeckStatus(_)
            | Message::UserControlPressed(_)
            | Message::UserControlReleased
            | Message::GiveSystemAudioModeStatus
            | Message::SetOsdName(_) => {}
        }
    }

    /// Whoever has no address gets no answer.
    fn answer(&mut self, message: Message, to: Logical) {
        if to != Logical::UNREGISTERED {
            self.say(message, to, 1);
        }
    }

    fn refuse(&mut self, opcode: u8, reason: Reason, to: Logical) {
        self.answer(Message::FeatureAbort { opcode, reason }, to);
    }

    fn routed(&mut self, place: Place, claim: Claim) {
        if place == claim.place {
            if self.awake {
                self.say_active(claim);
            }
        } else if !place.leads_to(claim.place) {
            self.left();
        }
        // Else what is between says next where it leads.
    }

    /// Whether the TV shows us, or is on the way to.
    fn is_shown(&self) -> bool {
        self.shown == Shown::Us || self.showing.is_on()
    }

    fn say_active(&mut self, claim: Claim) {
        self.say(
            Message::ActiveSource(claim.place),
            Logical::BROADCAST,
            TRIES,
        );
    }

    fn left(&mut self) {
        self.showing.end();
        self.take_back_active();
        if self.shown != Shown::Another {
            self.shown = Shown::Another;
            self.told.push(Told::Left);
        }
    }

    /// What would have the TV show us is not said any more.
    fn take_back_active(&mut self) {
        let Some(claim) = self.claim else {
            return;
        };
        let active = Message::ActiveSource(claim.place).frame(claim.address, Logical::BROADCAST);
        let wakes = Message::ImageViewOn.frame(claim.address, Logical::TV);
        self.outbox
            .retain(|frame| *frame != active && *frame != wakes);
    }

    fn listen(&mut self, tell: Tell, who: Logical) {
        if who == Logical::UNREGISTERED {
            return;
        }
        let bit = 1 << who.number();
        match tell {
            Tell::AtEachChange => self.listeners |= bit,
            Tell::NoMore => self.listeners &= !bit,
            Tell::Once => {}
        }
        if tell != Tell::NoMore {
            self.say(Message::DeckStatus(self.deck), who, 1);
        }
    }

    fn deck_is(&mut self, deck: Deck) {
        if self.deck == deck {
            return;
        }
        self.deck = deck;
        let listeners = self.listeners;
        let all = (0..15).filter(|number| listeners & (1 << number) != 0);
        for who in all.filter_map(Logical::new) {
            self.say(Message::DeckStatus(deck), who, 1);
        }
    }

    fn sleep(&mut self, tv: bool) {
        self.let_go();
        self.awake = false;
        self.showing.end();
        self.take_back_active();
        let Some(claim) = self.claim else {
            return;
        };
        if self.shown == Shown::Us {
            self.say(Message::InactiveSource(claim.place), Logical::TV, 1);
        }
        if tv && self.shown != Shown::Another {
            self.say(Message::Standby, Logical::TV, TRIES);
        }
        self.shown = Shown::Unknown;
    }

    fn show(&mut self) {
        if !self.adapter || !self.awake || self.is_shown() {
            return;
        }
        self.showing.begin();
        let from = self.claim.map_or(Logical::UNREGISTERED, |it| it.address);
        // A TV that sleeps may hide where we are, and hears us without an address too.
        let frame = Message::ImageViewOn.frame(from, Logical::TV);
        self.outbox.put(frame, TRIES, self.now);
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Nothing => {}
            Step::Ask => self.say(Message::GiveDevicePowerStatus, Logical::TV, 1),
            Step::Claim => {
                if let Some(claim) = self.claim {
                    self.say_active(claim);
                }
            }
            Step::GiveUp => self.told.push(Told::NotWoken),
        }
    }

    /// A message was sent, or is not tried again.
    fn ended(&mut self, ended: Option<Ended>) {
        let Some(Ended { frame, done }) = ended else {
            return;
        };
        let is = |message: Message| frame == message.frame(frame.from(), frame.to());
        if is(Message::ImageViewOn) {
            let step = self.showing.woken(done, self.claim.is_some(), self.now);
            self.step(step);
        } else if is(Message::GiveDevicePowerStatus) {
            let step = self.showing.asked(done, self.now);
            self.step(step);
        } else if let Some(claim) = self.claim.filter(|it| is(Message::ActiveSource(it.place))) {
            if done && self.awake && self.shown != Shown::Us && frame.from() == claim.address {
                self.shown = Shown::Us;
                self.told.push(Told::Shown);
            }
        } else if is(Message::GiveSystemAudioModeStatus) && !done {
            self.amplifier(false);
        }
    }
}

#[cfg(test)]
impl Follower {
    pub(crate) fn is_bounded(&self) -> bool {
        self.outbox.is_bounded() && self.told.is_empty()
    }
}
