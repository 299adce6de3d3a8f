//! Hard lines: visual lines that only ran into the margin are joined, breaks that someone typed are kept.
//!
//! What tells them apart is room. A line was wrapped where the beginning of the next one would not have fitted behind
//! it; a line that ends before the margin was ended by its writer.

use super::frame::Frame;
use super::lines::VisualLine;
use super::script;
use crate::document::{Line, Place, Text};

/// Room that is taken for none, in parts of the font size: justification and rounding.
const SLACK: f32 = 0.35;

/// How far a line must be moved in or out, in parts of the font size, to count as indented.
const INDENT: f32 = 0.7;

/// Lines whose font sizes differ by more than this part belong to different texts.
const SAME_SIZE: f32 = 0.12;

/// A gap between lines, in parts of the font size, that always parts them.
const WIDE_GAP: f32 = 1.7;

/// Characters after which a phrase always goes on.
const GOES_ON: &str = "、，のをがはにやとへ";

/// Where the lines of a text may stand, along its frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Room {
    pub left: f32,
    pub right: f32,
}

impl Room {
    /// The room that lines have in a box, less the padding of its table.
    pub fn in_box(frame: Frame, bbox: super::content::Rect, padding: f32) -> Room {
        let seen = frame.see(bbox);
        let padding = padding.clamp(0.0, (seen[2] - seen[0]) / 3.0);
        Room { left: seen[0] + padding, right: seen[2] - padding }
    }

    /// The room of lines that stand free: as wide as they are.
    pub fn around<'a>(lines: impl Iterator<Item = &'a VisualLine>) -> Room {
        lines.fold(Room { left: f32::INFINITY, right: f32::NEG_INFINITY }, |room, line| Room {
            left: room.left.min(line.seen[0]),
            right: room.right.max(line.seen[2]),
        })
    }
}

/// How the lines of a text are set against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Setting {
    Left,
    Centred,
    Right,
}

fn setting(lines: &[&VisualLine]) -> Setting {
    let spread = |of: fn(&VisualLine) -> f32| {
        let values = lines.iter().map(|line| of(line) / line.size);
        let (low, high) = values.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        high - low
    };
    let left = spread(|line| line.seen[0]);
    if lines.len() < 2 || left <= 0.3 {
        return Setting::Left;
    }
    let middle = spread(|line| (line.seen[0] + line.seen[2]) / 2.0);
    let right = spread(|line| line.seen[2]);
    if middle <= 0.35 && middle < left {
        Setting::Centred
    } else if right <= 0.3 && left > 1.0 {
        Setting::Right
    } else {
        Setting::Left
    }
}

/// The hard lines of a text, from its visual ones in reading order.
pub(super) fn text(lines: &[&VisualLine], room: Room, page: u32) -> Text {
    let setting = setting(lines);
    let right = lines.iter().map(|line| line.seen[2]).fold(room.right, f32::max);
    let room = Room { right, ..room };
    let mut done: Vec<Line> = Vec::with_capacity(lines.len());
    let mut open = Open::default();
    for (at, line) in lines.iter().enumerate() {
        let place = Place::Page { page, bbox: line.bbox };
        let soft = at > 0
            && (continues(lines[at - 1], line, room, setting, &mut open)
                || parted_at_dot(lines[at - 1], line, room, &done));
        match done.last_mut() {
            Some(last) if soft => {
                last.grow(|raw| script::push_joined(raw, &line.text));
                last.place = last.place.union(&place);
            }
            _ => {
                open = Open::new(line);
                done.push(Line { raw: line.text.as_str().into(), place, ..Line::default() });
            }
        }
    }
    Text::of(done)
}

/// The hard line in hand.
#[derive(Debug, Clone, Copy, Default)]
struct Open {
    /// Whether it begins with a mark or number, so that its wrapped lines hang behind that.
    marked: bool,
    /// Where its wrapped lines begin, once there is one.
    hang: Option<f32>,
}

impl Open {
    fn new(line: &VisualLine) -> Open {
        Open { marked: script::begins_bullet(&line.text) || script::begins_number(&line.text), hang: None }
    }
}

/// Whether a line that begins with a middle dot goes on with a sentence (施策・事業) rather than begins a bullet: the
/// bullets before it are sentences, the last one has not ended and ran to the very margin.
fn parted_at_dot(line: &VisualLine, next: &VisualLine, room: Room, done: &[Line]) -> bool {
    let ended = |line: &Line| line.raw.ends_with(['。', '．']);
    let Some((last, before)) = done.split_last() else { return false };
    let mut bullets = before.iter().filter(|line| script::begins_bullet(&line.raw)).peekable();
    next.text.starts_with(['・', '･'])
        && script::begins_bullet(&last.raw)
        && !ended(last)
        && room.right - line.seen[2] < 0.5 * line.size
        && (next.seen[0] - line.seen[0]).abs() < INDENT * line.size
        && bullets.peek().is_some()
        && bullets.all(ended)
}

