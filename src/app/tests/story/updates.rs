//! Updates in stories: "offered 1.4.0 expired", "fetching 420 61" (thousandths, MB), "installed",
//! "nothing-new", "stands updated", "refused-update older", "not-done swapped".

use app::{
    Event, LastUpdate, UpdateAct, UpdateFailure, UpdateNews, UpdateOffer, UpdatesStand,
    UpdatesView, WentBack,
};

use super::telling::list;

pub(crate) fn update_news(line: &str) -> Option<Vec<Event>> {
    let (verb, rest) = line.split_once(' ').unwrap_or((line, ""));
    let news = match verb {
        "offered" => UpdateNews::Checked(Ok(Some(offer(rest)))),
        "nothing-new" => UpdateNews::Checked(Ok(None)),
        "refused-update" => UpdateNews::Checked(Err(failure(rest))),
        "fetching" => {
            let (permille, megabytes) = rest.split_once(' ').unwrap();
            UpdateNews::Fetching {
                permille: permille.parse().unwrap(),
                bytes: megabytes.parse::<u64>().unwrap() * 1_000_000,
            }
        }
        "installed" => UpdateNews::Ready,
        "not-done" => UpdateNews::Failed(failure(rest)),
        "stands" => UpdateNews::Stands(stands(rest)),
        _ => return None,
    };
    Some(vec![Event::Update(news)])
}

pub(crate) fn offer(text: &str) -> UpdateOffer {
    let (version, expired) = text.split_once(' ').unwrap_or((text, ""));
    UpdateOffer {
        version: version.into(),
        notes: "Owls.".into(),
        bytes: 148_000_000,
        expired: expired == "expired",
    }
}

pub(crate) fn failure(what: &str) -> UpdateFailure {
    match what {
        "unreachable" => UpdateFailure::Unreachable("u.example: no answer".into()),
        "not signed" => UpdateFailure::NotSigned,
        "broken" => UpdateFailure::Broken("line 3".into()),
        "too new" => UpdateFailure::TooNew,
        "other channel" => UpdateFailure::OtherChannel("beta".into()),
        "older" => UpdateFailure::Older {
            offered: 41,
            seen: 42,
        },
        "other board" => UpdateFailure::OtherBoard("rpi4".into()),
        "needs first" => UpdateFailure::NeedsFirst("1.3.5".into()),
        "wrong size" => UpdateFailure::WrongSize {
            announced: 148,
            there: 147,
        },
        "swapped" => UpdateFailure::Swapped,
        "for other" => UpdateFailure::ForOther("matinee-rpi4".into()),
        "refused" => UpdateFailure::Refused("signature verification failed".into()),
        "no installer" => UpdateFailure::NoInstaller("no bus".into()),
        "no restart" => UpdateFailure::NoRestart("no place for it".into()),
        _ => panic!("unknown failure: {what}"),
    }
}

fn stands(what: &str) -> UpdatesStand {
    let from = || "1.4.0".to_owned();
    let why = |why| LastUpdate::WentBack { from: from(), why };
    let last = match what {
        "updated" => Some(LastUpdate::Updated { to: "1.3.0".into() }),
        "never up" => Some(why(WentBack::NeverUp)),
        "not stable" => Some(why(WentBack::NotStable { starts: 3 })),
        "sent back" => Some(LastUpdate::SentBack { from: from() }),
        "waiting" => None,
        _ => panic!("unknown: {what}"),
    };
    UpdatesStand {
        fresh: last.is_some(),
        before: (what == "updated").then(|| "1.2.0".into()),
        waits: (what == "waiting").then(from),
        last,
    }
}

pub(crate) fn tell_act(act: &UpdateAct) -> String {
    match act {
        UpdateAct::Look => "ask how updates stand".into(),
        UpdateAct::Check { asked } => {
            format!("check for updates{}", if *asked { ", asked" } else { "" })
        }
        UpdateAct::Install => "install".into(),
        UpdateAct::Hold(hold) => if *hold {
            "hold updates"
        } else {
            "go on with updates"
        }
        .into(),
        UpdateAct::Restart => "restart".into(),
        UpdateAct::GoBack => "go back and restart".into(),
        UpdateAct::Follow(channel) => format!("follow {channel}"),
    }
}

pub(crate) fn tell_updates(page: &UpdatesView) -> String {
    let labels = page.labels.iter().map(|label| &**label).collect();
    let labels = list(labels, Some(page.focus));
    let mut parts = vec![labels, page.headline.clone()];
    let permille = page.permille.map(|it| it.to_string()).unwrap_or_default();
    let texts = [&page.detail, &page.message, &page.notes, &permille];
    parts.extend(texts.into_iter().filter(|text| !text.is_empty()).cloned());
    parts.extend(page.last.clone());
    parts.extend(page.ask.clone());
    format!("updates {}", parts.join(" | "))
}
