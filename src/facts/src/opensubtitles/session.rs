//! What may be asked of OpenSubtitles now, and what its refusals mean.
//!
//! Time is passed in, as time since 1970. The shell asks for a request, sends it, and gives the
//! answer to the method of the same name.

use std::time::Duration;

use url::Url;

use super::answers::{Download, Page};
use super::moment::moment;
use super::query::Query;
use crate::lenient::{self, ANSWER_MAX_BYTES};
use crate::{Answer, Fault, Request, Secret};

/// Between two requests: five a second are allowed.
const PACE: Duration = Duration::from_millis(200);
/// Between two logins: one a second is.
const LOGIN_PACE: Duration = Duration::from_secs(1);
/// Tokens last about 24 hours; this is on the safe side.
const TOKEN_LASTS: Duration = Duration::from_secs(20 * 3600);
/// A quota is of a day; a time further off is a mistake of theirs or of our clock.
const QUOTA_LASTS: Duration = Duration::from_secs(24 * 3600);
/// The least that is waited for it: our clock may be behind.
const QUOTA_LEAST: Duration = Duration::from_secs(60);
/// Where a refusal for too many requests does not say how long.
const TOO_MANY_WAIT: Duration = Duration::from_secs(10);
/// A server in trouble is asked so many times more ...
const TRIES_MORE: u32 = 2;
/// ... after this, and twice this.
const DOWN_WAIT: Duration = Duration::from_secs(2);

/// Why nothing is asked now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    Until(Duration),
    /// All downloads of the day are used; time since 1970.
    QuotaSpent {
        until: Duration,
    },
    /// Name or password were refused: the owner must say them anew.
    LoginRefused,
    /// The application's key was.
    KeyRefused,
}

/// What a download takes next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    LogIn(Request),
    Download(Request),
}

/// What an answer that is none means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// To be asked again, then.
    Again {
        at: Duration,
    },
    /// To be asked again at once: the login was renewed, or must be.
    LogInAgain,
    /// The same question has another address, on the same host.
    Moved(Request),
    QuotaSpent {
        until: Duration,
    },
    LoginRefused {
        why: String,
    },
    KeyRefused,
    /// The link was used or is too old: a new one costs a download again.
    LinkExpired,
    /// The question makes no sense to them.
    Refused {
        why: String,
    },
    Fault(Fault),
}

#[derive(Debug, Clone)]
pub struct Session {
    base: String,
    key: Secret,
    /// Name and password.
    account: Option<(String, Secret)>,
    token: Option<(Secret, Duration)>,
    /// The last token was refused, and no request went well since.
    renewed: bool,
    next_at: Duration,
    login_at: Duration,
    quota_until: Option<Duration>,
    login_refused: bool,
    key_refused: bool,
    down: u32,
}

impl Session {
    /// `key` is the application's. Without an account five subtitles a day are given.
    pub fn new(key: Secret, account: Option<(String, Secret)>) -> Session {
        Session {
            base: "https://api.opensubtitles.com/api/v1".into(),
            key,
            account,
            token: None,
            renewed: false,
            next_at: Duration::ZERO,
            login_at: Duration::ZERO,
            quota_until: None,
            login_refused: false,
            key_refused: false,
            down: 0,
        }
    }

    /// The same at a server that answers as it does.
    #[must_use]
    pub fn at(self, base: &str) -> Session {
        Session {
            base: base.trim_end_matches('/').to_owned(),
            ..self
        }
    }

    /// When downloads are possible again, if they are not now.
    pub fn quota_spent_until(&self, now: Duration) -> Option<Duration> {
        self.quota_until.filter(|until| *until > now)
    }

    /// Searching costs nothing and needs no login.
    ///
    /// # Errors
    /// Why it must not be sent now.
    pub fn search(&mut self, query: &Query, now: Duration) -> Result<Request, Wait> {
        self.may_send(now)?;
        let request = Request::get(format!("{}/subtitles{}", self.base, query.text()));
        Ok(self.keyed(request, now))
    }

    /// # Errors
    /// Why there is no page, and what to do.
    pub fn searched(&mut self, answer: &Answer<'_>, now: Duration) -> Result<Page, Trouble> {
        self.check(answer, now)?;
        Page::of(answer).map_err(Trouble::Fault)
    }

