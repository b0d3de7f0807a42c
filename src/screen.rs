//! From the settings and the board's file to the board and to the screen.

use std::path::Path;

use anyhow::Result;

use crate::board::{self, Board};
use crate::display::{self, Choice, Display, ScreenWish};
use crate::settings::{self, Settings};

/// Where it is remembered what was plugged in, in the data folder.
const SCREENS: &str = "screens";

/// What the board is, as far as that is known.
///
/// # Errors
/// Its file cannot be read, or one that was named is not there.
pub fn board(settings: &Settings) -> Result<Option<Board>> {
    let named = settings.board.as_deref();
    let read = Board::read(named.unwrap_or(Path::new(board::USUAL_FILE)))?;
    match (read, named) {
        (Some(board), _) => {
            tracing::info!("board: {}", board.title);
            Ok(Some(board))
        }
        (None, Some(path)) => anyhow::bail!("{}: there is no such file", path.display()),
        (None, None) => Ok(None),
    }
}

/// The screen, as settings and board want it.
///
/// # Errors
/// There is none, or none of the kind that was asked for.
pub fn open(settings: &Settings, board: Option<&Board>) -> Result<Display> {
    let facts = board.map(Board::facts).unwrap_or_default();
    let wanted = display::Settings {
        size: settings.size,
        screen: ScreenWish {
            socket: board.and_then(|board| board.cec.connector.clone()),
            lines_max: facts.screen_lines,
            mode: settings.screen_mode,
            film_rate: settings.film_rate,
            overscan: settings.overscan,
            planes: settings
                .planes
                .unwrap_or(board.is_none_or(Board::has_planes)),
            memory: Some(settings.in_data(SCREENS)),
        },
        ..display::Settings::default()
    };
    let choice = match settings.display {
        settings::Display::Auto => Choice::Auto,
        settings::Display::Window => Choice::Window,
        settings::Display::Headless => Choice::Headless,
        settings::Display::Kms => Choice::Kms,
    };
    let screen = display::open(choice, wanted)?;
    let story = screen.story();
    tracing::info!("display: {story}");
    Ok(screen)
}
