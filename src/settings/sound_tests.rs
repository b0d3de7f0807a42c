//! The options of how the box sounds, in the file and on the command line alike.

use std::fs;

use super::*;

fn read(arguments: &str, file: &str) -> Result<Sound, SettingsError> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join(FILE_NAME), file).unwrap();
    let words = ["matinee", "--data", folder.path().to_str().unwrap()];
    let words = words.into_iter().chain(arguments.split_whitespace());
    let Command::Box(settings) = Command::read(words)? else {
        panic!("{arguments} is the box");
    };
    Ok(settings.sound)
}

#[test]
fn the_sound_is_as_the_owner_says() {
    assert_eq!(read("", "").unwrap(), Sound::default());
    let chosen = Sound {
        volume: app::VolumeWish::Box,
        card: Some("DAC".into()),
        passthrough: true,
        spoken: true,
        pace: app::Pace::Fast,
    };
    let file = "volume = \"box\"\nsound-device = \"DAC\"\npassthrough = \"auto\"\n\
                spoken = true\nspoken-speed = \"fast\"\n";
    assert_eq!(read("", file).unwrap(), chosen);
    let words = "--volume tv --sound-device auto --passthrough off --spoken=false \
                 --spoken-speed slow";
    let back = Sound {
        volume: app::VolumeWish::Tv,
        card: None,
        passthrough: false,
        spoken: false,
        pace: app::Pace::Slow,
    };
    assert_eq!(read(words, file).unwrap(), back);
    let usual = "--volume auto --sound-device auto --passthrough off --spoken=false \
                 --spoken-speed normal";
    assert_eq!(read(usual, file).unwrap(), Sound::default());
}

#[test]
fn what_cannot_be_is_refused() {
    let refused = [
        ("volume = \"loud\"", "volume: must be auto, tv or box"),
        ("passthrough = true", "passthrough: must be auto or off"),
        ("passthrough = \"on\"", "passthrough: must be auto or off"),
        ("volume = 50", "volume: must be"),
        (
            "spoken-speed = \"9\"",
            "spoken-speed: must be slow, normal or fast",
        ),
        (
            "sound-device = \"hw:0\"",
            "sound-device: must be auto, or a card's name",
        ),
        (
            "sound-device = \"\"",
            "sound-device: must be auto, or a card's name",
        ),
        (
            "sound-device = \"a-name-that-no-card-has\"",
            "must be auto, or a card's name",
        ),
    ];
    for (file, why) in refused {
        let told = read("", file).unwrap_err().to_string();
        assert!(told.contains(why), "{file}: {told}");
    }
}
