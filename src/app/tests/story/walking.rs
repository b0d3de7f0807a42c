//! Going to a place of the box by its name.

use app::{Event, Key, Press, Screen};

use super::Story;

impl Story {
    /// Goes from the wall to a place by keys: it is above the wall, or a line of the settings.
    pub(super) fn walk(&mut self, place: &str) {
        let press = |story: &mut Story, key| {
            story.take(Event::Key(key, Press::Down));
            story.take(Event::Key(key, Press::Up));
        };
        let doors = |story: &Story| match story.app.view().screen {
            Screen::Home(home) => home,
            other => panic!("{place} is gone to from the wall, not from {other:?}"),
        };
        while doors(self).menu_focus.is_none() {
            press(self, Key::Up);
        }
        let menu = doors(self).menu;
        let door = |name: &str| menu.iter().position(|it| it == name);
        let settings = door(place).is_none();
        let at = door(if settings { "Settings" } else { place });
        let at = at.expect("there are settings");
        while doors(self).menu_focus != Some(at) {
            press(self, Key::Right);
        }
        press(self, Key::Ok);
        if !settings {
            return;
        }
        loop {
            let Screen::Menu(menu) = self.app.view().screen else {
                panic!("the settings");
            };
            if menu.labels[menu.focus] == place {
                press(self, Key::Ok);
                return;
            }
            assert!(
                menu.focus + 1 < menu.labels.len(),
                "no {place} in {:?}",
                menu.labels
            );
            press(self, Key::Down);
        }
    }
}
