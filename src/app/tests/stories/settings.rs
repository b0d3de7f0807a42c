//! Settings: what each is now, what is chosen and kept, what the box tells of itself, and the first
//! start of a new one.

use app::{
    Effect, Event, Key, Library, OwnerSettings, Preferences, Press, RestSettings, Screen,
    ShowTexts, TvSettings, UpdateSettings,
};
use expect_test::{Expect, expect};

use crate::story::Story;

/// A box that can see to everything.
pub(crate) fn whole() -> Preferences {
    Preferences {
        prefetch: false,
        languages: true,
        network: true,
        phones: true,
        remotes: true,
        drives: Some(app::DriveWish::Auto),
        tv: Some(TvSettings::default()),
        updates: Some(UpdateSettings {
            version: "1.3.0".into(),
            ..UpdateSettings::default()
        }),
        rest: RestSettings {
            screensaver_min: 5,
            screen_off_min: 0,
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
fn each_line_says_what_it_is_now_and_back_returns_to_it() {
    check(
        whole(),
        "network radio=up in=attic attic*:3
         phones on ANN
         drives stick=8:30
         to Settings
         down
         ok
         back
         down
         down
         down
         back",
        &expect![[r#"
            > network radio=up in=attic attic*:3
                home: New: [ANT] BEE CAT
            > phones on ANN
                home: New: [ANT] BEE CAT
            > drives stick=8:30
              keep films on stick
                home: New: [ANT] BEE CAT
            > to Settings
                settings [Language=English] Network=Connected to ATTIC Phone=1 phone Remote Drives=Films are kept on STICK Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
            > down
                settings Language=English [Network=Connected to ATTIC] Phone=1 phone Remote Drives=Films are kept on STICK Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > ok
              look for networks
                network [+ATTIC 3 (Connected  ·  With a password)] Another network Country: not chosen | Connected to ATTIC | The box's address is 192.168.1.7. | The box is in this network. Press OK to forget it.
            > back
                settings Language=English [Network=Connected to ATTIC] Phone=1 phone Remote Drives=Films are kept on STICK Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Network | How the box is connected, and which Wi-Fi networks are in reach.
            > down
                settings Language=English Network=Connected to ATTIC [Phone=1 phone] Remote Drives=Films are kept on STICK Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Phone | Type, search, seek and choose films from a phone. Then the box listens in your home network, to phones alone that were let in here. Nothing goes through the Internet.
            > down
                settings Language=English Network=Connected to ATTIC Phone=1 phone [Remote] Drives=Films are kept on STICK Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Remote | Teach the box the buttons of any remote, keyboard or gamepad, one by one.
            > down
                settings Language=English Network=Connected to ATTIC Phone=1 phone Remote [Drives=Films are kept on STICK] Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Drives | Films on a drive at USB are shown on the wall.
            > back
                home: Search Add-ons [Settings] Power
        "#]],
    );
}

#[test]
fn a_box_that_sees_to_little_has_few_lines() {
    check(
        Preferences::default(),
        "to Settings",
        &expect![[r#"
            > to Settings
                settings [Rows on the wall] Profiles Films and episodes Downloads and sharing Sound Screen Is all well? Privacy About this box First steps | Rows on the wall | Which rows of films there are, and in what order. What an add-on brings later comes below the others.
        "#]],
    );
}

#[test]
fn what_is_chosen_holds_at_once_and_is_kept() {
    check(
        whole(),
        "to Films and episodes
         ok
         ok
         left
         down
         right
         right
         back
         back
         to Screen
         down
         right
         down
         left
         left
         back
         back
         +240000ms
         to TV
         down
         ok",
        &expect![[r#"
            > to Films and episodes
                films and episodes [Begin with subtitles=When the sound is foreign] Next episode by itself=Off Get ready what is looked at=Off | Begin with subtitles | Whether a film begins with subtitles in your language. Over a film others can be chosen, and that is remembered.
            > ok
              save 
                films and episodes [Begin with subtitles=Always] Next episode by itself=Off Get ready what is looked at=Off | Begin with subtitles | Whether a film begins with subtitles in your language. Over a film others can be chosen, and that is remembered.
            > ok
              save 
                films and episodes [Begin with subtitles=Never] Next episode by itself=Off Get ready what is looked at=Off | Begin with subtitles | Whether a film begins with subtitles in your language. Over a film others can be chosen, and that is remembered.
            > left
              save 
                films and episodes [Begin with subtitles=Always] Next episode by itself=Off Get ready what is looked at=Off | Begin with subtitles | Whether a film begins with subtitles in your language. Over a film others can be chosen, and that is remembered.
            > down
                films and episodes Begin with subtitles=Always [Next episode by itself=Off] Get ready what is looked at=Off | Next episode by itself | At the end of an episode the next one plays after a countdown, which any key stops. After three in a row the box asks whether you still watch.
            > right
              save 
                films and episodes Begin with subtitles=Always [Next episode by itself=On] Get ready what is looked at=Off | Next episode by itself | At the end of an episode the next one plays after a countdown, which any key stops. After three in a row the box asks whether you still watch.
            > right
                films and episodes Begin with subtitles=Always [Next episode by itself=On] Get ready what is looked at=Off | Next episode by itself | At the end of an episode the next one plays after a countdown, which any key stops. After three in a row the box asks whether you still watch.
            > back
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles [Films and episodes] Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Films and episodes | Which films begin with subtitles, and what the box does of its own accord.
            > back
                home: Search Add-ons [Settings] Power
            > to Screen
                screen [High contrast=Off] Large text=Off Posters drift=After 5 min Screen off=Never | High contrast | White letters on black, and strong lines: easier to read from afar.
            > down
                screen High contrast=Off [Large text=Off] Posters drift=After 5 min Screen off=Never | Large text | All words on the screen are larger, and lists show fewer lines at a time. Subtitles have a size of their own, which is set over a film.
            > right
              save 
                screen High contrast=Off [Large text=On] Posters drift=After 5 min Screen off=Never | Large text | All words on the screen are larger, and lists show fewer lines at a time. Subtitles have a size of their own, which is set over a film.
            > down
                screen High contrast=Off Large text=On [Posters drift=After 5 min] Screen off=Never | Posters drift | When nobody has pressed a key for so long and nothing plays, the screen dims, and then posters drift over it. This spares OLED screens.
            > left
              save 
                screen High contrast=Off Large text=On [Posters drift=After 2 min] Screen off=Never | Posters drift | When nobody has pressed a key for so long and nothing plays, the screen dims, and then posters drift over it. This spares OLED screens.
            > left
              save 
                screen High contrast=Off Large text=On [Posters drift=Never] Screen off=Never | Posters drift | When nobody has pressed a key for so long and nothing plays, the screen dims, and then posters drift over it. This spares OLED screens.
            > back
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound [Screen] TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Screen | The size of picture and letters, contrast, and when the screen is spared.
            > back
                home: Search Add-ons [Settings] Power
            > +240000ms
              ask how updates stand
                home: Search Add-ons [Settings] Power
            > to TV
                tv [Switch the TV on=On] Stand by with the TV=On Switch the TV off=Off Pause when the TV shows another=On | Switch the TV on | When you wake the box or play a film, the TV goes on and shows it.
            > down
                tv Switch the TV on=On [Stand by with the TV=On] Switch the TV off=Off Pause when the TV shows another=On | Stand by with the TV | When the TV is switched off, the box stands by, too.
            > ok
              save 
                tv Switch the TV on=On [Stand by with the TV=Off] Switch the TV off=Off Pause when the TV shows another=On | Stand by with the TV | When the TV is switched off, the box stands by, too.
        "#]],
    );
}

#[test]
fn how_it_sounds_is_set_too() {
    check(
        whole(),
        "to Sound
         ok
         down
         ok
         down
         right
         right
         left
         ok
         down
         right
         right
         right",
        &expect![[r#"
            > to Sound
                sound [Night: loud and quiet closer=Off] Loudspeakers=As many as there are Sound and picture=with the picture Volume keys=The TV or amplifier, else the box | Night: loud and quiet closer | What is loud is made quieter, and what is quiet louder: nobody is woken, and nothing is missed.
            > ok
              save  [volume 100, night]
                sound [Night: loud and quiet closer=On] Loudspeakers=As many as there are Sound and picture=with the picture Volume keys=The TV or amplifier, else the box | Night: loud and quiet closer | What is loud is made quieter, and what is quiet louder: nobody is woken, and nothing is missed.
            > down
                sound Night: loud and quiet closer=On [Loudspeakers=As many as there are] Sound and picture=with the picture Volume keys=The TV or amplifier, else the box | Loudspeakers | Where voices are too quiet on a TV, let the box mix all channels down to two. It holds from the next film on.
            > ok
              save  [volume 100, night, stereo]
                sound Night: loud and quiet closer=On [Loudspeakers=Two] Sound and picture=with the picture Volume keys=The TV or amplifier, else the box | Loudspeakers | Where voices are too quiet on a TV, let the box mix all channels down to two. It holds from the next film on.
            > down
                sound Night: loud and quiet closer=On Loudspeakers=Two [Sound and picture=with the picture] Volume keys=The TV or amplifier, else the box | Sound and picture | If lips and voices are apart, move the sound: to the right it comes later. OK puts it back.
            > right
              save  [volume 100, night, stereo, 20 ms]
                sound Night: loud and quiet closer=On Loudspeakers=Two [Sound and picture=20 ms later] Volume keys=The TV or amplifier, else the box | Sound and picture | If lips and voices are apart, move the sound: to the right it comes later. OK puts it back.
            > right
              save  [volume 100, night, stereo, 40 ms]
                sound Night: loud and quiet closer=On Loudspeakers=Two [Sound and picture=40 ms later] Volume keys=The TV or amplifier, else the box | Sound and picture | If lips and voices are apart, move the sound: to the right it comes later. OK puts it back.
            > left
              save  [volume 100, night, stereo, 20 ms]
                sound Night: loud and quiet closer=On Loudspeakers=Two [Sound and picture=20 ms later] Volume keys=The TV or amplifier, else the box | Sound and picture | If lips and voices are apart, move the sound: to the right it comes later. OK puts it back.
            > ok
              save  [volume 100, night, stereo]
                sound Night: loud and quiet closer=On Loudspeakers=Two [Sound and picture=with the picture] Volume keys=The TV or amplifier, else the box | Sound and picture | If lips and voices are apart, move the sound: to the right it comes later. OK puts it back.
            > down
                sound Night: loud and quiet closer=On Loudspeakers=Two Sound and picture=with the picture [Volume keys=The TV or amplifier, else the box] | Volume keys | What the volume keys of the remote turn up and down.
            > right
              save  [volume 100, night, stereo]
                sound Night: loud and quiet closer=On Loudspeakers=Two Sound and picture=with the picture [Volume keys=The TV or amplifier] | Volume keys | What the volume keys of the remote turn up and down.
            > right
              save  [volume 100, night, stereo]
                sound Night: loud and quiet closer=On Loudspeakers=Two Sound and picture=with the picture [Volume keys=The box] | Volume keys | What the volume keys of the remote turn up and down.
            > right
                sound Night: loud and quiet closer=On Loudspeakers=Two Sound and picture=with the picture [Volume keys=The box] | Volume keys | What the volume keys of the remote turn up and down.
        "#]],
    );
}

#[test]
fn what_was_chosen_is_over_what_the_file_says() {
    let library = Library {
        owner: OwnerSettings {
            screensaver_min: Some(2),
            texts: Some(ShowTexts::Never),
            contrast: Some(true),
            large_text: Some(true),
            ..OwnerSettings::default()
        },
        ..Library::default()
    };
    let mut story = Story::with(library, whole());
    let view = story.app.view();
    assert!(view.contrast && view.large_text);
    story.tell("+120000ms");
    expect![[r#"
        > +120000ms
          ask how updates stand
            dim (home: New: [ANT] BEE CAT)
    "#]]
    .assert_eq(&story.transcript);
}

#[test]
fn the_box_tells_what_leaves_it_and_what_it_is_made_of() {
    check(
        whole(),
        "add-ons one -two
         to Is all well?
         down
         down
         down
         down
         back
         back
         to Privacy
         down
         down
         down
         back
         down
         ok
         down
         down
         down
         back",
        &expect![[r#"
            > add-ons one -two
                home: New: [ANT] BEE CAT
            > to Is all well?
                is all well? [Network=Look here] Internet connection=All is well Room for films=Look here Add-ons=All is well Updates=All is well | Network | Not connected / Films on drives, and what is already on the box, still play. To find new ones, plug in a network cable or join a Wi-Fi network.
            > down
                is all well? Network=Look here [Internet connection=All is well] Room for films=Look here Add-ons=All is well Updates=All is well | Internet connection | Nothing was fetched since the box was started, so nothing was measured. Play a film, and look again.
            > down
                is all well? Network=Look here Internet connection=All is well [Room for films=Look here] Add-ons=All is well Updates=All is well | Room for films | Films are kept in the box / 0 MB are free. / That is too little to keep a film: it plays from memory. Plug in a drive, or a larger one.
            > down
                is all well? Network=Look here Internet connection=All is well Room for films=Look here [Add-ons=All is well] Updates=All is well | Add-ons | All that were asked have answered.
            > down
                is all well? Network=Look here Internet connection=All is well Room for films=Look here Add-ons=All is well [Updates=All is well] | Updates | Matinee 1.3.0 / No channel of updates is set, so this box stays as it is. Whoever made its image can name one.
            > back
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics [Is all well?] Privacy About this box First steps | Is all well? | Whether all is well with the box, in plain words.
            > back
                home: Search Add-ons [Settings] Power
            > to Privacy
                privacy [Others who share a film] Facts and subtitles Add-ons Nobody else | Others who share a film | Most films come from others who have them, and the box passes on what it has while it gets them. Those others see the Internet address of your home, and which film it is. Nothing else of you is in it.
            > down
                privacy Others who share a film [Facts and subtitles] Add-ons Nobody else | Facts and subtitles | No service is asked by the box itself.
            > down
                privacy Others who share a film Facts and subtitles [Add-ons] Nobody else | Add-ons | These were put on the box by its owner, and are asked too: one (h.example). The page of add-ons says what each of them sees.
            > down
                privacy Others who share a film Facts and subtitles Add-ons [Nobody else] | Nobody else | The box sends no statistics, has no account and no cloud. What you watch, search and choose is remembered on this box alone.
            > back
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? [Privacy] About this box First steps | Privacy | What leaves the box, and to whom.
            > down
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy [About this box] First steps | About this box | What this box is made of, and whom it owes thanks.
            > ok
                about this box [Matinee 1.3.0] Films Facts and pictures Software | Matinee 1.3.0 | Free software: everybody may use, study, share and change it, under the GNU General Public License, version 3 or later. It comes without any warranty.
            > down
                about this box Matinee 1.3.0 [Films] Facts and pictures Software | Films | The films that come with the box are free: their makers gave them to everybody, or nobody owns them any more. The page of each film names its licence.
            > down
                about this box Matinee 1.3.0 Films [Facts and pictures] Software | Facts and pictures | Facts are from Wikidata and Wikipedia, old films and their facts from the Internet Archive. Whom else the facts of a film are from its page says.
            > down
                about this box Matinee 1.3.0 Films Facts and pictures [Software] | Software | Built on Debian, GStreamer, Slint, librqbit, tokio and many others. Their licences are on the box, in /usr/share/matinee. The letters are Inter, by Rasmus Andersson, under the SIL Open Font License.
            > back
                settings Language=English Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy [About this box] First steps | About this box | What this box is made of, and whom it owes thanks.
        "#]],
    );
}

fn new_box() -> Preferences {
    Preferences {
        first_start: true,
        ..whole()
    }
}

#[test]
fn a_new_box_asks_its_owner_in_once() {
    check(
        new_box(),
        "down
         up
         ok
         back
         ok
         back
         down
         down
         down
         down
         ok
         to Settings",
        &expect![[r#"
            > down
                first steps Language=English [Network=Not connected] Remote Phone=Kept out Screen Drives=Films are kept in the box To the films | Welcome | How the box is connected, and which Wi-Fi networks are in reach.
            > up
                first steps [Language=English] Network=Not connected Remote Phone=Kept out Screen Drives=Films are kept in the box To the films | Welcome | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
            > ok
                language [English] Français Español Português Deutsch Italiano Nederlands Polski Русский Українська Türkçe العربية עברית हिन्दी 中文 日本語 한국어 | English | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
            > back
                first steps Language=English [Network=Not connected] Remote Phone=Kept out Screen Drives=Films are kept in the box To the films | Welcome | How the box is connected, and which Wi-Fi networks are in reach.
            > ok
                network  | Not connected | Films on drives, and what is already on ... | This box has no Wi-Fi that it can use. Plug a network cable into it, and into your router.
            > back
                first steps Language=English Network=Not connected [Remote] Phone=Kept out Screen Drives=Films are kept in the box To the films | Welcome | Teach the box the buttons of any remote, keyboard or gamepad, one by one.
            > down
                first steps Language=English Network=Not connected Remote [Phone=Kept out] Screen Drives=Films are kept in the box To the films | Welcome | Type, search, seek and choose films from a phone. Then the box listens in your home network, to phones alone that were let in here. Nothing goes through the Internet.
            > down
                first steps Language=English Network=Not connected Remote Phone=Kept out [Screen] Drives=Films are kept in the box To the films | Welcome | The size of picture and letters, contrast, and when the screen is spared.
            > down
                first steps Language=English Network=Not connected Remote Phone=Kept out Screen [Drives=Films are kept in the box] To the films | Welcome | Films on a drive at USB are shown on the wall.
            > down
                first steps Language=English Network=Not connected Remote Phone=Kept out Screen Drives=Films are kept in the box [To the films] | Welcome | That is all. Everything can be changed in the settings, at any time.
            > ok
              save 
                home: New: [ANT] BEE CAT
            > to Settings
                settings [Language=English] Network=Not connected Phone=Kept out Remote Drives=Films are kept in the box Rows on the wall Profiles Films and episodes Downloads and sharing Sound Screen TV Updates=Matinee 1.3.0 Backup and diagnostics Is all well? Privacy About this box First steps | Language | All that the box says is in this language, here and on phones. Films and subtitles keep theirs.
        "#]],
    );
}

#[test]
fn the_picture_is_made_smaller_until_its_corners_are_seen() {
    let tv = Preferences {
        overscan: Some(4),
        ..whole()
    };
    let mut story = Story::with(Library::default(), tv);
    let seen = |story: &Story| (story.app.view().overscan, story.app.view().corners);
    assert_eq!(seen(&story), (4, false));
    story.tell("to Screen");
    assert_eq!(seen(&story), (4, true));
    story.tell("left\n left");
    assert_eq!(seen(&story), (6, true));
    story.tell("right\n right\n right\n right\n right\n right\n right");
    assert_eq!(seen(&story), (0, true));
    story.tell("left");
    assert_eq!(story.library.owner.overscan, Some(1));
    story.tell("down");
    assert_eq!(seen(&story), (1, false));
    story.tell("home");
    assert_eq!(seen(&story), (1, false));
    // A window is not the box's to fit.
    let mut desktop = Story::with(story.library.clone(), whole());
    desktop.tell("to Screen");
    assert_eq!(seen(&desktop), (0, false));
}

#[test]
fn who_is_not_asked_in_is_at_the_films_by_one_key() {
    check(
        new_box(),
        "back",
        &expect![[r#"
        > back
          save 
            home: New: [ANT] BEE CAT
    "#]],
    );
}

#[test]
fn in_safe_mode_nobody_is_asked_in() {
    let mut story = Story::with(Library::default(), new_box());
    story.take(Event::Incident(app::Incident::Safe));
    let view = story.app.view();
    assert!(matches!(view.screen, Screen::Home(_)) && view.notice.is_some());
    // Nothing is kept of that: the next start may be of the box itself.
    assert!(!story.library.owner.welcomed);
}

#[test]
fn who_was_asked_in_is_not_asked_again() {
    let mut story = Story::with(Library::default(), new_box());
    let effects = story
        .app
        .update(Event::Key(Key::Back, Press::Down), story.now);
    let saved = effects.iter().find_map(|it| match it {
        Effect::SaveLibrary(library) => Some(library.clone()),
        _ => None,
    });
    let again = Story::with(saved.expect("it is kept"), new_box());
    assert!(matches!(again.app.view().screen, Screen::Home(_)));
}
