//! Bytes to characters: UTF-8, UTF-16, CP932, EUC-JP (with the Windows extensions) and ISO-2022-JP, detected.

use crate::diagnostic::{Code, Diagnostic};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{EUC_JP, Encoding, ISO_2022_JP, SHIFT_JIS, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How many bytes from the first non-ASCII one on the detector looks at.
const SAMPLE: usize = 1 << 18;

/// The largest share of control characters (other than white space and escape) that a text has.
const CONTROL_SHARE: f64 = 0.01;

/// The largest share of undecodable bytes at which the rest is still a text.
const BROKEN_SHARE: f64 = 0.1;

/// The IBM extension characters that eucJP-ms keeps in rows 83 (from column 83) and 84 of its third code set, in
/// order (The Open Group Japan, "eucJP-ms"); WHATWG's EUC-JP, which `encoding_rs` implements, lacks these rows.
const EUC_JP_IBM: &str = "ⅰⅱⅲⅳⅴⅵⅶⅷⅸⅹⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ＇＂㈱№℡炻仼僴凬匇匤﨎咊坙﨏塚增寬峵嵓﨑德悅愠敎昻晥晴朗栁﨓﨔橫櫢\
淸淲瀨凞猪甁皂皞益礰礼神祥福竧靖精綠緖羽荢﨟薰蘒﨡蠇諸譿賴赶﨣﨤逸郞都鄕﨧﨨閒隆﨩霻靍靑飯飼館馞髙魲鶴黑";

/// What decoding gave.
#[derive(Debug)]
pub(super) struct Decoded<'a> {
    pub text: Cow<'a, str>,
    pub diagnostic: Option<Diagnostic>,
}

/// The characters of a source.
///
/// # Errors
/// `unsupported-format` where the bytes are no text in any of the encodings.
pub(super) fn decode(bytes: &[u8]) -> Result<Decoded<'_>, Diagnostic> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return decoded(encoding, &bytes[mark..], false);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && !bytes.contains(&0x1b)
        && !bytes.contains(&0)
    {
        return if is_text(text, 0) { Ok(Decoded { text: text.into(), diagnostic: None }) } else { Err(binary()) };
    }
    if let Some(encoding) = utf_16(bytes) {
        return decoded(encoding, bytes, false);
    }
    let (encoding, guessed) = guess(bytes);
    decoded(encoding, bytes, guessed)
}

/// The encoding of bytes that are neither marked nor valid UTF-8, and whether it is no more than a guess.
fn guess(bytes: &[u8]) -> (&'static Encoding, bool) {
    let Some(first) = bytes.iter().position(|byte| !byte.is_ascii()) else {
        let escaped = bytes.windows(3).any(|w| matches!(w, [0x1b, b'$', b'@' | b'B'] | [0x1b, b'(', b'J' | b'I']));
        return (if escaped { ISO_2022_JP } else { UTF_8 }, false);
    };
    let sample = &bytes[first..bytes.len().min(first + SAMPLE)];
    // A UTF-8 text with a few broken bytes (cut in the middle of a character) is still UTF-8.
    let (multibyte, broken) = utf_8_sequences(sample);
    if multibyte > 20 * broken {
        return (UTF_8, false);
    }
    if is_euc_jp(sample) {
        return (EUC_JP, false);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Allow);
    detector.feed(sample, false);
    let encoding = detector.guess(Some(b"jp"), Utf8Detection::Allow);
    if [SHIFT_JIS, EUC_JP, ISO_2022_JP, UTF_8].contains(&encoding) {
        return (encoding, false);
    }
    let japanese = [SHIFT_JIS, EUC_JP].into_iter().find(|encoding| !encoding.decode_without_bom_handling(sample).1);
    (japanese.unwrap_or(SHIFT_JIS), true)
}

