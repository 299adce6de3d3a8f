//! Bars and arrows that a text draws with characters, or names with a placeholder: lifted out of cells as overlays.

use super::super::lines::{is_space, trimmed};
use crate::document::{Cell, Overlay, OverlayShape, Table, Text};

/// Heads of arrows.
const HEADS: &str = "→⇒▶►▷➡⇨➔➜➤＞>";
/// Heads that, alone in a cell, are what is left of a drawn bar. The others are marks.
const TRACES: &str = "▶►▷";
/// What shafts are drawn with.
const SHAFTS: &str = "━─═＝=—―－-‐–ーｰ~～_＿";
/// Shaft characters that make a line by themselves; the others also stand for "none", or for a range.
const RULES: &str = "━─═＝=";
/// What bars are filled with.
const FILLS: &str = "■█▇▆▅▬▮◼⬛▓▒░";
/// What marks the ends of a line.
const ENDS: &str = "●○◆◇•|｜";

/// Words that name a drawing in a placeholder.
const DRAWING_WORDS: &[&str] = &[
    "進捗バー",
    "進捗線",
    "工程バー",
    "工程線",
    "期間バー",
    "スケジュールバー",
    "ガントバー",
    "ガントチャート",
    "ガント",
    "バー",
    "帯",
    "横棒",
    "棒線",
    "矢印",
    "矢線",
    "図形",
    "塗りつぶし",
    "着色",
    "網掛け",
    "arrow",
    "bar",
    "gantt",
    "gantt bar",
    "progress bar",
    "schedule bar",
    "shape",
];

/// Words that stand for a drawing only before a span of time: `[進捗: 令和5年度～]`.
const SPAN_LABELS: &[&str] = &["進捗", "工程", "期間", "実施期間", "スケジュール", "progress", "schedule"];

/// Brackets of placeholders.
const BRACKETS: &[(char, char)] =
    &[('[', ']'), ('［', '］'), ('【', '】'), ('〔', '〕'), ('(', ')'), ('（', '）'), ('<', '>'), ('＜', '＞')];

/// Words that state a span of time without a figure.
const SPAN_WORDS: &[&str] = &["通年", "毎年", "全期間", "期間中", "継続"];

/// A drawing found in a cell's line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Drawing<'a> {
    shape: OverlayShape,
    /// The text beside or in it; empty where there is none.
    text: &'a str,
}

/// Lifts the drawings of a table's cells out as overlays over the columns of their cells. The cell of a bare
/// drawing becomes blank; a text that stands beside one stays in its cell.
pub(super) fn lift(table: &mut Table) {
    for cell in &mut table.cells {
        let [line] = cell.text.lines.as_slice() else { continue };
        if !cell.nested.is_empty() || !may_draw(&line.raw) {
            continue;
        }
        let Some(Drawing { shape, text }) = drawing(&line.raw) else { continue };
        let inside = (shape == OverlayShape::Stated).then(|| Text::line(text, line.place.clone()));
        let overlay = overlay_of(cell, shape, inside);
        if shape == OverlayShape::Stated || text.is_empty() {
            cell.text = Text::default();
        } else {
            let beside = text.into();
            cell.text.lines[0].raw = beside;
        }
        table.overlays.push(overlay);
    }
}

fn overlay_of(cell: &Cell, shape: OverlayShape, text: Option<Text>) -> Overlay {
    Overlay {
        shape,
        row: cell.row,
        row_span: cell.row_span,
        start: cell.column as f32,
        end: cell.end_column() as f32,
        text,
        colour: None,
        place: cell.place.clone(),
    }
}

/// Whether a line may be or hold a drawing, by its first and last characters.
fn may_draw(raw: &str) -> bool {
    let drawn = |c: char| match c {
        'ー' => true,
        '0'..='9' | 'A'..='Z' | 'a'..='z' | 'ぁ'..='ヺ' | '\u{4e00}'..='\u{9fff}' => false,
        c => is_drawn(c) || BRACKETS.iter().any(|(open, close)| *open == c || *close == c),
    };
    raw.chars().next().is_some_and(drawn) || raw.chars().next_back().is_some_and(drawn)
}

/// The drawing that a cell's line is or holds.
fn drawing(raw: &str) -> Option<Drawing<'_>> {
    if let Some(found) = placeholder(raw) {
        return Some(found);
    }
    if raw.chars().all(|c| is_drawn(c) || is_space(c)) {
        return bare(raw).map(|shape| Drawing { shape, text: "" });
    }
    let front = raw.find(|c: char| !is_drawn(c))?;
    let back = raw.rfind(|c: char| !is_drawn(c)).map(|at| at + raw[at..].chars().next().map_or(1, char::len_utf8))?;
    let (before, after) = (strong(&raw[..front]), strong(&raw[back..]));
    let shape = after.or(before)?;
    let text = trimmed(&raw[if before.is_some() { front } else { 0 }..if after.is_some() { back } else { raw.len() }]);
    (!text.is_empty()).then_some(Drawing { shape, text })
}

