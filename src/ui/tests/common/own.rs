//! Pages about the box itself: phones, power, drives, updates, its remote.

use std::sync::Arc;

use app::{
    AddressView, COLOURS, Key, LearnView, MenuView, NetworkView, PhoneView, PinView, ProfileId,
    ProfileView, UpdatesView, WhoView,
};

/// Where phones are let in: before the owner says so, with a way in and two phones, asked twice.
pub fn phone(listens: bool, ask: bool) -> PhoneView {
    let known = [
        "Forget Ann's phone",
        "Forget The telephone of the living room",
    ];
    let labels = known.into_iter().chain(["Keep phones out"]);
    let shut = PhoneView {
        title: "Phone".into(),
        labels: vec!["Let phones in".into()],
        focus: 0,
        headline: "Your phone as a remote".into(),
        message: "Type, search, seek and choose films from a phone. Then the box listens in your \
            home network, to phones alone that were let in here. Nothing goes through the Internet."
            .into(),
        digits: None,
        address: None,
        link: None,
        ask: None,
        hint: "Back returns".into(),
    };
    if !listens {
        return shut;
    }
    let address = "http://192.168.178.105:8100";
    PhoneView {
        labels: labels.map(String::from).collect(),
        focus: usize::from(ask),
        headline: "Point your phone's camera here".into(),
        message: format!(
            "Or open {address} on it and type these digits. It must be in your home network."
        ),
        digits: Some("408213".into()),
        address: Some(address.into()),
        link: Some(format!("{address}/#0123456789abcdef0123456789abcdef")),
        ask: ask.then(|| {
            "Press OK once more: The telephone of the living room is a remote no longer".into()
        }),
        ..shut
    }
}

/// The box's own network is open: the code that joins it, or the one that opens its page.
pub fn own_network(joins: bool) -> PhoneView {
    let address = "http://10.73.0.1";
    PhoneView {
        title: "Set up with your phone".into(),
        labels: vec!["1. Join the box's Wi-Fi".into(), "2. Open its page".into()],
        focus: usize::from(!joins),
        headline: "Point your phone's camera here".into(),
        message: if joins {
            "Or choose the Wi-Fi network Matinee 4F2K on it, and type this password. If the phone \
             says that there is no Internet, stay in it."
                .into()
        } else {
            format!(
                "Most phones open the page by themselves once they have joined. Else point the \
                 camera here, or open {address}. There choose your network and type its password."
            )
        },
        digits: joins.then(|| "mw7kq2x9".into()),
        address: Some(address.into()),
        link: Some(if joins {
            "WIFI:T:WPA;S:Matinee 4F2K;P:mw7kq2x9;;".into()
        } else {
            address.into()
        }),
        ask: None,
        hint: "Back returns".into(),
    }
}

pub fn power() -> MenuView {
    MenuView {
        title: "Power".into(),
        labels: [
            "Stand by",
            "Sleep timer  ·  \u{2039} 30 min \u{203a}",
            "Restart",
            "Shut down",
        ]
        .map(str::to_owned)
        .into(),
        notes: Vec::new(),
        chosen: None,
        focus: 1,
        headline: "Sleep timer".into(),
        message: "After that time the box stands by, whatever plays. The place in the film is \
            kept."
            .into(),
        ask: None,
        hint: "Back returns".into(),
    }
}

/// Switched off, once more.
pub fn power_off() -> MenuView {
    MenuView {
        focus: 3,
        headline: "Shut down".into(),
        message: "Everything stops, updates too. The box is started again by its button, or by \
            its plug."
            .into(),
        ask: Some("Press OK once more: the box switches itself off".into()),
        ..power()
    }
}

/// Everything forgotten, once more.
pub fn reset() -> MenuView {
    MenuView {
        labels: ["Keep everything", "Forget everything"]
            .map(str::to_owned)
            .into(),
        focus: 1,
        headline: "Factory reset".into(),
        message: "The box forgets everything: your list, the places in films, add-ons, learnt \
            remotes, settings, and the films it holds. It is then as it was when it was new. \
            Drives are not touched."
            .into(),
        ask: Some("Press OK once more: the box forgets everything. This cannot be undone".into()),
        ..power()
    }
}

/// A drive is to be erased, once more.
pub fn drive() -> MenuView {
    MenuView {
        title: "Drives".into(),
        labels: ["Leave it as it is", "Erase it, for films"]
            .map(str::to_owned)
            .into(),
        focus: 1,
        headline: "Kingston DataTraveler  \u{b7}  64.0 GB".into(),
        message: "The drive is made the box's own: everything that is on it now is erased for \
            good, on all of its parts. From then on films that play are kept on it, and other \
            machines may not be able to read it."
            .into(),
        ask: Some("Press OK once more: everything on this drive is erased".into()),
        ..power()
    }
}

