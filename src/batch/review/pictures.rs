//! Pictures of pages that the site before has: a page is drawn again only where its source, or what draws it, is another.
//!
//! Which they are stands in a file of the site ([`FILE`]), by the hash of the source. A picture that is kept is the same
//! to the byte as one drawn anew.

use super::fonts;
use crate::write::Folder;
use crate::write::report::picture::Size;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// The file of a site that lists its pictures.
const FILE: &str = ".keikaku-pictures.json";

/// The pictures of a source by their pages.
pub type Pages = BTreeMap<u32, Size>;

/// The pictures of a site.
#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    /// The program that drew them, and the fonts it had.
    made_by: String,
    /// By the SHA-256 of the source.
    sources: BTreeMap<String, Drawn>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Drawn {
    /// The folder that they are in, below the site's.
    folder: String,
    pages: Pages,
}

/// The pictures that lie in a site, and those of the site that replaces it.
#[derive(Debug)]
pub struct Pictures {
    site: PathBuf,
    before: List,
    now: Mutex<List>,
}

/// The name of a page's picture in the folder of its plan.
fn name(folder: &str, page: u32) -> String {
    format!("{folder}/p{page}.png")
}

impl Pictures {
    /// What the site that lies there has, as far as this program would draw it alike.
    pub fn of(site: &Path) -> Self {
        let made_by = format!("{} {}", env!("KEIKAKU_BUILD"), fonts::fingerprint());
        let bytes = fs::read(site.join(FILE)).unwrap_or_default();
        let before: List = serde_json::from_slice(&bytes).unwrap_or_default();
        let before = if before.made_by == made_by { before } else { List::default() };
        Pictures { site: site.to_owned(), before, now: Mutex::new(List { made_by, ..List::default() }) }
    }

    /// The pages of a source that need not be drawn.
    pub fn known(&self, sha256: &str) -> Pages {
        let Some(Drawn { folder, pages }) = self.before.sources.get(sha256) else { return Pages::new() };
        let is_there = |page: u32| fs::metadata(self.site.join(name(folder, page))).is_ok_and(|file| file.len() > 0);
        pages.iter().filter(|(page, _)| is_there(**page)).map(|(page, size)| (*page, *size)).collect()
    }

    /// Puts the pictures of a source into the folder of its plan that are `kept` from the site before, and notes all.
    ///
    /// # Errors
    /// What the file system says.
    pub fn keep(&self, to: &Folder, folder: &str, sha256: &str, pages: Pages, kept: &Pages) -> io::Result<()> {
        for page in pages.keys().filter(|page| kept.contains_key(page)) {
            let from = &self.before.sources[sha256].folder;
            to.adopt(&name(folder, *page), &self.site.join(name(from, *page)))?;
        }
        if !pages.is_empty() {
            let mut now = self.now.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
            // Of two plans of one source the first by its folder, whichever was done first.
            let drawn = Drawn { folder: folder.to_owned(), pages };
            let known = now
                .sources
                .entry(sha256.to_owned())
                .or_insert_with(|| Drawn { folder: folder.to_owned(), pages: Pages::new() });
            if drawn.folder <= known.folder {
                *known = drawn;
            }
        }
        Ok(())
    }

    /// Writes the list of the new site's pictures.
    ///
    /// # Errors
    /// What the file system says.
    pub fn finish(self, to: &Folder) -> io::Result<()> {
        let now = self.now.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
        to.write(FILE, &crate::write::json(&now, crate::write::Layout::Line))
    }
}
