//! What the catalogue keeps, and finds again, without knowing where.

use app::Film;

/// Where the catalogue keeps things. None of these fails: what cannot be kept or read is told in
/// the log by whoever keeps it, and the box goes on without.
pub trait Keeper: Send + Sync + 'static {
    /// The add-ons in the owner's order. May wait for the disk.
    fn add_ons(&self) -> Vec<Installed>;

    /// Has the add-ons be these, in this order. Never waits.
    fn set_add_ons(&self, add_ons: Vec<Installed>);

    /// Has these films be found by [`Keeper::search`]. Never waits.
    fn seen(&self, films: &[Film]);

    /// The best of what was seen, without any network. May wait for the disk.
    fn search(&self, words: &str, most: usize) -> Vec<Film>;
}

/// An add-on as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct Installed {
    /// The address of its manifest; of one that is a part of the box `own:` and its id.
    pub url: String,
    /// Its manifest as JSON; empty for a part of the box.
    pub manifest: String,
    pub enabled: bool,
    /// The address holds keys or settings of the owner.
    pub secret: bool,
    /// Kept as they came, for what a later release may ask its owner.
    pub flags: Vec<String>,
}

/// Addresses of add-ons may hold secrets.
impl std::fmt::Debug for Installed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Installed")
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}
