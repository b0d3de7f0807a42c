//! What is measured of a film is shown while somebody looks.

use app::Preferences;
use expect_test::expect;

use crate::up_next::check;

#[test]
fn what_is_measured_is_shown_while_somebody_looks() {
    check(
        Preferences::default(),
        "info
         measured 3
         progress peers=2 rate=400k capacity=900k have=0-70 at=60 ram
         measured 4
         info
         measured 5
         back",
        &expect![[r#"
            > info
              measure
              save series:owl:1:1 60s
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | File: 12 MB | Sound: English | Comes from: 1 peer  ·  900 kB/s | Ahead: 60 s  ·  6 MB
            > measured 3
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | Film: H.264  ·  1920 × 800  ·  23.976 a second | File: Matroska  ·  12 MB | Sound: English | Pictures: 12,345 shown, 3 too late  ·  avdec_h264 | Comes from: 1 peer  ·  900 kB/s | Ahead: 60 s  ·  6 MB
            > progress peers=2 rate=400k capacity=900k have=0-70 at=60 ram
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | Film: H.264  ·  1920 × 800  ·  23.976 a second | File: Matroska  ·  12 MB | Sound: English | Pictures: 12,345 shown, 3 too late  ·  avdec_h264 | Comes from: 2 peers  ·  400 kB/s  ·  900 kB/s could come | Ahead: 12 s  ·  2 MB  ·  kept in memory ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > measured 4
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs | Film: H.264  ·  1920 × 800  ·  23.976 a second | File: Matroska  ·  12 MB | Sound: English | Pictures: 12,345 shown, 4 too late  ·  avdec_h264 | Comes from: 2 peers  ·  400 kB/s  ·  900 kB/s could come | Ahead: 12 s  ·  2 MB  ·  kept in memory ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > info
              measure no more
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > measured 5
                playing OWL  ·  S1 E1  ·  Part 1 at 60s runs ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
            > back
              save series:owl:1:1 60s
              close player 1
              close torrent 1
                series OWL: Season 1: [1. Part 1] 2. Part 2 3. Part 3 4. Part 4 5. Part 5 6. Part 6  ! The storage takes nothing more, so the film plays from memory. Going back may fetch parts again. Free some space, or check the drive.
        "#]],
    );
}
