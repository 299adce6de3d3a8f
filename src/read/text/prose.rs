//! Running text: which line breaks are only wraps, and what begins a bullet.

use super::lines::{is_space, trimmed, width};

/// The narrowest margin, in columns, that lines of one run are taken to have run into together.
const NARROWEST_MARGIN: usize = 44;

/// The narrowest line, in columns, that is taken to have run into the margin by itself.
pub(super) const WIDE: usize = 64;

/// How far before the margin, in columns, a wrapped line may end: no line begins with a closing mark.
const RAGGED: usize = 6;

/// Characters that end a sentence, or something that stands by itself.
const ENDS: &str = "。．.！？!?」』）)】］]〉》：:；;";

/// Characters after which a phrase always goes on.
const GOES_ON: &str = "、，のをがはに";

/// Marks that begin a bullet or a note when they begin a line.
const BULLET_MARKS: &str = "・●○◎◯◆◇■□▪▫▶►▸▼▲△★☆✓✔☑☐※•‣◦→⇒➡①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳";

/// The width from which on lines of a run were wrapped: where two or more of them end together.
pub(super) fn margin<'a>(lines: impl Iterator<Item = &'a str> + Clone) -> usize {
    let widest = lines.clone().map(width).max().unwrap_or(0);
    let together = lines.filter(|line| width(line) + RAGGED >= widest).count();
    if together >= 2 && widest >= NARROWEST_MARGIN { widest - RAGGED } else { WIDE }
}

/// Whether a line goes on with the next one: it was only wrapped, at the margin or within a phrase. Unsure cases
/// are breaks.
pub(super) fn continues(line: &str, next: &str, margin: usize) -> bool {
    let (line, next_trimmed) = (trimmed(line), trimmed(next));
    let (Some(last), Some(first)) = (line.chars().next_back(), next_trimmed.chars().next()) else { return false };
    if begins_something(next_trimmed) || ENDS.contains(last) {
        return false;
    }
    // A closing bracket or a full stop cannot begin a line of its own.
    if "、。，．）」』".contains(first) || GOES_ON.contains(last) {
        return true;
    }
    width(line) >= margin && !next.starts_with('　')
}

/// Whether a line ends inside a phrase, so that it must go on.
pub(super) fn ends_open(line: &str) -> bool {
    trimmed(line).chars().next_back().is_some_and(|last| GOES_ON.contains(last))
}

/// Whether a character marks an item of a list.
pub(super) fn is_list_mark(c: char) -> bool {
    "・●○◎◯◆◇•▪‣".contains(c)
}

/// Whether a line begins with a mark or a number that sets it off from the one before.
pub(super) fn begins_something(line: &str) -> bool {
    let Some(first) = line.chars().next() else { return true };
    if BULLET_MARKS.contains(first) || "【［[〔<＜《〈(（|#".contains(first) {
        return true;
    }
    if bullet(line).is_some() {
        return true;
    }
    // A number and a separator: `1.`, `１）`, `2 `.
    let rest = line.trim_start_matches(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c));
    rest.len() < line.len() && rest.starts_with([' ', '　', '.', '．', ')', '）', '、', '-', '－'])
}

/// The text after a Markdown bullet mark, where a line begins with one.
pub(super) fn bullet(line: &str) -> Option<&str> {
    let line = line.trim_start_matches(is_space);
    let rest = line.strip_prefix(['-', '*', '+', '–'])?;
    rest.starts_with([' ', '\t', '　']).then(|| rest.trim_start_matches(is_space)).filter(|rest| !rest.is_empty())
}

/// Whether a line ends a sentence or a list entry.
pub(super) fn ends_sentence(line: &str) -> bool {
    trimmed(line).chars().next_back().is_some_and(|last| "。．！？!?".contains(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_and_breaks() {
        for (line, next, expected) in [
            ("本市では、窓口の混雑を減らすため、オンラインでの申請の範囲を広げ", "ます。", true),
            ("本市では、窓口の混雑を減らすために、オンライン", "申請を広げる。", false),
            ("窓口の手続を減らし、", "市民の負担を軽くする。", true),
            ("手続の", "オンライン化", true),
            ("窓口の混雑を減らす。", "次の取組を行う。", false),
            ("担当課", "情報政策課", false),
            ("本市では、窓口の混雑を減らすために、オンライン", "・申請", false),
            ("本市では、窓口の混雑を減らすために、オンライン", "(2) 申請", false),
            ("本市では、窓口の混雑を減らすために、オンライン", "2. 申請", false),
            ("", "申請", false),
        ] {
            assert_eq!(continues(line, next, WIDE), expected, "{line} / {next}");
        }
    }

    #[test]
    fn lines_that_end_together_were_wrapped() {
        let run = [
            "本市では、窓口の混雑を減らすために、オンライン",
            "申請の範囲を広げるとともに、電話の受付時間を夜",
            "まで延ばす。",
        ];
        assert_eq!(margin(run.into_iter()), 40);
        assert_eq!(margin(["窓口の改善", "電話の改善"].into_iter()), WIDE);
    }

    #[test]
    fn markdown_bullets() {
        assert_eq!(bullet("  - 窓口"), Some("窓口"));
        assert_eq!(bullet("* 窓口"), Some("窓口"));
        assert_eq!(bullet("-5%"), None);
        assert_eq!(bullet("- "), None);
        assert_eq!(bullet("**太字**"), None);
    }
}
