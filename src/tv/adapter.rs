//! One adapter of the bus as the kernel has it (`/dev/cecN`): what it is, our claim of an address,
//! messages there and back.
//!
//! It waits for nothing: a message that is given to the kernel ends later, and how is read among
//! those that were heard (linux: CEC_TRANSMIT without waiting).

use std::fs::{File, OpenOptions};
use std::io;
use std::os::fd::{AsFd, AsRawFd as _, BorrowedFd};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use cec::{Bus, Frame, Logical, Place, Sent};
use linux_cec_sys as sys;

/// Without these nothing can be claimed or said.
const NEEDED: sys::CEC_CAP = sys::CEC_CAP::LOG_ADDRS.union(sys::CEC_CAP::TRANSMIT);

/// Keys that the TV passes on become those of a remote: `input` hears them like any.
const FLAGS: sys::CEC_LOG_ADDRS_FL = sys::CEC_LOG_ADDRS_FL::ALLOW_RC_PASSTHRU;

/// What the adapter has to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    Bus(Bus),
    /// So many messages came too fast.
    Lost(u32),
    /// It is a TV's own socket for players, and nothing of ours.
    OfTv,
    /// Of nobody's interest.
    Other,
}

/// An adapter that is open.
#[derive(Debug)]
pub(super) struct Adapter {
    node: File,
    /// Of the driver: `vc4-hdmi-0`.
    pub(super) name: String,
    can_tell_connector: bool,
    /// The kernel's number of the message that is on its way.
    on_way: Option<u32>,
}

impl AsFd for Adapter {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.node.as_fd()
    }
}

impl Adapter {
    /// Opens what may be one.
    pub(super) fn open(path: &Path) -> io::Result<Adapter> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true);
        let node = options.custom_flags(libc::O_NONBLOCK).open(path)?;
        let mut about = sys::cec_caps::default();
        // SAFETY: the kernel fills the structure that this request is for.
        unsafe { sys::adapter_get_capabilities(node.as_raw_fd(), &raw mut about)? };
        if !about.capabilities.contains(NEEDED) {
            return Err(io::Error::other("it cannot speak"));
        }
        let name = about.name.iter().take_while(|byte| **byte != 0);
        let name: Vec<u8> = name.map(|byte| byte.to_ne_bytes()[0]).collect();
        Ok(Adapter {
            node,
            name: String::from_utf8_lossy(&name).into_owned(),
            can_tell_connector: about.capabilities.contains(sys::CEC_CAP::CONNECTOR_INFO),
            on_way: None,
        })
    }

    /// Where it is plugged in; none: nobody knows.
    pub(super) fn place(&self) -> io::Result<Option<Place>> {
        let mut place = u16::MAX;
        // SAFETY: the kernel fills the number that this request is for.
        unsafe { sys::adapter_get_physical_address(self.node.as_raw_fd(), &raw mut place)? };
        Ok(Place::new(place))
    }

    /// Number of its graphics card and of the connector there; none: it does not say.
    pub(super) fn connector(&self) -> Option<(u32, u32)> {
        if !self.can_tell_connector {
            return None;
        }
        let mut about = sys::cec_connector_info::default();
        let node = self.node.as_raw_fd();
        // SAFETY: the kernel fills the structure that this request is for.
        unsafe { sys::adapter_get_connector_info(node, &raw mut about) }.ok()?;
        if about.ty != sys::CEC_CONNECTOR_TYPE_DRM {
            return None;
        }
        // SAFETY: numbers of any value, and of this kind by the type before them.
        let drm = unsafe { about.data.drm };
        Some((drm.card_no, drm.connector_id))
    }

    /// Hears what is for us, and answers; the kernel refuses in our place until then.
    ///
    /// # Errors
    /// Another program hears it alone.
    pub(super) fn follow(&self) -> io::Result<()> {
        let mode = sys::CEC_MODE_INITIATOR | sys::CEC_MODE_FOLLOWER;
        // SAFETY: the kernel reads the number that this request is for.
        unsafe { sys::set_mode(self.node.as_raw_fd(), &raw const mode)? };
        Ok(())
    }

    /// Claims the address of a player, if there is no claim of ours already. The kernel does it
    /// when there is a TV, and again when that comes back; [`Bus::Claimed`] says that it is done.
    ///
    /// # Errors
    /// Another program is about to.
    pub(super) fn claim(&self, name: &str) -> io::Result<()> {
        let node = self.node.as_raw_fd();
        let mut claim = sys::cec_log_addrs::default();
        // SAFETY: the kernel fills the structure that this request is for.
        unsafe { sys::adapter_get_logical_addresses(node, &raw mut claim)? };
        let ours = claim.num_log_addrs == 1
            && claim.log_addr_type[0] == sys::CEC_LOG_ADDR_TYPE_PLAYBACK
            && claim.flags.contains(FLAGS);
        if ours {
            return Ok(());
        }
        if claim.num_log_addrs != 0 {
            let mut none = sys::cec_log_addrs::default();
            // SAFETY: the kernel reads and fills the structure that this request is for.
            unsafe { sys::adapter_set_logical_addresses(node, &raw mut none)? };
        }
        let mut claim = sys::cec_log_addrs {
            num_log_addrs: 1,
            // Some old TVs take a player of version 2.0 for none.
            cec_version: sys::CEC_OP_CEC_VERSION_1_4,
            flags: FLAGS,
            ..sys::cec_log_addrs::default()
        };
        claim.log_addr_type[0] = sys::CEC_LOG_ADDR_TYPE_PLAYBACK;
        claim.primary_device_type[0] = sys::CEC_OP_PRIM_DEVTYPE_PLAYBACK;
        claim.all_device_types[0] = sys::CEC_OP_ALL_DEVTYPE_PLAYBACK;
        // The last byte stays zero.
        let room = claim.osd_name.len() - 1;
        for (place, byte) in claim.osd_name[..room].iter_mut().zip(name.bytes()) {
            *place = byte;
        }
        // SAFETY: the kernel reads and fills the structure that this request is for.
        unsafe { sys::adapter_set_logical_addresses(node, &raw mut claim)? };
        Ok(())
    }

    /// Gives up the claim: another adapter is ours.
    pub(super) fn release(&self) {
        let mut none = sys::cec_log_addrs::default();
        // SAFETY: the kernel reads and fills the structure that this request is for.
        let released =
            unsafe { sys::adapter_set_logical_addresses(self.node.as_raw_fd(), &raw mut none) };
        if let Err(why) = released {
            tracing::debug!("TV: {}: the address is kept: {why}", self.name);
        }
    }

    /// Gives the kernel a message; how it ended is read later.
    pub(super) fn send(&mut self, frame: &Frame) -> io::Result<()> {
        let mut message = sys::cec_msg::new(frame.from().number(), frame.to().number());
        let bytes = frame.bytes();
        message.msg[..bytes.len()].copy_from_slice(bytes);
        message.len = bytes.len() as u32;
        // SAFETY: the kernel reads and fills the structure that this request is for.
        unsafe { sys::transmit_message(self.node.as_raw_fd(), &raw mut message)? };
        self.on_way = Some(message.sequence);
        Ok(())
    }

    /// The next message that was heard, or how one ended; none: there is none yet.
    pub(super) fn hear(&mut self) -> io::Result<Option<News>> {
        let mut message = sys::cec_msg::from_timeout(0);
        // SAFETY: the kernel fills the structure that this request is for.
        let heard = unsafe { sys::receive_message(self.node.as_raw_fd(), &raw mut message) };
        if let Err(why) = heard {
            return nothing_yet(why.into());
        }
        if message.recv_is_tx_result() {
            if self.on_way.take_if(|it| *it == message.sequence).is_none() {
                return Ok(Some(News::Other));
            }
            return Ok(Some(News::Bus(Bus::Sent(outcome(message.tx_status)))));
        }
        let length = (message.len as usize).min(message.msg.len());
        let frame = Frame::of(&message.msg[..length]).filter(|_| !message.recv_is_rx_result());
        Ok(Some(frame.map_or(News::Other, |frame| {
            News::Bus(Bus::Received(frame))
        })))
    }

    /// The next thing that happened to the adapter; none: nothing more.
    pub(super) fn event(&self) -> io::Result<Option<News>> {
        let mut event = sys::cec_event::default();
        // SAFETY: the kernel fills the structure that this request is for.
        let told = unsafe { sys::dequeue_event(self.node.as_raw_fd(), &raw mut event) };
        if let Err(why) = told {
            return nothing_yet(why.into());
        }
        Ok(Some(match event.event {
            sys::CEC_EVENT_STATE_CHANGE => {
                // SAFETY: numbers of any value, and of this kind by the event before them.
                let state = unsafe { event.data.state_change };
                stands(state.phys_addr, state.log_addr_mask.bits())
            }
            sys::CEC_EVENT_LOST_MSGS => {
                // SAFETY: as above.
                News::Lost(unsafe { event.data.lost_msgs }.lost_msgs)
            }
            _ => News::Other,
        }))
    }
}