/// Whether `next` goes on with the hard line that ends in `line`.
fn continues(line: &VisualLine, next: &VisualLine, room: Room, setting: Setting, open: &mut Open) -> bool {
    let (Some(last), Some(first)) = (line.text.chars().next_back(), next.text.chars().next()) else { return false };
    let size = line.size.min(next.size);
    if line.frame != next.frame
        || (line.size - next.size).abs() > SAME_SIZE * line.size.max(next.size)
        || next.seen[1] - line.seen[3] > WIDE_GAP * size
        || script::begins_bullet(&next.text)
        || script::begins_label(&next.text)
    {
        return false;
    }
    // Pieces that stand beside each other were parted by a wide gap only.
    if (next.base - line.base).abs() < 0.4 * size {
        return false;
    }
    let left = match setting {
        Setting::Centred => room.right - line.width() - room.left,
        Setting::Right => line.seen[0] - room.left,
        Setting::Left => room.right - line.seen[2],
    };
    let full = left < next.head + SLACK * size;
    let goes_on = GOES_ON.contains(last) || script::never_first(first) || script::never_last(last);
    // A lone ordinal (①) under a label belongs to the label.
    if next.text.chars().count() == 1 && next.text.starts_with(script::is_enclosed) {
        return true;
    }
    if script::begins_number(&next.text) && !(full && goes_on) {
        return false;
    }
    if setting == Setting::Left {
        let moved = next.seen[0] - line.seen[0];
        match open.hang {
            // The second line of a hard line may hang in or step back; the others stand below it.
            None => {
                if moved > INDENT * size && !open.marked {
                    return false;
                }
                if moved < -INDENT * size && open.marked && !full {
                    return false;
                }
            }
            Some(hang) if (next.seen[0] - hang).abs() > INDENT * size => return false,
            Some(_) => {}
        }
    }
    if full || goes_on {
        open.hang.get_or_insert(next.seen[0]);
        return true;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Colour;

    /// Lines of 10 pt, one below the other: indent in characters, text.
    fn lines(texts: &[(f32, &str)]) -> Vec<VisualLine> {
        let line = |(at, (indent, text)): (usize, &(f32, &str))| {
            let width: f32 =
                text.chars().map(|c| if script::is_cjk(c) || script::is_enclosed(c) { 10.0 } else { 5.0 }).sum();
            let (x, y) = (100.0 + indent * 10.0, 14.0 * at as f32);
            let bbox = [x, y, x + width, y + 10.0];
            let word = text.chars().take_while(|c| script::is_word(*c)).count().max(1) as f32;
            let head = if text.starts_with(script::is_word) { 5.0 * word } else { 10.0 };
            VisualLine {
                text: text.to_string(),
                frame: Frame::Upright,
                bbox,
                seen: bbox,
                base: y + 8.8,
                size: 10.0,
                bold: false,
                colour: Colour([0; 3]),
                head,
                order: 0,
            }
        };
        texts.iter().enumerate().map(line).collect()
    }

    #[test]
    fn wraps_are_joined_and_breaks_kept() {
        for (what, texts, expected) in [
            ("a wrap", vec![(0.0, "窓口の混雑を減らすた"), (0.0, "めの取組")], vec!["窓口の混雑を減らすための取組"]),
            ("a short line", vec![(0.0, "窓口の改善"), (0.0, "電話の改善")], vec!["窓口の改善", "電話の改善"]),
            (
                "bullets",
                vec![(0.0, "・窓口の混雑を減らす"), (1.0, "取組"), (0.0, "・電話")],
                vec!["・窓口の混雑を減らす取組", "・電話"],
            ),
            (
                "a new paragraph",
                vec![(0.0, "窓口の混雑を減らす。"), (1.0, "電話も増やす。")],
                vec!["窓口の混雑を減らす。", "電話も増やす。"],
            ),
            ("its first line", vec![(1.0, "窓口の混雑を減ら"), (0.0, "す。")], vec!["窓口の混雑を減らす。"]),
            ("a phrase", vec![(0.0, "窓口の"), (0.0, "改善")], vec!["窓口の改善"]),
            ("centred", vec![(0.5, "窓口の混雑を減らす"), (4.0, "取組")], vec!["窓口の混雑を減らす取組"]),
            ("centred, short", vec![(3.0, "窓口課"), (3.5, "電話")], vec!["窓口課", "電話"]),
            ("a long word", vec![(0.0, "窓口の混雑を"), (0.0, "navigation")], vec!["窓口の混雑をnavigation"]),
            (
                "a dot in a sentence",
                vec![(0.0, "・電話を減らす。"), (0.0, "・限られた予算の施策"), (0.0, "・事業とする。")],
                vec!["・電話を減らす。", "・限られた予算の施策・事業とする。"],
            ),
            (
                "full bullets",
                vec![(0.0, "・電話の応対"), (0.0, "・限られた予算の施策"), (0.0, "・事業の見直し")],
                vec!["・電話の応対", "・限られた予算の施策", "・事業の見直し"],
            ),
            (
                "numbers",
                vec![(0.0, "(1) 窓口の混雑を減らす"), (0.0, "(2) 電話")],
                vec!["(1) 窓口の混雑を減らす", "(2) 電話"],
            ),
        ] {
            let lines = lines(&texts);
            let lines: Vec<&VisualLine> = lines.iter().collect();
            let text = text(&lines, Room { left: 100.0, right: 200.0 }, 1);
            let found: Vec<&str> = text.lines.iter().map(|line| line.raw.as_ref()).collect();
            assert_eq!(found, expected, "{what}");
        }
    }
}
