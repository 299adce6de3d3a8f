//! BIFF records ([MS-XLS] 2.1.4) and the strings in them, which may run on in CONTINUE records.

use crate::read::spreadsheet::binary::{u16_at, utf16};
use encoding_rs::Encoding;

/// Types of records that are read ([MS-XLS] 2.3).
pub(super) mod kind {
    pub const FORMULA: u16 = 0x0006;
    pub const EOF: u16 = 0x000a;
    pub const DATE_MODE: u16 = 0x0022;
    pub const FILE_PASS: u16 = 0x002f;
    pub const FONT: u16 = 0x0031;
    pub const CONTINUE: u16 = 0x003c;
    pub const CODE_PAGE: u16 = 0x0042;
    pub const DEFAULT_COLUMN_WIDTH: u16 = 0x0055;
    pub const OBJECT: u16 = 0x005d;
    pub const COLUMN_INFO: u16 = 0x007d;
    pub const BOUND_SHEET: u16 = 0x0085;
    pub const PALETTE: u16 = 0x0092;
    pub const STANDARD_WIDTH: u16 = 0x0099;
    pub const MULTIPLE_RK: u16 = 0x00bd;
    pub const MULTIPLE_BLANK: u16 = 0x00be;
    pub const RICH_STRING: u16 = 0x00d6;
    pub const XF: u16 = 0x00e0;
    pub const MERGED_CELLS: u16 = 0x00e5;
    pub const DRAWING: u16 = 0x00ec;
    pub const SHARED_STRINGS: u16 = 0x00fc;
    pub const SHARED_LABEL: u16 = 0x00fd;
    pub const TEXT_OBJECT: u16 = 0x01b6;
    pub const BLANK: u16 = 0x0201;
    pub const NUMBER: u16 = 0x0203;
    pub const LABEL: u16 = 0x0204;
    pub const BOOLEAN_OR_ERROR: u16 = 0x0205;
    pub const STRING: u16 = 0x0207;
    pub const ROW: u16 = 0x0208;
    pub const DEFAULT_ROW_HEIGHT: u16 = 0x0225;
    pub const RK: u16 = 0x027e;
    pub const FORMAT: u16 = 0x041e;
    pub const START: u16 = 0x0809;
}

/// A record with the CONTINUE records after it.
pub(super) struct Record<'a> {
    pub kind: u16,
    pub data: &'a [u8],
    continued: Vec<&'a [u8]>,
}

/// The records of a stream from a position on; ends at a record that is cut off.
pub(super) struct Records<'a> {
    pub bytes: &'a [u8],
    pub at: usize,
}

impl<'a> Records<'a> {
    fn header(&self, at: usize) -> Option<(u16, &'a [u8])> {
        let (kind, length) = (u16_at(self.bytes, at)?, usize::from(u16_at(self.bytes, at + 2)?));
        Some((kind, self.bytes.get(at + 4..at + 4 + length)?))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (kind, data) = self.header(self.at)?;
        self.at += 4 + data.len();
        let mut continued = Vec::new();
        while let Some((kind::CONTINUE, more)) = self.header(self.at) {
            continued.push(more);
            self.at += 4 + more.len();
        }
        Some(Record { kind, data, continued })
    }
}

impl<'a> Record<'a> {
    /// A reader of the record's fields over its continuations.
    pub fn fields(&self) -> Fields<'a> {
        let mut chunks = vec![self.data];
        chunks.extend(&self.continued);
        Fields { chunks, chunk: 0, at: 0 }
    }

    /// All bytes, continuations joined.
    pub fn joined(&self) -> Vec<u8> {
        let mut bytes = self.data.to_vec();
        self.continued.iter().for_each(|more| bytes.extend_from_slice(more));
        bytes
    }
}

/// Reads fields one after the other.
pub(super) struct Fields<'a> {
    chunks: Vec<&'a [u8]>,
    chunk: usize,
    at: usize,
}

