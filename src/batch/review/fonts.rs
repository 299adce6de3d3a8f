//! A Japanese font of the system, for the pictures of PDF files that embed none.

use crate::write::report::picture::Font;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Files of Japanese fonts without serifs, as systems and their users name them, the better first; of a collection
/// the index of the face.
const SANS: &[(&str, u32)] = &[
    ("NotoSansCJK-Regular.ttc", 0),
    ("NotoSansCJKjp-Regular.otf", 0),
    ("NotoSansJP-Regular.otf", 0),
    ("ipaexg.ttf", 0),
    ("ipag.ttf", 0),
    ("BIZ-UDGothicR.ttc", 0),
    ("YuGothR.ttc", 0),
    ("meiryo.ttc", 0),
    ("msgothic.ttc", 0),
    ("ヒラギノ角ゴシック W3.ttc", 0),
    ("VL-Gothic-Regular.ttf", 0),
    ("TakaoGothic.ttf", 0),
];

/// The same with serifs.
const SERIF: &[(&str, u32)] = &[
    ("NotoSerifCJK-Regular.ttc", 0),
    ("NotoSerifCJKjp-Regular.otf", 0),
    ("NotoSerifJP-Regular.otf", 0),
    ("ipaexm.ttf", 0),
    ("ipam.ttf", 0),
    ("BIZ-UDMinchoM.ttc", 0),
    ("yumin.ttf", 0),
    ("msmincho.ttc", 0),
    ("ヒラギノ明朝 ProN.ttc", 0),
    ("TakaoMincho.ttf", 0),
];

/// How deep the folders of fonts are looked through.
const DEPTH: usize = 4;

/// The best Japanese font that is found; one of the other kind where there is none of the one wanted.
pub fn japanese(serif: bool) -> Option<Font> {
    let (path, index) = found(serif, &files())?;
    Some((Arc::new(fs::read(path).ok()?), index))
}

/// Tells the fonts that are found from others.
pub fn fingerprint() -> String {
    let files = files();
    let font = |serif| {
        let (path, _) = found(serif, &files)?;
        let length = fs::metadata(&path).map_or(0, |file| file.len());
        Some(format!("{} {length}", path.file_name()?.to_string_lossy()))
    };
    [false, true].map(|serif| font(serif).unwrap_or_default()).join(", ")
}

fn found(serif: bool, files: &[PathBuf]) -> Option<(PathBuf, u32)> {
    let named = |wanted: &(&str, u32)| {
        let path = files.iter().find(|path| path.file_name().is_some_and(|name| name == wanted.0))?;
        Some((path.clone(), wanted.1))
    };
    let (first, second) = if serif { (SERIF, SANS) } else { (SANS, SERIF) };
    first.iter().chain(second).find_map(named)
}

/// The files in the system's and the user's folders of fonts, in a fixed order.
fn files() -> Vec<PathBuf> {
    let home = std::env::var_os("HOME").or_else(|| std::env::var_os("LOCALAPPDATA")).map(PathBuf::from);
    let windows = std::env::var_os("WINDIR").map(|folder| PathBuf::from(folder).join("Fonts"));
    let own = [".local/share/fonts", ".fonts", "Library/Fonts", "Microsoft/Windows/Fonts"];
    let system = ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts"];
    let mut files = Vec::new();
    let own = home.into_iter().flat_map(|home| own.map(|below| home.join(below)));
    for folder in system.map(PathBuf::from).into_iter().chain(windows).chain(own) {
        collect(&folder, DEPTH, &mut files);
    }
    files
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files);
            }
        } else {
            files.push(path);
        }
    }
}
