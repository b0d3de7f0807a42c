//! The page of the network as JSON, and what a network wants to hear.

use std::sync::Arc;

use app::{AddressView, NetworkView, Screen};
use expect_test::expect;

use crate::state::check;

/// What is secret is on the screen alone.
#[test]
fn a_password_is_not_told() {
    let address = AddressView {
        title: "Password of Attic".into(),
        secret: true,
        text: "correct horse".into(),
        keys: Arc::new(vec![vec!["done".into()]]),
        key: (0, 0),
        help: "Type it.".into(),
        status: None,
    };
    let told = format!("{:?}", AddressView::clone(&address));
    assert!(!told.contains("horse"), "{told}");
    check(
        Screen::Address(address),
        &expect![[r#"
        {
          "address": {
            "help": "Type it.",
            "secret": true,
            "status": null,
            "text": "",
            "title": "Password of Attic"
          },
          "dark": false,
          "focus": {
            "key": "done"
          },
          "notice": "saved",
          "resting": "awake",
          "screen": "address",
          "seq": 7
        }
    "#]],
    );
}

#[test]
fn network() {
    let network = NetworkView {
        title: "Network".into(),
        labels: vec!["Attic".into(), "Another network".into()],
        notes: vec!["With a password".into()],
        bars: vec![Some(3), None],
        chosen: Some(0),
        focus: 1,
        headline: "Connected to Attic".into(),
        detail: "The box's address is 192.168.1.7.".into(),
        message: "Press OK.".into(),
        ask: None,
        busy: false,
        hint: "Back returns".into(),
    };
    check(
        Screen::Network(network),
        &expect![[r#"
        {
          "dark": false,
          "focus": {
            "action": 1
          },
          "network": {
            "ask": null,
            "busy": false,
            "chosen": 0,
            "detail": "The box's address is 192.168.1.7.",
            "headline": "Connected to Attic",
            "lines": [
              {
                "bars": 3,
                "label": "Attic",
                "note": "With a password"
              },
              {
                "bars": null,
                "label": "Another network",
                "note": null
              }
            ],
            "message": "Press OK.",
            "title": "Network"
          },
          "notice": "saved",
          "resting": "awake",
          "screen": "network",
          "seq": 7
        }
    "#]],
    );
}
