//! PDF text strings (PDF 32000-1, 7.9.2.2): UTF-16 or UTF-8 with a byte order mark, else PDFDocEncoding.

/// Decodes a text string; language tags in UTF-16 strings are left out.
pub(super) fn text_string(bytes: &[u8]) -> String {
    match bytes {
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match doc_encoding(bytes) {
            Some(text) => text,
            // Producers in Japan wrote Shift_JIS here; the standard knows nothing of it.
            None => encoding_rs::SHIFT_JIS
                .decode_without_bom_handling_and_without_replacement(bytes)
                .map_or_else(|| bytes.iter().map(|&b| doc_character(b)).collect(), |text| text.into_owned()),
        },
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let mut escaped = false;
    char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .filter(|&c| {
            // A language tag stands between two escapes.
            let tag = escaped || c == '\u{1B}';
            escaped ^= c == '\u{1B}';
            !tag
        })
        .collect()
}

/// None where bytes are likely no PDFDocEncoding: two or more beyond ASCII that decode as Shift_JIS.
fn doc_encoding(bytes: &[u8]) -> Option<String> {
    let mut pairs = bytes.windows(2).filter(|pair| matches!(pair[0], 0x81..=0x9F | 0xE0..=0xFC) && pair[1] >= 0x40);
    if pairs.next().is_some() {
        return None;
    }
    Some(bytes.iter().map(|&b| doc_character(b)).collect())
}

/// PDFDocEncoding (PDF 32000-1, D.2) differs from Latin-1 here.
const DOC_ENCODING: [(u8, &str); 2] = [(0x18, "˘ˇˆ˙˝˛˚˜"), (0x80, "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\u{FFFD}€")];

fn doc_character(byte: u8) -> char {
    DOC_ENCODING
        .iter()
        .find_map(|(first, characters)| characters.chars().nth(usize::from(byte.checked_sub(*first)?)))
        .unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_strings() {
        for (bytes, expected) in [
            (&b"\xFE\xFF\x8A\x08\x75\x3B"[..], "計画"),
            (b"\xFF\xFE\x08\x8A\x3B\x75", "計画"),
            (b"\xEF\xBB\xBF\xE8\xA8\x88", "計"),
            (b"\xFE\xFF\x00\x1B\x00j\x00a\x00\x1B\x8A\x08", "計"),
            (b"Plan \x83 \xA0", "Plan … €"),
            (b"\x8C\x76\x89\xE6", "計画"),
            (b"\x90\x6C 1", "人 1"),
            (b"", ""),
            (b"\xFE\xFF\x8A", ""),
        ] {
            assert_eq!(text_string(bytes), expected, "{bytes:x?}");
        }
    }
}
