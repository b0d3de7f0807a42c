//! The bytes of one message: who to whom, what, and its operands.

use std::fmt;

use crate::Logical;

/// One message on the bus, 1 to 16 bytes (CEC 1.4b section CEC 6).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    bytes: [u8; Frame::BYTES_MAX],
    length: u8,
}

impl Frame {
    pub const BYTES_MAX: usize = 16;

    /// None: no bytes, or too many.
    pub fn of(bytes: &[u8]) -> Option<Frame> {
        let fits = (1..=Frame::BYTES_MAX).contains(&bytes.len());
        fits.then(|| Frame::cut(bytes))
    }

    /// Who, to whom, and the rest; what is too long is cut.
    pub(crate) fn made(from: Logical, to: Logical, rest: &[u8]) -> Frame {
        let mut frame = Frame {
            bytes: [0; Frame::BYTES_MAX],
            length: 1,
        };
        frame.bytes[0] = from.number() << 4 | to.number();
        for (place, byte) in frame.bytes[1..].iter_mut().zip(rest) {
            *place = *byte;
            frame.length += 1;
        }
        frame
    }

    fn cut(bytes: &[u8]) -> Frame {
        let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
        Frame::made(Logical::low(first >> 4), Logical::low(*first), rest)
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.length)]
    }

    pub fn from(&self) -> Logical {
        Logical::low(self.bytes[0] >> 4)
    }

    pub fn to(&self) -> Logical {
        Logical::low(self.bytes[0])
    }

    pub fn is_broadcast(&self) -> bool {
        self.to() == Logical::BROADCAST
    }

    /// None: only asks whether anybody is there.
    pub fn opcode(&self) -> Option<u8> {
        self.bytes().get(1).copied()
    }

    pub(crate) fn operands(&self) -> &[u8] {
        self.bytes().get(2..).unwrap_or_default()
    }
}

/// As cec-ctl writes it: `4f:82:10:00`.
impl fmt::Display for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, byte) in self.bytes().iter().enumerate() {
            let between = if at == 0 { "" } else { ":" };
            write!(f, "{between}{byte:02x}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
