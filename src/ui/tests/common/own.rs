//! Pages about the box itself: phones, power, drives, updates, its remote.

use app::{Key, LearnView, PhoneView, PowerView, UpdatesView};

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

pub fn power() -> PowerView {
    PowerView {
        title: "Power".into(),
        labels: [
            "Stand by",
            "Sleep timer  ·  \u{2039} 30 min \u{203a}",
            "Restart",
            "Shut down",
        ]
        .map(str::to_owned)
        .into(),
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
pub fn power_off() -> PowerView {
    PowerView {
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
pub fn reset() -> PowerView {
    PowerView {
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
pub fn drive() -> PowerView {
    PowerView {
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

pub fn power_ends() -> PowerView {
    PowerView {
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
