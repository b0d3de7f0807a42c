//! Root's half of the network: what the box asks it for by a file each in its folder of requests,
//! and what it keeps of that (`systemd/radio`, `systemd/address`). That it has done something is
//! told by networkd and iwd, who hear of it then.

use std::path::Path;

use app::{Country, Fixed, Way};

use crate::small_file;

/// The file that asks for the rules of a country.
const RULES: &str = "country";

/// The file that asks for an address; what is kept is in one for each way.
const ADDRESS: &str = "address";

/// Of a way that has no fixed one.
const AUTOMATIC: &str = "automatic";

/// What is kept of each way; none: there is no root's half that keeps any.
pub(super) fn kept(folder: Option<&Path>) -> Option<[Option<Fixed>; 2]> {
    let read = |way: Way| {
        let path = folder?.join(format!("{ADDRESS}-{}", way.name()));
        let text = small_file::read(&path, "address").ok()??;
        let text = text.trim_end();
        let fixed = Fixed::parse(text);
        if fixed.is_none() && text != AUTOMATIC {
            tracing::warn!("network: {}: no address", path.display());
        }
        Some(fixed)
    };
    let [wired, wireless] = Way::ALL.map(read);
    Some([wired?, wireless?])
}

/// None: an automatic one.
pub(super) fn ask_address(folder: Option<&Path>, way: Way, fixed: Option<&Fixed>) {
    let fixed = fixed.map_or(AUTOMATIC.to_owned(), Fixed::to_string);
    ask(folder, ADDRESS, &format!("{} {fixed}", way.name()));
}

pub(super) fn ask_rules(folder: Option<&Path>, country: Country) {
    ask(folder, RULES, &country.letters());
}

/// A small file in memory, so nobody waits.
fn ask(folder: Option<&Path>, what: &str, for_this: &str) {
    tracing::info!("network: {what}: {for_this}");
    let Some(folder) = folder else {
        tracing::warn!("network: nobody here does that");
        return;
    };
    if let Err(error) = small_file::replace(&folder.join(what), for_this.as_bytes()) {
        tracing::warn!("network: {error}");
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_is_kept_is_read_and_asked_for_as_root_writes_it() {
        let folder = tempfile::tempdir().unwrap();
        let (at, file) = (Some(folder.path()), |name: &str| folder.path().join(name));
        assert_eq!(kept(None), None);
        assert_eq!(kept(at), None, "there is no root's half");
        let line = "192.168.1.20/24 192.168.1.1 192.168.1.1 9.9.9.9";
        fs::write(file("address-wired"), format!("{line}\n")).unwrap();
        assert_eq!(kept(at), None, "it has not written all");
        fs::write(file("address-wireless"), "automatic\n").unwrap();
        let fixed = Fixed::parse(line);
        assert!(fixed.is_some());
        assert_eq!(kept(at), Some([fixed.clone(), None]));
        fs::write(file("address-wired"), "192.168.1.20/24\n").unwrap();
        assert_eq!(kept(at), Some([None, None]));
        ask_address(at, Way::Wired, fixed.as_ref());
        let asked = || fs::read_to_string(file("address")).unwrap();
        assert_eq!(asked(), format!("wired {line}"));
        ask_address(at, Way::Wireless, None);
        assert_eq!(asked(), "wireless automatic");
    }
}