    /// What to send to get at that file: first a login, when there is an account.
    ///
    /// # Errors
    /// Why nothing must be sent now.
    pub fn download(&mut self, file_id: u64, now: Duration) -> Result<Step, Wait> {
        if let Some(until) = self.quota_spent_until(now) {
            return Err(Wait::QuotaSpent { until });
        }
        if self.login_refused {
            return Err(Wait::LoginRefused);
        }
        self.may_send(now)?;
        self.token.take_if(|(_, since)| now >= *since + TOKEN_LASTS);
        if let (Some((name, password)), None) = (&self.account, &self.token) {
            if now < self.login_at {
                return Err(Wait::Until(self.login_at));
            }
            let body = serde_json::json!({ "username": name, "password": password.reveal() });
            let request = Request::get(format!("{}/login", self.base)).post(&body);
            self.login_at = now + LOGIN_PACE;
            return Ok(Step::LogIn(self.keyed(request, now)));
        }
        let body = serde_json::json!({ "file_id": file_id, "sub_format": "srt" });
        let mut request = Request::get(format!("{}/download", self.base)).post(&body);
        if let Some((token, _)) = &self.token {
            let bearer = Secret::new(format!("Bearer {}", token.reveal()));
            request = request.with_secret("authorization", bearer);
        }
        Ok(Step::Download(self.keyed(request, now)))
    }

    /// # Errors
    /// What a refusal means. One of the name or password is final: ten of them lock the account.
    pub fn logged_in(&mut self, answer: &Answer<'_>, now: Duration) -> Result<(), Trouble> {
        if matches!(answer.status, 400 | 401) {
            self.login_refused = true;
            let why = message(answer);
            return Err(Trouble::LoginRefused { why });
        }
        self.check(answer, now)?;
        let json = lenient::json(answer, ANSWER_MAX_BYTES).map_err(Trouble::Fault)?;
        let token = lenient::text(&json["token"]).ok_or(Trouble::Fault(Fault::Shape("token")))?;
        self.token = Some((Secret::new(token), now));
        if let Some(host) = lenient::text(&json["base_url"]) {
            self.move_to(&host);
        }
        Ok(())
    }

    /// # Errors
    /// What a refusal means.
    pub fn downloaded(&mut self, answer: &Answer<'_>, now: Duration) -> Result<Download, Trouble> {
        // 407 is their older word for it.
        if matches!(answer.status, 406 | 407) {
            return Err(self.spent(answer, now));
        }
        self.check(answer, now)?;
        let download = Download::of(answer).map_err(Trouble::Fault)?;
        self.renewed = false;
        if download.remaining == Some(0) {
            self.quota_until = download.renewed_at.map(|at| bounded(at, now));
        }
        Ok(download)
    }

    /// Of the file itself, which comes from elsewhere: its bytes are the shell's.
    ///
    /// # Errors
    /// What a refusal means.
    pub fn fetched(answer: &Answer<'_>, now: Duration) -> Result<(), Trouble> {
        match answer.status {
            404 | 410 => Err(Trouble::LinkExpired),
            429 => Err(Trouble::Again {
                at: now + answer.retry_after().unwrap_or(TOO_MANY_WAIT),
            }),
            _ => answer.checked().map(|_| ()).map_err(Trouble::Fault),
        }
    }

    /// Forgets the token as the owner wishes; the request ends it at the server too.
    pub fn log_out(&mut self, now: Duration) -> Option<Request> {
        let (token, _) = self.token.take()?;
        self.account = None;
        let bearer = Secret::new(format!("Bearer {}", token.reveal()));
        let request = Request {
            method: crate::Method::Delete,
            ..Request::get(format!("{}/logout", self.base))
        };
        Some(self.keyed(request.with_secret("authorization", bearer), now))
    }

    fn may_send(&self, now: Duration) -> Result<(), Wait> {
        if self.key_refused {
            return Err(Wait::KeyRefused);
        }
        if now < self.next_at {
            Err(Wait::Until(self.next_at))
        } else {
            Ok(())
        }
    }

