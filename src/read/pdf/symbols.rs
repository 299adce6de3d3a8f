//! Symbol fonts: their codes as the marks a reader sees.
//!
//! Their glyphs stand at codes of letters (Wingdings `þ` is ☑), and PDF producers pass on those letters or the
//! private codes U+F000 + code. The tables hold what documents use as marks; a symbol that is not in them is counted
//! as unreadable rather than guessed. Sources: the mappings of Unicode 7 for Wingdings and Webdings (L2/11-196,
//! N4384), drawn together to the plain mark of the same look (🗹 and ☑ are both ☑); Adobe's Symbol encoding.

/// Codes of one symbol font, sorted.
pub(super) type Symbols = &'static [(u8, char)];

/// The table of a font, by its PostScript name; none for a font of letters.
pub(super) fn of_font(name: &str) -> Option<Symbols> {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    FONTS.iter().find(|(start, _)| name.starts_with(start)).map(|(_, table)| *table)
}

/// The mark at a code of a symbol font. Takes the plain code, the private one (U+F0FE), and the letter that some
/// producers wrote for it.
pub(super) fn mark(table: Symbols, code: u32) -> Option<char> {
    let code = match code {
        0xF000..=0xF0FF => code - 0xF000,
        _ => code,
    };
    let code = u8::try_from(code).ok()?;
    table.binary_search_by_key(&code, |&(code, _)| code).ok().map(|at| table[at].1)
}

/// Starts of names; longer ones first where one starts another.
const FONTS: &[(&str, Symbols)] = &[
    ("wingdings2", WINGDINGS_2),
    ("wingdings3", WINGDINGS_3),
    ("wingdings", WINGDINGS),
    ("webdings", WEBDINGS),
    ("symbolmt", SYMBOL),
    ("symbol", SYMBOL),
    ("standardsymbols", SYMBOL),
];

const WINGDINGS: Symbols = &[
    (0x20, ' '),
    (0x21, '✏'),
    (0x22, '✂'),
    (0x28, '☎'),
    (0x2A, '✉'),
    (0x36, '⌛'),
    (0x3F, '✍'),
    (0x45, '☜'),
    (0x46, '☞'),
    (0x47, '☝'),
    (0x48, '☟'),
    (0x4A, '☺'),
    (0x4C, '☹'),
    (0x6C, '●'),
    (0x6D, '❍'),
    (0x6E, '■'),
    (0x6F, '□'),
    (0x70, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x73, '◆'),
    (0x74, '◆'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '◆'),
    (0x78, '☒'),
    (0x80, '⓪'),
    (0x81, '①'),
    (0x82, '②'),
    (0x83, '③'),
    (0x84, '④'),
    (0x85, '⑤'),
    (0x86, '⑥'),
    (0x87, '⑦'),
    (0x88, '⑧'),
    (0x89, '⑨'),
    (0x8A, '⑩'),
    (0x8B, '⓿'),
    (0x8C, '❶'),
    (0x8D, '❷'),
    (0x8E, '❸'),
    (0x8F, '❹'),
    (0x90, '❺'),
    (0x91, '❻'),
    (0x92, '❼'),
    (0x93, '❽'),
    (0x94, '❾'),
    (0x95, '❿'),
    (0x9E, '·'),
    (0x9F, '•'),
    (0xA0, '▪'),
    (0xA1, '○'),
    (0xA2, '○'),
    (0xA4, '◉'),
    (0xA5, '◎'),
    (0xA6, '○'),
    (0xA7, '▪'),
    (0xA8, '□'),
    (0xAA, '✦'),
    (0xAB, '★'),
    (0xAC, '✶'),
    (0xB2, '◇'),
    (0xB5, '✪'),
    (0xB6, '☆'),
    (0xD7, '◁'),
    (0xD8, '➢'),
    (0xDF, '←'),
    (0xE0, '→'),
    (0xE1, '↑'),
    (0xE2, '↓'),
    (0xE3, '↖'),
    (0xE4, '↗'),
    (0xE5, '↙'),
    (0xE6, '↘'),
    (0xE7, '←'),
    (0xE8, '➔'),
    (0xE9, '↑'),
    (0xEA, '↓'),
    (0xEB, '↖'),
    (0xEC, '↗'),
    (0xED, '↙'),
    (0xEE, '↘'),
    (0xEF, '⇦'),
    (0xF0, '⇨'),
    (0xF1, '⇧'),
    (0xF2, '⇩'),
    (0xF3, '⇔'),
    (0xFB, '✗'),
    (0xFC, '✓'),
    (0xFD, '☒'),
    (0xFE, '☑'),
];

