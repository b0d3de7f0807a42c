//! A channel's file as it is made for a release: signed by OpenSSL, read by the box.
#![allow(clippy::unwrap_used)]

mod fuzz;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ota::{Channel, ChannelError, EnvelopeError, Key};

fn key(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let mut openssl = Command::new("openssl");
    openssl
        .args(["genpkey", "-algorithm", "ed25519", "-out"])
        .arg(&path);
    assert!(openssl.status().unwrap().success());
    path
}

fn sign_channel(arguments: &[&str], key: &Path, input: &[u8]) -> Vec<u8> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../image/sign-channel");
    let mut child = Command::new(script)
        .arg(key)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    output.stdout
}

fn public(key: &Path) -> Key {
    let hex = String::from_utf8(sign_channel(&["public"], key, b"")).unwrap();
    Key::parse(hex.trim()).unwrap()
}

#[test]
fn what_openssl_signs_is_read_while_either_key_is_known() {
    let folder = tempfile::tempdir().unwrap();
    let [now, next] = ["now.pem", "next.pem"].map(|name| key(folder.path(), name));
    let keys = [public(&now), public(&next)];
    // As people write it: a byte more or less must not matter to the signature.
    let channel = format!(
        r#"{{
            "format": 1, "channel": "stable", "sequence": 42, "version": "1.4.0",
            "minimum": "1.2.0", "expires_s": 2000000, "notes": "Für alle: 字幕.",
            "bundles": {{ "pc": {{
                "url": "matinee-pc.raucb", "size": 1, "manifest_sha256": "{}" }} }}
        }}"#,
        "0a".repeat(32)
    );
    for signer in [&now, &next] {
        let file = sign_channel(&[], signer, channel.as_bytes());
        let read = Channel::read(&file, &keys).unwrap();
        assert_eq!((read.sequence, &*read.notes), (42, "Für alle: 字幕."));
    }
    let other = key(folder.path(), "other.pem");
    let file = sign_channel(&[], &other, channel.as_bytes());
    let refused = Channel::read(&file, &keys);
    assert_eq!(refused, Err(ChannelError::Envelope(EnvelopeError::Unknown)));
}
