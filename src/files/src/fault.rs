//! What went wrong on the web, in the words of the core; and whether it helps to ask again.

use std::time::Duration;

use app::SupplyFailure;
use fetch::FetchError;

#[derive(Debug)]
pub(crate) enum Fault {
    /// Nothing will come any more.
    Final(SupplyFailure),
    /// It may go on, not before so long; what to say if it does not.
    Passing {
        failure: SupplyFailure,
        after: Option<Duration>,
    },
}

impl Fault {
    pub(crate) fn changed(host: &str) -> Fault {
        Fault::Final(SupplyFailure::Changed(host.to_owned()))
    }

    /// The server speaks, but not as one can go on with.
    pub(crate) fn broken(host: &str) -> Fault {
        Fault::passing(host, "its answers are broken", None)
    }

    pub(crate) fn slow(host: &str) -> Fault {
        Fault::passing(host, "it is too slow", None)
    }

    fn passing(host: &str, why: &str, after: Option<Duration>) -> Fault {
        let failure = SupplyFailure::NoServer {
            host: host.to_owned(),
            why: why.to_owned(),
        };
        Fault::Passing { failure, after }
    }
}

impl From<FetchError> for Fault {
    fn from(error: FetchError) -> Fault {
        use FetchError as E;
        match error {
            E::BadAddress(why) => Fault::Final(SupplyFailure::Broken(why.to_owned())),
            E::Refused(host) => Fault::Final(SupplyFailure::AtHome(host)),
            E::Insecure(host) => Fault::Final(SupplyFailure::Unsupported(format!(
                "{host} leads from a secure address to one that is not"
            ))),
            E::WrongType(host) | E::NotJson(host) => Fault::Final(SupplyFailure::Unsupported(
                format!("{host} sends a web page in place of the film"),
            )),
            E::TooManyRedirects(host) => Fault::Final(SupplyFailure::Unsupported(format!(
                "{host} leads in circles"
            ))),
            E::Status { host, code, after } => match code {
                404 | 410 => Fault::Final(SupplyFailure::NotThere(host)),
                416 => Fault::Final(SupplyFailure::Changed(host)),
                408 | 425 | 429 | 500.. => {
                    Fault::passing(&host, &format!("it says error {code}"), after)
                }
                _ => Fault::Final(SupplyFailure::Refused { host, code }),
            },
            E::Later { host, after } => {
                Fault::passing(&host, "it fails again and again", Some(after))
            }
            E::NoNetwork => Fault::passing("The server", "there is no network", None),
            E::NoHost(host) => Fault::passing(&host, "nobody knows its name", None),
            E::Tls(host) => Fault::passing(&host, "there is no secure connection", None),
            E::Proxy => Fault::passing("The proxy", "it does not let through", None),
            E::TooSlow(host) => Fault::slow(&host),
            E::NoAnswer(host) => Fault::passing(&host, "the connection breaks off", None),
            E::Broken(host) | E::TooLarge { host, .. } | E::NotKept(host) => Fault::broken(&host),
        }
    }
}
