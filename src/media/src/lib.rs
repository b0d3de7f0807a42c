//! What flows between shells that do not know each other: bytes from the torrent to the player,
//! pictures from the player to the display. Types only.

use std::fmt;
use std::future::Future;
use std::os::fd::BorrowedFd;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

/// A file that can be read anywhere while it downloads.
pub trait Source: Send + Sync + fmt::Debug {
    /// Length in bytes.
    fn size(&self) -> u64;

    /// The file's name, for its extension and for logs; never used as a path.
    fn name(&self) -> &str;

    /// Reads exactly `len` bytes from `offset`, fewer only where the file ends. Waits until they
    /// are there and verified; dropping the future takes the demand back.
    fn read_at(&self, offset: u64, len: usize) -> ReadFuture;

    /// The same of what is here already; none if any of it is not. Nobody is asked for it, and
    /// whoever watches the film notices nothing.
    fn held(&self, offset: u64, len: usize) -> HeldFuture;
}

pub type HeldFuture = Pin<Box<dyn Future<Output = Option<Bytes>> + Send>>;

pub type ReadFuture = Pin<Box<dyn Future<Output = Result<Bytes, SourceGone>> + Send>>;

/// A file of subtitles, read whole when it is first shown.
pub trait Text: Send + Sync + fmt::Debug {
    /// The file's name, for its extension and for logs.
    fn name(&self) -> &str;

    /// All of it, of at most `bytes_max` bytes; dropping the future takes the demand back.
    fn read(&self, bytes_max: u64) -> ReadFuture;
}

/// The bytes will not come any more.
#[derive(Debug, Clone, thiserror::Error)]
#[error("source gone: {0}")]
pub struct SourceGone(pub String);

/// One decoded picture, shared without copying.
#[derive(Clone)]
pub struct VideoFrame {
    pub format: PixelFormat,
    /// Visible size in pixels.
    pub width: u32,
    pub height: u32,
    /// Width of one pixel over its height.
    pub pixel_aspect: (u32, u32),
    pub matrix: ColourMatrix,
    /// Luma over 0..=255 instead of 16..=235.
    pub full_range: bool,
    /// Position in the film.
    pub position: Duration,
    /// Pictures a second that the film says it has, as a fraction; none: it varies, or says
    /// nothing.
    pub rate: Option<(u32, u32)>,
    pub planes: Arc<dyn Planes>,
}

impl fmt::Debug for VideoFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} {}x{} at {:?}",
            self.format, self.width, self.height, self.position
        )
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PixelFormat {
    /// Three planes: Y, U, V; chroma halved both ways.
    I420,
    /// Two planes: Y, interleaved UV; chroma halved both ways.
    Nv12,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourMatrix {
    Bt601,
    Bt709,
    Bt2020,
}

/// The memory of a picture, mapped for reading as long as it lives.
pub trait Planes: Send + Sync {
    /// Rows of plane `index`, `stride` bytes each.
    fn plane(&self, index: usize) -> &[u8];
    /// Bytes from one row of plane `index` to the next.
    fn stride(&self, index: usize) -> usize;
    /// The same memory as other devices can have it; none: it is the processor's alone.
    fn shared(&self) -> Option<Vec<SharedPlane<'_>>> {
        None
    }
}

/// One plane of a picture in memory that devices share (dma-buf), its rows one after the other.
#[derive(Debug, Clone, Copy)]
pub struct SharedPlane<'a> {
    /// That of another plane may be the same memory.
    pub file: BorrowedFd<'a>,
    /// Where in it the plane begins.
    pub offset: u32,
    /// Bytes from row to row.
    pub stride: u32,
}
