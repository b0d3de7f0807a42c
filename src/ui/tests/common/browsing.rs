//! Views of the pages between the wall and a film.

use std::sync::Arc;

use app::{
    AddOnItem, AddOnsView, AddressView, CodeView, EpisodeView, FilterView, PanelView, Poster,
    SearchView, SeriesView,
};

use super::{card, film, film_page};

const EPISODES: [(&str, &str); 9] = [
    ("1. Earthfall", "2010-06-16  ·  35 min"),
    ("2. The Man from Mars", "2010-12-16  ·  33 min"),
    ("3. Alone in the Night", "2011-03-28  ·  31 min"),
    ("4. Triangular Diplomacy", "2011-04-25  ·  39 min"),
    ("5. Sea Change", "2011-11-01  ·  33 min"),
    ("6. War of the World", "2011-12-13  ·  42 min"),
    (
        "7. Das Unaufhörliche Fernsehvergnügen der langen Überschriften",
        "",
    ),
    ("8. Άνθρωπος από τον Άρη", "2012-02-01"),
    ("9. Epilogue", "2012-03-01  ·  12 min"),
];

pub fn series(season: usize, episode: usize, choosing_season: bool) -> SeriesView {
    let episodes = EPISODES
        .iter()
        .enumerate()
        .map(|(at, (title, facts))| EpisodeView {
            title: (*title).into(),
            facts: (*facts).into(),
            synopsis: format!(
                "What happens in number {} is told here in one sentence.",
                at + 1
            ),
            still: None,
            seen_permille: (at == 2).then_some(400),
            watched: at < 2,
        });
    let mut card = card(
        "series:tt1748166",
        "Pioneer One",
        2010,
        [0x0049_6a81, 0x001b_2a41],
    );
    card.poster = Some(Poster("painted-p".into()));
    SeriesView {
        card,
        facts: "2010  ·  Drama, Science fiction".into(),
        by: "Josh Bernhard, Bracey Smith".into(),
        synopsis: "An object in the sky spreads radiation over North America.".into(),
        backdrop: None,
        seasons: Arc::new(
            ["Season 1", "Season 2", "Specials"]
                .map(String::from)
                .into(),
        ),
        season,
        episodes: Arc::new(episodes.collect()),
        episode,
        choosing_season,
        status: None,
        attribution: vec!["Facts from the add-on Open series".into()],
    }
}

pub fn series_asking() -> SeriesView {
    SeriesView {
        seasons: Arc::default(),
        episodes: Arc::default(),
        status: Some("Asking for the episodes".into()),
        ..series(0, 0, false)
    }
}

pub fn search(key: Option<(usize, usize)>, focus: usize) -> SearchView {
    let letters = ["abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890"];
    let letters = letters.map(|row| row.chars().map(String::from).collect());
    let last = ["space", "delete", "clear"].map(String::from).to_vec();
    let cards: Vec<_> = (0..13).map(film).collect();
    let focused = key.is_none().then(|| cards[focus].title.clone());
    SearchView {
        heading: "SEARCH".into(),
        text: "tears of".into(),
        keys: Arc::new(letters.into_iter().chain([last]).collect()),
        key,
        facts: focused
            .as_ref()
            .map_or("", |_| "2012  ·  12 min  ·  Science fiction")
            .into(),
        title: focused.unwrap_or_default(),
        cards: Arc::new(cards),
        focus,
        filters: filters(None),
        status: Some("13 found  ·  2 of 5 have answered".into()),
    }
}

fn filters(focus: Option<usize>) -> Vec<FilterView> {
    let labels = [
        "Films and series",
        "Science fiction",
        "Any year",
        "Any licence",
        "Best match first",
    ];
    let filter = |(at, label): (usize, &str)| FilterView {
        label: label.into(),
        active: at == 1,
        focused: focus == Some(at),
    };
    labels.into_iter().enumerate().map(filter).collect()
}

pub fn search_filters() -> SearchView {
    SearchView {
        filters: filters(Some(2)),
        title: String::new(),
        facts: String::new(),
        ..search(None, 0)
    }
}

pub fn search_nothing() -> SearchView {
    SearchView {
        cards: Arc::default(),
        filters: Vec::new(),
        status: Some("Nothing was found. Another spelling may help.".into()),
        ..search(Some((2, 3)), 0)
    }
}

