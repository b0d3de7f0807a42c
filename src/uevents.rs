//! What the kernel says of devices that come, go or change.
//!
//! It says so itself, to whoever listens (netlink, kobject uevents): no udev is needed, nor root.

use std::os::fd::OwnedFd;

use rustix::io::Errno;
use rustix::net::netlink::{KOBJECT_UEVENT, SocketAddrNetlink};
use rustix::net::{AddressFamily, RecvFlags, SocketFlags, SocketType, bind, recv, socket_with};

/// The group in which the kernel itself speaks; 2 is udev's.
const KERNEL: u32 = 1;

/// The kernel's own bound of a message (`UEVENT_BUFFER_SIZE` and the head).
const MESSAGE_BYTES: usize = 4096;

/// Messages read at once: a storm of other devices must not hold up anybody.
const MESSAGES_MAX: usize = 64;

/// Where the kernel speaks; it does not block.
///
/// # Errors
/// The kernel, or who runs us, does not allow it.
pub fn listen() -> std::io::Result<OwnedFd> {
    let socket = socket_with(
        AddressFamily::NETLINK,
        SocketType::DGRAM,
        SocketFlags::CLOEXEC | SocketFlags::NONBLOCK,
        Some(KOBJECT_UEVENT),
    )?;
    bind(&socket, &SocketAddrNetlink::new(0, KERNEL))?;
    Ok(socket)
}

/// Reads what was said; true when it was `wanted`, or when too much was said to know.
pub fn heard(socket: &OwnedFd, wanted: impl Fn(&[u8]) -> bool) -> bool {
    let mut message = [0; MESSAGE_BYTES];
    let mut found = false;
    for _ in 0..MESSAGES_MAX {
        match recv(socket, &mut message, RecvFlags::DONTWAIT) {
            Ok((read, _)) => found |= wanted(&message[..read]),
            Err(Errno::NOBUFS) => found = true,
            Err(Errno::INTR) => {}
            Err(_) => break,
        }
    }
    found
}

/// Something was plugged into a card's socket, or pulled out of it.
pub fn is_of_a_screen(message: &[u8]) -> bool {
    has(message, b"SUBSYSTEM=drm") && has(message, b"HOTPLUG=1")
}

/// A sound card came, went or changed.
pub fn is_of_sound(message: &[u8]) -> bool {
    has(message, b"SUBSYSTEM=sound")
}

/// Lines end with zeros: what happened at which device, then the particulars.
fn has(message: &[u8], what: &[u8]) -> bool {
    message.split(|byte| *byte == 0).any(|line| line == what)
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

    #[test]
    fn a_sound_card_is_told_from_all_else() {
        let head = b"add@/devices/platform/snd_aloop.0/sound/card0\0ACTION=add\0";
        let of = |rest: &[u8]| is_of_sound(&[head, rest].concat());
        assert!(of(b"SUBSYSTEM=sound\0SEQNUM=7\0") && of(b"SUBSYSTEM=sound"));
        assert!(!of(b"SUBSYSTEM=soundwire\0") && !of(b"SUBSYSTEM=drm\0"));
    }
}
