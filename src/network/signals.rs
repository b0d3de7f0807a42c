//! What iwd and networkd say of themselves, whatever it is: then one looks.

use futures_util::StreamExt as _;
use futures_util::stream::select_all;
use tokio::sync::watch;
use tokio::task::JoinSet;
use zbus::{Connection, MatchRule, MessageStream};

use super::{iwd, links};

/// Who is listened to.
const SERVICES: [&str; 2] = [iwd::SERVICE, links::SERVICE];

/// Signals that wait to be seen; they are taken at once.
const SIGNALS: usize = 64;

/// Counts what the two say, whatever it is. The end of it is the end of the bus.
pub(super) async fn listen(
    bus: &Connection,
    tasks: &mut JoinSet<()>,
) -> zbus::Result<watch::Receiver<u64>> {
    let mut streams = Vec::new();
    for service in SERVICES {
        let signals = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender(service)?
            .build();
        let owners = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .sender("org.freedesktop.DBus")?
            .interface("org.freedesktop.DBus")?
            .member("NameOwnerChanged")?
            .arg(0, service)?
            .build();
        for rule in [signals, owners] {
            streams.push(MessageStream::for_match_rule(rule, bus, Some(SIGNALS)).await?);
        }
    }
    let (count, changes) = watch::channel(0);
    // On a task of its own: while one waits for an answer, signals must not fill the connection.
    tasks.spawn(async move {
        let mut all = select_all(streams);
        while let Some(Ok(_)) = all.next().await {
            count.send_modify(|count| *count += 1);
        }
    });
    Ok(changes)
}
