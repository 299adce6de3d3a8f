//! What is this file? Told by content first, by name where the content leaves it open.

use super::Format;
use crate::diagnostic::{Code, Diagnostic};
use std::io::Cursor;

/// How far from its start a PDF may carry its `%PDF-` mark (the limit that common readers keep).
const PDF_MARK_WITHIN: usize = 1024;

/// Leading bytes of formats that are told apart only to be refused, with the name that the message carries.
const REFUSED: &[(&[u8], &str)] = &[
    (b"\x89PNG\r\n\x1a\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF87a", "a GIF picture"),
    (b"GIF89a", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"BZh", "a bzip2 archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"%!PS", "a PostScript file"),
    (b"MIME-Version:", "a web archive"),
];

/// Workbooks written as one XML text, by the name space of their root.
const FLAT: &[(&[u8], &str)] = &[
    (b"urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of 2003; saved as .xlsx it can be read"),
    (b"urn:oasis:names:tc:opendocument:xmlns:office", "a flat OpenDocument file; saved as .ods it can be read"),
];

/// The format of a source.
///
/// # Errors
/// `empty-source` for no bytes, `unsupported-format` for a picture, an archive, or a document of another program.
/// Binary junk without a mark of its own is found later, when it does not decode as text.
pub(super) fn detect(bytes: &[u8], name: &str) -> Result<Format, Diagnostic> {
    if bytes.is_empty() {
        return Err(Diagnostic::new(Code::EmptySource, "the source has no bytes", None));
    }
    if find(&bytes[..bytes.len().min(PDF_MARK_WITHIN)], b"%PDF-").is_some() {
        return Ok(Format::Pdf);
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        return Ok(Format::Xls);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return zipped(bytes, name);
    }
    if let Some((_, what)) = REFUSED.iter().find(|(mark, _)| bytes.starts_with(mark)) {
        return Err(unsupported(&format!("the source is {what}")));
    }
    match written(bytes, name) {
        Format::Html => Ok(Format::Html),
        format => flat(bytes).map_or(Ok(format), |what| Err(unsupported(&format!("the source is {what}")))),
    }
}

fn unsupported(message: &str) -> Diagnostic {
    Diagnostic::new(Code::UnsupportedFormat, message, None)
}

/// A ZIP archive: which kind of workbook, by the parts that it holds.
fn zipped(bytes: &[u8], name: &str) -> Result<Format, Diagnostic> {
    match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => {
            let has = |part: &str| archive.index_for_name(part).is_some();
            if has("xl/workbook.bin") {
                Ok(Format::Xlsb)
            } else if has("xl/workbook.xml")
                || archive.file_names().any(|part| part.is_ok_and(|part| part.starts_with("xl/")))
            {
                Ok(Format::Xlsx)
            } else if has("content.xml") && !has("word/document.xml") {
                Ok(Format::Ods)
            } else {
                Err(unsupported("the source is a ZIP archive that holds no workbook"))
            }
        }
        // A damaged archive: only its name can say what it was.
        Err(_) => extension(name)
            .and_then(|extension| match extension.as_str() {
                "xlsx" | "xlsm" => Some(Format::Xlsx),
                "xlsb" => Some(Format::Xlsb),
                "ods" => Some(Format::Ods),
                _ => None,
            })
            .ok_or_else(|| unsupported("the source is a damaged ZIP archive")),
    }
}

/// What kind of workbook an XML text is.
fn flat(bytes: &[u8]) -> Option<&'static str> {
    const HEAD: usize = 4096;
    let head = &bytes[..bytes.len().min(HEAD)];
    let start = head.strip_prefix("\u{feff}".as_bytes()).unwrap_or(head).trim_ascii_start();
    let found = FLAT.iter().find(|(space, _)| start.starts_with(b"<?xml") && find(head, space).is_some());
    found.map(|(_, what)| *what)
}

/// A text: of which syntax. Bytes are looked at as ASCII, which every encoding but UTF-16 leaves in place.
fn written(bytes: &[u8], name: &str) -> Format {
    const HEAD: usize = 4096;
    let head: Vec<u8> =
        bytes[..bytes.len().min(HEAD)].iter().filter(|&&byte| byte != 0).map(u8::to_ascii_lowercase).collect();
    let head = head.trim_ascii_start();
    let head = ["\u{feff}".as_bytes(), b"\xff\xfe", b"\xfe\xff"]
        .iter()
        .find_map(|mark| head.strip_prefix(*mark))
        .unwrap_or(head)
        .trim_ascii_start();
    let page = find(head, b"<html").or_else(|| find(head, b"<!doctype html"));
    if head.starts_with(b"<") && page.is_some() {
        return Format::Html;
    }
    match extension(name).as_deref() {
        Some("html" | "htm" | "xhtml") if head.starts_with(b"<") => Format::Html,
        Some("csv") => Format::Csv,
        Some("tsv" | "tab") => Format::Tsv,
        Some("md" | "markdown") => Format::Markdown,
        // values under a workbook's name: what programs that export lists write, and spreadsheet programs open
        Some("xls" | "xlsx" | "xlsm") if head.contains(&b'\t') => Format::Tsv,
        Some("xls" | "xlsx" | "xlsm") if head.contains(&b',') => Format::Csv,
        _ => Format::Text,
    }
}

fn extension(name: &str) -> Option<String> {
    name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase())
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_goes_before_the_name() {
        for (bytes, name, format) in [
            (&b"%PDF-1.7\n"[..], "plan.txt", Format::Pdf),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....", "plan.xlsx", Format::Xls),
            (b"<!DOCTYPE html>\n<html><body>", "plan.txt", Format::Html),
            (b"  <?xml version='1.0'?>\n<html>", "plan.xls", Format::Html),
            (b"\xef\xbb\xbf<html>", "plan", Format::Html),
            (b"<\0h\0t\0m\0l\0>\0", "plan", Format::Html),
            (b"<table><tr>", "plan.html", Format::Html),
            (b"<table><tr>", "plan.txt", Format::Text),
            (b"a,b\n", "plan.csv", Format::Csv),
            (b"a,b\n", "plan.xlsx", Format::Csv),
            (b"a\tb, c\n", "plan.xls", Format::Tsv),
            (b"a\tb\n", "PLAN.TSV", Format::Tsv),
            (b"# a\n", "plan.md", Format::Markdown),
            (b"a,b\n", "-", Format::Text),
        ] {
            assert_eq!(detect(bytes, name).ok(), Some(format), "{name}");
        }
    }

    #[test]
    fn what_is_no_document_is_refused() {
        for (bytes, code) in [
            (&b""[..], Code::EmptySource),
            (b"\x89PNG\r\n\x1a\n....", Code::UnsupportedFormat),
            (b"{\\rtf1 a}", Code::UnsupportedFormat),
            (b"MIME-Version: 1.0\r\n", Code::UnsupportedFormat),
            (
                b"<?xml version='1.0'?><Workbook xmlns='urn:schemas-microsoft-com:office:spreadsheet'>",
                Code::UnsupportedFormat,
            ),
            (b"PK\x03\x04 broken", Code::UnsupportedFormat),
        ] {
            assert_eq!(detect(bytes, "plan.txt").map_err(|diagnostic| diagnostic.code), Err(code));
        }
    }
}
