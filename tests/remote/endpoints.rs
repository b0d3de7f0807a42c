//! What each endpoint does with right and wrong requests.

use super::*;

#[tokio::test]
async fn health_state_and_figures_tell() {
    let stage = stage().await;
    let health = get(&stage, "/api/v1/health").await;
    assert_eq!(
        health.json(),
        json!({ "ok": true, "version": env!("CARGO_PKG_VERSION") })
    );
    assert!(
        health.head.contains("cache-control: no-store"),
        "{}",
        health.head
    );
    let told = get(&stage, "/api/v1/state").await.json();
    assert_eq!(told["seq"], 1);
    assert_eq!(told["screen"], "trouble");
    assert_eq!(told["playback"], Value::Null);
    stage.views.send(Arc::new(view(2))).unwrap();
    assert_eq!(get(&stage, "/api/v1/state").await.json()["seq"], 2);
    assert_eq!(
        get(&stage, "/api/v1/figures").await.json(),
        json!({ "frames": 7 })
    );
}

#[tokio::test]
async fn keys_are_pressed_whole_or_in_halves() {
    let stage = stage().await;
    for body in [
        r#"{"key":"ok"}"#,
        r#"{"key":"7","press":"down"}"#,
        r#"{"key":"left","press":"repeat"}"#,
        r#"{"key":"play-pause","press":"up"}"#,
    ] {
        assert_eq!(
            post(&stage, "/api/v1/key", body).await.status,
            200,
            "{body}"
        );
    }
    let expected = [
        (Key::Ok, Press::Down),
        (Key::Ok, Press::Up),
        (Key::Digit(7), Press::Down),
        (Key::Left, Press::Repeat),
        (Key::PlayPause, Press::Up),
    ];
    assert_eq!(*stage.keys.lock().unwrap(), expected);
}

#[tokio::test]
async fn wrong_keys_are_refused_and_press_nothing() {
    let stage = stage().await;
    for body in [
        "",
        "{}",
        "ok",
        r#"{"key":"OK"}"#,
        r#"{"key":"volume"}"#,
        r#"{"key":"ok","press":"tap"}"#,
        r#"{"key":"ok","times":3}"#,
        r#"{"key":7}"#,
    ] {
        let answer = post(&stage, "/api/v1/key", body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["error"].is_string());
    }
    assert!(stage.keys.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_full_queue_is_said() {
    let stage = stage_with(|_, _| false, None, &[]).await;
    let answer = post(&stage, "/api/v1/key", r#"{"key":"ok"}"#).await;
    assert_eq!(answer.status, 503);
    assert!(answer.head.contains("retry-after"), "{}", answer.head);
    // A key that never went down needs no release.
    assert_eq!(*stage.keys.lock().unwrap(), [(Key::Ok, Press::Down)]);
}

#[tokio::test]
async fn a_release_is_offered_until_it_is_taken() {
    let ups = Mutex::new(0);
    let third = move |_, press| {
        let mut ups = ups.lock().unwrap();
        *ups += usize::from(press == Press::Up);
        press == Press::Down || *ups == 3
    };
    let stage = stage_with(third, None, &[]).await;
    assert_eq!(
        post(&stage, "/api/v1/key", r#"{"key":"ok"}"#).await.status,
        200
    );
    assert_eq!(stage.keys.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn films_are_handed_over() {
    let stage = stage().await;
    let magnet = "magnet:?xt=urn:btih:08ada5a7a6183aae1e09d831df6748d566095a10";
    let link = json!({ "magnet": magnet }).to_string();
    let answer = post(&stage, "/api/v1/open", &link).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "film": "film" }))
    );
    // As large as one may be.
    let torrent = vec![b'd'; 10 * 1024 * 1024];
    for kind in ["application/x-bittorrent", "application/octet-stream; x=y"] {
        let answer = ask(&stage, "POST", "/api/v1/open", kind, &torrent).await;
        assert_eq!(answer.status, 200, "{kind}");
    }
    let handed = stage.handed.lock().unwrap();
    let torrent = Handed::Metainfo(torrent.into());
    assert!(*handed == [Handed::Magnet(magnet.to_owned()), torrent.clone(), torrent]);
}

#[tokio::test]
async fn what_is_no_film_is_refused() {
    let stage = stage().await;
    let answer = post(&stage, "/api/v1/open", r#"{"magnet":"magnet:?broken"}"#).await;
    assert_eq!(answer.status, 422);
    assert!(
        answer.json()["error"]
            .as_str()
            .unwrap()
            .contains("no info hash")
    );
    stage.handed.lock().unwrap().clear();
    let long = vec![b'd'; 10 * 1024 * 1024 + 1];
    for (kind, body, want) in [
        ("application/json", &b"{\"magnet\":\"http://x/\"}"[..], 400),
        ("application/json", b"{\"magnet\":\"\xc3\xa9\"}", 400),
        ("application/json", b"{\"torrent\":\"magnet:?\"}", 400),
        ("application/x-bittorrent", b"", 400),
        ("application/x-www-form-urlencoded", b"magnet=magnet:?", 415),
        ("application/json", &long[..=64 * 1024], 413),
        ("application/x-bittorrent", &long, 413),
    ] {
        let answer = ask(&stage, "POST", "/api/v1/open", kind, body).await;
        assert_eq!(answer.status, want, "{kind}, {} bytes", body.len());
    }
    assert!(stage.handed.lock().unwrap().is_empty());
}

#[tokio::test]
async fn the_screen_is_a_png() {
    let rgb: Vec<u8> = (0..3 * 40 * 20).map(|at| (at % 251) as u8).collect();
    let picture = Picture {
        width: 40,
        height: 20,
        rgb: rgb.clone(),
    };
    let stage = stage_with(|_, _| true, Some(picture), &[]).await;
    let answer = get(&stage, "/api/v1/screen.png").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer.head.contains("content-type: image/png"),
        "{}",
        answer.head
    );
    let mut reader = png::Decoder::new(std::io::Cursor::new(answer.body))
        .read_info()
        .unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    assert_eq!(pixels, rgb);
}

#[tokio::test]
async fn no_screen_is_said() {
    let stage = stage().await;
    assert_eq!(get(&stage, "/api/v1/screen.png").await.status, 503);
}

#[tokio::test]
async fn text_and_places_are_passed_on_in_their_order() {
    let stage = stage().await;
    for text in ["f", "fo", "fox", ""] {
        let body = json!({ "text": text }).to_string();
        assert_eq!(post(&stage, "/api/v1/text", &body).await.status, 200);
    }
    assert_eq!(*stage.typed.lock().unwrap(), ["f", "fo", "fox", ""]);
    let moved = post(&stage, "/api/v1/seek", r#"{"position_ms":61500}"#).await;
    assert_eq!(moved.status, 200);
    assert_eq!(
        *stage.jumps.lock().unwrap(),
        [Duration::from_millis(61_500)]
    );
    for (path, wrong) in [
        ("text", "{}"),
        ("seek", r#"{"position_ms":-1}"#),
        ("seek", "{}"),
    ] {
        let answer = post(&stage, &format!("/api/v1/{path}"), wrong).await;
        assert_eq!(answer.status, 400, "{path} {wrong}");
    }
}
