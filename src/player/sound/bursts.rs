//! Coded sound as it goes over wires made for PCM: bursts of IEC 61937.
//!
//! Each begins with two words of sync, one that says what it is, and its length; then come the
//! coded bytes as they are, in words, and silence until the next is due. So a burst lasts as long
//! as what is in it, and a device plays it as two channels of 16 bits that nobody listens to.

use sink::Framing;

/// Two channels of 16 bits.
const FRAME_BYTES: usize = 4;

const HEAD_BYTES: usize = 8;

const SYNC: [u16; 2] = [0xf872, 0x4e1f];

/// Frames of PCM that a burst of AC-3 lasts: what is in one of its frames.
const AC3_FRAMES: usize = 1536;

/// And one of E-AC-3, at four times the rate: what is in six of its blocks.
const EAC3_FRAMES: usize = 6144;

/// Blocks of 256 samples in a burst of E-AC-3.
const EAC3_BLOCKS: u8 = 6;

/// What came is no such sound, or does not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this cannot be framed")]
pub(super) struct Unframed;

/// Makes bursts of one stream's frames.
#[derive(Debug, Clone)]
pub(super) struct Bursts {
    framing: Framing,
    /// Of E-AC-3, what waits for the rest of its burst, and the blocks in that.
    waiting: (Vec<u8>, u8),
}

impl Bursts {
    pub(super) fn new(framing: Framing) -> Bursts {
        Bursts {
            framing,
            waiting: (Vec::new(), 0),
        }
    }

    /// What came before is not gone on with.
    pub(super) fn flush(&mut self) {
        self.waiting = (Vec::new(), 0);
    }

    /// Takes a frame as a parser cuts it; none: the burst waits for more.
    pub(super) fn burst(&mut self, frame: &[u8]) -> Result<Option<Vec<u8>>, Unframed> {
        match self.framing {
            Framing::Ac3 => {
                if !frame.starts_with(&[0x0b, 0x77]) {
                    return Err(Unframed);
                }
                // The kind of service goes along (bsmod).
                let service = u16::from(frame.get(5).ok_or(Unframed)? & 7);
                burst(1 | service << 8, frame.len() * 8, frame, AC3_FRAMES).map(Some)
            }
            Framing::Eac3 => self.eac3(frame),
            Framing::Dts => {
                let samples = dts_samples(frame)?;
                let kind = match samples {
                    512 => 11,
                    1024 => 12,
                    2048 => 13,
                    _ => return Err(Unframed),
                };
                burst(kind, frame.len() * 8, frame, samples).map(Some)
            }
            // They need wires of eight channels.
            Framing::DtsHd | Framing::TrueHd => Err(Unframed),
        }
    }

    fn eac3(&mut self, frame: &[u8]) -> Result<Option<Vec<u8>>, Unframed> {
        let [0x0b, 0x77, third, _, fifth, ..] = *frame else {
            return Err(Unframed);
        };
        // Of an independent stream, the first: what depends on it belongs to the same moment.
        let (kind, number) = (third >> 6, third >> 3 & 7);
        let is_first = kind != 1 && number == 0;
        let blocks = match (fifth >> 6, fifth >> 4 & 3) {
            // At half rates there are always six.
            (3, _) | (_, 3) => 6,
            (_, code) => code + 1,
        };
        let (bytes, held) = &mut self.waiting;
        let mut full = None;
        if is_first && *held >= EAC3_BLOCKS {
            full = Some(burst(21, bytes.len(), bytes, EAC3_FRAMES)?);
            bytes.clear();
            *held = 0;
        }
        if bytes.len() + frame.len() > EAC3_FRAMES * FRAME_BYTES {
            self.flush();
            return Err(Unframed);
        }
        bytes.extend_from_slice(frame);
        *held += if is_first { blocks } else { 0 };
        Ok(full)
    }
}

/// Samples of each channel in a frame of DTS, of words of 16 bits with the high byte first.
fn dts_samples(frame: &[u8]) -> Result<usize, Unframed> {
    let [0x7f, 0xfe, 0x80, 0x01, fifth, sixth, ..] = *frame else {
        return Err(Unframed);
    };
    let blocks = usize::from(fifth & 1) << 6 | usize::from(sixth >> 2);
    Ok((blocks + 1) * 32)
}

