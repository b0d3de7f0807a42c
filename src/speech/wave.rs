//! Reads what espeak-ng writes: a WAVE file whose length it does not know yet (Microsoft's RIFF
//! specification of 1991, PCM of 16 bits and one channel, with a head of 44 bytes).

/// Where samples begin.
const HEAD: usize = 44;

/// A file, piece by piece.
#[derive(Debug, Default)]
pub(super) struct Wave {
    head: Vec<u8>,
    rate: u32,
    /// Half of a sample that came alone.
    half: Option<u8>,
}

impl Wave {
    /// Samples a second; 0 until the head was read.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }

    pub(super) fn has_begun(&self) -> bool {
        self.rate > 0
    }

    /// The samples of the next piece of the file.
    ///
    /// # Errors
    /// It is no file of that kind.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Result<Vec<i16>, &'static str> {
        let missing = HEAD - self.head.len();
        let (head, rest) = bytes.split_at(missing.min(bytes.len()));
        self.head.extend_from_slice(head);
        if missing > 0 && self.head.len() == HEAD {
            self.rate = rate(&self.head)?;
        }
        let all: Vec<u8> = self
            .half
            .take()
            .into_iter()
            .chain(rest.iter().copied())
            .collect();
        let (pairs, half) = all.as_chunks::<2>();
        self.half = half.first().copied();
        Ok(pairs.iter().map(|pair| i16::from_le_bytes(*pair)).collect())
    }
}

fn rate(head: &[u8]) -> Result<u32, &'static str> {
    let at = |from: usize, text: &[u8]| head.get(from..from + text.len()) == Some(text);
    // One channel after PCM, and 16 bits.
    let known = at(0, b"RIFF") && at(8, b"WAVEfmt ") && at(20, &[1, 0, 1, 0]) && at(34, &[16, 0]);
    let rate = head.get(24..28).and_then(|it| <[u8; 4]>::try_from(it).ok());
    let rate = rate.map(u32::from_le_bytes);
    rate.filter(|rate| known && (8_000..=48_000).contains(rate))
        .ok_or("what it says is no WAVE file of one channel")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Vec<u8> {
        let mut file = b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        file.extend(22_050_u32.to_le_bytes());
        file.extend(44_100_u32.to_le_bytes());
        file.extend(b"\x02\0\x10\0data\xff\xff\xff\x7f");
        file.extend([1, 0, 2, 0, 0xff, 0xff]);
        file
    }

    #[test]
    fn a_file_is_read_in_pieces_of_any_size() {
        for size in 1..50 {
            let mut wave = Wave::default();
            let mut samples = Vec::new();
            for piece in file().chunks(size) {
                samples.extend(wave.read(piece).unwrap());
            }
            assert_eq!((wave.rate(), &*samples), (22_050, &[1, 2, -1][..]));
        }
    }

    #[test]
    fn what_is_none_is_refused() {
        let mut stereo = file();
        stereo[22] = 2;
        for bytes in [stereo, vec![0; 100], b"espeak: error".repeat(9)] {
            assert!(Wave::default().read(&bytes).is_err());
        }
    }
}