pub fn power_ends() -> MenuView {
    MenuView {
        labels: Vec::new(),
        focus: 0,
        headline: "The box shuts down".into(),
        message: "Wait until it is dark before you unplug it.".into(),
        ..power()
    }
}

/// There is something newer.
pub fn updates() -> UpdatesView {
    UpdatesView {
        title: "Updates".into(),
        labels: ["Get it now", "Channel: stable", "Go back to 1.2.0"]
            .map(str::to_owned)
            .into(),
        focus: 0,
        headline: "Matinee 1.4.0 is there".into(),
        detail: "148 MB  ·  stable".into(),
        message: String::new(),
        notes: "Subtitles of films on drives. The box comes up in half the time, and films of \
            the Internet Archive begin sooner.\nMended: a remote that was asleep was not heard \
            at its first key."
            .into(),
        permille: None,
        last: Some("Updated to Matinee 1.3.0.".into()),
        ask: None,
        hint: "The box gets its updates by itself, while nothing plays. Back returns.".into(),
    }
}

pub fn updates_fetching() -> UpdatesView {
    UpdatesView {
        labels: Vec::new(),
        headline: "Getting Matinee 1.4.0".into(),
        detail: "42 %  ·  61 MB fetched".into(),
        message: "Films can be watched meanwhile.".into(),
        permille: Some(420),
        ..updates()
    }
}

pub fn updates_back() -> UpdatesView {
    UpdatesView {
        labels: [
            "Look for updates now",
            "Channel: stable",
            "Go back to 1.2.0",
        ]
        .map(str::to_owned)
        .into(),
        focus: 2,
        headline: "Matinee 1.3.0".into(),
        detail: "stable".into(),
        message: "Release 41 is offered, but 42 was there before. Somebody may be holding back \
            what is newer, so nothing was taken."
            .into(),
        notes: String::new(),
        last: Some(
            "Matinee 1.4.0 came up 3 times but did not stay up, so the box went back to 1.3.0."
                .into(),
        ),
        ask: Some("Press OK once more: the box restarts".into()),
        ..updates()
    }
}

pub fn updates_none() -> UpdatesView {
    UpdatesView {
        labels: Vec::new(),
        headline: "Matinee 1.3.0".into(),
        detail: String::new(),
        message: "No channel of updates is set, so this box stays as it is. Whoever made its \
            image can name one."
            .into(),
        notes: String::new(),
        last: None,
        hint: "Back returns".into(),
        ..updates()
    }
}

/// The remote's buttons are learnt one by one.
pub fn learn() -> LearnView {
    let buttons = [
        "Up  ·  learnt",
        "Down  ·  learnt",
        "Left  ·  works",
        "Right  ·  left out",
        "OK",
        "Back",
        "Home",
        "Play/Pause",
        "Menu",
        "Stop",
        "Rewind",
        "Fast forward",
        "Info",
        "Subtitles",
    ];
    LearnView {
        title: "Remote".into(),
        buttons: buttons.map(str::to_owned).into(),
        step: 4,
        asks: Some(Key::Ok),
        learnt: Vec::new(),
        headline: "Press OK".into(),
        message: "Point the remote at the box and press the button once. If it has no such \
            button, wait."
            .into(),
        heard: Some("That button is Menu already. Press it once more to make it OK.".into()),
        hint: "After ten seconds the next button is asked for. A Back that works already leaves."
            .into(),
    }
}

pub fn learn_strange() -> LearnView {
    LearnView {
        step: 0,
        buttons: ["Up", "Down", "Left", "Right", "OK", "Back"]
            .map(str::to_owned)
            .into(),
        asks: Some(Key::Up),
        headline: "Press Up".into(),
        message: "This remote's buttons are not known yet. Press them one after another as they \
            are asked for. Whoever does nothing gets back to the wall."
            .into(),
        heard: None,
        ..learn()
    }
}

pub fn learn_keep() -> LearnView {
    LearnView {
        step: 13,
        asks: None,
        headline: "Keep these buttons?".into(),
        message: "Press the OK that you have just taught the box. If nothing is pressed for \
            fifteen seconds, everything stays as it was."
            .into(),
        heard: Some("Heard: infrared 0x800f045a".into()),
        hint: "Back leaves everything as it was.".into(),
        ..learn()
    }
}

