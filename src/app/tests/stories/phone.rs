//! Phones are let in, forgotten and kept out; what they type and where they move a film.

use app::{Library, Preferences};
use expect_test::{Expect, expect};

use crate::story::Story;

/// On a box that phones can reach.
fn story(script: &str, expect: &Expect) {
    let preferences = Preferences {
        phones: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn nobody_is_let_in_before_the_viewer_says_so() {
    story(
        "to Phone
         ok
         phones on
         phones code 123456
         phones paired ANN
         phones on ANN
         phones code 654321
         back",
        &expect![[r#"
            > to Phone
                phone [Let phones in] | Your phone as a remote
            > ok
              listen to phones
                phone [Let phones in] | Your phone as a remote
            > phones on
              make a code
                phone [Keep phones out] | Your phone as a remote
            > phones code 123456
                phone [Keep phones out] | Point your phone's camera here | 123456 | http://box/#123456
            > phones paired ANN
              make a code
                phone [Keep phones out] | Your phone as a remote ! ANN is a remote of this box now.
            > phones on ANN
                phone [Forget ANN] Keep phones out | Your phone as a remote ! ANN is a remote of this box now.
            > phones code 654321
                phone [Forget ANN] Keep phones out | Point your phone's camera here | 654321 | http://box/#654321 ! ANN is a remote of this box now.
            > back
              no code
                settings [Phone=1 phone] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Phone | Type, search, seek and choose films from a phone. Then the box listens in your home network, to phones alone that were let in here. Nothing goes through the Internet. ! ANN is a remote of this box now.
        "#]],
    );
}

#[test]
fn a_code_is_renewed_while_it_is_shown_and_gone_when_the_page_is_left() {
    story(
        "phones on ANN
         to Phone
         phones code 123456
         +119000ms
         +1000ms
         phones code 654321
         home
         phones code 111111",
        &expect![[r#"
            > phones on ANN
                home: New: [ANT] BEE CAT
            > to Phone
              make a code
                phone [Forget ANN] Keep phones out | Your phone as a remote
            > phones code 123456
                phone [Forget ANN] Keep phones out | Point your phone's camera here | 123456 | http://box/#123456
            > +119000ms
                phone [Forget ANN] Keep phones out | Point your phone's camera here | 123456 | http://box/#123456
            > +1000ms
              make a code
                phone [Forget ANN] Keep phones out | Point your phone's camera here | 123456 | http://box/#123456
            > phones code 654321
                phone [Forget ANN] Keep phones out | Point your phone's camera here | 654321 | http://box/#654321
            > home
              no code
                home: New: [ANT] BEE CAT
            > phones code 111111
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn a_phone_is_forgotten_by_two_presses() {
    story(
        "phones on ANN BOB
         to Phone
         down
         ok
         up
         down
         ok
         ok
         phones on ANN
         down
         ok
         ok
         phones off",
        &expect![[r#"
            > phones on ANN BOB
                home: New: [ANT] BEE CAT
            > to Phone
              make a code
                phone [Forget ANN] Forget BOB Keep phones out | Your phone as a remote
            > down
                phone Forget ANN [Forget BOB] Keep phones out | Your phone as a remote
            > ok
                phone Forget ANN [Forget BOB] Keep phones out | Your phone as a remote | Press OK once more: BOB is a remote no longer
            > up
                phone [Forget ANN] Forget BOB Keep phones out | Your phone as a remote
            > down
                phone Forget ANN [Forget BOB] Keep phones out | Your phone as a remote
            > ok
                phone Forget ANN [Forget BOB] Keep phones out | Your phone as a remote | Press OK once more: BOB is a remote no longer
            > ok
              forget bob
                phone Forget ANN [Forget BOB] Keep phones out | Your phone as a remote
            > phones on ANN
                phone Forget ANN [Keep phones out] | Your phone as a remote
            > down
                phone Forget ANN [Keep phones out] | Your phone as a remote
            > ok
                phone Forget ANN [Keep phones out] | Your phone as a remote | Press OK once more: no phone reaches the box any more
            > ok
              listen to no phone
                phone Forget ANN [Keep phones out] | Your phone as a remote
            > phones off
              no code
                phone [Let phones in] | Your phone as a remote
        "#]],
    );
}

#[test]
fn a_box_that_cannot_listen_says_why() {
    story(
        "to Phone
         ok
         phones failed the port is taken
         ok
         phones on",
        &expect![[r#"
            > to Phone
                phone [Let phones in] | Your phone as a remote
            > ok
              listen to phones
                phone [Let phones in] | Your phone as a remote
            > phones failed the port is taken
                phone [Let phones in] | Phones cannot reach the box
            > ok
              listen to phones
                phone [Let phones in] | Phones cannot reach the box
            > phones on
              make a code
                phone [Keep phones out] | Your phone as a remote
        "#]],
    );
}

#[test]
fn what_a_phone_types_stands_where_text_is_wanted() {
    story(
        "typed fo
         typed fox
         +1000ms",
        &expect![[r#"
            > typed fo
              search 1 for "fo"
                search "fo" at a:  | Looking
            > typed fox
              stop 1
              search 2 for "fox"
                search "fox" at a:  | Looking
            > +1000ms
                search "fox" at a:  | Looking
        "#]],
    );
}
