//! OpenSubtitles as an add-on, against one of a few texts, with each of its refusals.

use std::sync::Arc;

use addon::{AddOnError, Request, Resource};
use facts::Secret;
use fixtures::opensubtitles::{KEY, OpenSubtitlesSite, PASSWORD, Refusal, Text, USER};
use internal::{Account, OpenSubtitles, Places, TextError};
use tempfile::TempDir;

use crate::bench::{ANY, body, fetch, subtitles};

struct Bench {
    site: OpenSubtitlesSite,
    folder: TempDir,
    add_on: OpenSubtitles,
}

fn text(file_id: u64, language: &'static str, imdb: u32, hash_match: bool) -> Text {
    Text {
        file_id,
        language,
        imdb,
        hash_match,
        release: "A.Release",
        downloads: file_id,
        text: "1\n00:00:01,000 --> 00:00:02,000\nBonjour\n",
    }
}

async fn bench(password: &str) -> Bench {
    let texts = vec![
        text(1, "fr", 1_727_587, false),
        text(2, "fr", 1_727_587, true),
        text(3, "en", 1_727_587, false),
        text(4, "de", 1_727_587, false),
        // Another film, by its hash.
        text(5, "fr", 99, true),
    ];
    let site = OpenSubtitlesSite::start(ANY, texts, 2).await;
    let folder = tempfile::tempdir().unwrap();
    let add_on = made(&site, &folder, password);
    Bench {
        site,
        folder,
        add_on,
    }
}

fn made(site: &OpenSubtitlesSite, folder: &TempDir, password: &str) -> OpenSubtitles {
    let places = Places {
        opensubtitles: Some(site.base()),
        ..Places::default()
    };
    let account = Account {
        key: Secret::new(KEY),
        login: Some((USER.to_owned(), Secret::new(password))),
    };
    let languages = ["fr".to_owned(), "en".to_owned()];
    let folder = folder.path().join("texts");
    let clock: fetch::Clock = Arc::new(std::time::SystemTime::now);
    OpenSubtitles::new(&fetch(&places), &places, account, &languages, folder, clock)
}

fn film() -> Request {
    let request = Request::new(Resource::Subtitles, "movie", "tt1727587");
    request.of_file(Some("8e245d9679d31e12"), Some(129_241_752), None)
}

#[tokio::test]
async fn texts_for_this_file_come_first_and_those_of_other_films_not_at_all() {
    let bench = bench(PASSWORD).await;
    let texts = subtitles(&bench.add_on, film()).await;
    let told: Vec<_> = texts
        .iter()
        .map(|it| (it.id.as_str(), it.lang.as_str(), it.url.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("hash:2", "fr", "opensubtitles:2"),
            ("id:3", "en", "opensubtitles:3"),
            ("id:1", "fr", "opensubtitles:1"),
        ]
    );
    assert_eq!(subtitles(&bench.add_on, film()).await, texts);
    // Searching needs no login, and what was found is kept.
    assert_eq!(bench.site.site.count("/api/v1"), 1);
    let nothing = Request::new(Resource::Subtitles, "movie", "archive:Sintel");
    assert!(subtitles(&bench.add_on, nothing).await.is_empty());
    assert_eq!(bench.site.site.count("/api/v1"), 1);
}

#[tokio::test]
async fn a_text_costs_one_download_once_and_is_there_without_a_network() {
    let bench = bench(PASSWORD).await;
    let text = bench.add_on.text("opensubtitles:1").await.unwrap();
    assert!(text.ends_with(b"Bonjour\n"));
    assert_eq!(bench.add_on.text("opensubtitles:1").await.unwrap(), text);
    assert_eq!(bench.site.used(), 1);
    assert_eq!(bench.site.site.count("/api/v1/login"), 1);
    // Another start of the program; nobody answers any more.
    let Bench { site, folder, .. } = bench;
    let again = made(&site, &folder, PASSWORD);
    drop(site);
    assert_eq!(again.text("opensubtitles:1").await.unwrap(), text);
    assert!(again.text("opensubtitles:2").await.is_err());
    assert_eq!(
        again.text("opensubtitles:x").await,
        Err(TextError::NotFound)
    );
}

#[tokio::test]
async fn two_who_want_the_same_text_pay_once() {
    let bench = bench(PASSWORD).await;
    let (one, other) = tokio::join!(
        bench.add_on.text("opensubtitles:1"),
        bench.add_on.text("opensubtitles:1")
    );
    assert_eq!(one.unwrap(), other.unwrap());
    assert_eq!(bench.site.used(), 1);
}

