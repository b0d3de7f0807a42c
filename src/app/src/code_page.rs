//! What a phone does better than the box: an address of the web, to be opened by the phone's
//! camera. Nothing of it is asked for by the box.

use crate::saying::Message;
use crate::view::CodeView;
use crate::{AddOn, Film, Key, words};

#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CodePage {
    view: CodeView,
}

impl CodePage {
    /// Where the add-on is set up; none where it is not.
    pub(crate) fn settings(it: &AddOn) -> Option<CodePage> {
        let address = it.configure.clone()?;
        Some(CodePage::of(
            words::set_up(&it.name),
            words::SET_UP,
            address,
        ))
    }

    /// Where one must be set up before it can be on this box.
    pub(crate) fn first_settings(address: &str) -> CodePage {
        let title = words::SET_UP_FIRST.into();
        CodePage::of(title, words::SET_UP, address.to_owned())
    }

    /// Where the film's trailer is; none where nobody knows one.
    pub(crate) fn trailer(film: &Film) -> Option<CodePage> {
        let id = film.facts.as_ref()?.youtube.as_deref()?;
        let address = format!("https://youtu.be/{id}");
        let title = words::trailer_of(&film.title);
        Some(CodePage::of(title, words::TRAILER_ELSEWHERE, address))
    }

    fn of(title: String, message: Message, address: String) -> CodePage {
        CodePage {
            view: CodeView {
                title,
                message: message.into(),
                address,
                hint: words::CODE_HINT.into(),
            },
        }
    }

    /// Whether this key leaves the page; no other does anything.
    pub(crate) fn leaves(key: Key) -> bool {
        matches!(key, Key::Back | Key::Ok | Key::Left | Key::Stop)
    }

    pub(crate) fn view(&self) -> CodeView {
        self.view.clone()
    }
}
