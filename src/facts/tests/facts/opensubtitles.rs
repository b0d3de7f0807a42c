//! OpenSubtitles: its answers, and what it allows.

use std::time::Duration;

use facts::opensubtitles::{Fit, Query, Session, Step, Trouble, Wait, Wanted};
use facts::{Answer, Fault, Imdb, Method, Request, Secret};

use super::answer;

const SEARCH: &str = include_str!("answers/opensubtitles_search.json");
const LOGIN: &str = r#"{"user":{"allowed_downloads":20,"level":"Sub leecher","user_id":1,
    "vip":false},"token":"a-token","status":200,"base_url":"vip-api.opensubtitles.com"}"#;
const DOWNLOAD: &str = r#"{"link":"https://dl.example/one-time/file.srt","file_name":"a/Sintel.srt",
    "requests":3,"remaining":17,"message":"","reset_time_utc":"2026-11-27T23:59:59.000Z"}"#;

/// 2026-11-27T00:00:00Z.
const NOW: Duration = Duration::from_secs(1_795_737_600);

fn session() -> Session {
    let account = ("somebody".to_owned(), Secret::new("password"));
    Session::new(Secret::new("key"), Some(account))
}

/// A second later each: so that no pace is in the way.
fn at(seconds: u64) -> Duration {
    NOW + Duration::from_secs(seconds)
}

fn logged_in() -> Session {
    let mut session = session();
    let step = session.download(101, at(0)).unwrap();
    assert!(matches!(step, Step::LogIn(_)));
    session.logged_in(&answer(200, LOGIN), at(0)).unwrap();
    session
}

fn download(session: &mut Session, seconds: u64) -> Request {
    match session.download(101, at(seconds)).unwrap() {
        Step::Download(request) => request,
        Step::LogIn(request) => panic!("{request:?}"),
    }
}

#[test]
fn a_search_needs_the_key_alone() {
    let mut session = session();
    let query = Query {
        imdb: Some(Imdb(1_727_587)),
        ..Query::default()
    };
    let request = session.search(&query, NOW).unwrap();
    assert_eq!(
        request.url,
        "https://api.opensubtitles.com/api/v1/subtitles?imdb_id=1727587"
    );
    assert_eq!(request.header("api-key"), Some("key"));
    assert_eq!(request.header("authorization"), None);
    assert!(
        request
            .header("user-agent")
            .unwrap()
            .starts_with("Matinee v")
    );
    // Five a second.
    let soon = NOW + Duration::from_millis(200);
    assert_eq!(session.search(&query, NOW), Err(Wait::Until(soon)));
    assert!(session.search(&query, soon).is_ok());
}

#[test]
fn subtitles_of_other_films_are_known() {
    let page = session().searched(&answer(200, SEARCH), NOW).unwrap();
    assert_eq!((page.page, page.pages, page.subtitles.len()), (1, 2, 2));
    let wanted = Wanted {
        imdb: Some(Imdb(1_727_587)),
        ..Wanted::default()
    };
    let fits: Vec<Fit> = page.subtitles.iter().map(|it| it.fit(&wanted)).collect();
    assert_eq!(fits, [Fit::File, Fit::Other]);
    let [one, other] = page.subtitles.as_slice() else {
        panic!()
    };
    assert_eq!(
        (one.file_id, one.fps, one.by_machine),
        (101, Some(23.976), false)
    );
    assert_eq!(
        (other.file_id, other.fps, other.by_machine),
        (102, None, true)
    );
    assert_eq!((other.language.as_str(), other.downloads), ("pt-BR", 7));
}

#[test]
fn a_download_logs_in_first() {
    let mut session = session();
    let Step::LogIn(login) = session.download(101, at(0)).unwrap() else {
        panic!()
    };
    assert_eq!(login.method, Method::Post);
    let body = login.body.as_ref().unwrap().reveal();
    assert!(body.contains("\"password\":\"password\""), "{body}");
    assert!(!format!("{login:?}{session:?}").contains("\"password\""));
    // One login a second, whatever comes.
    assert_eq!(
        session.download(101, at(0) + Duration::from_millis(300)),
        Err(Wait::Until(at(1)))
    );
    session.logged_in(&answer(200, LOGIN), at(1)).unwrap();
    let request = download(&mut session, 2);
    assert_eq!(
        request.url,
        "https://vip-api.opensubtitles.com/api/v1/download"
    );
    assert_eq!(request.header("authorization"), Some("Bearer a-token"));
    assert_eq!(
        request.body.unwrap().reveal(),
        r#"{"file_id":101,"sub_format":"srt"}"#
    );
    let got = session.downloaded(&answer(200, DOWNLOAD), at(3)).unwrap();
    assert_eq!(
        (got.file_name.as_str(), got.remaining),
        ("Sintel.srt", Some(17))
    );
    let fetch = got.request();
    assert_eq!(
        (fetch.header("api-key"), fetch.header("authorization")),
        (None, None)
    );
    assert!(fetch.secret_url && !format!("{fetch:?}{got:?}").contains("one-time"));
    // A token is used for 20 hours.
    assert!(matches!(
        session.download(1, at(20 * 3600)),
        Ok(Step::Download(_))
    ));
    assert!(matches!(
        session.download(1, at(20 * 3600 + 2)),
        Ok(Step::LogIn(_))
    ));
}

