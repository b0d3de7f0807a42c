//! Tells when something is plugged into a card, or pulled out of it.
//!
//! The kernel says so itself, to whoever listens (netlink, kobject uevents): no udev is needed, nor
//! root. It says only that something changed; what is there now is asked of the card. A machine
//! where it cannot be heard is looked at every few seconds while no screen is there.

use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

/// The group in which the kernel itself speaks; 2 is udev's.
const KERNEL: u32 = 1;

/// The kernel's own bound of a message (`UEVENT_BUFFER_SIZE` and the head).
const MESSAGE_BYTES: usize = 4096;

/// Messages read at once: a storm of other devices must not hold up the screen.
const MESSAGES_MAX: usize = 64;

/// Where the kernel speaks.
pub(super) fn listen() -> std::io::Result<OwnedFd> {
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        Some(KOBJECT_UEVENT),
    )?;
    bind(&socket, &SocketAddrNetlink::new(0, KERNEL))?;
    Ok(socket)
}

/// Reads what was said; true when it was of a screen, or when too much was said to know.
pub(super) fn heard(socket: &OwnedFd) -> bool {
    let mut message = [0; MESSAGE_BYTES];
    let mut plugged = false;
    for _ in 0..MESSAGES_MAX {
        match recv(socket, &mut message, RecvFlags::DONTWAIT) {
            Ok((read, _)) => plugged |= is_of_a_screen(&message[..read]),
            Err(Errno::NOBUFS) => plugged = true,
            Err(Errno::INTR) => {}
            Err(_) => break,
        }
    }
    plugged
}

/// Lines end with zeros: what happened at which device, then the particulars.
fn is_of_a_screen(message: &[u8]) -> bool {
    let has = |what: &[u8]| message.split(|byte| *byte == 0).any(|line| line == what);
    has(b"SUBSYSTEM=drm") && has(b"HOTPLUG=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_told_from_all_else() {
        let of = |text: &str| is_of_a_screen(text.replace('\n', "\0").as_bytes());
        let head = "change@/devices/pci0000:00/0000:00:02.0/drm/card0\nACTION=change\n";
        assert!(of(&format!("{head}SUBSYSTEM=drm\nHOTPLUG=1\nSEQNUM=9\n")));
        assert!(of(&format!("{head}HOTPLUG=1\nCONNECTOR=34\nSUBSYSTEM=drm")));
        assert!(!of(&format!("{head}SUBSYSTEM=drm\nSEQNUM=9\n")));
        assert!(!of(&format!("{head}SUBSYSTEM=usb\nHOTPLUG=1\n")));
        assert!(!of(&format!("{head}SUBSYSTEM=drm\nHOTPLUG=10\n")));
        assert!(!of(""));
    }
}
