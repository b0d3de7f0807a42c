//! Fixed addresses: where they are offered, what is typed and what of it is wrong. Whether one
//! works is told in `trial`.

use expect_test::{Expect, expect};

use crate::network::{check, on_page};

const CABLE: &str = "cable=up no-radio gives";

/// To the page, from the one of the network where a cable is all there is.
pub(crate) fn on_form(script: &str, expect: &Expect) {
    let mut story = on_page(CABLE);
    story.tell("ok\n---");
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn a_line_of_the_network_leads_there_where_somebody_can_do_it() {
    check(
        "cable=up radio=up in=attic attic*:3 gives",
        "up
         down
         down
         down
         down
         network cable=up radio=up in=attic attic*:3 cafe?:2 radio-fixed=192.168.1.20
         ok
         back
         network cable=up radio=up in=attic attic*:3",
        &expect![[r#"
            > up
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen Address by cable: automatic Address by Wi-Fi: automatic | Connected by cable | The box's address is 192.168.1.5. | The box is in this network. Press OK to forget it.
            > down
                network +ATTIC 3 (Connected  ·  With a password) [Another network] Country: not chosen Address by cable: automatic Address by Wi-Fi: automatic | Connected by cable | The box's address is 192.168.1.5. | For a network that does not tell its name: press OK to type the name, and then the password.
            > down
                network +ATTIC 3 (Connected  ·  With a password) Another network [Country: not chosen] Address by cable: automatic Address by Wi-Fi: automatic | Connected by cable | The box's address is 192.168.1.5. | Each country allows other radio channels. The box keeps to those of the country that is chosen here; without one, to those that all allow, and it may not see every network. While it is changed the Wi-Fi connection is made anew.
            > down
                network +ATTIC 3 (Connected  ·  With a password) Another network Country: not chosen [Address by cable: automatic] Address by Wi-Fi: automatic | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
            > down
                network +ATTIC 3 (Connected  ·  With a password) Another network Country: not chosen Address by cable: automatic [Address by Wi-Fi: automatic] | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
            > network cable=up radio=up in=attic attic*:3 cafe?:2 radio-fixed=192.168.1.20
                network +ATTIC 3 (Connected  ·  With a password) CAFE 2 (Open to everybody) Another network Country: not chosen Address by cable: automatic [Address by Wi-Fi: 192.168.1.20 (fixed)] | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
            > ok
                network Automatic [Address of the box (192.168.1.20)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) +Use this address | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > back
                network +ATTIC 3 (Connected  ·  With a password) CAFE 2 (Open to everybody) Another network Country: not chosen Address by cable: automatic [Address by Wi-Fi: 192.168.1.20 (fixed)] | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
            > network cable=up radio=up in=attic attic*:3
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen | Connected by cable | The box's address is 192.168.1.5. | The box is in this network. Press OK to forget it.
        "#]],
    );
    check(
        "no-radio fixes",
        "network cable=up no-radio fixed=192.168.1.20
         network cable=wait no-radio fixed=192.168.1.20",
        &expect![[r#"
            > network cable=up no-radio fixed=192.168.1.20
                network [Address: 192.168.1.20 (fixed)] | Connected by cable | The box's address is 192.168.1.5. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP.
            > network cable=wait no-radio fixed=192.168.1.20
                network [Address: 192.168.1.20 (fixed)] | The cable is in, but the box does not get its fixed address. Another device may have it. | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
        "#]],
    );
}

#[test]
fn one_number_is_changed_and_what_works_is_kept() {
    on_form(
        "down
         ok
         delete
         2
         0
         play
         down
         down
         down
         down
         down
         ok
         network cable=up no-radio gives fixed=192.168.1.20
         network cable=wait no-radio fixed=192.168.1.20
         network at=192.168.1.20 no-radio fixed=192.168.1.20
         knocked yes
         back
         ok
         up
         ok
         network cable=wait no-radio fixes
         back",
        &expect![[r#"
            > down
                network +Automatic [Address of the box (192.168.1.5)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > ok
                address "192.168.1.5" at 1 | -
            > delete
                address "192.168.1." at 1 | -
            > 2
                address "192.168.1.2" at 1 | -
            > 0
                address "192.168.1.20" at 1 | -
            > play
                network +Automatic [Address of the box (192.168.1.20)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > down
                network +Automatic Address of the box (192.168.1.20) [Network mask (255.255.255.0 (/24))] Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) [Router (192.168.1.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) [Name server (DNS) (192.168.1.1)] Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) [Second name server (Not set)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
            > ok
              address wired: 192.168.1.20/24 192.168.1.1 192.168.1.1
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network cable=up no-radio gives fixed=192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network cable=wait no-radio fixed=192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network at=192.168.1.20 no-radio fixed=192.168.1.20
              ask 192.168.1.1 from 192.168.1.20
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > knocked yes
                network Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [+Use this address] | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The box has the address 192.168.1.20 from now on, and the router answers.
            > back
                network [Address: 192.168.1.20 (fixed)] | Connected by cable | The box's address is 192.168.1.20. | The box has a fixed address, or gets one from the router. Press OK to change that, for instance where the router has no DHCP. ! The box has the address 192.168.1.20 from now on, and the router answers.
            > ok
                network Automatic [Address of the box (192.168.1.20)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) +Use this address | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody. ! The box has the address 192.168.1.20 from now on, and the router answers.
            > up
                network [Automatic] Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) +Use this address | Fixed: 192.168.1.20 | This is the IPv4 address. IPv6 stays aut... | The router gives the box its address. This is right in nearly every home, and nothing else has to be set. ! The box has the address 192.168.1.20 from now on, and the router answers.
            > ok
              address wired: automatic
                network  | Going back to an automatic address |  | This takes some seconds. ! The box has the address 192.168.1.20 from now on, and the router answers.
            > network cable=wait no-radio fixes
                network [+Automatic] Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | The router gives the box its address. This is right in nearly every home, and nothing else has to be set. ! The router gives the box its address from now on.
            > back
                network [Address: automatic] | The cable is in, but the network has given no address yet | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router. ! The router gives the box its address from now on.
        "#]],
    );
}

#[test]
fn a_phone_types_it_with_its_mask_and_arrows_do_too() {
    on_form(
        "down
         typed 192.168.1.20/255.255.254.0
         ok
         down
         down
         typed 192.168.0.1
         ok
         down
         down
         ok
         right
         ok
         up
         ok
         9
         play
         typed
         ok
         down
         ok
         network cable=wait no-radio
         +20000ms",
        &expect![[r#"
            > down
                network +Automatic [Address of the box (192.168.1.5)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > typed 192.168.1.20/255.255.254.0
                address "192.168.1.20/255.255.254.0" at done | -
            > ok
                network +Automatic [Address of the box (192.168.1.20)] Network mask (255.255.254.0 (/23)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > down
                network +Automatic Address of the box (192.168.1.20) [Network mask (255.255.254.0 (/23))] Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) [Router (192.168.1.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > typed 192.168.0.1
                address "192.168.0.1" at done | -
            > ok
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) [Router (192.168.0.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) Router (192.168.0.1) [Name server (DNS) (192.168.1.1)] Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) Router (192.168.0.1) Name server (DNS) (192.168.1.1) [Second name server (Not set)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > ok
                address "" at 1 | -
            > right
                address "" at 2 | -
            > ok
                address "2" at 2 | -
            > up
                address "2" at clear | -
            > ok
                address "" at clear | -
            > 9
                address "9" at clear | -
            > play
                address "9" at clear | Second name server: this is no IPv4 address. One has four numbers from 0 to 255 with dots between them, like 192.168.1.20.
            > typed
                address "" at done | -
            > ok
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) Router (192.168.0.1) Name server (DNS) (192.168.1.1) [Second name server (Not set)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > down
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) Router (192.168.0.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
            > ok
              address wired: 192.168.1.20/23 192.168.0.1 192.168.1.1
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > network cable=wait no-radio
                network  | Trying 192.168.1.20 |  | This takes some seconds.
            > +20000ms
                network +Automatic Address of the box (192.168.1.20) Network mask (255.255.254.0 (/23)) Router (192.168.0.1) Name server (DNS) (192.168.1.1) Second name server (Not set) [Use this address] | Automatic | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself. ! The address could not be changed, and stays as it was. Switch the box off and on, and try again.
        "#]],
    );
}

#[test]
fn what_is_wrong_is_said_of_its_field_and_nothing_is_asked() {
    on_form(
        "down
         typed 192.168.1
         play
         typed 192.168.1.255
         play
         down
         typed 31
         play
         typed /24
         play
         down
         typed 192.168.2.1
         play
         down
         down
         typed 192.168.1.255
         play
         down
         ok
         typed 192.168.1.7
         play
         down
         down
         down
         down
         down
         ok",
        &expect![[r#"
            > down
                network +Automatic [Address of the box (192.168.1.5)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > typed 192.168.1
                address "192.168.1" at done | -
            > play
                address "192.168.1" at done | Address of the box: this is no IPv4 address. One has four numbers from 0 to 255 with dots between them, like 192.168.1.20.
            > typed 192.168.1.255
                address "192.168.1.255" at done | -
            > play
                network +Automatic [Address of the box (192.168.1.255)] Network mask (255.255.255.0 (/24)) Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Address of the box: this is the last address of the network, which reaches all devices at once. Choose a lower one.
            > down
                network +Automatic Address of the box (192.168.1.255) [Network mask (255.255.255.0 (/24))] Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > typed 31
                address "31" at done | -
            > play
                address "31" at done | Network mask: this is a number from 1 to 30, like 24, or a mask like 255.255.255.0.
            > typed /24
                address "/24" at done | -
            > play
                network +Automatic Address of the box (192.168.1.255) [Network mask (255.255.255.0 (/24))] Router (192.168.1.1) Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > down
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) [Router (192.168.1.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > typed 192.168.2.1
                address "192.168.2.1" at done | -
            > play
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) [Router (192.168.2.1)] Name server (DNS) (192.168.1.1) Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > down
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) [Name server (DNS) (192.168.1.1)] Second name server (Not set) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
            > down
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) [Second name server (Not set)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > typed 192.168.1.255
                address "192.168.1.255" at done | -
            > play
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) [Second name server (192.168.1.255)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > down
                network +Automatic Address of the box (192.168.1.255) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
            > ok
                network +Automatic [Address of the box (192.168.1.255)] Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Address of the box: this is the last address of the network, which reaches all devices at once. Choose a lower one.
            > typed 192.168.1.7
                address "192.168.1.7" at done | -
            > play
                network +Automatic [Address of the box (192.168.1.7)] Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
            > down
                network +Automatic Address of the box (192.168.1.7) [Network mask (255.255.255.0 (/24))] Router (192.168.2.1) Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
            > down
                network +Automatic Address of the box (192.168.1.7) Network mask (255.255.255.0 (/24)) [Router (192.168.2.1)] Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
            > down
                network +Automatic Address of the box (192.168.1.7) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) [Name server (DNS) (192.168.1.1)] Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
            > down
                network +Automatic Address of the box (192.168.1.7) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) [Second name server (192.168.1.255)] Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
            > down
                network +Automatic Address of the box (192.168.1.7) Network mask (255.255.255.0 (/24)) Router (192.168.2.1) Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) [Use this address] | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
            > ok
                network +Automatic Address of the box (192.168.1.7) Network mask (255.255.255.0 (/24)) [Router (192.168.2.1)] Name server (DNS) (192.168.1.1) Second name server (192.168.1.255) Use this address | Automatic: 192.168.1.5 | This is the IPv4 address. IPv6 stays aut... | Router: it is not in the network of the box. Its first numbers have to be those of the box's address, or the network mask is another.
        "#]],
    );
}

#[test]
fn what_was_never_given_has_to_be_typed() {
    let mut story = on_page("cable=wait no-radio fixes");
    story.tell(
        "ok
         ok
         ok
         down
         down
         down
         down
         down
         down
         ok
         typed 192.168.1.20/24
         play
         down
         down
         down
         down
         down
         ok",
    );
    expect![[r#"
        > ok
            network [+Automatic] Address of the box (Not set) Network mask (Not set) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | The router gives the box its address. This is right in nearly every home, and nothing else has to be set.
        > ok
            network [Address: automatic] | The cable is in, but the network has given no address yet | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
        > ok
            network [+Automatic] Address of the box (Not set) Network mask (Not set) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | The router gives the box its address. This is right in nearly every home, and nothing else has to be set.
        > down
            network +Automatic [Address of the box (Not set)] Network mask (Not set) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
        > down
            network +Automatic Address of the box (Not set) [Network mask (Not set)] Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
        > down
            network +Automatic Address of the box (Not set) Network mask (Not set) [Router (Not set)] Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
        > down
            network +Automatic Address of the box (Not set) Network mask (Not set) Router (Not set) [Name server (DNS) (Not set)] Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
        > down
            network +Automatic Address of the box (Not set) Network mask (Not set) Router (Not set) Name server (DNS) (Not set) [Second name server (Not set)] Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
        > down
            network +Automatic Address of the box (Not set) Network mask (Not set) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) [Use this address] | Automatic | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
        > ok
            network +Automatic [Address of the box (Not set)] Network mask (Not set) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Address of the box: this has to be typed.
        > typed 192.168.1.20/24
            address "192.168.1.20/24" at done | -
        > play
            network +Automatic [Address of the box (192.168.1.20)] Network mask (255.255.255.0 (/24)) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Four numbers with dots between them. Most often it is enough to change the last one, to a number that no other device has and that the router gives nobody.
        > down
            network +Automatic Address of the box (192.168.1.20) [Network mask (255.255.255.0 (/24))] Router (Not set) Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | How much of the address is the network's: 24 in most homes, which is the same as 255.255.255.0.
        > down
            network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) [Router (Not set)] Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | The address of the router, by which the box reaches the Internet.
        > down
            network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (Not set) [Name server (DNS) (Not set)] Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Who knows the addresses of web sites. Most often this is the router.
        > down
            network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (Not set) Name server (DNS) (Not set) [Second name server (Not set)] Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | It is asked when the first one does not answer. It can be empty.
        > down
            network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) Router (Not set) Name server (DNS) (Not set) Second name server (Not set) [Use this address] | Automatic | This is the IPv4 address. IPv6 stays aut... | The box takes this address and asks whether the router answers. If it does not, the box goes back by itself.
        > ok
            network +Automatic Address of the box (192.168.1.20) Network mask (255.255.255.0 (/24)) [Router (Not set)] Name server (DNS) (Not set) Second name server (Not set) Use this address | Automatic | This is the IPv4 address. IPv6 stays aut... | Router: this has to be typed.
    "#]].assert_eq(&story.transcript);
}
