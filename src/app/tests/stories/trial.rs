//! A fixed address is tried: it works, or it goes back, by one key or by itself.

use expect_test::{Expect, expect};

use crate::fixed::on_form;
use crate::network::{check, on_page};

/// 192.168.1.20 is asked for, where a cable is all there is.
fn asked(script: &str, expect: &Expect) {
    on_form(&format!("{CHANGED}{TO_USE}---\nok\n{script}"), expect);
}

/// The last number is changed.
const CHANGED: &str = "down\nok\ndelete\n2\n0\nplay\n";

/// From the address.
const TO_USE: &str = "down\ndown\ndown\ndown\ndown\n";

#[test]
fn where_no_router_answers_one_key_goes_back() {
    asked(
        "network at=192.168.1.20 no-radio fixed=192.168.1.20
         knocked no
         down
         up
         ok
         network cable=up no-radio gives",
        &expect![[r#"
            > ok
              address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network at=192.168.1.20 no-radio fixed=192.168.1.20
              ask 192.168.1.1 from 192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > knocked no
                network [Back to automatic] Keep it all the same | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
            > down
                network Back to automatic [Keep it all the same] | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
            > up
                network [Back to automatic] Keep it all the same | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
            > ok
              address wired: automatic
                network  | Going back to an automatic address |  | This takes some seconds.
            > network cable=up no-radio gives
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The router gives the box its address from now on.
        "#]],
    );
}

#[test]
fn it_goes_back_by_itself_and_to_what_was_before() {
    asked(
        "network cable=wait no-radio fixed=192.168.1.20
         home
         +30000ms
         +60000ms
         network cable=up no-radio gives",
        &expect![[r#"
            > ok
              address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network cable=wait no-radio fixed=192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > home
                home: New: [ANT] BEE CAT
            > +30000ms
                home: New: [ANT] BEE CAT ! The address 192.168.1.20 does not work. The box goes back by itself within a minute. Network, in the settings, says why.
            > +60000ms
              address wired: automatic
                home: New: [ANT] BEE CAT
            > network cable=up no-radio gives
                home: New: [ANT] BEE CAT ! The router gives the box its address from now on.
        "#]],
    );
    let mut story = on_page("at=192.168.1.30 no-radio fixed=192.168.1.30");
    story.tell("ok\nok\ndelete\ndelete\n2\n0\nplay\ndown\ndown\ndown\ndown\ndown\n---");
    story.tell(
        "ok
         network at=192.168.1.20 no-radio fixed=192.168.1.20
         knocked no
         +60000ms
         network at=192.168.1.30 no-radio fixed=192.168.1.30
         knocked yes",
    );
    expect![[r#"
        > ok
          address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
            network  | Trying 192.168.1.20 |  | This takes some seconds.
        > network at=192.168.1.20 no-radio fixed=192.168.1.20
          ask 192.168.1.1 from 192.168.1.20
            network  | Trying 192.168.1.20 |  | This takes some seconds.
        > knocked no
            network [Back to 192.168.1.30] Back to automatic Keep it all the same | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
        > +60000ms
          address wired: 192.168.1.30/24 192.168.1.1 192.168.1.1
            network  | Trying 192.168.1.30 |  | This takes some seconds.
        > network at=192.168.1.30 no-radio fixed=192.168.1.30
          ask 192.168.1.1 from 192.168.1.30
            network  | Trying 192.168.1.30 |  | This takes some seconds.
        > knocked yes
            network Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Fixed: 192.168.1.30 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The box has the address 192.168.1.30 from now on, and the router answers.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn it_is_kept_all_the_same_where_the_viewer_says_so() {
    asked(
        "network at=192.168.1.20 no-radio fixed=192.168.1.20
         +30000ms
         down
         ok
         +120000ms",
        &expect![[r#"
            > ok
              address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network at=192.168.1.20 no-radio fixed=192.168.1.20
              ask 192.168.1.1 from 192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > +30000ms
                network [Back to automatic] Keep it all the same | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
            > down
                network Back to automatic [Keep it all the same] | This address does not work |  | Nobody answers at 192.168.1.1, where the router should be. Look whether this is its address, and whether the box's address is of the same network. | If you choose nothing, the box goes back by itself within a minute
            > ok
                network Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [+Use this address] | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The box keeps the address 192.168.1.20.
            > +120000ms
                network Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [+Use this address] | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
        "#]],
    );
}

/// The box asks once it has the address anew: it had the same before.
#[test]
fn the_address_that_was_given_is_fixed() {
    on_form(
        "down
         down
         down
         down
         down
         down
         ok
         network cable=up no-radio fixed=192.168.1.5
         network cable=wait no-radio fixed=192.168.1.5
         knocked no
         network cable=up no-radio fixed=192.168.1.5
         knocked yes",
        &expect![[r#"
            > down
                network +Automatic [Address of the box (192.168.1.5)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > down
                network +Automatic Address of the box (192.168.1.5) [Network mask (255.255.255.0 (/24))] Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > down
                network +Automatic Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) [Router (192.168.1.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > down
                network +Automatic Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) [Name server (DNS) (192.168.1.1)] Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
            > down
                network +Automatic Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) [Second name server (Not set)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > down
                network +Automatic Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
            > ok
              address wired: 192.168.1.5/24 192.168.1.1 192.168.1.1
                network  | Trying 192.168.1.5 |  | This takes some seconds.
            > network cable=up no-radio fixed=192.168.1.5
              ask 192.168.1.1 from 192.168.1.5
                network  | Trying 192.168.1.5 |  | This takes some seconds.
            > network cable=wait no-radio fixed=192.168.1.5
                network  | Trying 192.168.1.5 |  | This takes some seconds.
            > knocked no
                network  | Trying 192.168.1.5 |  | This takes some seconds.
            > network cable=up no-radio fixed=192.168.1.5
              ask 192.168.1.1 from 192.168.1.5
                network  | Trying 192.168.1.5 |  | This takes some seconds.
            > knocked yes
                network Automatic Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [+Use this address] | Fixed: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The box has the address 192.168.1.5 from now on, and the router answers.
        "#]],
    );
}

#[test]
fn what_nothing_is_plugged_into_cannot_be_tried_and_what_is_not_done_is_said() {
    asked(
        "network no-radio fixed=192.168.1.20",
        &expect![[r#"
        > ok
          address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
            network  | Trying 192.168.1.20 |  | This takes some seconds.
        > network no-radio fixed=192.168.1.20
            network Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [+Use this address] | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The box has the address 192.168.1.20 as soon as it is connected.
    "#]],
    );
    asked(
        "back\nok\n+20000ms",
        &expect![[r#"
        > ok
          address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
            network  | Trying 192.168.1.20 |  | This takes some seconds.
        > back
            network [Address: automatic] | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
        > ok
            network  | Trying 192.168.1.20 |  | This takes some seconds.
        > +20000ms
            network [+Automatic] Address of the box (192.168.1.5) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The router gives the box its address. This is right in nearly every home, and nothing else has to be set. ! The address could not be changed, and stays as it was. Switch the box off and on, and try again.
    "#]],
    );
}

/// It was of another network.
#[test]
fn who_joins_a_network_finds_out_whether_the_address_is_of_it() {
    check(
        "radio=down attic*:3 radio-fixed=192.168.1.20",
        "ok
         ok
         network radio=wait in=attic attic*:3 radio-fixed=192.168.1.20
         let-in
         network radio-at=192.168.1.20 in=attic attic*:3 radio-fixed=192.168.1.20
         knocked no
         +60000ms
         network radio=up in=attic attic*:3 fixes",
        &expect![[r#"
            > ok
                network [Connect] Forget this network | Not connected | Films on drives, and what is already on ... | The box knows the password of this network, and joins it by itself when no better one is in reach.
            > ok
              join attic
                network  | Connecting to ATTIC |  | This takes some seconds.
            > network radio=wait in=attic attic*:3 radio-fixed=192.168.1.20
                network  | Connecting to ATTIC |  | This takes some seconds.
            > let-in
                network  | Connecting to ATTIC |  | The network has let the box in. Now the box waits for an address.
            > network radio-at=192.168.1.20 in=attic attic*:3 radio-fixed=192.168.1.20
              ask 192.168.1.1 from 192.168.1.20
              look for networks
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen Address by cable: automatic Address by Wi-Fi: 192.168.1.20 (fixed) | Connected to ATTIC | The box's address is 192.168.1.20. | The box is in this network. Press OK to forget it. ! The box is connected to ATTIC.
            > knocked no
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen Address by cable: automatic Address by Wi-Fi: 192.168.1.20 (fixed) | Connected to ATTIC | The box's address is 192.168.1.20. | The box is in this network. Press OK to forget it. ! The address 192.168.1.20 does not work. The box goes back by itself within a minute. Network, in the settings, says why.
            > +60000ms
              look for networks
              look for networks
              address wireless: automatic
              look for networks
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen Address by cable: automatic Address by Wi-Fi: 192.168.1.20 (fixed) | Connected to ATTIC | The box's address is 192.168.1.20. | The box is in this network. Press OK to forget it.
            > network radio=up in=attic attic*:3 fixes
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen Address by cable: automatic Address by Wi-Fi: automatic | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it. ! The router gives the box its address from now on.
        "#]],
    );
}
