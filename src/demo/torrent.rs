//! The demo's metainfo (BEP 3): one folder with the film first and its subtitles after it.
//!
//! Written by hand rather than by a library that takes a folder in whatever order the file system
//! lists it: the film must be file 0, and the same files must give the same info hash.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use librqbit_sha1_wrapper::{ISha1, Sha1};

/// Bytes of a piece: small, so that the first picture waits for little.
pub(super) const PIECE: usize = 256 * 1024;

/// A torrent of files in one folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Metainfo {
    pub(super) info_hash: [u8; 20],
    /// The .torrent file.
    pub(super) bytes: Vec<u8>,
}

/// Reads `files` of `folder`, in that order, into a torrent called `name`; `maker` is written as
/// who created it.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn create(
    folder: &Path,
    files: &[String],
    name: &str,
    maker: &str,
) -> io::Result<Metainfo> {
    let mut list = Vec::new();
    let mut pieces = Vec::new();
    let mut piece = Vec::with_capacity(PIECE);
    for file in files {
        let mut reader = File::open(folder.join(file))?;
        let mut length = 0;
        loop {
            let room = (PIECE - piece.len()) as u64;
            let read = Read::by_ref(&mut reader)
                .take(room)
                .read_to_end(&mut piece)?;
            length += read;
            if piece.len() == PIECE {
                pieces.extend_from_slice(&sha1(&piece));
                piece.clear();
            } else {
                // Fewer bytes than there was room for: the file has ended.
                break;
            }
        }
        list.extend_from_slice(format!("d6:lengthi{length}e4:pathl").as_bytes());
        text(&mut list, file.as_bytes());
        list.extend_from_slice(b"ee");
    }
    if !piece.is_empty() {
        pieces.extend_from_slice(&sha1(&piece));
    }
    // Keys of a dictionary are sorted (BEP 3).
    let mut info = b"d5:filesl".to_vec();
    info.extend_from_slice(&list);
    info.extend_from_slice(b"e4:name");
    text(&mut info, name.as_bytes());
    info.extend_from_slice(format!("12:piece lengthi{PIECE}e6:pieces").as_bytes());
    text(&mut info, &pieces);
    info.push(b'e');

    let mut bytes = b"d10:created by".to_vec();
    text(&mut bytes, maker.as_bytes());
    bytes.extend_from_slice(b"4:info");
    bytes.extend_from_slice(&info);
    bytes.push(b'e');
    Ok(Metainfo {
        info_hash: sha1(&info),
        bytes,
    })
}

fn text(out: &mut Vec<u8>, text: &[u8]) {
    out.extend_from_slice(format!("{}:", text.len()).as_bytes());
    out.extend_from_slice(text);
}

fn sha1(bytes: &[u8]) -> [u8; 20] {
    let mut hash = Sha1::new();
    hash.update(bytes);
    hash.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_others_read() {
        let folder = tempfile::tempdir().unwrap();
        // Ends of files and pieces fall together and apart.
        let lengths = [PIECE * 2, 5, PIECE - 5, 0, PIECE + 1];
        let files: Vec<String> = (0..lengths.len()).map(|at| format!("{at}.bin")).collect();
        for (file, length) in files.iter().zip(lengths) {
            std::fs::write(folder.path().join(file), vec![7; length]).unwrap();
        }
        let made = create(folder.path(), &files, "Some Film", "us 1").unwrap();
        let read: librqbit_core::torrent_metainfo::TorrentMetaV1<librqbit_buffers::ByteBuf<'_>> =
            librqbit_core::torrent_metainfo::torrent_from_bytes(&made.bytes).unwrap();
        assert_eq!(read.info_hash.0, made.info_hash);
        let info = &read.info.data;
        assert_eq!(info.name.as_ref().unwrap().as_ref(), b"Some Film");
        let known: Vec<u64> = info
            .files
            .as_ref()
            .unwrap()
            .iter()
            .map(|file| file.length)
            .collect();
        assert_eq!(known, lengths.map(|length| length as u64));
        assert_eq!(info.piece_length as usize, PIECE);
        assert_eq!(info.pieces.as_ref().len(), 5 * 20);
        assert_eq!(info.pieces.as_ref()[..20], sha1(&vec![7; PIECE]));
        assert_eq!(info.pieces.as_ref()[80..], sha1(&[7]));
        let again = create(folder.path(), &files, "Some Film", "us 1").unwrap();
        assert_eq!(again, made);
    }
}