fn nothing_yet(why: io::Error) -> io::Result<Option<News>> {
    match why.kind() {
        io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(None),
        _ => Err(why),
    }
}

/// What the two addresses come to; one of a kind that we did not claim is none.
fn stands(place: u16, addresses: u16) -> News {
    if Place::new(place) == Some(Place::TV) {
        return News::OfTv;
    }
    let ours = addresses & sys::CEC_LOG_ADDR_MASK_PLAYBACK;
    let address = u8::try_from(ours.trailing_zeros()).ok();
    match (Place::new(place), address.and_then(Logical::new)) {
        (Some(place), Some(address)) if ours != 0 => News::Bus(Bus::Claimed { address, place }),
        _ => News::Bus(Bus::Unplaced),
    }
}

fn outcome(status: sys::CEC_TX_STATUS) -> Sent {
    if status.contains(sys::CEC_TX_STATUS::OK) {
        Sent::Done
    } else if status.contains(sys::CEC_TX_STATUS::NACK) {
        Sent::Refused
    } else {
        Sent::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_counts_with_a_place() {
        let claimed = |address, place| {
            let address = Logical::new(address).unwrap();
            let place = Place::new(place).unwrap();
            News::Bus(Bus::Claimed { address, place })
        };
        assert_eq!(stands(0x1000, 1 << 4), claimed(4, 0x1000));
        assert_eq!(stands(0x2100, 1 << 11), claimed(11, 0x2100));
        // None yet; nobody knows where; only the one of those without an address.
        for (place, addresses) in [(0x1000, 0), (0xffff, 1 << 4), (0x1000, 1 << 15)] {
            assert_eq!(stands(place, addresses), News::Bus(Bus::Unplaced));
        }
        assert_eq!(stands(0, 1), News::OfTv);
        assert_eq!(stands(0, 1 << 4), News::OfTv);
    }

    #[test]
    fn a_message_ends_in_one_of_three_ways() {
        use sys::CEC_TX_STATUS as Status;
        // After a second try, too.
        assert_eq!(outcome(Status::OK | Status::ARB_LOST), Sent::Done);
        let refused = Status::NACK | Status::MAX_RETRIES;
        assert_eq!(outcome(refused), Sent::Refused);
        assert_eq!(outcome(Status::ERROR | Status::MAX_RETRIES), Sent::Failed);
        assert_eq!(outcome(Status::ABORTED), Sent::Failed);
    }
}
