//! The bounds of a swarm, as the settings give them.

/// Each has its reason; `Default` is for a box with 1 GB of RAM. They may change at any time:
/// [`crate::Swarm::set_limits`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most bytes of pieces that are open, kept or being verified, in RAM. One piece is always
    /// allowed, however large; where two do not fit, also the first 8 MiB (half of it at most) of
    /// the next one, so that the network does not idle while one is hashed. The blocks of an
    /// assembly come in order, more or less: memory that is committed when it is first written to
    /// stays within this. Default 16 MiB: one of the largest usual pieces, or 80 ms at 200 MB/s.
    pub assembly_bytes: u64,
    /// Most requests outstanding at a peer that does not say `reqq`. Default 250: what libtorrent
    /// assumes, and serves by default.
    pub inflight_max: u32,
    /// Bytes of blocks a second that are asked for; `None`: no limit. Default none.
    pub download_bytes_per_second: Option<u64>,
    /// Whether anybody is served at all; if not, everybody is choked. Default true.
    pub seeding: bool,
    /// Peers unchoked at once, the optimistic one included. Default 4, as in BEP 3.
    pub upload_slots: u32,
    /// Bytes of blocks a second that are given; `None`: no limit. There are never more slots than
    /// the limit can feed. Default none.
    pub upload_bytes_per_second: Option<u64>,
}

/// Bytes a second that make a slot worth having: a block a second. With less, many peers would
/// hold requests that come to nothing.
const SLOT_RATE: u64 = 16 << 10;

impl Default for Limits {
    fn default() -> Self {
        Self {
            assembly_bytes: 16 << 20,
            inflight_max: 250,
            download_bytes_per_second: None,
            seeding: true,
            upload_slots: 4,
            upload_bytes_per_second: None,
        }
    }
}

impl Limits {
    /// Peers to serve at once under the upload limit.
    pub(crate) fn slots(&self) -> u32 {
        match self.upload_bytes_per_second {
            _ if !self.seeding => 0,
            None => self.upload_slots,
            Some(0) => 0,
            Some(rate) => (rate / SLOT_RATE).clamp(1, u64::from(u32::MAX)) as u32,
        }
        .min(self.upload_slots)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slots_are_no_more_than_the_limit_feeds() {
        let slots = |limit, seeding| {
            let limits = Limits {
                upload_bytes_per_second: limit,
                seeding,
                ..Limits::default()
            };
            limits.slots()
        };
        assert_eq!(slots(None, true), 4);
        assert_eq!(slots(None, false), 0);
        assert_eq!(slots(Some(0), true), 0);
        assert_eq!(slots(Some(1), true), 1);
        assert_eq!(slots(Some(40_000), true), 2);
        assert_eq!(slots(Some(u64::MAX), true), 4);
    }
}