/// Whether bytes are built as EUC-JP is, the extension rows of eucJP-ms among it (at which detectors give up),
/// and a good part of the characters are hiragana. Shift_JIS writes those with bytes that EUC-JP does not have.
fn is_euc_jp(bytes: &[u8]) -> bool {
    let high = |byte: Option<&u8>| byte.is_some_and(|byte| *byte >= 0xa1);
    let (mut at, mut characters, mut hiragana) = (0, 0, 0);
    while at + 3 < bytes.len() {
        at += match bytes[at] {
            0..0x80 => 1,
            0x8e if high(bytes.get(at + 1)) => 2,
            0x8f if high(bytes.get(at + 1)) && high(bytes.get(at + 2)) => 3,
            lead @ 0xa1..=0xfe if high(bytes.get(at + 1)) => {
                characters += 1;
                hiragana += usize::from(lead == 0xa4);
                2
            }
            _ => return false,
        };
    }
    hiragana * 20 > characters
}

/// Counts of well-formed multi-byte UTF-8 sequences and of broken ones.
fn utf_8_sequences(bytes: &[u8]) -> (usize, usize) {
    bytes.utf8_chunks().fold((0, 0), |(multibyte, broken), chunk| {
        let here = chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        (multibyte + here, broken + usize::from(!chunk.invalid().is_empty()))
    })
}

/// UTF-16 without a mark: nearly every unit is white space, ASCII, kana, a common ideograph or a full-width form
/// in one byte order, and far fewer are in the other.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let sample = &bytes[..bytes.len().min(SAMPLE) & !1];
    if sample.len() < 4 {
        return None;
    }
    let share = |unit: fn([u8; 2]) -> u16| {
        let common = sample
            .chunks_exact(2)
            .map(|pair| unit([pair[0], pair[1]]))
            .filter(|unit| {
                matches!(unit, 9..=13 | 0x20..=0x7e | 0x2010..=0x22ff | 0x2460..=0x26ff | 0x3000..=0x33ff
                    | 0x4e00..=0x9fff | 0xff01..=0xff9f)
            })
            .count();
        common as f64 / (sample.len() / 2) as f64
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    // Both orders can look common (kana bytes 0x30 beside 0x30); zero bytes of ASCII decide, which CJK text of one
    // byte per character never has.
    if !sample.contains(&0) || little.max(big) < 0.9 || (little - big).abs() < 0.02 {
        return None;
    }
    Some(if little > big { UTF_16LE } else { UTF_16BE })
}

fn decoded<'a>(encoding: &'static Encoding, bytes: &'a [u8], guessed: bool) -> Result<Decoded<'a>, Diagnostic> {
    let (text, broken) = if encoding == EUC_JP && bytes.windows(2).any(|pair| matches!(pair, [0x8f, 0xf3 | 0xf4])) {
        euc_jp_ms(bytes)
    } else {
        encoding.decode_without_bom_handling(bytes)
    };
    let replaced = if broken { text.matches('\u{fffd}').count() } else { 0 };
    if !is_text(&text, replaced) {
        return Err(binary());
    }
    let message = match (replaced, guessed) {
        (0, false) => None,
        (0, true) => Some(format!("the encoding was taken to be {}, a guess", encoding.name())),
        (count, _) => {
            Some(format!("{count} places are no characters in {}, the encoding of the rest", encoding.name()))
        }
    };
    Ok(Decoded { text, diagnostic: message.map(|message| Diagnostic::new(Code::EncodingDoubtful, message, None)) })
}

/// EUC-JP whose third code set holds the IBM extension rows.
fn euc_jp_ms(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let extension: Vec<char> = EUC_JP_IBM.chars().collect();
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    let mut broken = false;
    let (mut from, mut at) = (0, 0);
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == 0x8f) {
        at += found;
        let column = match bytes.get(at + 1..at + 3) {
            Some(&[0xf3, column @ 0xf3..=0xfe]) => Some(column - 0xf3),
            Some(&[0xf4, column @ 0xa1..=0xfe]) => Some(column - 0xa1 + 12),
            _ => None,
        };
        let Some(&character) = column.and_then(|column| extension.get(usize::from(column))) else {
            at += 1;
            continue;
        };
        let (before, errors) = EUC_JP.decode_without_bom_handling(&bytes[from..at]);
        text.push_str(&before);
        text.push(character);
        broken |= errors;
        at += 3;
        from = at;
    }
    let (rest, errors) = EUC_JP.decode_without_bom_handling(&bytes[from..]);
    text.push_str(&rest);
    (Cow::Owned(text), broken | errors)
}