#[tokio::test]
async fn a_spent_quota_is_waited_out() {
    let bench = bench(PASSWORD).await;
    for file in ["opensubtitles:1", "opensubtitles:2"] {
        bench.add_on.text(file).await.unwrap();
    }
    let spent = |result| matches!(result, Err(TextError::QuotaSpent { .. }));
    assert!(spent(bench.add_on.text("opensubtitles:3").await));
    let asked = bench.site.site.asked().len();
    assert!(spent(bench.add_on.text("opensubtitles:3").await));
    assert_eq!(bench.site.site.asked().len(), asked, "nobody was asked");
    // What was paid for is still there, and searching costs nothing.
    assert!(bench.add_on.text("opensubtitles:1").await.is_ok());
    assert_eq!(subtitles(&bench.add_on, film()).await.len(), 3);
}

#[tokio::test]
async fn a_quota_that_is_spent_elsewhere_is_told_by_the_server() {
    let bench = bench(PASSWORD).await;
    let folder = tempfile::tempdir().unwrap();
    let other = made(&bench.site, &folder, PASSWORD);
    for file in ["opensubtitles:1", "opensubtitles:2"] {
        other.text(file).await.unwrap();
    }
    let refused = bench.add_on.text("opensubtitles:3").await;
    assert!(
        matches!(refused, Err(TextError::QuotaSpent { .. })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let bench = bench("wrong").await;
    for _ in 0..2 {
        let refused = bench.add_on.text("opensubtitles:1").await;
        assert_eq!(refused, Err(TextError::LoginRefused));
    }
    assert_eq!(bench.site.site.count("/api/v1/login"), 1);
    assert_eq!(subtitles(&bench.add_on, film()).await.len(), 3);
}

#[tokio::test]
async fn a_token_that_is_too_old_is_renewed() {
    let bench = bench(PASSWORD).await;
    bench.site.refuse("/download", Refusal::TokenExpired);
    assert!(bench.add_on.text("opensubtitles:1").await.is_ok());
    assert_eq!(bench.site.site.count("/api/v1/login"), 2);
}

#[tokio::test]
async fn a_key_that_is_refused_is_not_sent_again() {
    let bench = bench(PASSWORD).await;
    bench.site.refuse("/subtitles", Refusal::KeyRefused);
    let refused = body(&bench.add_on, film()).await;
    assert!(matches!(refused, Err(AddOnError::Failed(_))), "{refused:?}");
    assert_eq!(
        bench.add_on.text("opensubtitles:1").await,
        Err(TextError::KeyRefused)
    );
    assert_eq!(bench.site.site.asked().len(), 1);
}

#[tokio::test]
async fn a_link_that_was_used_costs_another_download_and_no_third() {
    let bench = bench(PASSWORD).await;
    bench.site.refuse("/link/", Refusal::LinkExpired);
    assert!(bench.add_on.text("opensubtitles:1").await.is_ok());
    assert_eq!(bench.site.used(), 2);
    let bench = self::bench(PASSWORD).await;
    bench.site.refuse("/link/", Refusal::LinkExpired);
    bench.site.refuse("/link/", Refusal::LinkExpired);
    assert_eq!(
        bench.add_on.text("opensubtitles:1").await,
        Err(TextError::NotFound)
    );
    assert_eq!(bench.site.used(), 2);
}

#[tokio::test]
async fn its_other_troubles_are_borne_or_told() {
    let bench = bench(PASSWORD).await;
    bench.site.refuse("/subtitles", Refusal::Moved);
    assert_eq!(subtitles(&bench.add_on, film()).await.len(), 3);
    let hashless = Request::new(Resource::Subtitles, "movie", "tt1727587");
    bench.site.refuse("/subtitles", Refusal::BadHash);
    let refused = body(&bench.add_on, hashless.clone()).await;
    assert!(matches!(refused, Err(AddOnError::Failed(_))), "{refused:?}");
    bench.site.refuse("/download", Refusal::BadGateway);
    assert!(bench.add_on.text("opensubtitles:1").await.is_ok());
    // Longer than anybody waits for a text.
    bench.site.refuse("/download", Refusal::TooMany(60));
    assert_eq!(
        bench.add_on.text("opensubtitles:2").await,
        Err(TextError::Later)
    );
    let before = bench.site.site.count("/api/v1/download");
    assert_eq!(
        bench.add_on.text("opensubtitles:2").await,
        Err(TextError::Later)
    );
    assert_eq!(bench.site.site.count("/api/v1/download"), before);
}
