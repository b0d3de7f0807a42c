//! How a torrent is cut: pieces that are hashed, blocks that are asked for.
//!
//! Pure arithmetic over two numbers; knows no state. Invariant: a `Layout` that exists is inside
//! the caps below, so that no later index, size or allocation can overflow. The caps are checked
//! here, once, because the two numbers come from a stranger's metainfo.

use std::fmt;
use std::ops::Range;

/// Bytes in a block: what every client asks for at once (BEP 3 leaves it open; larger is refused
/// by most).
pub const BLOCK: u32 = 16 * 1024;

/// Most pieces a torrent may have: 200,000 x 64 MiB is far beyond any film, and a bitfield of
/// them is 25 kB.
pub const PIECES_MAX: u64 = 200_000;

/// Longest piece, in bytes: the largest that makers of torrents offer.
pub const PIECE_LENGTH_MAX: u32 = 64 * 1024 * 1024;

/// Shortest piece, in bytes: one block.
pub const PIECE_LENGTH_MIN: u32 = BLOCK;

/// A connection, as the shell numbers it. A peer that comes back gets a new number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PeerId(pub u64);

/// What a request asks for (BEP 3): `len` bytes at `offset` in `piece`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Block {
    /// Number of the piece, from 0.
    pub piece: u32,
    /// Bytes from the start of the piece; a multiple of [`BLOCK`].
    pub offset: u32,
    /// Bytes: [`BLOCK`], or less for the last block of a piece.
    pub len: u32,
}

impl Block {
    /// Number of the block in its piece, from 0.
    pub fn number(self) -> u32 {
        self.offset / BLOCK
    }
}

/// The cut of a torrent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    total: u64,
    piece_length: u32,
}

/// Why a torrent's numbers are not usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LayoutError {
    /// No bytes at all.
    Empty,
    /// A piece length outside 16 KiB ..= 64 MiB.
    PieceLength(u32),
    /// More than [`PIECES_MAX`] pieces.
    Pieces(u64),
}

impl fmt::Display for LayoutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => write!(f, "the torrent holds no bytes"),
            Self::PieceLength(length) => {
                write!(
                    f,
                    "pieces of {length} bytes (16 KiB to 64 MiB are accepted)"
                )
            }
            Self::Pieces(count) => write!(f, "{count} pieces (at most {PIECES_MAX})"),
        }
    }
}

impl std::error::Error for LayoutError {}

impl Layout {
    /// `total` bytes of all files together, cut every `piece_length` bytes.
    ///
    /// # Errors
    /// When the numbers are outside the caps of this module.
    pub fn new(total: u64, piece_length: u32) -> Result<Self, LayoutError> {
        if total == 0 {
            return Err(LayoutError::Empty);
        }
        if !(PIECE_LENGTH_MIN..=PIECE_LENGTH_MAX).contains(&piece_length) {
            return Err(LayoutError::PieceLength(piece_length));
        }
        let pieces = total.div_ceil(u64::from(piece_length));
        if pieces > PIECES_MAX {
            return Err(LayoutError::Pieces(pieces));
        }
        Ok(Self {
            total,
            piece_length,
        })
    }

    /// Bytes of all files together.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Bytes of every piece but the last.
    pub fn piece_length(&self) -> u32 {
        self.piece_length
    }

    /// Number of pieces.
    pub fn pieces(&self) -> u32 {
        self.total.div_ceil(u64::from(self.piece_length)) as u32
    }

    /// Bytes of this piece; 0 for a piece that is not there.
    pub fn piece_len(&self, piece: u32) -> u32 {
        let start = u64::from(piece) * u64::from(self.piece_length);
        self.total
            .saturating_sub(start)
            .min(u64::from(self.piece_length)) as u32
    }

    /// Number of blocks of this piece.
    pub fn blocks(&self, piece: u32) -> u32 {
        self.piece_len(piece).div_ceil(BLOCK)
    }

    /// The `number`th block of this piece; `None` where there is none.
    pub fn block(&self, piece: u32, number: u32) -> Option<Block> {
        let offset = number.checked_mul(BLOCK)?;
        let len = self.piece_len(piece).checked_sub(offset)?.min(BLOCK);
        (len > 0).then_some(Block { piece, offset, len })
    }

    /// Whether this is exactly a block of the torrent.
    pub fn holds(&self, block: Block) -> bool {
        self.block(block.piece, block.number()) == Some(block)
    }

    /// The pieces that bytes `range` of the torrent touch.
    pub fn pieces_of(&self, range: Range<u64>) -> Range<u32> {
        let length = u64::from(self.piece_length);
        let end = range.end.min(self.total).div_ceil(length) as u32;
        let start = (range.start.min(self.total) / length) as u32;
        start.min(end)..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_piece_and_block_are_short() {
        let layout = Layout::new(3 * 65_536 + 20_000, 65_536).unwrap();
        assert_eq!(layout.pieces(), 4);
        assert_eq!(layout.piece_len(3), 20_000);
        assert_eq!(layout.blocks(3), 2);
        assert_eq!(layout.block(3, 1).unwrap().len, 20_000 - BLOCK);
        assert_eq!(layout.block(3, 2), None);
        assert_eq!(layout.piece_len(4), 0);
        assert!(!layout.holds(Block {
            piece: 0,
            offset: 1,
            len: BLOCK
        }));
        assert!(!layout.holds(Block {
            piece: 3,
            offset: BLOCK,
            len: BLOCK
        }));
        assert!(!layout.holds(Block {
            piece: u32::MAX,
            offset: u32::MAX,
            len: 1
        }));
    }

    #[test]
    fn byte_ranges_become_pieces() {
        let layout = Layout::new(10 * 65_536, 65_536).unwrap();
        assert_eq!(layout.pieces_of(0..1), 0..1);
        assert_eq!(layout.pieces_of(65_535..65_537), 0..2);
        assert_eq!(layout.pieces_of(u64::MAX..u64::MAX), 10..10);
        assert_eq!(layout.pieces_of(655_359..u64::MAX), 9..10);
    }

    #[test]
    fn a_strangers_numbers_are_capped() {
        assert_eq!(Layout::new(0, BLOCK), Err(LayoutError::Empty));
        assert_eq!(
            Layout::new(1, BLOCK - 1),
            Err(LayoutError::PieceLength(BLOCK - 1))
        );
        assert_eq!(
            Layout::new(1, u32::MAX),
            Err(LayoutError::PieceLength(u32::MAX))
        );
        assert!(matches!(
            Layout::new(u64::MAX, BLOCK),
            Err(LayoutError::Pieces(_))
        ));
    }
}
