//! The network: how the box is connected, the Wi-Fi networks that there are, forgetting one, the
//! country, and being offline. Joining one is told in `joining`.

use app::{Library, Preferences};
use expect_test::{Expect, expect};

use crate::story::Story;

/// On the page of the network, from a wall where this is told.
pub(crate) fn on_page(told: &str) -> Story {
    let preferences = Preferences {
        prefetch: false,
        network: true,
        phones: true,
        ..Preferences::default()
    };
    let mut story = Story::with(Library::default(), preferences);
    story.tell(&format!("network {told}\nto Network\n---"));
    story
}

pub(crate) fn check(told: &str, script: &str, expect: &Expect) {
    let mut story = on_page(told);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

/// Three networks in reach.
pub(crate) const ATTIC: &str = "radio=down attic:3 cafe?:2 office!:4";

#[test]
fn a_cable_is_all_there_is() {
    check(
        "no-radio",
        "down\nok\nnetwork no-radio cable=wait\nnetwork no-radio cable=up\nback",
        &expect![[r#"
            > down
                network  | Not connected | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
            > ok
                network  | Not connected | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
            > network no-radio cable=wait
                network  | The cable is in, but the network has given no address yet | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
            > network no-radio cable=up
                network  | Connected by cable | The box's address is 192.168.1.5. | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
            > back
                settings [Network=Connected by cable] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
        "#]],
    );
}

#[test]
fn networks_are_listed_and_the_focus_stays_with_its_own() {
    check(
        "radio=down looks",
        "network radio=down attic:3
         down
         up
         network radio=down cafe?:2 attic:3 office!:4 country=FR
         down
         ok
         down
         down
         +20000ms
         left",
        &expect![[r#"
            > network radio=down attic:3
                network [ATTIC 3 (With a password)] Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to type the password of this network.
            > down
                network ATTIC 3 (With a password) [Another network] Country: not chosen | Not connected | Films on drives, and what is already on ... | For a network that does not tell its name: press OK to type the name, and then the password.
            > up
                network [ATTIC 3 (With a password)] Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to type the password of this network.
            > network radio=down cafe?:2 attic:3 office!:4 country=FR
                network CAFE 2 (Open to everybody) [ATTIC 3 (With a password)] OFFICE 4 (For companies) Another network Country: France | Not connected | Films on drives, and what is already on ... | Press OK to type the password of this network.
            > down
                network CAFE 2 (Open to everybody) ATTIC 3 (With a password) [OFFICE 4 (For companies)] Another network Country: France | Not connected | Films on drives, and what is already on ... | This network wants a name and a password of each who joins it. The box cannot do that: choose another network, or plug in a cable.
            > ok
                network CAFE 2 (Open to everybody) ATTIC 3 (With a password) [OFFICE 4 (For companies)] Another network Country: France | Not connected | Films on drives, and what is already on ... | This network wants a name and a password of each who joins it. The box cannot do that: choose another network, or plug in a cable.
            > down
                network CAFE 2 (Open to everybody) ATTIC 3 (With a password) OFFICE 4 (For companies) [Another network] Country: France | Not connected | Films on drives, and what is already on ... | For a network that does not tell its name: press OK to type the name, and then the password.
            > down
                network CAFE 2 (Open to everybody) ATTIC 3 (With a password) OFFICE 4 (For companies) Another network [Country: France] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > +20000ms
              look for networks
                network CAFE 2 (Open to everybody) ATTIC 3 (With a password) OFFICE 4 (For companies) Another network [Country: France] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > left
                settings [Network=Not connected] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
        "#]],
    );
}

#[test]
fn a_network_is_forgotten_once_it_was_asked_for_twice() {
    check(
        "radio=up in=attic attic*:3 cellar*:1",
        "ok
         ok
         back
         down
         ok
         down
         ok
         up
         down
         ok
         ok
         up
         ok
         ok
         ok",
        &expect![[r#"
            > ok
                network [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time.
            > ok
                network [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time. | Press OK once more: the password is forgotten
            > back
                network [+ATTIC 3 (Connected  ·  With a password)] CELLAR 1 (Known  ·  With a password) Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it.
            > down
                network +ATTIC 3 (Connected  ·  With a password) [CELLAR 1 (Known  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box knows this network. Press OK to connect, or to forget it.
            > ok
                network [Connect] Forget this network | Connected to ATTIC | The box's address is 192.168.1.7. | The box knows the password of this network, and joins it by itself when no better one is in reach.
            > down
                network Connect [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time.
            > ok
                network Connect [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time. | Press OK once more: the password is forgotten
            > up
                network [Connect] Forget this network | Connected to ATTIC | The box's address is 192.168.1.7. | The box knows the password of this network, and joins it by itself when no better one is in reach.
            > down
                network Connect [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time.
            > ok
                network Connect [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time. | Press OK once more: the password is forgotten
            > ok
              forget cellar
                network +ATTIC 3 (Connected  ·  With a password) [CELLAR 1 (Known  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box knows this network. Press OK to connect, or to forget it.
            > up
                network [+ATTIC 3 (Connected  ·  With a password)] CELLAR 1 (Known  ·  With a password) Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it.
            > ok
                network [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time.
            > ok
                network [Forget this network] | Connected to ATTIC | The box's address is 192.168.1.7. | The box leaves this network and forgets its password. It is asked for again when you join it the next time. | Press OK once more: the password is forgotten
            > ok
              forget attic
                network [+ATTIC 3 (Connected  ·  With a password)] CELLAR 1 (Known  ·  With a password) Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it.
        "#]],
    );
}

#[test]
fn a_country_is_chosen() {
    check(
        "radio=down country=FR",
        "down
         ok
         down
         ok
         network radio=down country=DE
         ok
         back",
        &expect![[r#"
            > down
                network Another network [Country: France] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > ok
                network Estonia Finland [+France] Germany Greece | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > down
                network Finland +France [Germany] Greece Hong Kong | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > ok
              rules of DE
                network Another network [Country: France] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > network radio=down country=DE
                network Another network [Country: Germany] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > ok
                network Finland France [+Germany] Greece Hong Kong | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > back
                network Another network [Country: Germany] | Not connected | Films on drives, and what is already on ... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
        "#]],
    );
}

#[test]
fn where_one_signs_in_is_said() {
    check(
        "cable=up portal radio=down",
        "down",
        &expect![[r#"
        > down
            network Another network [Country: not chosen] | This network wants you to sign in | Open http://sign.in on a phone or comput... | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
    "#]],
    );
    let mut story = on_page("cable=up portal radio=down");
    story.tell("left");
    expect![[r#"
        > left
            settings [Network=This network wants you to sign in] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn offline_is_told_once_after_a_moment() {
    check(
        "cable=up",
        "back
         back
         network cable=down
         +5000ms
         network cable=up
         network cable=down
         +20000ms
         +60000ms
         network cable=up
         right",
        &expect![[r#"
            > back
                settings [Network=Connected by cable] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > back
                home: Search Add-ons [Settings] Power
            > network cable=down
                home: Search Add-ons [Settings] Power
            > +5000ms
                home: Search Add-ons [Settings] Power
            > network cable=up
                home: Search Add-ons [Settings] Power
            > network cable=down
                home: Search Add-ons [Settings] Power
            > +20000ms
                home: Search Add-ons No network [Settings] Power ! The box is offline. Films on drives, and what is already on the box, still play. No network, above the wall, says more.
            > +60000ms
                home: Search Add-ons No network [Settings] Power
            > network cable=up
                home: Search Add-ons [Settings] Power
            > right
                home: Search Add-ons Settings [Power]
        "#]],
    );
}

/// Who has no network from the start is told by the name of its page alone.
#[test]
fn without_a_network_from_the_start_nothing_is_told_by_itself() {
    check(
        "no-radio",
        "back\n+20000ms\n+60000ms",
        &expect![[r#"
            > back
                settings [Network=Not connected] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > +20000ms
                settings [Network=Not connected] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > +60000ms
                settings [Network=Not connected] Phone=Kept out Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
        "#]],
    );
}
