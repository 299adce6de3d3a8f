//! Zip packages: bounded inflation of their parts, and the relationships between them.
//!
//! A part that inflates beyond the limits ends where the limit lies, so what came before is still read.

use super::xml::{self, Xml};
use std::collections::HashMap;
use std::io::{self, BufReader, Cursor, Read};
use zip::ZipArchive;

/// Bytes that one part may inflate to. A sheet of 100,000 rows by 40 columns has about 200 MB.
const PART_LIMIT: u64 = 1 << 30;
/// Bytes that all parts of a package together may inflate to.
const TOTAL_LIMIT: u64 = 2 << 30;
/// Bytes between two `<`: one text or tag. Longer ones are no cell's (Excel's limit is 32,767 characters).
const NODE_LIMIT: usize = 4 << 20;

/// An opened package.
pub(super) struct Package<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    /// Index of each part by its name in lower case, with `/`, without a leading one.
    names: HashMap<String, usize>,
    budget: Budget,
}

/// What may still be inflated, and whether that was too little.
#[derive(Debug, Default)]
struct Budget {
    used: u64,
    exceeded: bool,
}

/// A part while it is read.
pub(super) type Part<'p, 'a> = Xml<BufReader<Bounded<'p, zip::read::ZipFile<'p, Cursor<&'a [u8]>>>>>;

impl<'a> Package<'a> {
    /// Opens a package; none where the bytes are no zip archive with a directory.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        let archive = ZipArchive::new(Cursor::new(bytes)).ok()?;
        let mut names = HashMap::new();
        for (i, name) in archive.file_names().enumerate() {
            if let Ok(name) = name {
                names.entry(part_key(&name)).or_insert(i);
            }
        }
        Some(Package { archive, names, budget: Budget::default() })
    }

    pub fn contains(&self, name: &str) -> bool {
        self.names.contains_key(&part_key(name))
    }

    /// The names of the parts below a folder (in lower case), sorted.
    pub fn names_below(&self, folder: &str) -> Vec<String> {
        let mut names: Vec<String> = self.names.keys().filter(|name| name.starts_with(folder)).cloned().collect();
        names.sort();
        names
    }

    /// Whether a limit of inflation was reached.
    pub fn exceeded(&self) -> bool {
        self.budget.exceeded
    }

    /// A part as XML events; none where it is missing or cannot be inflated.
    pub fn xml(&mut self, name: &str) -> Option<Part<'_, 'a>> {
        let mut xml = Xml::from_reader(BufReader::with_capacity(1 << 16, self.open_part(name, NODE_LIMIT)?));
        let config = xml.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        Some(xml)
    }

    /// A part as a stream of bytes.
    pub fn stream(&mut self, name: &str) -> Option<impl Read + '_> {
        Some(BufReader::with_capacity(1 << 16, self.open_part(name, usize::MAX)?))
    }

    fn open_part(
        &mut self,
        name: &str,
        node_limit: usize,
    ) -> Option<Bounded<'_, zip::read::ZipFile<'_, Cursor<&'a [u8]>>>> {
        let index = *self.names.get(&part_key(name))?;
        let inner = self.archive.by_index(index).ok()?;
        Some(Bounded { inner, budget: &mut self.budget, left: PART_LIMIT, node: 0, node_limit })
    }

    /// The relationships of a part (`""` for those of the package), by id.
    pub fn relationships(&mut self, part: &str) -> HashMap<String, Relationship> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = if folder.is_empty() { format!("_rels/{file}.rels") } else { format!("{folder}/_rels/{file}.rels") };
        let mut relationships = HashMap::new();
        let Some(mut xml) = self.xml(&name) else { return relationships };
        xml::elements(&mut xml, |element| {
            if element.local_name().as_ref() != "Relationship" {
                return;
            }
            let (Some(id), Some(target)) = (xml::attribute(element, "Id"), xml::attribute(element, "Target")) else {
                return;
            };
            if xml::attribute(element, "TargetMode").is_some_and(|mode| mode == "External") {
                return;
            }
            let kind = xml::attribute(element, "Type").unwrap_or_default();
            let kind = kind.rsplit('/').next().unwrap_or_default().to_owned();
            relationships.insert(id, Relationship { kind, target: resolve(folder, &target) });
        });
        relationships
    }
}

/// Where a part points to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relationship {
    /// The last word of its type: `worksheet`, `drawing`, `styles` …
    pub kind: String,
    /// Name of the target part.
    pub target: String,
}

/// A part's name as its key: packages name parts without regard to case, some writers with backslashes.
fn part_key(name: &str) -> String {
    name.trim_start_matches(['/', '\\']).replace('\\', "/").to_lowercase()
}

/// A relationship's target, which is relative to the folder of its source.
fn resolve(folder: &str, target: &str) -> String {
    let target = target.replace('\\', "/");
    if let Some(absolute) = target.strip_prefix('/') {
        return absolute.to_owned();
    }
    let mut path: Vec<&str> = folder.split('/').filter(|step| !step.is_empty()).collect();
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                path.pop();
            }
            _ => path.push(step),
        }
    }
    path.join("/")
}

/// A reader that ends at the limits instead of inflating further.
pub(super) struct Bounded<'b, R> {
    inner: R,
    budget: &'b mut Budget,
    left: u64,
    /// Bytes since the last `<`.
    node: usize,
    node_limit: usize,
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || self.budget.used >= TOTAL_LIMIT || self.node > self.node_limit {
            self.budget.exceeded = true;
            return Ok(0);
        }
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX)).min(self.node_limit);
        let read = self.inner.read(&mut buffer[..most])?;
        self.left -= read as u64;
        self.budget.used += read as u64;
        match buffer[..read].iter().rposition(|&byte| byte == b'<') {
            Some(last) => self.node = read - last,
            None => self.node = self.node.saturating_add(read),
        }
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_to_their_source() {
        for (folder, target, expected) in [
            ("xl", "worksheets/sheet1.xml", "xl/worksheets/sheet1.xml"),
            ("xl/worksheets", "../drawings/drawing1.xml", "xl/drawings/drawing1.xml"),
            ("xl", "/xl/styles.xml", "xl/styles.xml"),
            ("", "../../xl/workbook.xml", "xl/workbook.xml"),
            ("xl", "worksheets\\sheet1.xml", "xl/worksheets/sheet1.xml"),
        ] {
            assert_eq!(resolve(folder, target), expected);
        }
    }

    #[test]
    fn a_node_without_end_is_cut() {
        let mut budget = Budget::default();
        let mut bounded =
            Bounded { inner: io::repeat(b'x'), budget: &mut budget, left: PART_LIMIT, node: 0, node_limit: NODE_LIMIT };
        let mut sink = Vec::new();
        bounded.read_to_end(&mut sink).unwrap();
        assert!(sink.len() <= 2 * NODE_LIMIT);
        assert!(budget.exceeded);
    }
}
