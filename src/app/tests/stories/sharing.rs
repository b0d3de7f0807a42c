//! Downloads and sharing: what is chosen on the TV is over the file, holds at once, and is kept.

use app::{Encryption, Library, OwnerSettings, OwnerSharing, Preferences, Sharing};
use expect_test::{Expect, expect};

use crate::story::Story;

/// As the settings' file of a box behind a tunnel might say it.
fn of_file() -> Preferences {
    Preferences {
        prefetch: true,
        sharing: Sharing {
            upload_limit: 500_000,
            interface: Some("wg0".into()),
            blocks: true,
            ..Sharing::default()
        },
        ..Preferences::default()
    }
}

fn check(preferences: Preferences, script: &str, expect: &Expect) {
    let mut story = Story::with(Library::default(), preferences);
    story.tell(script);
    expect.assert_eq(&story.transcript);
}

#[test]
fn limits_go_up_and_down_and_whoever_downloads_is_told() {
    check(
        of_file(),
        "to Downloads and sharing
         down
         right
         ok
         ok
         down
         left
         left
         left
         left
         back",
        &expect![[r#"
            > to Downloads and sharing
                downloads and sharing [Films from others (BitTorrent)=On] Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Films from others (BitTorrent) | Most films come from others who have them, and the box passes on what it gets. Switched off, it talks to none of them: only films from the web and from drives play.
            > down
                downloads and sharing Films from others (BitTorrent)=On [Download at most=No limit] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > right
              save 
                downloads and sharing Films from others (BitTorrent)=On [Download at most=No limit] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > ok
              share: down 500000 up 500000
              save 
                downloads and sharing Films from others (BitTorrent)=On [Download at most=500 kB/s] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > ok
              share: down 1000000 up 500000
              save 
                downloads and sharing Films from others (BitTorrent)=On [Download at most=1.0 MB/s] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=1.0 MB/s [Give others at most=500 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > left
              share: down 1000000 up 250000
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=1.0 MB/s [Give others at most=250 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > left
              share: down 1000000 up 100000
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=1.0 MB/s [Give others at most=100 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > left
              share: down 1000000 up 50000
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=1.0 MB/s [Give others at most=50 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > left
                downloads and sharing Films from others (BitTorrent)=On Download at most=1.0 MB/s [Give others at most=50 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > back
                settings Rows on the wall Profiles Films and episodes [Downloads and sharing] Sound Screen Is all well? Privacy About this box First steps | Downloads and sharing | How fast films come, and what the box gives to others who share them.
        "#]],
    );
}

#[test]
fn how_long_and_how_much_is_given_and_where_it_costs_nothing_is() {
    check(
        of_file(),
        "to Downloads and sharing
         down
         down
         down
         right
         down
         left
         down
         ok
         down
         right
         down
         ok",
        &expect![[r#"
            > to Downloads and sharing
                downloads and sharing [Films from others (BitTorrent)=On] Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Films from others (BitTorrent) | Most films come from others who have them, and the box passes on what it gets. Switched off, it talks to none of them: only films from the web and from drives play.
            > down
                downloads and sharing Films from others (BitTorrent)=On [Download at most=No limit] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit [Give others at most=500 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s [Go on sharing after a film=30 min] Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Go on sharing after a film | A film that was watched is passed on for so long, as others did before. It ends when enough was given, or when the box is switched off.
            > right
              share: up 500000 for 60 min
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s [Go on sharing after a film=60 min] Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Go on sharing after a film | A film that was watched is passed on for so long, as others did before. It ends when enough was given, or when the box is switched off.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=60 min [Until so much was given=100 %] The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Until so much was given | Sharing ends once so much of a film was given to others, of what came from them. 100 of a hundred is fair.
            > left
              share: up 500000 for 60 min up to 50 %
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=60 min [Until so much was given=50 %] The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Until so much was given | Sharing ends once so much of a film was given to others, of what came from them. 100 of a hundred is fair.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=60 min Until so much was given=50 % [The Internet costs by the byte=Off] Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | The Internet costs by the byte | On a mobile connection, for example: nothing is got or given that nobody waits for, the next episode waits, and the box does not look for updates.
            > ok
              share: up 500000 for 60 min up to 50 % metered
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=Not where it costs Until so much was given=50 % [The Internet costs by the byte=On] Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | The Internet costs by the byte | On a mobile connection, for example: nothing is got or given that nobody waits for, the next episode waits, and the box does not look for updates.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=Not where it costs Until so much was given=50 % The Internet costs by the byte=On [Encryption=Where it can be had] Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Encryption | What is said to others is hidden from routers on the way. If it is demanded, some of those who have a film cannot be asked.
            > right
              share: encryption require up 500000 for 60 min up to 50 % metered
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=Not where it costs Until so much was given=50 % The Internet costs by the byte=On [Encryption=Demanded] Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Encryption | What is said to others is hidden from routers on the way. If it is demanded, some of those who have a film cannot be asked.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=Not where it costs Until so much was given=50 % The Internet costs by the byte=On Encryption=Demanded [Let others call through the router=On] The way out=wg0 Addresses to keep away from=There is a list | Let others call through the router | The router is asked to let those who share a film call the box. More can be reached then, and rare films come sooner.
            > ok
              share: encryption require up 500000 for 60 min up to 50 % metered no ports
              save 
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=Not where it costs Until so much was given=50 % The Internet costs by the byte=On Encryption=Demanded [Let others call through the router=Off] The way out=wg0 Addresses to keep away from=There is a list | Let others call through the router | The router is asked to let those who share a film call the box. More can be reached then, and rare films come sooner.
        "#]],
    );
}

#[test]
fn what_the_file_alone_says_is_read_and_not_changed() {
    check(
        of_file(),
        "to Downloads and sharing
         down
         down
         down
         down
         down
         down
         down
         down
         ok
         left
         down
         right",
        &expect![[r#"
            > to Downloads and sharing
                downloads and sharing [Films from others (BitTorrent)=On] Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Films from others (BitTorrent) | Most films come from others who have them, and the box passes on what it gets. Switched off, it talks to none of them: only films from the web and from drives play.
            > down
                downloads and sharing Films from others (BitTorrent)=On [Download at most=No limit] Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Download at most | So that others at home are not slowed down while a film comes. A film that needs more than that stops now and then.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit [Give others at most=500 kB/s] Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Give others at most | What others get of the box while it downloads and shares, all together.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s [Go on sharing after a film=30 min] Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Go on sharing after a film | A film that was watched is passed on for so long, as others did before. It ends when enough was given, or when the box is switched off.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min [Until so much was given=100 %] The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Until so much was given | Sharing ends once so much of a film was given to others, of what came from them. 100 of a hundred is fair.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % [The Internet costs by the byte=Off] Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | The Internet costs by the byte | On a mobile connection, for example: nothing is got or given that nobody waits for, the next episode waits, and the box does not look for updates.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off [Encryption=Where it can be had] Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Encryption | What is said to others is hidden from routers on the way. If it is demanded, some of those who have a film cannot be asked.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had [Let others call through the router=On] The way out=wg0 Addresses to keep away from=There is a list | Let others call through the router | The router is asked to let those who share a film call the box. More can be reached then, and rare films come sooner.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On [The way out=wg0] Addresses to keep away from=There is a list | The way out | The settings' file can bind all that is shared to one way, a tunnel (VPN) or a proxy: while that is gone, nothing leaves the box. It is not changed here.
            > ok
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On [The way out=wg0] Addresses to keep away from=There is a list | The way out | The settings' file can bind all that is shared to one way, a tunnel (VPN) or a proxy: while that is gone, nothing leaves the box. It is not changed here.
            > left
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On [The way out=wg0] Addresses to keep away from=There is a list | The way out | The settings' file can bind all that is shared to one way, a tunnel (VPN) or a proxy: while that is gone, nothing leaves the box. It is not changed here.
            > down
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 [Addresses to keep away from=There is a list] | Addresses to keep away from | The settings' file can name a list of addresses that are never called or answered. It is not changed here.
            > right
                downloads and sharing Films from others (BitTorrent)=On Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 [Addresses to keep away from=There is a list] | Addresses to keep away from | The settings' file can name a list of addresses that are never called or answered. It is not changed here.
        "#]],
    );
}

#[test]
fn without_peers_nothing_is_told_of_others() {
    let mut story = Story::with(Library::default(), of_file());
    story.tell(
        "to Downloads and sharing
         ok
         back
         back
         to Privacy",
    );
    expect![[r#"
        > to Downloads and sharing
            downloads and sharing [Films from others (BitTorrent)=On] Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Films from others (BitTorrent) | Most films come from others who have them, and the box passes on what it gets. Switched off, it talks to none of them: only films from the web and from drives play.
        > ok
          share: no peers up 500000
          save 
            downloads and sharing [Films from others (BitTorrent)=Off] Download at most=No limit Give others at most=500 kB/s Go on sharing after a film=30 min Until so much was given=100 % The Internet costs by the byte=Off Encryption=Where it can be had Let others call through the router=On The way out=wg0 Addresses to keep away from=There is a list | Films from others (BitTorrent) | Most films come from others who have them, and the box passes on what it gets. Switched off, it talks to none of them: only films from the web and from drives play.
        > back
            settings Rows on the wall Profiles Films and episodes [Downloads and sharing] Sound Screen Is all well? Privacy About this box First steps | Downloads and sharing | How fast films come, and what the box gives to others who share them.
        > back
            home: Search Add-ons [Settings] Power
        > to Privacy
            privacy [Facts and subtitles] Add-ons Nobody else | Facts and subtitles | No service is asked by the box itself.
    "#]].assert_eq(&story.transcript);
}

#[test]
fn a_box_starts_as_was_chosen_before() {
    let owner = OwnerSettings {
        sharing: OwnerSharing {
            peers: Some(false),
            encryption: Some(Encryption::Require),
            metered: Some(true),
            ..OwnerSharing::default()
        },
        ..OwnerSettings::default()
    };
    let library = Library {
        owner,
        ..Library::default()
    };
    let all = owner.sharing.over(&of_file().sharing);
    assert_eq!((all.peers, all.encryption), (false, Encryption::Require));
    assert_eq!(all.interface.as_deref(), Some("wg0"));
    // Nothing is got ahead of a film that is looked at.
    let mut story = Story::with(library, of_file());
    story.tell("+1000ms");
    expect![[r#"
        > +1000ms
            home: New: [ANT] BEE CAT
    "#]]
    .assert_eq(&story.transcript);
}
