//! The transcript: what the box does and shows, in a line each.

use std::fmt::Write as _;

use super::clock::tell_clock;
use super::network::{tell_network, tell_network_page};
use super::phone::{tell_phone_page, tell_phones};
use super::power::{tell_kept, tell_menu, tell_power, tell_volume};
use super::profiles::{tell_household, tell_pin, tell_who};
use super::sharing::tell_sharing;
use super::updates::{tell_act, tell_updates};
use app::{
    Button, Choices, Effect, FilmId, Key, Library, Reach, Screen, TextChoice, TextTiming, View,
};

fn from(at: Option<u64>) -> String {
    at.map_or_else(String::new, |at| format!(" from byte {at}"))
}

pub(crate) fn tell_effect(effect: &Effect) -> String {
    match effect {
        Effect::Open { session, reach, at } => {
            let what = match reach {
                Reach::Torrent(torrent) => format!("torrent {} of {}", session.0, torrent.name),
                Reach::Web(web) => format!("web file {} at {}", session.0, web.url),
                Reach::File(path) => format!("file {} at {path}", session.0),
            };
            format!("open {what}{}", from(*at))
        }
        Effect::Prefetch { torrent, at } => format!("prefetch {}{}", torrent.name, from(*at)),
        Effect::StopPrefetch => "stop prefetch".into(),
        Effect::Close(session) => format!("close torrent {}", session.0),
        Effect::OpenPlayer { session, at, .. } => format!("open player {} at {at:?}", session.0),
        Effect::ClosePlayer(session) => format!("close player {}", session.0),
        Effect::SetPaused(_, paused) => if *paused { "hold" } else { "run" }.into(),
        Effect::Seek { to, mode, .. } => format!("seek {to:?} {mode:?}"),
        Effect::SaveHousehold(_) | Effect::Pin(_) => tell_household(effect),
        Effect::Searched(_, text) => format!("searched {text}"),
        Effect::SetSpeed { permille, .. } => format!("speed {permille}"),
        Effect::MakeStills { at, .. } => format!("stills {at:?}"),
        Effect::Measure(_, on) => if *on { "measure" } else { "measure no more" }.into(),
        Effect::SelectAudio(_, id) => format!("audio {}", id.0),
        Effect::SelectSubtitle(_, id) => format!("subtitle {:?}", id.map(|id| id.0)),
        Effect::MoreOf { row, have } => format!("more of {row} than {have}"),
        Effect::Describe(title) => format!("describe {}", title.id),
        Effect::FindSources { quest, video } => format!("find {} of {}", quest.0, video.id),
        Effect::SelectSecond(_, id) => format!("second subtitle {:?}", id.map(|id| id.0)),
        Effect::TimeSubtitles(_, timings) => format!("time subtitles {}", times(timings)),
        Effect::FitSubtitles(_) => "fit subtitles".into(),
        Effect::StopFitting(_) => "stop fitting".into(),
        Effect::FindTexts { session, video } => format!("find texts {} of {}", session.0, video.id),
        Effect::AddTexts(session, texts) => {
            let names: Vec<_> = texts.iter().map(|text| text.name.as_str()).collect();
            format!("add texts {}: {}", session.0, names.join(" "))
        }
        Effect::Search { quest, text } => format!("search {} for {text:?}", quest.0),
        Effect::StopQuest(quest) => format!("stop {}", quest.0),
        Effect::ChangeAddOn(change) => format!("change {change:?}"),
        Effect::InstallAddOn(link) => format!("install {link}"),
        Effect::ListAddOns { quest, add_on } => format!("list {} of {add_on}", quest.0),
        Effect::Update(act) => tell_act(act),
        Effect::Tv(_)
        | Effect::Power(_)
        | Effect::Status(_)
        | Effect::Sound(_)
        | Effect::Drive(_) => tell_power(effect).unwrap_or_default(),
        Effect::Backup(act) => format!("backup: {act:?}").to_lowercase(),
        Effect::Diagnosed(text) => format!("diagnosed: {}", text.replace('\n', " / ")),
        Effect::Share(sharing) => tell_sharing(sharing),
        Effect::Phones(act) => tell_phones(act),
        Effect::Network(act) => tell_network(act),
        Effect::Clock(act) => tell_clock(*act),
        Effect::LearnButtons(on) => if *on {
            "learn buttons"
        } else {
            "learn no more"
        }
        .into(),
        Effect::KeepButtons(buttons) => {
            let button = |(button, key): &(Button, Key)| format!(" {button:?} {}", key.name());
            let buttons: String = buttons.iter().map(button).collect();
            format!("keep{buttons}")
        }
        Effect::ReadAloud(on) => if *on { "read aloud" } else { "read no more" }.into(),
        Effect::Say(utterance) => format!("say {:?}: {}", utterance.manner, utterance.text),
        Effect::SaveLibrary(library) => {
            let mark = |(id, mark): (&FilmId, &app::Mark)| {
                let watched = if mark.watched { " watched" } else { "" };
                let chosen = chosen(&mark.choices);
                format!("{} {:?}{watched}{chosen}", id.0, mark.position)
            };
            format!(
                "save {}",
                library
                    .marks
                    .iter()
                    .map(mark)
                    .collect::<Vec<_>>()
                    .join(", ")
            ) + &listed(library)
                + &tell_kept(library)
        }
    }
}

