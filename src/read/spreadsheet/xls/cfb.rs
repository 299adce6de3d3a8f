//! Compound files ([MS-CFB]): the streams of an `.xls`. Broken chains give what they hold.

use crate::read::spreadsheet::binary::{u16_at, u32_at, utf16};

/// Sector numbers from here on are marks, not sectors.
const LAST_SECTOR: u32 = 0xffff_fffa;
const HEADER: usize = 512;

/// An opened compound file.
pub(in super::super) struct CompoundFile<'a> {
    bytes: &'a [u8],
    sector_size: usize,
    /// Next sector of each sector.
    table: Vec<u32>,
    mini_table: Vec<u32>,
    /// The stream that holds the sectors of small streams.
    mini: Vec<u8>,
    mini_sector_size: usize,
    mini_cutoff: usize,
    entries: Vec<Entry>,
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

impl<'a> CompoundFile<'a> {
    /// Opens a compound file; none where the bytes are none.
    pub fn open(bytes: &'a [u8]) -> Option<Self> {
        if !bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
            return None;
        }
        let shift = u16_at(bytes, 30)?;
        let mini_shift = u16_at(bytes, 32)?;
        if !matches!(shift, 7..=16) || !matches!(mini_shift, 4..=12) {
            return None;
        }
        let mut file = CompoundFile {
            bytes,
            sector_size: 1 << shift,
            table: Vec::new(),
            mini_table: Vec::new(),
            mini: Vec::new(),
            mini_sector_size: 1 << mini_shift,
            mini_cutoff: u32_at(bytes, 56)? as usize,
            entries: Vec::new(),
        };
        file.table = file.read_table()?;
        let mini_table = file.chain(u32_at(bytes, 60)?, usize::MAX);
        file.mini_table = words(&mini_table).collect();
        let directory = file.chain(u32_at(bytes, 48)?, usize::MAX);
        for entry in directory.chunks_exact(128) {
            let length = usize::from(u16_at(entry, 64)?).saturating_sub(2).min(62);
            let (kind, start, size) = (entry[66], u32_at(entry, 116)?, u32_at(entry, 120)? as usize);
            match kind {
                2 => file.entries.push(Entry { name: utf16(&entry[..length]), start, size }),
                5 => file.mini = file.chain(start, size),
                _ => {}
            }
        }
        Some(file)
    }

    /// The sector table, whose own sectors the header lists, further ones in a chain.
    fn read_table(&self) -> Option<Vec<u32>> {
        let mut sectors: Vec<u32> = words(self.bytes.get(76..HEADER)?).collect();
        let mut next = u32_at(self.bytes, 68)?;
        let most = self.bytes.len() / self.sector_size + 1;
        for _ in 0..most {
            let Some(sector) = self.sector(next) else { break };
            let Some((last, listed)) = words(sector).collect::<Vec<_>>().split_last().map(|(l, r)| (*l, r.to_vec()))
            else {
                break;
            };
            sectors.extend(listed);
            next = last;
        }
        let mut table = Vec::new();
        for sector in sectors.into_iter().filter(|&sector| sector < LAST_SECTOR).take(most) {
            match self.sector(sector) {
                Some(sector) => table.extend(words(sector)),
                // Keep the numbering of what follows.
                None => table.extend(std::iter::repeat_n(u32::MAX, self.sector_size / 4)),
            }
        }
        Some(table)
    }

    /// A sector's bytes; the last one of a file may be short.
    fn sector(&self, number: u32) -> Option<&'a [u8]> {
        if number >= LAST_SECTOR {
            return None;
        }
        let start = (number as usize).checked_add(1)?.checked_mul(self.sector_size)?;
        let end = start.checked_add(self.sector_size)?.min(self.bytes.len());
        self.bytes.get(start..end)
    }

    /// The bytes of a chain of sectors, at most `size`.
    fn chain(&self, start: u32, size: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut next = start;
        // A chain is no longer than the file; one that is runs in a circle.
        for _ in 0..=self.bytes.len() / self.sector_size {
            let Some(sector) = self.sector(next).filter(|_| bytes.len() < size) else { break };
            bytes.extend_from_slice(sector);
            next = self.table.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        bytes.truncate(size);
        bytes
    }

    pub fn contains(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// A stream's bytes by its name, in whatever storage it lies.
    pub fn stream(&self, name: &str) -> Option<Vec<u8>> {
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name))?;
        if entry.size >= self.mini_cutoff {
            return Some(self.chain(entry.start, entry.size));
        }
        let mut bytes = Vec::new();
        let mut next = entry.start;
        while bytes.len() < entry.size && next < LAST_SECTOR {
            let start = next as usize * self.mini_sector_size;
            let Some(sector) = self.mini.get(start..(start + self.mini_sector_size).min(self.mini.len())) else {
                break;
            };
            if sector.is_empty() {
                break;
            }
            bytes.extend_from_slice(sector);
            next = self.mini_table.get(next as usize).copied().unwrap_or(u32::MAX);
        }
        bytes.truncate(entry.size);
        Some(bytes)
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = u32> + '_ {
    bytes.chunks_exact(4).map(|word| u32::from_le_bytes([word[0], word[1], word[2], word[3]]))
}