const WINGDINGS_2: Symbols = &[
    (0x20, ' '),
    (0x4F, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x96, '•'),
    (0x97, '●'),
    (0x98, '●'),
    (0xA1, '■'),
    (0xA2, '■'),
    (0xA3, '□'),
];

const WINGDINGS_3: Symbols = &[
    (0x20, ' '),
    (0x21, '←'),
    (0x22, '→'),
    (0x23, '↑'),
    (0x24, '↓'),
    (0x70, '▲'),
    (0x71, '▼'),
    (0x72, '△'),
    (0x73, '▽'),
    (0x74, '◀'),
    (0x75, '▶'),
    (0x76, '◁'),
    (0x77, '▷'),
    (0x7D, '▶'),
];

const WEBDINGS: Symbols = &[
    (0x20, ' '),
    (0x33, '◀'),
    (0x34, '▶'),
    (0x35, '▲'),
    (0x36, '▼'),
    (0x61, '✓'),
    (0x63, '□'),
    (0x67, '■'),
    (0x6E, '●'),
    (0x72, '✗'),
];

const SYMBOL: Symbols = &[
    (0x20, ' '),
    (0x25, '%'),
    (0x28, '('),
    (0x29, ')'),
    (0x2A, '∗'),
    (0x2B, '+'),
    (0x2C, ','),
    (0x2D, '−'),
    (0x2E, '.'),
    (0x2F, '/'),
    (0x30, '0'),
    (0x31, '1'),
    (0x32, '2'),
    (0x33, '3'),
    (0x34, '4'),
    (0x35, '5'),
    (0x36, '6'),
    (0x37, '7'),
    (0x38, '8'),
    (0x39, '9'),
    (0x3A, ':'),
    (0x3B, ';'),
    (0x3C, '<'),
    (0x3D, '='),
    (0x3E, '>'),
    (0x44, 'Δ'),
    (0x53, 'Σ'),
    (0x57, 'Ω'),
    (0x61, 'α'),
    (0x62, 'β'),
    (0x6D, 'μ'),
    (0x70, 'π'),
    (0x7E, '∼'),
    (0xA3, '≤'),
    (0xA5, '∞'),
    (0xA7, '♣'),
    (0xA8, '♦'),
    (0xA9, '♥'),
    (0xAA, '♠'),
    (0xAB, '↔'),
    (0xAC, '←'),
    (0xAD, '↑'),
    (0xAE, '→'),
    (0xAF, '↓'),
    (0xB0, '°'),
    (0xB1, '±'),
    (0xB3, '≥'),
    (0xB4, '×'),
    (0xB7, '•'),
    (0xB8, '÷'),
    (0xB9, '≠'),
    (0xBA, '≡'),
    (0xBB, '≈'),
    (0xBC, '…'),
    (0xDB, '⇔'),
    (0xDC, '⇐'),
    (0xDD, '⇑'),
    (0xDE, '⇒'),
    (0xDF, '⇓'),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        for (name, table) in FONTS {
            assert!(table.is_sorted_by(|a, b| a.0 < b.0), "{name}");
        }
    }

    #[test]
    fn marks_by_font_and_code() {
        for (font, code, expected) in [
            ("Wingdings", 0xFE, Some('☑')),
            ("Wingdings-Regular", 0xF0FE, Some('☑')),
            ("Wingdings", 0xA8, Some('□')),
            ("Wingdings2", 0x52, Some('☑')),
            ("Wingdings 2", 0xF0A3, Some('□')),
            ("Webdings", 0x61, Some('✓')),
            ("SymbolMT", 0xF0B7, Some('•')),
            ("Wingdings", 0x1F, None),
            ("Wingdings", 0x3042, None),
        ] {
            assert_eq!(mark(of_font(font).unwrap(), code), expected, "{font} {code:x}");
        }
        assert!(of_font("MS-Gothic").is_none());
    }
}
