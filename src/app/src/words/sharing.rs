//! Sentences of downloads and sharing.

use super::settings::on_or_off;
use super::{minutes, percent, rate};
use crate::saying::{Message, msg, tr};
use crate::sharing::{Encryption, Share, Sharing};

pub(crate) const SHARING: Message = msg!("Downloads and sharing");
pub(crate) const SHARING_HELP: Message =
    msg!("How fast films come, and what the box gives to others who share them.");

pub(crate) fn share_name(share: Share) -> Message {
    match share {
        Share::Peers => msg!("Films from others (BitTorrent)"),
        Share::DownloadLimit => msg!("Download at most"),
        Share::UploadLimit => msg!("Give others at most"),
        Share::SeedTime => msg!("Go on sharing after a film"),
        Share::SeedRatio => msg!("Until so much was given"),
        Share::Metered => msg!("The Internet costs by the byte"),
        Share::Encryption => msg!("Encryption"),
        Share::PortMapping => msg!("Let others call through the router"),
        Share::Way => msg!("The way out"),
        Share::Blocks => msg!("Addresses to keep away from"),
    }
}

pub(crate) fn share_help(share: Share) -> Message {
    match share {
        Share::Peers => msg!(
            "Most films come from others who have them, and the box passes on what it gets. \
             Switched off, it talks to none of them: only films from the web and from drives play."
        ),
        Share::DownloadLimit => msg!(
            "So that others at home are not slowed down while a film comes. A film that needs \
             more than that stops now and then."
        ),
        Share::UploadLimit => {
            msg!("What others get of the box while it downloads and shares, all together.")
        }
        Share::SeedTime => msg!(
            "A film that was watched is passed on for so long, as others did before. It ends when \
             enough was given, or when the box is switched off."
        ),
        Share::SeedRatio => msg!(
            "Sharing ends once so much of a film was given to others, of what came from them. 100 \
             of a hundred is fair."
        ),
        Share::Metered => msg!(
            "On a mobile connection, for example: nothing is got or given that nobody waits for, \
             the next episode waits, and the box does not look for updates."
        ),
        Share::Encryption => msg!(
            "What is said to others is hidden from routers on the way. If it is demanded, some of \
             those who have a film cannot be asked."
        ),
        Share::PortMapping => msg!(
            "The router is asked to let those who share a film call the box. More can be reached \
             then, and rare films come sooner."
        ),
        Share::Way => msg!(
            "The settings' file can bind all that is shared to one way, a tunnel (VPN) or a proxy: \
             while that is gone, nothing leaves the box. It is not changed here."
        ),
        Share::Blocks => msg!(
            "The settings' file can name a list of addresses that are never called or answered. \
             It is not changed here."
        ),
    }
}

/// What it is now.
pub(crate) fn share_now(share: Share, now: &Sharing) -> String {
    let switch = |on| on_or_off(on).into();
    match share {
        Share::Peers => switch(now.peers),
        Share::DownloadLimit => limit(now.download_limit),
        Share::UploadLimit => limit(now.upload_limit),
        Share::SeedTime if now.metered => tr!("sharing" => "Not where it costs"),
        Share::SeedTime if now.seed_minutes == 0 => tr!("sharing" => "Not at all"),
        Share::SeedTime => minutes(now.seed_minutes),
        Share::SeedRatio => percent(now.seed_percent),
        Share::Metered => switch(now.metered),
        Share::Encryption => match now.encryption {
            Encryption::Prefer => msg!("encryption" => "Where it can be had"),
            Encryption::Require => msg!("encryption" => "Demanded"),
            Encryption::Off => msg!("encryption" => "Off"),
        }
        .into(),
        Share::PortMapping => switch(now.port_mapping),
        Share::Way => match &now.interface {
            Some(name) => name.clone(),
            None if now.proxied => tr!("A proxy"),
            None => tr!("way out" => "Any"),
        },
        Share::Blocks if now.blocks => tr!("block list" => "There is a list"),
        Share::Blocks => tr!("block list" => "No list"),
    }
}

/// Bytes a second.
fn limit(rate_max: u64) -> String {
    match rate_max {
        0 => tr!("No limit"),
        rate_max => rate(rate_max),
    }
}