/// `length` is in bits for the older codecs, in bytes for the newer.
fn burst(kind: u16, length: usize, bytes: &[u8], frames: usize) -> Result<Vec<u8>, Unframed> {
    let size = frames * FRAME_BYTES;
    let length = u16::try_from(length).map_err(|_| Unframed)?;
    if HEAD_BYTES + bytes.len() > size {
        return Err(Unframed);
    }
    let mut burst = Vec::with_capacity(size);
    for word in [SYNC[0], SYNC[1], kind, length] {
        burst.extend(word.to_le_bytes());
    }
    // Coded words have their high byte first, samples their low one.
    for word in bytes.chunks(2) {
        burst.extend([word.get(1).copied().unwrap_or(0), word[0]]);
    }
    burst.resize(size, 0);
    Ok(burst)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(burst: &[u8]) -> Vec<u16> {
        let (two, _) = burst.as_chunks::<2>();
        two.iter().map(|bytes| u16::from_le_bytes(*bytes)).collect()
    }

    #[test]
    fn ac3_lasts_as_long_as_what_is_in_it() {
        let mut frame = vec![0x0b, 0x77, 0x12, 0x34, 0x1c, 0x42];
        frame.resize(768, 0xaa);
        let burst = Bursts::new(Framing::Ac3).burst(&frame).unwrap().unwrap();
        assert_eq!(burst.len(), 1536 * 4);
        let words = words(&burst);
        assert_eq!(words[..5], [0xf872, 0x4e1f, 0x0201, 768 * 8, 0x0b77]);
        assert!(words[4 + 384..].iter().all(|word| *word == 0));
    }

    #[test]
    fn eac3_waits_until_six_blocks_are_there() {
        // Two blocks each.
        let mut frame = vec![0x0b, 0x77, 0x00, 0xff, 0x10, 0];
        frame.resize(200, 0x55);
        let mut bursts = Bursts::new(Framing::Eac3);
        for _ in 0..3 {
            assert_eq!(bursts.burst(&frame), Ok(None));
        }
        let burst = bursts.burst(&frame).unwrap().unwrap();
        assert_eq!(burst.len(), 6144 * 4);
        assert_eq!(words(&burst)[..5], [0xf872, 0x4e1f, 21, 600, 0x0b77]);
        // What depends on a frame goes with it.
        let mut more = frame.clone();
        more[2] = 0x40;
        assert_eq!(bursts.burst(&more), Ok(None));
        bursts.flush();
        // Six at once.
        frame[4] = 0x30;
        assert_eq!(bursts.burst(&frame), Ok(None));
        assert_eq!(words(&bursts.burst(&frame).unwrap().unwrap())[3], 200);
    }

    #[test]
    fn dts_says_how_long_it_is() {
        // Sixteen blocks of 32 samples.
        let mut frame = vec![0x7f, 0xfe, 0x80, 0x01, 0xfc, 0x3c];
        frame.resize(1006, 1);
        let burst = Bursts::new(Framing::Dts).burst(&frame).unwrap().unwrap();
        assert_eq!(burst.len(), 512 * 4);
        assert_eq!(words(&burst)[..5], [0xf872, 0x4e1f, 11, 1006 * 8, 0x7ffe]);
        // With extensions it does not fit.
        frame.resize(3000, 1);
        assert_eq!(Bursts::new(Framing::Dts).burst(&frame), Err(Unframed));
    }

    #[test]
    fn what_is_something_else_is_not_framed() {
        for framing in [Framing::Ac3, Framing::Eac3, Framing::Dts, Framing::TrueHd] {
            assert_eq!(Bursts::new(framing).burst(b"Ogg"), Err(Unframed));
            assert_eq!(Bursts::new(framing).burst(&[]), Err(Unframed));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_framed_or_not(
            frames in proptest::collection::vec(
                proptest::collection::vec(any::<u8>(), 0..5000), 0..20),
            head in 0..3_usize,
        ) {
            let heads: [(&[u8], Framing, usize); 3] = [
                (&[0x0b, 0x77], Framing::Ac3, AC3_FRAMES * 4),
                (&[0x0b, 0x77], Framing::Eac3, EAC3_FRAMES * 4),
                (&[0x7f, 0xfe, 0x80, 0x01], Framing::Dts, 2048 * 4),
            ];
            let (head, framing, most) = heads[head];
            let mut bursts = Bursts::new(framing);
            for frame in frames {
                let frame = [head, &frame[..]].concat();
                if let Ok(Some(burst)) = bursts.burst(&frame) {
                    prop_assert!(burst.len() <= most && burst.len() % 4 == 0);
                }
            }
        }
    }
}
