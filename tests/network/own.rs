//! The network that the box opens itself: as iwd and networkd make it, what is served there, how it
//! ends, and what must never be left of it.

use std::sync::Mutex;

use app::{Choice, Language, OwnNetwork, OwnNews};
use matinee::network::{ADDRESS, Opened, Page, Pages};
use tokio::sync::watch;

use super::*;
use crate::stand_in::MODES;

/// What stands in for the page: what it was given, and whether it is served now.
struct Desk {
    opened: Arc<Mutex<Option<Opened>>>,
    served: watch::Receiver<bool>,
}

/// It is served while this is there.
struct Served(watch::Sender<bool>);

impl Drop for Served {
    fn drop(&mut self) {
        self.0.send_replace(false);
    }
}

impl Desk {
    /// Whose page is served, or is not for this reason.
    fn new(fails: Option<&'static str>) -> (Desk, Pages) {
        let opened = Arc::<Mutex<Option<Opened>>>::default();
        let (serves, served) = watch::channel(false);
        let given = Arc::clone(&opened);
        let pages = Pages(Arc::new(move |opened| {
            let serves = serves.clone();
            let address = format!("http://{}", opened.address);
            *given.lock().unwrap() = Some(opened);
            std::boxed::Box::pin(async move {
                if let Some(why) = fails {
                    return Err(why.to_owned());
                }
                serves.send_replace(true);
                let held = std::boxed::Box::new(Served(serves));
                Ok(Page { address, held })
            })
        }));
        (Desk { opened, served }, pages)
    }

    /// Waits until nothing is served there any more.
    async fn ends(&mut self) {
        let ended = self.served.wait_for(|served| !served);
        timeout(SOON, ended).await.unwrap().unwrap();
    }

    /// Another phone is there.
    fn joins(&self) {
        let opened = self.opened.lock().unwrap();
        (opened.as_ref().unwrap().joined)();
    }

    /// A phone has chosen.
    fn chooses(&self, choice: Choice) {
        let opened = self.opened.lock().unwrap();
        (opened.as_ref().unwrap().chosen)(choice);
    }
}

fn start(fails: Option<&'static str>) -> (Bus, Box, Desk) {
    let folder = tempfile::tempdir().unwrap();
    let bus = Bus::at(&folder.path().join("bus"));
    let (desk, pages) = Desk::new(fails);
    let config = Config {
        bus: bus.address.split(',').next().map(str::to_owned),
        pages: Some(pages),
        ..Config::default()
    };
    (bus, Box::with(folder, config), desk)
}

/// As networkd tells of an access point.
fn own_radio() -> String {
    radio("routable").replace("[10, 0, 0, 7]", "[10, 73, 0, 1]")
}

impl Box {
    async fn own(&mut self) -> OwnNews {
        let news = self.until(|news| matches!(news, NetworkNews::Own(_)));
        match news.await {
            NetworkNews::Own(news) => news,
            _ => unreachable!("it was its own"),
        }
    }

    async fn ended(&mut self) -> String {
        match self.own().await {
            OwnNews::Ended(why) => why,
            other => panic!("{other:?}"),
        }
    }