    /// With the application's key; counts as sent.
    fn keyed(&mut self, request: Request, now: Duration) -> Request {
        self.next_at = now + PACE;
        request.with_secret("api-key", self.key.clone())
    }

    /// What any of their answers may say.
    fn check(&mut self, answer: &Answer<'_>, now: Duration) -> Result<(), Trouble> {
        if !(500..=599).contains(&answer.status) {
            self.down = 0;
        }
        Err(match answer.status {
            200..=299 => return Ok(()),
            301 | 302 | 307 | 308 => self.moved(answer),
            400 => Trouble::Refused {
                why: message(answer),
            },
            401 if self.renewed || self.account.is_none() => {
                self.login_refused = true;
                Trouble::LoginRefused {
                    why: message(answer),
                }
            }
            401 => {
                self.token = None;
                self.renewed = true;
                Trouble::LogInAgain
            }
            403 => {
                self.key_refused = true;
                Trouble::KeyRefused
            }
            410 => Trouble::LinkExpired,
            429 => {
                self.next_at = now + answer.retry_after().unwrap_or(TOO_MANY_WAIT);
                Trouble::Again { at: self.next_at }
            }
            500..=599 if self.down < TRIES_MORE => {
                self.down += 1;
                let wait = answer.retry_after().unwrap_or(DOWN_WAIT * self.down);
                self.next_at = now + wait;
                Trouble::Again { at: self.next_at }
            }
            status => {
                self.down = 0;
                let fault = answer.checked().err().unwrap_or(Fault::Status(status));
                Trouble::Fault(fault)
            }
        })
    }

    /// 406: the day's downloads are used, or the file is none.
    fn spent(&mut self, answer: &Answer<'_>, now: Duration) -> Trouble {
        let json = lenient::json(answer, ANSWER_MAX_BYTES).unwrap_or_default();
        let renewed_at = lenient::text(&json["reset_time_utc"]).and_then(|text| moment(&text));
        let remaining = lenient::number(&json["remaining"]);
        if renewed_at.is_none() && remaining.is_none_or(|left| left > 0.0) {
            return Trouble::Refused {
                why: message(answer),
            };
        }
        let until = bounded(renewed_at.unwrap_or(now + QUOTA_LASTS), now);
        self.quota_until = Some(until);
        Trouble::QuotaSpent { until }
    }

    /// A redirect that stays on the host keeps the key; no other is followed.
    fn moved(&mut self, answer: &Answer<'_>) -> Trouble {
        let elsewhere = || Trouble::Fault(Fault::Status(answer.status));
        let (Ok(base), Some(place)) = (Url::parse(&self.base), answer.header("location")) else {
            return elsewhere();
        };
        match base.join(place) {
            Ok(url) if url.origin() == base.origin() => {
                let request = Request::get(url.to_string());
                Trouble::Moved(request.with_secret("api-key", self.key.clone()))
            }
            _ => elsewhere(),
        }
    }

    /// After a login another of their hosts may serve the account. Only theirs, and never when we
    /// began elsewhere.
    fn move_to(&mut self, host: &str) {
        let theirs = host == "opensubtitles.com" || host.ends_with(".opensubtitles.com");
        let letter = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
        let from = Url::parse(&self.base).ok();
        let from = from.as_ref().and_then(Url::host_str).unwrap_or_default();
        if theirs && host.bytes().all(letter) && from.ends_with(".opensubtitles.com") {
            self.base = format!("https://{host}/api/v1");
        }
    }
}

/// A time of theirs, within what a quota can last.
fn bounded(at: Duration, now: Duration) -> Duration {
    at.clamp(now + QUOTA_LEAST, now + QUOTA_LASTS)
}

/// Their own words of what is wrong.
fn message(answer: &Answer<'_>) -> String {
    let json = lenient::json(answer, ANSWER_MAX_BYTES).unwrap_or_default();
    let texts = [&json["message"], &json["errors"]]
        .into_iter()
        .find_map(lenient::text);
    let text = texts.or_else(|| answer.header("x-reason").map(str::to_owned));
    match lenient::said(&text.unwrap_or_default()) {
        Fault::Said(words) => words,
        _ => String::new(),
    }
}
