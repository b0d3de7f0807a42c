//! The box opens a network of its own, and a phone does the typing: both codes, what the phone
//! chooses, how it ends, and where it is not offered.

use expect_test::expect;

use crate::network::{ATTIC, check, on_page};

const OPENS: &str = "radio=down opens attic:3 cafe?:2";

#[test]
fn a_phone_tells_the_network_and_the_box_joins_it() {
    check(
        OPENS,
        "ok
         own-opened
         down
         ok
         own-chosen attic correct horse
         own-opened
         network radio=wait opens in=attic attic*:3
         let-in
         network radio=up opens in=attic attic*:3",
        &expect![[r#"
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > down
                phone 1. Join the box's Wi-Fi [2. Open its page] | Point your phone's camera here | http://10.73.0.1
            > ok
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-chosen attic correct horse
              join attic with "correct horse"
                network  | Connecting to ATTIC |  | This takes some seconds.
            > own-opened
                network  | Connecting to ATTIC |  | This takes some seconds.
            > network radio=wait opens in=attic attic*:3
                network  | Connecting to ATTIC |  | This takes some seconds.
            > let-in
                network  | Connecting to ATTIC |  | The network has let the box in. Now the box waits for an address.
            > network radio=up opens in=attic attic*:3
              look for networks
                network [Set up with your phone] +ATTIC 3 (Connected  ·  With a password) Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password. ! The box is connected to ATTIC.
        "#]],
    );
}

#[test]
fn a_wrong_password_is_mended_on_the_phone() {
    check(
        OPENS,
        "ok
         own-opened
         own-chosen attic battery staple
         not-let-in wrong
         ok
         own-opened
         own-hidden cellar correct horse
         back
         own-hidden cellar correct horse",
        &expect![[r#"
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-chosen attic battery staple
              join attic with "battery staple"
                network  | Connecting to ATTIC |  | This takes some seconds.
            > not-let-in wrong
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | ATTIC did not take the password. Press OK to type it again.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-hidden cellar correct horse
              join hidden "CELLAR" with "correct horse"
                network  | Connecting to CELLAR |  | This takes some seconds.
            > back
              stop joining
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
            > own-hidden cellar correct horse
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
        "#]],
    );
}

#[test]
fn it_closes_by_itself_and_whenever_nobody_looks() {
    check(
        OPENS,
        "ok
         +40000ms
         ok
         own-ended the radio is busy
         ok
         own-opened
         +600000ms
         ok
         own-opened
         back
         ok
         home
         own-opened",
        &expect![[r#"
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > +40000ms
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | The box could not open a network for your phone in time. Press OK to try again.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-ended the radio is busy
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | The network for your phone is closed: the radio is busy. Press OK to open it again.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > +600000ms
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | The network for your phone was open for ten minutes, and is closed now. Press OK to open it again.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > back
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > home
              close its own network
                home: New: [ANT] BEE CAT
            > own-opened
              close its own network
                home: New: [ANT] BEE CAT
        "#]],
    );
}

#[test]
fn the_second_code_comes_with_a_phone_and_the_first_is_there_for_the_next() {
    check(
        OPENS,
        "ok
         own-joined
         own-opened
         own-joined
         up
         own-joined
         back
         back
         own-joined
         ok
         own-opened
         own-joined
         stop",
        &expect![[r#"
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-joined
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-joined
                phone 1. Join the box's Wi-Fi [2. Open its page] | A phone has joined the box's Wi-Fi | http://10.73.0.1
            > up
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-joined
                phone 1. Join the box's Wi-Fi [2. Open its page] | A phone has joined the box's Wi-Fi | http://10.73.0.1
            > back
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > back
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
            > own-joined
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
            > ok
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > own-joined
                phone 1. Join the box's Wi-Fi [2. Open its page] | A phone has joined the box's Wi-Fi | http://10.73.0.1
            > stop
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
        "#]],
    );
}

/// While it is open the radio can look for nothing.
#[test]
fn networks_are_not_looked_for_meanwhile() {
    let mut story = on_page(OPENS);
    story.tell("ok\nown-opened\n+60000ms\nback");
    let closed = story.transcript.find("close its own network");
    let before = closed.unwrap_or_else(|| panic!("{}", story.transcript));
    let looks: Vec<_> = story.transcript.match_indices("look for").collect();
    assert!(
        looks.iter().all(|(at, _)| *at > before),
        "{}",
        story.transcript
    );
    assert!(!looks.is_empty(), "{}", story.transcript);
}

#[test]
fn who_types_a_password_on_the_tv_can_take_the_phone_instead() {
    check(
        OPENS,
        "down
         ok
         menu
         own-opened
         back",
        &expect![[r#"
            > down
                network Set up with your phone [ATTIC 3 (With a password)] CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK to type the password of this network.
            > ok
                address "" at a | -
            > menu
              open its own network in en
                network  | Opening a network for your phone |  | This takes some seconds.
            > own-opened
                phone [1. Join the box's Wi-Fi] 2. Open its page | Point your phone's camera here | abc23456 | WIFI:T:WPA;S:Matinee 4F2K;P:abc23456;;
            > back
              close its own network
              look for networks
                network [Set up with your phone] ATTIC 3 (With a password) CAFE 2 (Open to everybody) Another network Country: not chosen | Not connected | Films on drives, and what is already on ... | Press OK: the box opens a Wi-Fi network of its own for ten minutes, and is in no other meanwhile. Your phone joins it, and there you choose your network and type its password.
        "#]],
    );
}

#[test]
fn a_radio_that_cannot_is_not_asked() {
    check(
        ATTIC,
        "ok
         menu",
        &expect![[r#"
            > ok
                address "" at a | -
            > menu
                address "" at a | -
        "#]],
    );
}
