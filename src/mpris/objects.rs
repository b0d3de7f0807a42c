//! The two interfaces of a player: what is read of them is of the latest view, what is asked for is
//! told the core.
//!
//! Calls are taken in one after the other, for two presses of Seek are two seeks, in their order.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use app::{Event, Steer};
use zbus::names::InterfaceName;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::ObjectPath;
use zbus::{fdo, interface};

use super::Desk;
use super::stand::{self, Properties, Stand};

/// Of [`Player`].
const PLAYER: &str = "org.mpris.MediaPlayer2.Player";

/// A magnet with a hundred trackers is 8 KiB.
const URI_BYTES: usize = 64 * 1024;

/// The program. It is not ended or brought to the front from afar: it is what the screen shows.
pub(super) struct Root;

#[interface(
    name = "org.mpris.MediaPlayer2",
    spawn = false,
    introspection_docs = false
)]
#[allow(clippy::unused_self, reason = "the shape of an interface")]
impl Root {
    fn raise(&self) {}

    fn quit(&self) {}

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_quit(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_raise(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn has_track_list(&self) -> bool {
        false
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn identity(&self) -> &'static str {
        "Matinee"
    }

    /// What `OpenUri` takes.
    #[zbus(property(emits_changed_signal = "const"))]
    fn supported_uri_schemes(&self) -> Vec<&'static str> {
        vec!["magnet"]
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn supported_mime_types(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

/// The film.
pub(super) struct Player(pub(super) Arc<Desk>);

impl Player {
    fn now(&self) -> Stand {
        Stand::of(&self.0.views.borrow())
    }

    async fn steer(&self, steer: Steer) {
        (self.0.tell)(Event::Steer(steer)).await;
    }
}

// The two that can be set are signalled as well, but by the core's next view alone: were they said
// to be, the old value would be signalled as soon as a new one is asked for.
#[interface(
    name = "org.mpris.MediaPlayer2.Player",
    spawn = false,
    introspection_docs = false
)]
#[allow(clippy::unused_self, reason = "the shape of an interface")]
impl Player {
    async fn next(&self) {
        self.steer(Steer::Next).await;
    }

    /// To the start of the film: nothing of what was seen before it is known to have come before.
    async fn previous(&self) {
        if self.now().can_seek() {
            (self.0.tell)(Event::Jump(Duration::ZERO)).await;
        }
    }

    async fn pause(&self) {
        self.steer(Steer::Pause).await;
    }

    async fn play_pause(&self) {
        self.steer(Steer::PlayPause).await;
    }

    async fn stop(&self) {
        self.steer(Steer::Stop).await;
    }

    async fn play(&self) {
        self.steer(Steer::Play).await;
    }

    /// By so many microseconds.
    async fn seek(&self, offset: i64) {
        if self.now().can_seek() {
            self.steer(Steer::By { micros: offset }).await;
        }
    }

    /// What is meant for a film that was before, or lies outside of this one, is nothing.
    async fn set_position(&self, track_id: ObjectPath<'_>, position: i64) {
        let now = self.now();
        let to = u64::try_from(position).ok().map(Duration::from_micros);
        let to = to.filter(|to| now.length().is_none_or(|length| *to <= length));
        let of_it = now.track().is_some_and(|track| track == track_id);
        if let Some(to) = to.filter(|_| of_it && now.can_seek()) {
            (self.0.tell)(Event::Jump(to)).await;
        }
    }

    /// Shows the page of the film: what may play there, and from where, its viewer sees.
    async fn open_uri(&self, uri: String) -> fdo::Result<()> {
        if uri.len() <= URI_BYTES && (self.0.open)(uri).await {
            return Ok(());
        }
        let why = "this is no magnet link of a film".to_owned();
        Err(fdo::Error::InvalidArgs(why))
    }

    /// The film is elsewhere than time alone would have brought it, in microseconds.
    #[zbus(signal)]
    pub(super) async fn seeked(emitter: &SignalEmitter<'_>, position: i64) -> zbus::Result<()>;

    #[zbus(property)]
    fn playback_status(&self) -> &'static str {
        self.now().status()
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn rate(&self) -> f64 {
        self.now().rate()
    }

    /// To the nearest that the box knows; 0 is a pause, as the specification says.
    #[zbus(property)]
    async fn set_rate(&self, rate: f64) -> fdo::Result<()> {
        if !rate.is_finite() {
            return Err(fdo::Error::InvalidArgs("a rate is a number".to_owned()));
        }
        if rate == 0.0 {
            self.steer(Steer::Pause).await;
        } else if self.now().can_seek() {
            let permille = (rate * 1000.0).clamp(0.0, f64::from(u16::MAX));
            self.steer(Steer::Speed(permille as u16)).await;
        }
        Ok(())
    }

    #[zbus(property)]
    fn minimum_rate(&self) -> f64 {
        self.now().rates().0
    }

    #[zbus(property)]
    fn maximum_rate(&self) -> f64 {
        self.now().rates().1
    }

    #[zbus(property)]
    fn metadata(&self) -> Properties {
        self.now().metadata()
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn volume(&self) -> f64 {
        self.now().volume()
    }

    #[zbus(property)]
    async fn set_volume(&self, volume: f64) -> fdo::Result<()> {
        if volume.is_nan() {
            return Err(fdo::Error::InvalidArgs("a volume is a number".to_owned()));
        }
        if self.now().loudness.is_none() {
            let why = "the TV or the amplifier is turned up, not the box".to_owned();
            return Err(fdo::Error::NotSupported(why));
        }
        let percent = (volume * 100.0).round().clamp(0.0, 100.0);
        self.steer(Steer::Volume(percent as u8)).await;
        Ok(())
    }

    #[zbus(property(emits_changed_signal = "false"))]
    fn position(&self) -> i64 {
        stand::position(&self.0.views.borrow())
    }

    #[zbus(property)]
    fn can_go_next(&self) -> bool {
        self.now().can_go_next()
    }

    /// To its start.
    #[zbus(property)]
    fn can_go_previous(&self) -> bool {
        self.now().can_seek()
    }

    #[zbus(property)]
    fn can_play(&self) -> bool {
        self.now().can_play()
    }

    #[zbus(property)]
    fn can_pause(&self) -> bool {
        self.now().can_play()
    }

    #[zbus(property)]
    fn can_seek(&self) -> bool {
        self.now().can_seek()
    }

    #[zbus(property(emits_changed_signal = "const"))]
    fn can_control(&self) -> bool {
        true
    }
}

/// Says that these are so now, all in one signal.
pub(super) async fn changed(
    emitter: &SignalEmitter<'_>,
    properties: Properties,
) -> zbus::Result<()> {
    let player = InterfaceName::from_static_str_unchecked(PLAYER);
    fdo::Properties::properties_changed(emitter, player, properties, Cow::Borrowed(&[])).await
}
