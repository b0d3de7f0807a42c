//! A program on the bus: it hears what players signal, and calls them.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt as _;
use matinee::mpris::NAME;
use tokio::time::timeout;
use zbus::fdo::DBusProxy;
use zbus::proxy::CacheProperties;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, MatchRule, MessageStream, Proxy};

use crate::SOON;

const PATH: &str = "/org/mpris/MediaPlayer2";
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";

/// Signals that wait to be looked at.
const SIGNALS: usize = 256;

pub(crate) struct Ear {
    pub(crate) bus: Connection,
    signals: MessageStream,
}

/// What a player has said.
#[derive(Debug)]
pub(crate) enum Signal {
    Changed(HashMap<String, OwnedValue>),
    Seeked(Duration),
}

impl Signal {
    /// The names of what has changed, in the order of the alphabet.
    pub(crate) fn names(&self) -> Vec<&str> {
        let Signal::Changed(properties) = self else {
            panic!("{self:?}");
        };
        let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn text(&self, name: &str) -> String {
        let Signal::Changed(properties) = self else {
            panic!("{self:?}");
        };
        text(&properties[name])
    }
}

pub(crate) fn text(value: &OwnedValue) -> String {
    value.downcast_ref::<String>().unwrap()
}

impl Ear {
    pub(crate) async fn on(address: &str) -> Ear {
        let builder = zbus::connection::Builder::address(address).unwrap();
        let bus = builder.build().await.unwrap();
        let rule = MatchRule::builder()
            .msg_type(zbus::message::Type::Signal)
            .path(PATH)
            .unwrap()
            .build();
        let signals = MessageStream::for_match_rule(rule, &bus, Some(SIGNALS)).await;
        Ear {
            signals: signals.unwrap(),
            bus,
        }
    }

    /// What is said next.
    pub(crate) async fn next(&mut self) -> Signal {
        let message = timeout(SOON, self.signals.next()).await.unwrap();
        let message = message.unwrap().unwrap();
        let (header, body) = (message.header(), message.body());
        match header.member().unwrap().as_str() {
            "PropertiesChanged" => {
                type Changed = (String, HashMap<String, OwnedValue>, Vec<String>);
                let (of, changed, invalid): Changed = body.deserialize().unwrap();
                assert_eq!((&*of, invalid.len()), (PLAYER, 0));
                Signal::Changed(changed)
            }
            "Seeked" => {
                let micros: i64 = body.deserialize().unwrap();
                Signal::Seeked(Duration::from_micros(micros.try_into().unwrap()))
            }
            other => panic!("{other}?"),
        }
    }

    /// The player of that name.
    pub(crate) async fn player(&self) -> Proxy<'static> {
        let builder = zbus::proxy::Builder::new(&self.bus)
            .cache_properties(CacheProperties::No)
            .destination(NAME)
            .unwrap()
            .path(PATH)
            .unwrap()
            .interface(PLAYER)
            .unwrap();
        builder.build().await.unwrap()
    }

    /// Waits until somebody has the name, or nobody any more.
    pub(crate) async fn until_owned(&self, name: &str, wanted: bool) {
        let broker = DBusProxy::new(&self.bus).await.unwrap();
        let of_it = [(0, name)];
        let changes = broker.receive_name_owner_changed_with_args(&of_it);
        let mut changes = changes.await.unwrap();
        let named = name.try_into().unwrap();
        if broker.name_has_owner(named).await.unwrap() == wanted {
            return;
        }
        let owned = async {
            while let Some(change) = changes.next().await {
                if change.args().unwrap().new_owner().is_some() == wanted {
                    return;
                }
            }
            panic!("the bus has gone");
        };
        let seen = timeout(SOON, owned).await;
        assert!(seen.is_ok(), "{name}, wanted: {wanted}");
    }
}
