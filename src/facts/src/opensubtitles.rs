//! OpenSubtitles (REST, version 1): searching is free, downloads are counted for each account.
//!
//! The key is the application's, the quota the account's. What the server allows is kept in a
//! [`Session`], which is asked before each request and told of each answer: so nothing is sent
//! that would only be refused, a password is tried once, and a spent quota is waited out. A visible
//! link to its site ([`SITE`]) is expected where its subtitles are offered.

mod answers;
mod moment;
mod query;
mod session;

pub use answers::{Download, Fit, Page, Subtitle, Wanted};
pub use query::{Query, code, tag};
pub use session::{Session, Step, Trouble, Wait};

/// To be shown where its subtitles are offered.
pub const SITE: &str = "https://www.opensubtitles.com";
