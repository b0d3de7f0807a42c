//! Lamp and button at pins of a Raspberry Pi, where the kernel drives neither (`rppal`): a box on
//! Raspberry Pi OS without our overlay. On a board that rppal does not know, or on any other
//! machine, there is nothing, and that is no mistake. Our images need none of it.

use std::time::Duration;

use rppal::gpio::{Error, Gpio, InputPin, OutputPin, Trigger};

use super::panel::{Lamp, Pressed, press};

/// Contacts of a button swing for less; that of the overlays.
const DEBOUNCE: Duration = Duration::from_millis(20);

/// How often a button that is down is looked at, and said to be down still.
const STILL: Duration = Duration::from_millis(250);

impl Lamp for OutputPin {
    fn light(&mut self, on: bool) -> Result<(), String> {
        if on {
            self.set_high();
        } else {
            self.set_low();
        }
        Ok(())
    }
}

/// The lamp at that pin (BCM).
pub(super) fn lamp(pin: u8) -> Option<Box<dyn Lamp>> {
    let pin = had(Gpio::new().and_then(|gpio| gpio.get(pin)), "lamp")?;
    Some(Box::new(pin.into_output_low()))
}

/// Tells of the button between that pin (BCM) and ground, on a thread of its own, as long as the
/// process lives.
pub(super) fn watch(pin: u8, pressed: Pressed) {
    let Some(pin) = had(Gpio::new().and_then(|gpio| gpio.get(pin)), "button") else {
        return;
    };
    let mut pin = pin.into_input_pullup();
    let thread = std::thread::Builder::new().name("button".to_owned());
    let started = thread.spawn(move || {
        if let Err(why) = listen(&mut pin, &pressed) {
            tracing::error!("the button of the front panel is not heard any more: {why}");
        }
    });
    if let Err(why) = started {
        tracing::error!("button: {why}");
    }
}

/// What was down when we came counts as pressed.
fn listen(pin: &mut InputPin, pressed: &Pressed) -> Result<(), Error> {
    pin.set_interrupt(Trigger::Both, Some(DEBOUNCE))?;
    let mut down = false;
    loop {
        let was = std::mem::replace(&mut down, pin.is_low());
        if let Some(press) = press(was, down) {
            pressed(press);
        }
        pin.poll_interrupt(false, down.then_some(STILL))?;
    }
}

fn had<T>(pin: Result<T, Error>, what: &str) -> Option<T> {
    match pin {
        Ok(pin) => {
            tracing::info!("the front panel has a {what} at a pin");
            Some(pin)
        }
        Err(Error::UnknownModel) => {
            tracing::debug!("{what}: no Raspberry Pi that is known");
            None
        }
        Err(why) => {
            tracing::warn!("{what} of the front panel: {why}");
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_board_that_is_not_known_has_no_pins() {
        // Where the tests run on a Raspberry Pi they leave its pins alone.
        if let Err(Error::UnknownModel) = Gpio::new() {
            assert!(lamp(17).is_none());
            watch(3, Arc::new(|_| panic!("nobody pressed anything")));
        }
    }
}