/// Networks in reach, of which the box is in one or none; its address, and what comes of OK.
pub fn network(joined: bool) -> NetworkView {
    let networks = [
        ("Attic", "Connected  ·  With a password", 4),
        (
            "The Mill House by the River 5 GHz",
            "Known  ·  With a password",
            3,
        ),
        ("Café Central", "Open to everybody", 2),
        ("Office", "For companies", 1),
        ("Cellar", "With a password", 0),
    ];
    let others = ["Another network", "Country: France"].map(str::to_owned);
    let labels = networks.iter().map(|(name, ..)| (*name).to_owned());
    let mut notes: Vec<String> = networks.iter().map(|(_, it, _)| (*it).to_owned()).collect();
    if !joined {
        notes[0] = "With a password".into();
    }
    NetworkView {
        title: "Network".into(),
        labels: labels.chain(others).collect(),
        notes,
        bars: networks.iter().map(|(.., bars)| Some(*bars)).collect(),
        chosen: joined.then_some(0),
        focus: if joined { 0 } else { 4 },
        headline: if joined {
            "Connected to Attic"
        } else {
            "Not connected"
        }
        .into(),
        detail: if joined {
            "The box's address is 192.168.178.105.".into()
        } else {
            "Films on drives, and what is already on the box, still play. To find new ones, plug \
             in a network cable or join a Wi-Fi network."
                .into()
        },
        message: if joined {
            "The box is in this network. Press OK to forget it.".into()
        } else {
            "Attic did not take the password. Press OK to type it again.".into()
        },
        ask: None,
        busy: false,
        hint: "Back returns".into(),
    }
}

/// One is joined, and no list is shown; or there is no radio.
pub fn network_alone(joining: bool) -> NetworkView {
    let view = network(false);
    NetworkView {
        labels: Vec::new(),
        notes: Vec::new(),
        bars: Vec::new(),
        focus: 0,
        headline: if joining {
            "Connecting to The Mill House by the River 5 GHz".into()
        } else {
            "The cable is in, but the network has given no address yet".into()
        },
        detail: if joining {
            String::new()
        } else {
            view.detail.clone()
        },
        message: if joining {
            "The network has let the box in. Now the box waits for an address.".into()
        } else {
            "This box has no Wi-Fi that it can use. Plug a network cable into it, and into your \
             router."
                .into()
        },
        busy: joining,
        hint: if joining {
            "Back: do not connect"
        } else {
            "Back returns"
        }
        .into(),
        ..view
    }
}

/// A network's password is typed: as it is, or as dots after it was wrong.
pub fn password(dots: bool) -> AddressView {
    let rows = if dots {
        ["!?.,:;", "-_+=/\\", "@#$%&*", "()[]{}", "<>'\"`^", "|~"]
    } else {
        ["ABCDEF", "GHIJKL", "MNOPQR", "STUVWX", "YZ1234", "567890"]
    };
    let letters = rows.map(|row| row.chars().map(String::from).collect());
    let layers = if dots {
        ["ABC", "abc", "space"]
    } else {
        ["abc", "#+=", "space"]
    };
    let editing = [layers, ["delete", "dots", "done"]];
    let editing = editing.map(|row| row.map(String::from).to_vec());
    AddressView {
        title: "Password of The Mill House by the River".into(),
        text: if dots {
            "\u{2022}".repeat(14)
        } else {
            "Summer at the 3rd ".into()
        },
        secret: true,
        keys: Arc::new(letters.into_iter().chain(editing).collect()),
        key: if dots { (7, 2) } else { (4, 2) },
        help:
            "It is often on a label of the router. Large and small letters are not the same. Then \
            choose done. Or type it on your phone, and press OK here."
                .into(),
        status: dots.then(|| {
            "The network did not take this password. Look at each letter again, and whether it is \
             large or small."
                .into()
        }),
    }
}

/// So many people; of the names one is as long as names can be.
pub fn who(count: usize) -> WhoView {
    let names = [
        "Ann",
        "Benjamin",
        "Zoë",
        "Grandmother Josefine",
        "Red",
        "Ole",
        "夏",
        "Pink",
    ];
    let notes = [
        "With a PIN",
        "",
        "Films up to 12 years  ·  With a PIN",
        "",
        "",
        "Films up to 6 years",
        "",
        "",
    ];
    let person = |(at, name): (usize, &&str)| ProfileView {
        id: ProfileId(at as u32 + 1),
        name: (*name).to_owned(),
        colour: COLOURS[at],
        note: notes[at].to_owned(),
        pin: notes[at].contains("PIN"),
    };
    WhoView {
        title: "Who is watching?".into(),
        people: names.iter().enumerate().take(count).map(person).collect(),
        focus: 1,
        hint: "Left and right choose, OK takes. So do digits.".into(),
    }
}

/// Two digits are typed; or too many were.
pub fn pin(waits: bool) -> PinView {
    let keys = [
        "1", "2", "3", "4", "5", "6", "7", "8", "9", "delete", "0", "Back",
    ];
    let status = if waits {
        "Too many wrong PINs. The next can be typed in 15 minutes"
    } else {
        "Type the four digits"
    };
    PinView {
        title: "PIN of Ann".into(),
        status: status.into(),
        digits: 4,
        typed: if waits { 0 } else { 2 },
        keys: keys.map(String::from).into(),
        columns: 3,
        focus: 4,
        waits,
        hint: "Digits of the remote, or arrows and OK. Back returns.".into(),
    }
}