impl Fields<'_> {
    /// What is left of the present chunk; moves on where nothing is.
    fn rest(&mut self) -> Option<&[u8]> {
        while self.at >= self.chunks.get(self.chunk)?.len() {
            self.chunk += 1;
            self.at = 0;
        }
        self.chunks.get(self.chunk)?.get(self.at..)
    }

    pub fn u8(&mut self) -> Option<u8> {
        let byte = *self.rest()?.first()?;
        self.at += 1;
        Some(byte)
    }

    pub fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from(self.u16()?) | u32::from(self.u16()?) << 16)
    }

    pub fn skip(&mut self, mut bytes: usize) -> Option<()> {
        while bytes > 0 {
            let step = self.rest()?.len().min(bytes);
            self.at += step;
            bytes -= step;
        }
        Some(())
    }

    /// So many characters; where they run on in another chunk, that says anew how wide they are.
    pub fn characters(&mut self, count: usize, wide: bool) -> Option<String> {
        let (mut left, mut wide, mut text) = (count, wide, String::new());
        while left > 0 {
            let fresh = self.at > 0 && self.chunks.get(self.chunk).is_some_and(|chunk| self.at >= chunk.len());
            if fresh {
                self.chunk += 1;
                self.at = 0;
                wide = self.u8()? & 1 != 0;
            }
            let width = if wide { 2 } else { 1 };
            let rest = self.rest()?;
            let taken = (rest.len() / width).min(left);
            if taken == 0 {
                return None;
            }
            let bytes = &rest[..taken * width];
            if wide {
                text.push_str(&utf16(bytes));
            } else {
                text.extend(bytes.iter().map(|&byte| char::from(byte)));
            }
            self.at += taken * width;
            left -= taken;
        }
        Some(text)
    }

    /// A string of the shared table: characters without their formatting and furigana.
    pub fn rich_string(&mut self) -> Option<String> {
        let (count, flags) = (usize::from(self.u16()?), self.u8()?);
        let runs = if flags & 8 != 0 { usize::from(self.u16()?) } else { 0 };
        let extra = if flags & 4 != 0 { self.u32()? as usize } else { 0 };
        let text = self.characters(count, flags & 1 != 0)?;
        // What hangs on the last string may be cut off.
        let _ = self.skip(runs * 4 + extra);
        Some(text)
    }
}

/// How strings are written: with a flag for their width from Excel 97 on, in a code page before.
#[derive(Clone, Copy)]
pub(super) struct Strings {
    pub is_unicode: bool,
    pub encoding: &'static Encoding,
}

impl Strings {
    /// A string whose length stands before it in one or two bytes.
    pub fn read(&self, data: &[u8], at: usize, length_bytes: usize) -> Option<String> {
        let count = if length_bytes == 1 { usize::from(*data.get(at)?) } else { usize::from(u16_at(data, at)?) };
        let at = at + length_bytes;
        if !self.is_unicode {
            let bytes = data.get(at..(at + count).min(data.len()))?;
            return Some(self.encoding.decode_without_bom_handling(bytes).0.into_owned());
        }
        let flags = *data.get(at)?;
        let mut fields = Fields { chunks: vec![data.get(at + 1..)?], chunk: 0, at: 0 };
        fields.characters(count, flags & 1 != 0)
    }
}

/// The encoding of a code page record; Shift_JIS where it is unknown, as the documents are Japanese.
pub(super) fn encoding(code_page: u16) -> &'static Encoding {
    match code_page {
        1252 | 32_769 => encoding_rs::WINDOWS_1252,
        65_001 => encoding_rs::UTF_8,
        _ => encoding_rs::SHIFT_JIS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_runs_on_in_another_width() {
        let first: &[u8] = b"\x04\x00\x00ab";
        let second: &[u8] = b"\x01\x08\x8a\x3b\x75\x02\x00\x00cd";
        let mut fields = Fields { chunks: vec![first, second], chunk: 0, at: 0 };
        assert_eq!(fields.rich_string().as_deref(), Some("ab計画"));
        assert_eq!(fields.rich_string().as_deref(), Some("cd"));
        assert_eq!(fields.rich_string(), None);
    }
}
