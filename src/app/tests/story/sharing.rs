//! How the box is told to take part in swarms, in a line.

use app::Sharing;

/// What differs from what the box does at first.
pub(crate) fn tell_sharing(sharing: &Sharing) -> String {
    let first = Sharing::default();
    let mut said = vec!["share:".to_owned()];
    let mut differs = |differs: bool, what: String| said.extend(differs.then_some(what));
    differs(sharing.peers != first.peers, "no peers".into());
    let encryption = format!("encryption {:?}", sharing.encryption).to_lowercase();
    differs(sharing.encryption != first.encryption, encryption);
    let limit = |way: &str, limit: u64| format!("{way} {limit}");
    let down = limit("down", sharing.download_limit);
    differs(sharing.download_limit != first.download_limit, down);
    let up = limit("up", sharing.upload_limit);
    differs(sharing.upload_limit != first.upload_limit, up);
    let minutes = format!("for {} min", sharing.seed_minutes);
    differs(sharing.seed_minutes != first.seed_minutes, minutes);
    let percent = format!("up to {} %", sharing.seed_percent);
    differs(sharing.seed_percent != first.seed_percent, percent);
    differs(sharing.metered, "metered".into());
    differs(!sharing.port_mapping, "no ports".into());
    said.join(" ")
}