/// "2300, 0+42708"
fn times(timings: &[TextTiming; 2]) -> String {
    let time = |it: &TextTiming| match it.stretch_ppm {
        0 => it.offset_ms.to_string(),
        stretch => format!("{}+{stretch}", it.offset_ms),
    };
    timings.iter().map(time).collect::<Vec<_>>().join(", ")
}

/// What was chosen of a film, where anything was.
fn chosen(choices: &Choices) -> String {
    let mut told = String::new();
    if let Some(audio) = &choices.audio {
        write!(told, " sound {audio}").unwrap();
    }
    match &choices.subtitle {
        Some(TextChoice::Off) => told += " no texts",
        Some(TextChoice::Like { language, .. }) => {
            write!(told, " texts {}", language.as_deref().unwrap_or("?")).unwrap();
        }
        None => {}
    }
    if let Some(second) = &choices.second {
        write!(told, " and {second}").unwrap();
    }
    if choices.timings != <[TextTiming; 2]>::default() {
        write!(told, " at {}", times(&choices.timings)).unwrap();
    }
    told
}

/// The viewer's own list, where there is one.
fn listed(library: &Library) -> String {
    let ids: Vec<_> = library.list.iter().map(|film| film.id.0.as_str()).collect();
    match ids.as_slice() {
        [] => String::new(),
        ids => format!("; list {}", ids.join(", ")),
    }
}

/// The screen in one line, with what has the focus in brackets.
pub(crate) fn describe(view: &View) -> String {
    let mut text = match &view.screen {
        Screen::Home(home) => {
            let row = home.rows.get(home.row);
            let cards = row.map(|row| row.cards.iter().map(|card| card.title.as_str()).collect());
            let column = home.columns.get(home.row).copied();
            let title = row.map_or("empty", |row| row.title.as_str());
            if let Some(focus) = home.menu_focus {
                let menu = home.menu.iter().map(String::as_str).collect();
                format!("home: {}", list(menu, Some(focus)))
            } else {
                format!("home: {title}: {}", list(cards.unwrap_or_default(), column))
            }
        }
        Screen::Series(series) => tell_series(series),
        Screen::Search(search) => tell_search(search),
        Screen::AddOns(add_ons) => tell_add_ons(add_ons),
        Screen::Updates(updates) => tell_updates(updates),
        Screen::Menu(menu) => tell_menu(menu),
        Screen::Learn(learn) => format!(
            "learn {}: {} | {}",
            learn.step,
            learn.headline,
            learn.heard.as_deref().unwrap_or("-")
        ),
        Screen::Phone(page) => tell_phone_page(page),
        Screen::Network(page) => tell_network_page(page),
        Screen::Who(page) => tell_who(page),
        Screen::Pin(page) => tell_pin(page),
        Screen::Code(code) => format!("code {}: {}", code.title, code.address),
        Screen::Address(address) => format!(
            "address {:?} at {} | {}",
            address.text,
            address.keys[address.key.0][address.key.1],
            address.status.as_deref().unwrap_or("-")
        ),
        Screen::Film(film) => tell_film(film),
        Screen::Opening(opening) => format!(
            "opening {}: {} | {} | {:?} | {}",
            opening.card.title,
            opening.headline,
            opening.detail,
            opening.permille,
            opening.hint.as_deref().unwrap_or("-")
        ),
        Screen::Playing(playing) => tell_playing(playing),
        Screen::Trouble(trouble) => {
            let labels = trouble
                .actions
                .iter()
                .map(|action| action.label.as_str())
                .collect();
            format!(
                "trouble: {} | {} | {}",
                trouble.title,
                trouble.message,
                list(labels, Some(trouble.focus))
            )
        }
    };
    match &view.resting {
        app::Resting::Awake => {}
        app::Resting::Dim => text = format!("dim ({text})"),
        app::Resting::Drift(cards) => {
            let titles: Vec<&str> = cards.iter().map(|card| card.title.as_str()).collect();
            text = format!("drifting {} ({text})", titles.join(" "));
        }
    }
    if view.dark {
        text = format!("dark ({text})");
    }
    if let Some(notice) = &view.notice {
        write!(text, " ! {notice}").unwrap();
    }
    if let Some(volume) = &view.volume {
        text += &tell_volume(volume);
    }
    if let Some(clock) = &view.clock {
        write!(text, " @ {clock}").unwrap();
    }
    text
}

