//! A PDF's outline (bookmarks): titles, depths and the pages they point to (PDF 32000-1, 12.3).

use super::strings::text_string;
use crate::document::OutlineEntry;
use hayro_interpret::hayro_syntax::Pdf;
use hayro_interpret::hayro_syntax::object::{Array, Dict, MaybeRef, Name, Object, ObjectIdentifier, String as Bytes};
use std::collections::{HashMap, HashSet};

/// Entries read of one outline.
const MAX_ENTRIES: usize = 10_000;

/// Nodes looked at in the tree of named destinations.
const MAX_NODES: usize = 100_000;

/// Depth of an outline and of the tree of names; deeper levels are left out.
const MAX_DEPTH: u8 = 32;

/// The outline in document order. A damaged outline gives what can be followed of it.
pub(super) fn entries(pdf: &Pdf) -> Vec<OutlineEntry> {
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Vec::new() };
    let Some(first) = catalog.get::<Dict<'_>>(b"Outlines").and_then(|root| root.get::<Dict<'_>>(b"First")) else {
        return Vec::new();
    };
    let pages = pdf.pages().iter().zip(1u32..).filter_map(|(page, number)| Some((page.raw().obj_id()?, number)));
    let targets = Targets { pages: pages.collect(), names: names(&catalog) };
    let mut entries = Vec::new();
    let mut seen = HashSet::new();
    let mut open = vec![(first, 1u8)];
    while let Some((item, level)) = open.pop() {
        if entries.len() >= MAX_ENTRIES || item.obj_id().is_some_and(|id| !seen.insert(id)) {
            continue;
        }
        let title = item.get::<Bytes<'_>>(b"Title").map(|title| text_string(title.as_bytes()));
        let title = title.unwrap_or_default().replace(char::is_control, " ").trim().to_owned();
        if !title.is_empty() {
            entries.push(OutlineEntry { level, title, page: targets.page_of_item(&item) });
        }
        if let Some(next) = item.get::<Dict<'_>>(b"Next") {
            open.push((next, level));
        }
        if let Some(child) = item.get::<Dict<'_>>(b"First").filter(|_| level < MAX_DEPTH) {
            open.push((child, level + 1));
        }
    }
    entries
}

/// Where destinations lead.
struct Targets<'a> {
    pages: HashMap<ObjectIdentifier, u32>,
    names: HashMap<Vec<u8>, Object<'a>>,
}

impl Targets<'_> {
    fn page_of_item(&self, item: &Dict<'_>) -> Option<u32> {
        let action = || {
            let action = item.get::<Dict<'_>>(b"A")?;
            (action.get::<Name<'_>>(b"S").as_deref() == Some(b"GoTo")).then(|| action.get::<Object<'_>>(b"D"))?
        };
        self.page(&item.get::<Object<'_>>(b"Dest").or_else(action)?, 0)
    }

    /// The page of a destination: an array that begins with a page, a dictionary with one (`D`), or the name of one.
    fn page(&self, destination: &Object<'_>, depth: u8) -> Option<u32> {
        if depth > 4 {
            return None;
        }
        match destination {
            Object::Array(array) => self.page_of_array(array),
            Object::Dict(dict) => self.page(&dict.get::<Object<'_>>(b"D")?, depth + 1),
            Object::String(name) => self.page(self.names.get(name.as_bytes())?, depth + 1),
            Object::Name(name) => self.page(self.names.get(&**name as &[u8])?, depth + 1),
            _ => None,
        }
    }

    fn page_of_array(&self, array: &Array<'_>) -> Option<u32> {
        match array.raw_iter().next()? {
            MaybeRef::Ref(page) => self.pages.get(&page.into()).copied(),
            // Some producers write the page's index, which is meant for other files' pages.
            MaybeRef::NotRef(Object::Number(index)) => {
                let index = usize::try_from(index.as_i64()).ok()?;
                (index < self.pages.len()).then(|| index as u32 + 1)
            }
            MaybeRef::NotRef(_) => None,
        }
    }
}

/// The named destinations: those of the catalog's own dictionary and those of the tree of names.
fn names<'a>(catalog: &Dict<'a>) -> HashMap<Vec<u8>, Object<'a>> {
    let mut names = HashMap::new();
    if let Some(dests) = catalog.get::<Dict<'a>>(b"Dests") {
        for name in dests.keys().take(MAX_NODES) {
            if let Some(target) = dests.get::<Object<'a>>(&*name) {
                names.insert(name.to_vec(), target);
            }
        }
    }
    let mut looked_at = 0;
    let root = catalog.get::<Dict<'a>>(b"Names").and_then(|names| names.get::<Dict<'a>>(b"Dests"));
    let mut open: Vec<(Dict<'a>, u8)> = root.map(|root| (root, 0)).into_iter().collect();
    while let Some((node, depth)) = open.pop() {
        looked_at += 1;
        if looked_at > MAX_NODES || depth > MAX_DEPTH {
            continue;
        }
        if let Some(kids) = node.get::<Array<'a>>(b"Kids") {
            open.extend(kids.iter::<Dict<'a>>().take(MAX_NODES).map(|kid| (kid, depth + 1)));
        }
        if let Some(pairs) = node.get::<Array<'a>>(b"Names") {
            let mut pairs = pairs.iter::<Object<'a>>();
            while let (Some(name), Some(target)) = (pairs.next(), pairs.next()) {
                looked_at += 1;
                if looked_at > MAX_NODES {
                    break;
                }
                if let Object::String(name) = name {
                    names.insert(name.as_bytes().to_vec(), target);
                }
            }
        }
    }
    names
}
