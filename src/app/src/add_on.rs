//! Add-ons as the owner sees them: what each gives, what it may see, and what can be done with it.
//!
//! Values only: what they say of themselves is read by the shell that talks to them.

use std::sync::Arc;

/// One add-on on the box.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AddOn {
    /// Tells it from others for ever.
    pub id: Arc<str>,
    pub name: String,
    pub version: String,
    pub description: String,
    /// The host its answers come from; none: it is a part of the box.
    pub host: Option<String>,
    /// What it gives: catalogues, facts, sources, subtitles.
    pub gives: Gives,
    /// It is told what is looked at when that begins so (`tt`); empty: whatever is looked at.
    pub sees: Vec<String>,
    /// Its sources come from peers, who see this box's address.
    pub p2p: bool,
    pub adult: bool,
    /// Where it can be set up, on a web page of its own.
    pub configure: Option<String>,
    pub enabled: bool,
    /// Why it gives nothing now.
    pub trouble: Option<String>,
}

/// Which questions of the add-on protocol it answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
// What it answers is any of these: five yes or no.
#[allow(clippy::struct_excessive_bools)]
pub struct Gives {
    pub catalogues: bool,
    pub facts: bool,
    pub sources: bool,
    pub subtitles: bool,
    /// Lists of other add-ons.
    pub add_ons: bool,
}

/// An add-on that another one lists; it may be on this box or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub add_on: AddOn,
    /// Where it is: what puts it on the box.
    pub link: Arc<str>,
}

/// What the owner does with an add-on, by [`AddOn::id`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddOnChange {
    SetEnabled(Arc<str>, bool),
    /// Asked one place earlier, or later.
    Move {
        id: Arc<str>,
        earlier: bool,
    },
    Remove(Arc<str>),
}