fn is_drawn(c: char) -> bool {
    [HEADS, SHAFTS, FILLS, ENDS].iter().any(|set| set.contains(c))
}

/// The shape that a cell of nothing but drawn characters is.
fn bare(raw: &str) -> Option<OverlayShape> {
    let mut characters = raw.chars().filter(|c| !is_space(*c));
    let (first, second) = (characters.next()?, characters.next());
    if second.is_none() {
        return TRACES.contains(first).then_some(OverlayShape::Lost);
    }
    run_shape(raw)
}

/// The shape of a run that stands beside text, where it can be nothing but drawn.
fn strong(run: &str) -> Option<OverlayShape> {
    let drawn = |set: &str| run.chars().filter(|c| set.contains(*c)).count();
    if drawn(RULES) + drawn(FILLS) >= 2 || drawn(HEADS) >= 2 || (drawn(HEADS) == 1 && drawn(SHAFTS) >= 2) {
        run_shape(run)
    } else {
        None
    }
}

/// The shape that a run of two or more drawn characters makes; none where they are marks side by side.
fn run_shape(run: &str) -> Option<OverlayShape> {
    let drawn = |set: &str| run.chars().filter(|c| set.contains(*c)).count();
    let (heads, shafts, rules, fills, ends) = (drawn(HEADS), drawn(SHAFTS), drawn(RULES), drawn(FILLS), drawn(ENDS));
    if heads >= 1 && (shafts + fills >= 1 || (heads >= 2 && ends == 0)) {
        Some(OverlayShape::Arrow)
    } else if heads == 0 && fills >= 2 && shafts == 0 && ends == 0 {
        Some(OverlayShape::Bar)
    } else if heads == 0 && fills == 0 && (rules >= 2 || (ends >= 1 && rules >= 1)) {
        Some(OverlayShape::Line)
    } else {
        None
    }
}

/// A bracketed word that names a drawing: with a span of time the span is stated, without one the bar is lost.
fn placeholder(raw: &str) -> Option<Drawing<'_>> {
    let (_, close) = BRACKETS.iter().find(|(open, _)| raw.starts_with(*open))?;
    let inner = raw.strip_suffix(*close)?;
    let inner = &inner[raw.chars().next()?.len_utf8()..];
    let (word, stated) = match inner.split_once([':', '：']) {
        Some((word, stated)) => (trimmed(word), trimmed(stated)),
        None => (trimmed(inner), ""),
    };
    let word = word.trim_matches(|c| is_drawn(c) && c != 'ー' || is_space(c));
    let is_in = |words: &[&str]| words.iter().any(|known| known.eq_ignore_ascii_case(word));
    let states_span = stated.chars().any(|c| c.is_numeric()) || SPAN_WORDS.iter().any(|span| stated.contains(span));
    if is_in(DRAWING_WORDS) && stated.is_empty() {
        Some(Drawing { shape: OverlayShape::Lost, text: "" })
    } else if states_span && (is_in(DRAWING_WORDS) || is_in(SPAN_LABELS)) {
        Some(Drawing { shape: OverlayShape::Stated, text: stated })
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use OverlayShape::*;

    #[test]
    fn what_is_drawn() {
        for (raw, shape, text) in [
            ("→→→", Arrow, ""),
            ("→ → →", Arrow, ""),
            ("====>", Arrow, ""),
            ("----->", Arrow, ""),
            ("●━━▶", Arrow, ""),
            ("ーーー→", Arrow, ""),
            ("■■■■", Bar, ""),
            ("██", Bar, ""),
            ("━━━", Line, ""),
            ("●──○", Line, ""),
            ("▶", Lost, ""),
            ("[進捗バー]", Lost, ""),
            ("［矢印］", Lost, ""),
            ("[進捗: 令和4年度～令和6年度]", Stated, "令和4年度～令和6年度"),
            ("[バー：通年]", Stated, "通年"),
            ("→→→ 調査", Arrow, "調査"),
            ("調査 ━━▶", Arrow, "調査"),
            ("■■■ 工事", Bar, "工事"),
        ] {
            assert!(may_draw(raw), "{raw}");
            assert_eq!(drawing(raw), Some(Drawing { shape, text }), "{raw}");
        }
    }

    #[test]
    fn marks_and_text_stay() {
        for raw in [
            "→",
            "⇒",
            "○",
            "●",
            "■",
            "◎",
            "-",
            "－",
            "―",
            "—",
            "--",
            "――",
            "○○",
            "●●",
            "○→",
            "→調査",
            "▶調査",
            "■調査",
            "120分→70分",
            "～",
            "R5～",
            "[現状]",
            "[進捗: 順調]",
            "(案)",
            "【新規】",
            "(工程)",
            "<期間>",
            "【進捗】",
            "<基盤チーム>",
            "*****",
            "",
            "実施中",
            "サーバー",
            "ー",
            "(1)",
            "○○事業",
        ] {
            assert_eq!(drawing(raw), None, "{raw}");
        }
    }
}
