//! Which file of a torrent is the film.
//!
//! Only looks at names and lengths. What somebody asked for comes first, then what a link has
//! chosen, then the largest video.

use std::ops::RangeInclusive;

use app::SupplyFailure;

use super::metainfo::{Metainfo, broken};

impl Metainfo {
    /// The file to show: `asked`, or the largest video, or, if `any` will do, the largest file.
    ///
    /// # Errors
    /// `NoVideo` when there is none, `Broken` when `asked` is not a file of it.
    pub(super) fn film(&self, asked: Option<u32>, any: bool) -> Result<u32, SupplyFailure> {
        let count = self.files.len() as u32;
        if let Some(asked) = asked {
            return match self.files.get(asked as usize) {
                Some(file) if file.length > 0 => Ok(asked),
                _ => Err(broken(format!("it has no file {asked}, only {count}"))),
            };
        }
        // The first of equals: max_by_key alone would take the last.
        let all = || self.files.iter().enumerate().rev();
        let largest = all()
            .filter(|(_, file)| file.is_video())
            .max_by_key(|(_, file)| file.length);
        let other = || {
            let files = all().filter(|(_, file)| any && !file.padding && file.length > 0);
            files.max_by_key(|(_, file)| file.length)
        };
        let found = largest.or_else(other);
        let (index, _) = found.ok_or(SupplyFailure::NoVideo { files: count })?;
        Ok(index as u32)
    }

    /// The largest video among some of its files (`so` of a magnet).
    pub(super) fn video_among(&self, files: &[RangeInclusive<u32>]) -> Option<u32> {
        let all = self.files.iter().enumerate().rev();
        let among = all.filter(|(index, file)| {
            let index = *index as u32;
            file.is_video() && files.iter().any(|range| range.contains(&index))
        });
        let largest = among.max_by_key(|(_, file)| file.length);
        largest.map(|(index, _)| index as u32)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_link_may_choose_among_the_files() {
        let entry = |(name, length): (&str, u64)| {
            format!("d6:lengthi{length}e4:pathl{}:{name}ee", name.len())
        };
        let list = [("a.srt", 90_000), ("b.mkv", 5), ("c.mp4", 20_000)].map(entry);
        let hashes = "0".repeat(20 * 110_005_usize.div_ceil(16384));
        let info = format!(
            "d5:filesl{}e4:name1:x12:piece lengthi16384e6:pieces{}:{hashes}e",
            list.concat(),
            hashes.len()
        );
        let metainfo = Metainfo::from_info(&info.into()).unwrap();
        for (among, expected) in [
            (vec![0..=1], Some(1)),
            (vec![1..=1, 2..=9], Some(2)),
            (vec![0..=0, 7..=9], None),
            (vec![], None),
        ] {
            assert_eq!(metainfo.video_among(&among), expected, "{among:?}");
        }
    }
}