fn tell_playing(playing: &app::PlayingView) -> String {
    let state = match (&playing.buffering, playing.paused) {
        (Some(buffering), _) => &buffering.text,
        (None, true) => "paused",
        (None, false) => "runs",
    };
    let mut text = format!(
        "playing {} at {:?} {state}",
        playing.title, playing.position
    );
    if let Some(controls) = &playing.controls {
        let labels = controls
            .buttons
            .iter()
            .map(|button| button.label.as_str())
            .collect();
        write!(
            text,
            " | {} {}",
            controls.elapsed,
            list(labels, controls.button)
        )
        .unwrap();
        if let Some(ends) = &controls.ends {
            write!(text, " | {ends}").unwrap();
        }
        if let Some(panel) = &controls.panel {
            let labels = panel.labels.iter().map(String::as_str).collect();
            write!(text, " | {}", list(labels, Some(panel.focus))).unwrap();
        }
        if !controls.stills.is_empty() {
            let made = |it: &app::StillView| if it.picture.is_some() { "*" } else { "" };
            let stills = controls.stills.iter().map(|it| it.clock.clone() + made(it));
            let stills: Vec<_> = stills.collect();
            let stills = stills.iter().map(String::as_str).collect();
            write!(text, " | strip {}", list(stills, Some(controls.still))).unwrap();
        }
    }
    for fact in &playing.stats {
        write!(text, " | {}: {}", fact.name, fact.value).unwrap();
    }
    if let Some(skip) = &playing.skip {
        write!(text, " | [{skip}]").unwrap();
    }
    if let Some(next) = &playing.next {
        let labels = next.actions.iter().map(|it| it.label.as_str()).collect();
        let status = &next.status;
        let over = if next.over { "over" } else { "next" };
        let card = format!("{}, {}, {status}", next.heading, next.title);
        write!(
            text,
            " | {over}: {card}: {}",
            list(labels, Some(next.focus))
        )
        .unwrap();
    }
    let lines = [&playing.lines.first, &playing.lines.second];
    for line in lines.into_iter().flatten() {
        write!(text, " | \"{line}\"").unwrap();
    }
    text
}

fn tell_series(series: &app::SeriesView) -> String {
    let season = series
        .seasons
        .get(series.season)
        .map_or("-", String::as_str);
    let season = if series.choosing_season {
        format!("[{season}]")
    } else {
        season.to_owned()
    };
    let episode = |episode: &app::EpisodeView| {
        let seen = if episode.watched { " (seen)" } else { "" };
        format!("{}{seen}", episode.title)
    };
    let labels: Vec<_> = series.episodes.iter().map(episode).collect();
    let labels = labels.iter().map(String::as_str).collect();
    let focus = (!series.choosing_season).then_some(series.episode);
    let status = series.status.as_deref().unwrap_or_default();
    let title = &series.card.title;
    format!("series {title}: {season}: {} {status}", list(labels, focus))
}

fn tell_search(search: &app::SearchView) -> String {
    let cards = search
        .cards
        .iter()
        .map(|card| card.title.as_str())
        .collect();
    let key = search
        .key
        .map(|(row, column)| search.keys[row][column].as_str());
    let focus = search.on_cards().then_some(search.focus);
    let filter = search.filters.iter().find(|filter| filter.focused);
    let key = key.or(filter.map(|filter| filter.label.as_str()));
    format!(
        "search {:?} at {}: {} | {}",
        search.text,
        key.unwrap_or("films"),
        list(cards, focus),
        search.status.as_deref().unwrap_or("-")
    )
}

fn tell_add_ons(add_ons: &app::AddOnsView) -> String {
    let names = add_ons.items.iter().map(|it| {
        if it.enabled {
            it.name.clone()
        } else {
            format!("({})", it.name)
        }
    });
    let add = add_ons.add.iter().map(|_| "+".to_owned());
    let names: Vec<_> = names.chain(add).collect();
    let names = names.iter().map(String::as_str).collect();
    let panel = add_ons.panel.as_ref().map_or_else(String::new, |panel| {
        let labels = panel.labels.iter().map(String::as_str).collect();
        format!(" | {}", list(labels, Some(panel.focus)))
    });
    let said = [&add_ons.ask, &add_ons.status].into_iter().flatten();
    let said = said.fold(String::new(), |said, it| said + " | " + it);
    let list = list(names, Some(add_ons.focus));
    format!("{}: {list}{panel}{said}", add_ons.title)
}

fn tell_film(film: &app::FilmView) -> String {
    let labels = film
        .actions
        .iter()
        .map(|action| action.label.as_str())
        .collect();
    let mut text = format!(
        "film {}: {}",
        film.card.title,
        list(labels, Some(film.focus))
    );
    if let Some(sources) = &film.sources {
        let labels = sources.labels.iter().map(String::as_str).collect();
        write!(text, " | {}", list(labels, Some(sources.focus))).unwrap();
    }
    if let Some(choice) = &film.choice {
        write!(text, " | {choice}").unwrap();
    }
    if let Some(status) = &film.status {
        write!(text, " | {status}").unwrap();
    }
    text
}

/// Labels side by side, the one under focus in brackets.
pub(super) fn list(labels: Vec<&str>, focus: Option<usize>) -> String {
    let mark = |(at, label): (usize, &str)| {
        if Some(at) == focus {
            format!("[{label}]")
        } else {
            label.to_owned()
        }
    };
    let marked: Vec<_> = labels.into_iter().enumerate().map(mark).collect();
    marked.join(" ")
}
