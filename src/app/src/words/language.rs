//! Sentences of the page where the language is chosen, and what languages are called.

use super::beside;
use crate::Language;
use crate::saying::{Message, msg, tr};

/// What is spoken to the viewer; stands above the wall.
const LANGUAGE: Message = msg!("Language");

/// The same in English, for who has chosen one that he cannot read.
const IN_ENGLISH: &str = "Language";

pub(crate) const LANGUAGE_HELP: Message = msg!(
    "All that the box says is in this language, here and on phones. Films and subtitles keep \
     theirs."
);

/// The place above the wall, and the title of its page.
pub(crate) fn language_door() -> String {
    match String::from(LANGUAGE) {
        said if said == IN_ENGLISH => said,
        said => beside(&[said.as_str(), IN_ENGLISH]),
    }
}

/// The line for who has chosen none; {language} is what the TV speaks, by its own name.
pub(crate) fn as_the_tv(language: Language) -> String {
    let language = language.own_name();
    tr!("As the TV: {language}", language)
}

/// What a language calls itself, and what it is called.
pub(crate) fn both_names(language: Language) -> String {
    let (own, said) = (language.own_name(), String::from(name_of(language)));
    if said == own {
        return said;
    }
    beside(&[own, &said])
}

/// Of languages that the box speaks.
fn name_of(language: Language) -> Message {
    match language {
        Language::English | Language::Pseudo => msg!("language" => "English"),
        Language::French => msg!("language" => "French"),
        Language::Spanish => msg!("language" => "Spanish"),
        Language::Portuguese => msg!("language" => "Portuguese"),
        Language::German => msg!("language" => "German"),
        Language::Italian => msg!("language" => "Italian"),
        Language::Dutch => msg!("language" => "Dutch"),
        Language::Polish => msg!("language" => "Polish"),
        Language::Russian => msg!("language" => "Russian"),
        Language::Ukrainian => msg!("language" => "Ukrainian"),
        Language::Turkish => msg!("language" => "Turkish"),
        Language::Arabic => msg!("language" => "Arabic"),
        Language::Hebrew => msg!("language" => "Hebrew"),
        Language::Hindi => msg!("language" => "Hindi"),
        Language::Chinese => msg!("language" => "Chinese"),
        Language::Japanese => msg!("language" => "Japanese"),
        Language::Korean => msg!("language" => "Korean"),
    }
}
