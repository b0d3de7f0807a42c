//! A Wi-Fi network is joined: by its password, by its name, stopped, or not at all and why.

use app::Screen;
use expect_test::expect;

use crate::network::{ATTIC, check, on_page};

#[test]
fn a_password_is_typed_and_the_network_joined() {
    check(
        ATTIC,
        "ok
         ok
         down
         down
         down
         down
         down
         down
         down
         right
         right
         ok
         typed correct horse
         ok
         network radio=wait in=attic attic*:3
         let-in
         network radio=up in=attic attic*:3
         back",
        &expect![[r#"
            > ok
                address "" at a | -
            > ok
                address "a" at a | -
            > down
                address "a" at g | -
            > down
                address "a" at m | -
            > down
                address "a" at s | -
            > down
                address "a" at y | -
            > down
                address "a" at 5 | -
            > down
                address "a" at ABC | -
            > down
                address "a" at delete | -
            > right
                address "a" at dots | -
            > right
                address "a" at done | -
            > ok
                address "a" at done | A Wi-Fi password has 8 to 63 letters. This has 1.
            > typed correct horse
                address "correct horse" at done | -
            > ok
              join attic with "correct horse"
                network  | Connecting to ATTIC |  | This takes some seconds.
            > network radio=wait in=attic attic*:3
                network  | Connecting to ATTIC |  | This takes some seconds.
            > let-in
                network  | Connecting to ATTIC |  | The network has let the box in. Now the box waits for an address.
            > network radio=up in=attic attic*:3
              look for networks
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it. ! The box is connected to ATTIC.
            > back
                settings [Network=Connected to ATTIC] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach. ! The box is connected to ATTIC.
        "#]],
    );
}

#[test]
fn keys_of_a_password_have_large_letters_signs_and_dots() {
    check(
        ATTIC,
        "ok
         down
         down
         down
         down
         down
         down
         ok
         up
         ok
         down
         right
         ok
         left
         up
         ok
         right
         down
         down
         ok
         7
         delete
         back",
        &expect![[r#"
            > ok
                address "" at a | -
            > down
                address "" at g | -
            > down
                address "" at m | -
            > down
                address "" at s | -
            > down
                address "" at y | -
            > down
                address "" at 5 | -
            > down
                address "" at ABC | -
            > ok
                address "" at abc | -
            > up
                address "" at 5 | -
            > ok
                address "5" at 5 | -
            > down
                address "5" at abc | -
            > right
                address "5" at #+= | -
            > ok
                address "5" at abc | -
            > left
                address "5" at ABC | -
            > up
                address "5" at | | -
            > ok
                address "5|" at | | -
            > right
                address "5|" at ~ | -
            > down
                address "5|" at abc | -
            > down
                address "5|" at dots | -
            > ok
                address "••" at dots | -
            > 7
                address "•••" at dots | -
            > delete
                address "••" at dots | -
            > back
                network [ATTIC 3 (With a password)] CAFE 2 (Open to everybody) OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to type the password of this network.
        "#]],
    );
}

#[test]
fn a_wrong_password_can_be_mended() {
    check(
        ATTIC,
        "ok
         typed wrong horse
         ok
         +3000ms
         not-let-in wrong
         typed correct horse
         ok
         let-in
         network radio=up in=attic attic*:3
         +9000ms",
        &expect![[r#"
            > ok
                address "" at a | -
            > typed wrong horse
                address "wrong horse" at done | -
            > ok
              join attic with "wrong horse"
                network  | Connecting to ATTIC |  | This takes some seconds.
            > +3000ms
                network  | Connecting to ATTIC |  | This takes some seconds.
            > not-let-in wrong
              look for networks
                address "wrong horse" at a | The network did not take this password. Look at each letter again, and whether it is large or small.
            > typed correct horse
                address "correct horse" at done | -
            > ok
              join attic with "correct horse"
                network  | Connecting to ATTIC |  | This takes some seconds.
            > let-in
                network  | Connecting to ATTIC |  | The network has let the box in. Now the box waits for an address.
            > network radio=up in=attic attic*:3
              look for networks
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it. ! The box is connected to ATTIC.
            > +9000ms
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it.
        "#]],
    );
}

#[test]
fn what_cannot_be_joined_says_why() {
    check(
        ATTIC,
        "down
         ok
         not-let-in away
         ok
         +45000ms
         down
         ok",
        &expect![[r#"
            > down
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to connect. This network has no password: others near it can see which sites the box speaks to.
            > ok
              join cafe
                network  | Connecting to CAFE |  | This takes some seconds.
            > not-let-in away
              look for networks
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | CAFE is out of reach. Bring the box and the router closer together, or see whether the router is on.
            > ok
              join cafe
                network  | Connecting to CAFE |  | This takes some seconds.
            > +45000ms
              stop joining
              look for networks
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | CAFE does not answer. Try again, closer to the router if you can, or switch the router off and on.
            > down
                network ATTIC 3 (With a password) CAFE 2 (Open to everybody) [OFFICE 4 (For companies)] Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | This network wants a name and a password of each who joins it. The box cannot do that: choose another network, or plug in a cable.
            > ok
                network ATTIC 3 (With a password) CAFE 2 (Open to everybody) [OFFICE 4 (For companies)] Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | This network wants a name and a password of each who joins it. The box cannot do that: choose another network, or plug in a cable.
        "#]],
    );
}

#[test]
fn a_network_that_gives_no_address_is_left() {
    check(
        ATTIC,
        "down
         ok
         let-in
         network radio=wait in=cafe cafe?:2 attic:3
         +25000ms",
        &expect![[r#"
            > down
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to connect. This network has no password: others near it can see which sites the box speaks to.
            > ok
              join cafe
                network  | Connecting to CAFE |  | This takes some seconds.
            > let-in
                network  | Connecting to CAFE |  | The network has let the box in. Now the box waits for an address.
            > network radio=wait in=cafe cafe?:2 attic:3
                network  | Connecting to CAFE |  | The network has let the box in. Now the box waits for an address.
            > +25000ms
              stop joining
              look for networks
                network [+CAFE 2 (Connected  ·  Open to everybody)] ATTIC 3 (With a password) Another network Country: not chosen | Waiting for an address from CAFE | Films on drives, and what is already on ... | CAFE has let the box in, but gives it no address. Switch the router off and on, and try again.
        "#]],
    );
}

#[test]
fn back_stops_what_is_joined_and_left_leaves_it_going() {
    check(
        ATTIC,
        "down
         ok
         up
         back
         ok
         left
         not-let-in away
         down",
        &expect![[r#"
            > down
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to connect. This network has no password: others near it can see which sites the box speaks to.
            > ok
              join cafe
                network  | Connecting to CAFE |  | This takes some seconds.
            > up
                network  | Connecting to CAFE |  | This takes some seconds.
            > back
              stop joining
              look for networks
                network ATTIC 3 (With a password) [CAFE 2 (Open to everybody)] OFFICE 4 (For companies) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to connect. This network has no password: others near it can see which sites the box speaks to.
            > ok
              join cafe
                network  | Connecting to CAFE |  | This takes some seconds.
            > left
                settings [Network=Connecting to CAFE] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > not-let-in away
                settings [Network=Not connected] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach. ! CAFE is out of reach. Bring the box and the router closer together, or see whether the router is on.
            > down
                settings Network=Not connected [Phone=Kept out] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Phone | Type, search, seek and choose films from a phone. Then the box listens in your home network, to phones alone that were let in here. Nothing goes through the Internet. ! CAFE is out of reach. Bring the box and the router closer together, or see whether the router is on.
        "#]],
    );
}

#[test]
fn a_hidden_network_wants_its_name_first() {
    check(
        "radio=down",
        "ok
         play
         typed a name that no network of the world can have
         play
         typed Cellar
         play
         play",
        &expect![[r#"
            > ok
                address "" at a | -
            > play
                address "" at a | The name of a network has 1 to 32 letters.
            > typed a name that no network of the world can have
                address "a name that no network of the world can have" at done | -
            > play
                address "a name that no network of the world can have" at done | The name of a network has 1 to 32 letters.
            > typed Cellar
                address "Cellar" at done | -
            > play
                address "" at a | -
            > play
              join hidden "Cellar"
                network  | Connecting to Cellar |  | This takes some seconds.
        "#]],
    );
    check(
        "radio=down",
        "ok
         typed Cellar
         play
         typed short
         play
         typed a pässword
         play
         typed long enough
         play
         not-let-in away",
        &expect![[r#"
            > ok
                address "" at a | -
            > typed Cellar
                address "Cellar" at done | -
            > play
                address "" at a | -
            > typed short
                address "short" at done | -
            > play
                address "short" at done | A Wi-Fi password has 8 to 63 letters. This has 5.
            > typed a pässword
                address "a pässword" at done | -
            > play
                address "a pässword" at done | There is a letter in it that no Wi-Fi password can have. Letters without accents, digits and signs can be in it.
            > typed long enough
                address "long enough" at done | -
            > play
              join hidden "Cellar" with "long enough"
                network  | Connecting to Cellar |  | This takes some seconds.
            > not-let-in away
              look for networks
                network [Another network] Country: not chosen | Not connected | Films on drives, and what is already on ... | Cellar is out of reach. Bring the box and the router closer together, or see whether the router is on.
        "#]],
    );
}

#[test]
fn a_phone_is_named_where_there_is_one() {
    let help = |told: &str| {
        let mut story = on_page(ATTIC);
        story.tell(told).tell("ok");
        match story.app.view().screen {
            Screen::Address(address) => address.help,
            other => panic!("{other:?}"),
        }
    };
    let without = help("phones on");
    assert_eq!(
        help("phones on ANN"),
        format!("{without} Or type it on your phone, and press OK here.")
    );
}