    /// Opens it, as far as iwd and networkd do their part.
    async fn opens(&mut self, iwd: &Iwd, networkd: &Networkd) -> OwnNetwork {
        self.network.perform(NetworkAct::OpenOwn(Language::English));
        let (name, psk) = timeout(SOON, iwd.point()).await.unwrap();
        networkd.is(&own_radio()).await;
        let OwnNews::Opened(own) = self.own().await else {
            panic!("it is not open");
        };
        assert_eq!((&own.name, &own.passphrase.0), (&name, &psk));
        own
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_chooses_and_the_box_joins() {
    let (bus, mut it, mut desk) = start(None);
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens && it.networks.len() == 1).await;
    let own = it.opens(&iwd, &networkd).await;
    assert!(own.name.starts_with("Matinee "), "{own:?}");
    assert_eq!(own.address, "http://10.73.0.1");
    {
        let opened = desk.opened.lock().unwrap();
        let opened = opened.as_ref().unwrap();
        assert_eq!(opened.address, ADDRESS);
        assert_eq!(opened.networks[0].name, "Attic");
    }
    // What was in reach before holds on, and the box's own address is no way out.
    it.network.perform(NetworkAct::Look);
    networkd.is(&own_radio()).await;
    desk.joins();
    assert_eq!(it.own().await, OwnNews::Joined);
    let choice = Choice {
        id: Some(ATTIC.path().into()),
        name: "Attic".into(),
        passphrase: Some(Passphrase(PASSPHRASE.into())),
    };
    desk.chooses(choice.clone());
    assert_eq!(it.own().await, OwnNews::Chosen(choice));
    assert!(*desk.served.borrow(), "the phone hears that it was heard");
    assert_eq!(it.joins(ATTIC, Some(PASSPHRASE)).await, NetworkNews::LetIn);
    desk.ends().await;
    assert_eq!(iwd.state().modes, ["ap", "station"]);
    networkd.is(&radio("routable")).await;
    it.radio(|it| it.link == up("10.0.0.7")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn networks_are_told_on_while_it_is_open_and_it_is_no_way_out() {
    let (bus, mut it, mut desk) = start(None);
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens && it.networks.len() == 1).await;
    let first = it.opens(&iwd, &networkd).await;
    let cable = own_radio().replace(
        "[{",
        r#"[{"Name": "eth0", "Type": "ether", "CarrierState": "no-carrier"}, {"#,
    );
    networkd.is(&cable).await;
    let stand = it.stand(|it| it.wired.is_some()).await;
    assert!(!stand.online());
    assert_eq!(stand.wireless.unwrap().networks[0].name, "Attic");
    it.network.perform(NetworkAct::CloseOwn);
    desk.ends().await;
    // It finds them again when it looks.
    it.radio(|it| it.networks.is_empty()).await;
    it.network.perform(NetworkAct::Look);
    it.radio(|it| it.networks.len() == 1).await;
    let second = it.opens(&iwd, &networkd).await;
    assert_ne!(first.passphrase.0, second.passphrase.0);
    assert_eq!(iwd.state().modes, ["ap", "station", "ap"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_from_the_phone_is_told_as_any() {
    let (bus, mut it, _desk) = start(None);
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens && it.networks.len() == 1).await;
    it.opens(&iwd, &networkd).await;
    let outcome = it.joins(ATTIC, Some("wrong horse")).await;
    let wrong = NetworkNews::NotLetIn(JoinFailure::WrongPassword);
    assert_eq!(outcome, wrong);
    it.opens(&iwd, &networkd).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_radio_that_cannot_is_not_offered_and_not_tried() {
    let (bus, mut it, _desk) = start(None);
    let iwd = Iwd::with(&bus, &[ATTIC], &MODES[..2], "station").await;
    let radio = it.radio(|it| it.networks.len() == 1).await;
    assert!(!radio.opens);
    it.network.perform(NetworkAct::OpenOwn(Language::English));
    it.ended().await;
    assert!(iwd.state().modes.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_page_the_radio_is_a_station_again() {
    let (bus, mut it, desk) = start(Some("no port"));
    let networkd = Networkd::start(&bus, &own_radio()).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens).await;
    it.network.perform(NetworkAct::OpenOwn(Language::English));
    assert_eq!(it.ended().await, "no port");
    assert_eq!(iwd.state().modes, ["ap", "station"]);
    assert!(!*desk.served.borrow());
    drop(networkd);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_radio_ends_is_told_and_cleared_away() {
    let (bus, mut it, mut desk) = start(None);
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens && it.networks.len() == 1).await;
    it.opens(&iwd, &networkd).await;
    iwd.ends().await;
    it.ended().await;
    desk.ends().await;
    it.radio(|it| it.networks.is_empty()).await;
    assert_eq!(iwd.state().modes, ["ap", "station"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_iwd_it_goes() {
    let (bus, mut it, mut desk) = start(None);
    let networkd = Networkd::start(&bus, &radio("off")).await;
    let iwd = Iwd::start(&bus, &[ATTIC]).await;
    it.radio(|it| it.opens && it.networks.len() == 1).await;
    it.opens(&iwd, &networkd).await;
    iwd.goes().await;
    it.ended().await;
    desk.ends().await;
}

/// A box was switched off and on, and iwd was not.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_box_before_has_left_open_is_closed() {
    let (bus, mut it, _desk) = start(None);
    let iwd = Iwd::with(&bus, &[ATTIC], &MODES, "ap").await;
    it.radio(|it| it.opens).await;
    assert_eq!(iwd.state().modes, ["station"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_serves_no_page_opens_none() {
    let (bus, mut it) = Box::start();
    let _iwd = Iwd::start(&bus, &[ATTIC]).await;
    let radio = it.radio(|it| it.networks.len() == 1).await;
    assert!(!radio.opens);
    it.network.perform(NetworkAct::OpenOwn(Language::English));
    it.ended().await;
}