#[test]
fn only_their_hosts_are_believed() {
    for host in [
        "evil.example",
        "opensubtitles.com.evil.example",
        "a@b.opensubtitles.com",
        "",
    ] {
        let mut session = session();
        session.download(1, at(0)).unwrap();
        let body = format!(r#"{{"token":"t","base_url":"{host}"}}"#);
        session.logged_in(&answer(200, &body), at(0)).unwrap();
        let request = download(&mut session, 2);
        assert_eq!(
            request.url, "https://api.opensubtitles.com/api/v1/download",
            "{host}"
        );
    }
    let mut local = session().at("http://127.0.0.1:7130/api/v1");
    local.download(1, at(0)).unwrap();
    local.logged_in(&answer(200, LOGIN), at(0)).unwrap();
    assert_eq!(
        download(&mut local, 2).url,
        "http://127.0.0.1:7130/api/v1/download"
    );
}

#[test]
fn a_wrong_password_is_tried_once() {
    let mut session = session();
    session.download(101, at(0)).unwrap();
    let body =
        r#"{"message":"Error, invalid username/password failed:1 remaining:9","status":401}"#;
    let trouble = session.logged_in(&answer(401, body), at(0)).unwrap_err();
    assert!(matches!(&trouble, Trouble::LoginRefused { why } if why.contains("remaining:9")));
    assert_eq!(session.download(101, at(9)), Err(Wait::LoginRefused));
    // Searching goes on.
    assert!(session.search(&Query::default(), at(9)).is_ok());
}

#[test]
fn a_token_that_ended_is_renewed_once() {
    let mut session = logged_in();
    download(&mut session, 2);
    let refused = session.downloaded(&answer(401, ""), at(2));
    assert_eq!(refused, Err(Trouble::LogInAgain));
    assert!(matches!(session.download(101, at(4)), Ok(Step::LogIn(_))));
    session.logged_in(&answer(200, LOGIN), at(4)).unwrap();
    download(&mut session, 6);
    let refused = session.downloaded(&answer(401, ""), at(6));
    assert!(matches!(refused, Err(Trouble::LoginRefused { .. })));
    assert_eq!(session.download(101, at(9)), Err(Wait::LoginRefused));
}

#[test]
fn a_spent_quota_is_waited_out() {
    let spent = r#"{"requests":20,"remaining":0,"message":"You have downloaded your allowed 20",
        "reset_time":"9 hours","reset_time_utc":"2026-11-27T09:00:00.000Z"}"#;
    for status in [406, 407] {
        let mut session = logged_in();
        download(&mut session, 2);
        let until = at(9 * 3600);
        let trouble = session.downloaded(&answer(status, spent), at(2));
        assert_eq!(trouble, Err(Trouble::QuotaSpent { until }));
        assert_eq!(
            session.download(1, at(3600)),
            Err(Wait::QuotaSpent { until })
        );
        assert_eq!(session.quota_spent_until(at(3600)), Some(until));
        assert_eq!(session.quota_spent_until(until), None);
        assert!(session.search(&Query::default(), at(3600)).is_ok());
        assert!(session.download(1, until + Duration::from_secs(1)).is_ok());
    }
    // Times of a mad clock are bounded.
    for (time, expected) in [
        ("1999-01-01T00:00:00Z", 62),
        ("2999-01-01T00:00:00Z", 86402),
    ] {
        let mut session = logged_in();
        let body = format!(r#"{{"remaining":-1,"reset_time_utc":"{time}"}}"#);
        let trouble = session.downloaded(&answer(406, &body), at(2));
        assert_eq!(
            trouble,
            Err(Trouble::QuotaSpent {
                until: at(expected)
            })
        );
    }
    // The last one is given, and then no more is asked for.
    let mut session = logged_in();
    let last = DOWNLOAD.replace("17", "0");
    session.downloaded(&answer(200, &last), at(2)).unwrap();
    assert!(matches!(
        session.download(1, at(9)),
        Err(Wait::QuotaSpent { .. })
    ));
}

#[test]
fn a_bad_file_is_no_spent_quota() {
    let mut session = logged_in();
    let body = r#"{"message":"Invalid file_id","status":406}"#;
    let trouble = session.downloaded(&answer(406, body), at(2));
    assert_eq!(
        trouble,
        Err(Trouble::Refused {
            why: "Invalid file_id".into()
        })
    );
    assert!(session.download(102, at(3)).is_ok());
}

#[test]
fn haste_and_trouble_are_waited_out() {
    let headers = [("Retry-After".to_owned(), "30".to_owned())];
    let too_many = Answer {
        status: 429,
        headers: &headers,
        body: b"",
    };
    let mut session = session();
    let trouble = session.searched(&too_many, at(0)).unwrap_err();
    assert_eq!(trouble, Trouble::Again { at: at(30) });
    assert_eq!(
        session.search(&Query::default(), at(29)),
        Err(Wait::Until(at(30)))
    );
    assert!(session.search(&Query::default(), at(30)).is_ok());

    let down = |session: &mut Session| session.searched(&answer(502, ""), at(40)).unwrap_err();
    for _ in 0..2 {
        assert_eq!(down(&mut session), Trouble::Again { at: at(42) });
        assert_eq!(down(&mut session), Trouble::Again { at: at(44) });
        let fault = Fault::Down {
            status: 502,
            wait: None,
        };
        assert_eq!(down(&mut session), Trouble::Fault(fault));
    }
}

#[test]
fn other_refusals_say_what_to_do() {
    let reason = [("X-Reason".to_owned(), "moviehash is wrong".to_owned())];
    let wrong = Answer {
        status: 400,
        headers: &reason,
        body: b"",
    };
    let trouble = session().searched(&wrong, NOW).unwrap_err();
    assert_eq!(
        trouble,
        Trouble::Refused {
            why: "moviehash is wrong".into()
        }
    );

    let mut refused = session();
    assert_eq!(
        refused.searched(&answer(403, ""), NOW),
        Err(Trouble::KeyRefused)
    );
    assert_eq!(
        refused.search(&Query::default(), at(9)),
        Err(Wait::KeyRefused)
    );
    assert_eq!(refused.download(1, at(9)), Err(Wait::KeyRefused));

    assert_eq!(
        Session::fetched(&answer(410, ""), NOW),
        Err(Trouble::LinkExpired)
    );
    assert_eq!(Session::fetched(&answer(200, "1\n"), NOW), Ok(()));
    assert!(matches!(
        session().searched(&answer(200, "<html>"), NOW),
        Err(Trouble::Fault(Fault::NotJson(_)))
    ));
}

#[test]
fn a_redirect_stays_on_the_host() {
    for (place, followed) in [
        ("/api/v1/subtitles?query=a", true),
        (
            "https://api.opensubtitles.com/api/v1/subtitles?query=a",
            true,
        ),
        ("https://evil.example/api/v1/subtitles", false),
        ("http://api.opensubtitles.com/api/v1/subtitles", false),
        ("//evil.example/", false),
    ] {
        let headers = [("location".to_owned(), place.to_owned())];
        let moved = Answer {
            status: 301,
            headers: &headers,
            body: b"",
        };
        match session().searched(&moved, NOW).unwrap_err() {
            Trouble::Moved(request) => {
                assert!(followed, "{place}");
                assert_eq!(request.header("api-key"), Some("key"));
                assert!(request.url.ends_with("/subtitles?query=a"));
            }
            trouble => assert!(!followed, "{place}: {trouble:?}"),
        }
    }
    let fault = session().searched(&answer(301, ""), NOW).unwrap_err();
    assert_eq!(fault, Trouble::Fault(Fault::Status(301)));
}

#[test]
fn nobody_is_a_user_too() {
    let mut session = Session::new(Secret::new("key"), None);
    assert_eq!(download(&mut session, 0).header("authorization"), None);
    let trouble = session.downloaded(&answer(401, ""), at(1));
    assert!(matches!(trouble, Err(Trouble::LoginRefused { .. })));
    let mut session = logged_in();
    let request = session.log_out(at(2)).unwrap();
    assert_eq!(
        (request.method, request.header("authorization")),
        (Method::Delete, Some("Bearer a-token"))
    );
    assert_eq!(session.log_out(at(3)), None);
}
