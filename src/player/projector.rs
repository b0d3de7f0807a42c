//! The player's thread: opens one film after another and hands each what concerns it.
//!
//! It never waits for GStreamer except where one film must be gone before the next begins, and
//! there not longer than a bound.

use std::sync::Arc;
use std::time::Duration;

use app::{PlayerFailure, PlayerNews};
use gst::prelude::*;

use super::blocks::Blocks;
use super::curtain::Curtain;
use super::film::Film;
use super::inbox::{Inbox, Item, Order};
use super::opening::Opening;
use super::pipeline::Pipeline;
use super::seeks::OWN_SPEED;
use super::sound::{DeskOutput, Outlet, Tried};
use super::{Outputs, source};

/// How long a new film waits for the end of the one before. Ends take some 20 ms; a decoder in
/// a broken driver may never end, and the box shall go on without it.
const END_WAIT_MAX: Duration = Duration::from_secs(2);

/// Runs until the player's handle is dropped.
pub(super) fn run(
    inbox: &Arc<Inbox>,
    runtime: &tokio::runtime::Handle,
    outputs: Outputs,
    outlet: Outlet,
) {
    let mut projector = Projector {
        inbox: inbox.clone(),
        runtime: runtime.clone(),
        outputs: Arc::new(outputs),
        outlet,
        trouble: prepare().err(),
        film: None,
        ending: None,
        films: 0,
        desk: None,
        desk_tried: Tried::default(),
    };
    loop {
        let deadline = projector.film.as_ref().and_then(Film::deadline);
        match inbox.next(deadline) {
            None => projector.with_film(Film::tick),
            Some(Item::Word(number, word)) => {
                let of_now = projector
                    .film
                    .as_ref()
                    .is_some_and(|film| film.number() == number);
                if of_now {
                    projector.with_film(|film| film.word(word));
                }
            }
            Some(Item::Outputs) => projector.outputs_changed(),
            Some(Item::DeskBroke) => projector.desk_broke(),
            Some(Item::Order(Order::Quit)) => {
                projector.close();
                projector.wait_for_ending();
                return;
            }
            Some(Item::Order(order)) => projector.order(order),
        }
    }
}

/// Makes GStreamer ready, and loads what every film needs.
fn prepare() -> Result<(), String> {
    gst::init().map_err(|error| error.to_string())?;
    source::register().map_err(|error| error.to_string())?;
    // It finds a device where there is none and complains on the standard error.
    if let Some(openal) = gst::ElementFactory::find("openalsink") {
        openal.set_rank(gst::Rank::NONE);
    }
    let playbin = gst::ElementFactory::make("playbin3").build();
    playbin.map(drop).map_err(|error| error.to_string())
}

struct Projector {
    inbox: Arc<Inbox>,
    runtime: tokio::runtime::Handle,
    outputs: Arc<Outputs>,
    outlet: Outlet,
    /// Why there is no GStreamer.
    trouble: Option<String>,
    film: Option<Film>,
    /// The film closed last, until its thread has ended.
    ending: Option<Pipeline>,
    /// Films opened so far: each has a number, for word of an earlier one may still come.
    films: u64,
    /// Has the sound's device while the box reads aloud.
    desk: Option<DeskOutput>,
    /// What was learnt of outputs meanwhile.
    desk_tried: Tried,
}

impl Projector {
    fn order(&mut self, order: Order) {
        tracing::debug!(?order, "player");
        let concerns = self.film.as_ref().map(Film::session) == order.session();
        match order {
            Order::Open { session, media, at } => {
                self.close();
                let curtain = Curtain::new(session, self.outputs.clone());
                if let Some(why) = &self.trouble {
                    let why = PlayerFailure::Output(why.clone());
                    curtain.news(PlayerNews::Failed(why));
                    return;
                }
                let blocks = Blocks::new(media.film.clone(), self.runtime.clone());
                self.open(Opening {
                    curtain,
                    blocks: Arc::new(blocks),
                    media,
                    at,
                    speed: OWN_SPEED,
                    by_seek: false,
                    inbox: self.inbox.clone(),
                    runtime: self.runtime.clone(),
                    outlet: self.outlet.clone(),
                    tried: Tried::default(),
                    coded: None,
                    counts: false,
                    stills: None,
                    resumed: None,
                });
            }
            Order::Sound => self.with_film(|film| film.order(&order)),
            Order::ReadAloud(on) => self.read_aloud(on),
            Order::Close(_) if concerns => self.close(),
            _ if concerns => self.with_film(|film| film.order(&order)),
            _ => tracing::debug!("an order for a film that is not open"),
        }
    }

    /// The device goes from the film to the desk, or back. Who has it gives it up first.
    fn read_aloud(&mut self, on: bool) {
        self.desk = None;
        self.with_film(Film::outputs_changed);
        if on && self.trouble.is_none() {
            self.wait_for_ending();
            self.desk_tried.forget();
            self.open_desk();
        }
    }

    fn open_desk(&mut self) {
        self.desk = None;
        let inbox = self.inbox.clone();
        let broke = move || inbox.desk_broke();
        match DeskOutput::open(&self.outlet, &mut self.desk_tried, broke) {
            Ok(desk) => self.desk = Some(desk),
            Err(why) => tracing::error!("nothing can be read aloud: {why}"),
        }
    }

    /// It plays to another, or to this one once more; in the end to nobody.
    fn desk_broke(&mut self) {
        let Some(desk) = self.desk.take() else {
            return;
        };
        if let Some(by) = &desk.by {
            self.desk_tried.failed(by);
            drop(desk);
            self.open_desk();
        }
    }

    fn outputs_changed(&mut self) {
        self.with_film(Film::outputs_changed);
        if let Some(desk) = &self.desk {
            self.desk_tried.forget();
            if self
                .outlet
                .desk_is_worse(desk.by.as_deref(), &self.desk_tried)
            {
                self.open_desk();
            }
        }
    }

    /// Lets the film do something, and closes it if that was its end.
    fn with_film(&mut self, act: impl FnOnce(&mut Film)) {
        let Some(film) = &mut self.film else {
            return;
        };
        act(film);
        if let Some(next) = film.successor() {
            self.ending = self.film.take().map(Film::end);
            self.open(next);
        } else if film.failed() {
            self.close();
        }
    }

    fn open(&mut self, opening: Opening) {
        self.wait_for_ending();
        self.films += 1;
        self.film = Film::open(self.films, opening);
        self.with_film(|_| {});
    }

    fn close(&mut self) {
        if let Some(film) = self.film.take() {
            film.fall();
            self.wait_for_ending();
            self.ending = Some(film.end());
        }
    }

    fn wait_for_ending(&mut self) {
        if let Some(ending) = self.ending.take()
            && !ending.wait_for_end(END_WAIT_MAX)
        {
            tracing::error!("a film did not end: its pipeline is left behind");
        }
    }
}
