//! Pages of the Archive's search, put together until there are films enough that may be shown.
//!
//! A row is the lawful ones in the Archive's order, so its pages are not the Archive's: each answer
//! goes through them from the first, most of them kept. Under load the Archive finds fewer than
//! there are; then the page that was good before is taken.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use addon::AddOnError;
use facts::Fault;
use facts::archive::{Archive as Site, Hit, PAGES_MAX, Page, ROWS, Search, is_suspicious};
use tokio::time::{Instant, timeout_at};

use crate::ask::{Line, Terms, failed};

/// New films come every day; a row need not have them at once.
const FRESH: Duration = Duration::from_secs(6 * 3600);
const ON_ERROR: Duration = Duration::from_secs(30 * 24 * 3600);
/// Pages that are gone through for one answer: 3,000 hits.
const PAGES: u32 = 30;
/// For all pages of one answer together; what is there by then is shown.
const WHOLE: Duration = Duration::from_secs(8);
/// Pages held against a bad hour of the Archive, each some 100 KiB.
const HELD_MAX: usize = 32;

#[derive(Debug)]
pub(super) struct Pages {
    site: Site,
    line: Line,
    /// By address.
    held: Mutex<HashMap<String, Arc<Page>>>,
}

impl Pages {
    pub(super) fn new(site: Site, line: Line) -> Pages {
        Pages {
            site,
            line,
            held: Mutex::default(),
        }
    }

    /// At least `wanted` hits that are lawful, or all there are. What came before something went
    /// wrong is an answer too.
    pub(super) async fn collect(
        &self,
        mut search: Search,
        wanted: usize,
        lawful: impl Fn(&Hit) -> bool,
    ) -> Result<Vec<Hit>, AddOnError> {
        let deadline = Instant::now() + WHOLE;
        let mut found: Vec<Hit> = Vec::new();
        for page in 1..=PAGES.min(PAGES_MAX) {
            search.page = page;
            let got = timeout_at(deadline, self.page(&search)).await;
            let got = match got.unwrap_or(Err(AddOnError::TimedOut)) {
                Ok(got) => got,
                Err(error) if found.is_empty() => return Err(error),
                Err(error) => {
                    tracing::debug!("the Archive's page {page}: {error}");
                    break;
                }
            };
            let fit = got.hits.iter().filter(|hit| lawful(hit));
            found.extend(fit.cloned());
            let last = u64::from(page) * u64::from(ROWS) >= got.total;
            if found.len() >= wanted || last || got.hits.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    async fn page(&self, search: &Search) -> Result<Arc<Page>, AddOnError> {
        let asked = self.site.search(search).ok_or(AddOnError::NotFound)?;
        let told = self.line.ask(&asked, Terms::kept(FRESH, ON_ERROR)).await?;
        let read = Page::of(&told.answer());
        let known = self.held(&asked.url);
        match (read, known) {
            (Ok(page), Some(known)) if is_suspicious(page.total, known.total) => {
                self.line.forget(&told).await;
                Ok(known)
            }
            (Ok(page), _) => Ok(self.hold(asked.url, page)),
            (Err(fault), known) => {
                // Its errors have the status of answers, and are kept like them.
                self.line.forget(&told).await;
                match (fault, known) {
                    (_, Some(known)) => Ok(known),
                    // Beyond the last page that it gives.
                    (Fault::Said(_), None) if search.page > 1 => Ok(Arc::new(Page {
                        total: 0,
                        hits: Vec::new(),
                    })),
                    (fault, None) => Err(failed(fault)),
                }
            }
        }
    }

    fn held(&self, url: &str) -> Option<Arc<Page>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.get(url).cloned()
    }

    fn hold(&self, url: String, page: Page) -> Arc<Page> {
        let page = Arc::new(page);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD_MAX && !held.contains_key(&url) {
            // Any: they are of the same few rows.
            let any = held.keys().next().cloned();
            any.and_then(|any| held.remove(&any));
        }
        held.insert(url, Arc::clone(&page));
        page
    }
}