pub fn add_ons(panel: bool) -> AddOnsView {
    let item = |name: &str, detail: &str, lines: &[&str], enabled| AddOnItem {
        name: name.into(),
        detail: detail.into(),
        description: "Films whose makers gave them to everybody, with their licences.".into(),
        lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        enabled,
    };
    let items = vec![
        item(
            "Open films",
            "1.0.0  ·  part of this box",
            &["Gives catalogues, sources."],
            true,
        ),
        item(
            "Public domain",
            "2.1.3  ·  films.example.org",
            &[
                "Gives catalogues, facts, sources.",
                "films.example.org is told what you look at, if its name begins with tt.",
                "Its films come from other people's computers, which see your address.",
            ],
            true,
        ),
        item(
            "Subtitles of the world",
            "0.9.0  ·  subs.example.org",
            &["Gives subtitles."],
            false,
        ),
    ];
    AddOnsView {
        title: "Add-ons".into(),
        items: Arc::new(items),
        add: Some(AddOnItem {
            name: "Add an add-on".into(),
            detail: "by its address".into(),
            description: "Type its address with the arrows.".into(),
            lines: Vec::new(),
            enabled: true,
        }),
        focus: 1,
        panel: panel.then(|| PanelView {
            title: "Public domain".into(),
            labels: ["Switch off", "Ask it earlier", "Ask it later", "Remove"]
                .map(String::from)
                .into(),
            chosen: None,
            focus: 3,
        }),
        ask: None,
        status: None,
        hint: "OK shows what can be done. Those further up are asked first.".into(),
    }
}

pub fn add_ons_adding() -> AddOnsView {
    AddOnsView {
        focus: 3,
        ..add_ons(false)
    }
}

pub fn listed() -> AddOnsView {
    AddOnsView {
        title: "Listed by Public domain".into(),
        add: None,
        ask: Some("Press OK once more to put it on this box".into()),
        hint: "Look at what an add-on may see before you put it on this box. Back returns.".into(),
        ..add_ons(false)
    }
}

pub fn listed_asking() -> AddOnsView {
    AddOnsView {
        items: Arc::default(),
        focus: 0,
        ask: None,
        status: Some("Asking for the list".into()),
        ..listed()
    }
}

pub fn address(text: &str, status: Option<&str>) -> AddressView {
    let letters = [
        "abcdef", "ghijkl", "mnopqr", "stuvwx", "yz1234", "567890", "./:-_~", "=?&%@+",
    ];
    let letters = letters.map(|row| row.chars().map(String::from).collect());
    let last = ["delete", "clear", "done"].map(String::from).to_vec();
    AddressView {
        title: "ADD AN ADD-ON".into(),
        secret: false,
        text: text.into(),
        keys: Arc::new(letters.into_iter().chain([last]).collect()),
        key: (8, 2),
        help: "Type the address that the add-on's own page gives, with /manifest.json at its end \
            or without. Then choose done, or press Play. One at home may begin with http:// or \
            with the host alone. One with capital letters is sent from a phone or a computer."
            .into(),
        status: status.map(str::to_owned),
    }
}

pub fn code(address: &str) -> CodeView {
    CodeView {
        title: "Set up Public domain".into(),
        message: "Point your phone's camera at the code: it opens the page where this add-on is \
            set up. When you have chosen, that page gives a new address. Send it to this box from \
            the phone, or type it under Add an add-on."
            .into(),
        address: address.into(),
        hint: "Back returns".into(),
    }
}

/// More buttons than there is room for in a row.
pub fn film_trailer() -> app::FilmView {
    let labels = [
        "Continue from 12:04",
        "From the start",
        "Sources (12)",
        "Remove from my list",
        "Trailer on your phone",
    ];
    let action = |label: &str| app::ActionView {
        label: label.into(),
        enabled: true,
    };
    app::FilmView {
        actions: labels.map(action).into(),
        focus: 4,
        ..film_page()
    }
}

pub fn film_looking() -> app::FilmView {
    app::FilmView {
        choice: None,
        status: Some("Looking for sources  ·  2 of 5 have answered".into()),
        attribution: vec!["Facts from TMDB, which does not endorse or certify this".into()],
        ..film_page()
    }
}