/// Whether decoded characters are a text: few controls, few undecodable places.
fn is_text(text: &str, replaced: usize) -> bool {
    let controls = text.bytes().filter(|&byte| byte < 0x20 && !matches!(byte, 9..=13 | 0x1a | 0x1b)).count();
    let length = text.len().max(1) as f64;
    controls as f64 <= length * CONTROL_SHARE && replaced as f64 <= length / 3.0 * BROKEN_SHARE + 1.0
}

fn binary() -> Diagnostic {
    Diagnostic::new(Code::UnsupportedFormat, "the source is no text in any encoding that is read", None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAMPLE_TEXT: &str =
        "第１章　計画の概要\n①窓口のデジタル化㈱、港北町の取組を進めます。\n担当課\t情報政策課\t令和５年度\n";

    fn read(bytes: &[u8]) -> String {
        decode(bytes).unwrap().text.into_owned()
    }

    #[test]
    fn every_encoding_gives_the_same_characters() {
        assert_eq!(read(SAMPLE_TEXT.as_bytes()), SAMPLE_TEXT);
        assert_eq!(read(format!("\u{feff}{SAMPLE_TEXT}").as_bytes()), SAMPLE_TEXT);
        for encoding in [SHIFT_JIS, EUC_JP, ISO_2022_JP] {
            let (bytes, _, unmappable) = encoding.encode(SAMPLE_TEXT);
            assert!(!unmappable, "{}", encoding.name());
            assert_eq!(read(&bytes), SAMPLE_TEXT, "{}", encoding.name());
        }
        let units: Vec<u16> = SAMPLE_TEXT.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        assert_eq!(read(&little), SAMPLE_TEXT);
        assert_eq!(read(&big), SAMPLE_TEXT);
        assert_eq!(read(&[&[0xff, 0xfe][..], &little].concat()), SAMPLE_TEXT);
        assert_eq!(read(&[&[0xfe, 0xff][..], &big].concat()), SAMPLE_TEXT);
    }

    #[test]
    fn euc_jp_has_the_windows_extensions() {
        // NEC row 13, NEC-selected IBM extensions (CP51932), and the IBM rows of eucJP-ms.
        assert_eq!(EUC_JP_IBM.chars().count(), 106);
        let prefix = EUC_JP.encode("窓口の手続をオンラインで行えるようにします。").0;
        for (bytes, expected) in [
            (&b"\xad\xa1\xad\xea"[..], "①㈱"),
            (b"\xfc\xe2", "髙"),
            (b"\x8f\xf4\xfb\x8f\xf4\xbd", "髙﨑"),
            (b"\x8f\xf3\xf3\x8f\xd4\xe3", "ⅰ纊"),
        ] {
            let text = read(&[&prefix, bytes].concat());
            assert!(text.ends_with(expected), "{text}");
        }
    }

    #[test]
    fn broken_bytes_are_reported_and_the_rest_is_read() {
        let mut bytes = SAMPLE_TEXT.repeat(3).into_bytes();
        bytes.truncate(bytes.len() - 2);
        let decoded = decode(&bytes).unwrap();
        assert!(decoded.text.starts_with(SAMPLE_TEXT));
        assert_eq!(decoded.diagnostic.map(|diagnostic| diagnostic.code), Some(Code::EncodingDoubtful));
    }

    #[test]
    fn junk_is_no_text() {
        let mut state = 1u32;
        let junk: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        })
        .take(5000)
        .collect();
        assert_eq!(decode(&junk).unwrap_err().code, Code::UnsupportedFormat);
        assert_eq!(decode(&[0; 100]).unwrap_err().code, Code::UnsupportedFormat);
    }
}
