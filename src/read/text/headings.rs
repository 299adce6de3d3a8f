//! Lines that title what follows them: their forms, and the levels that the forms of one text make.

use super::lines::{is_space, trimmed, width};
use super::prose;

/// The widest title, in columns.
const WIDEST_TITLE: usize = 100;

/// The widest title of a plain form, in columns.
const WIDEST_PLAIN_TITLE: usize = 60;

/// Units that a 第N… heading counts, highest first.
const ORDINAL_UNITS: &str = "部編章節項款目";

/// Marks that a heading may begin with.
const MARKS: &str = "■□◆◇●○◎◉▶►▼▽▲△★☆◼❏❖";

/// Brackets that may enclose a whole heading.
const BRACKETS: &[(char, char)] = &[
    ('【', '】'),
    ('〔', '〕'),
    ('《', '》'),
    ('〈', '〉'),
    ('＜', '＞'),
    ('<', '>'),
    ('≪', '≫'),
    ('［', '］'),
    ('[', ']'),
];

/// Words that begin the caption of a figure or a table, or a note: their numbers are no heading's.
const CAPTION_WORDS: &[&str] = &[
    "図",
    "表",
    "図表",
    "写真",
    "グラフ",
    "出典",
    "資料",
    "出所",
    "注",
    "備考",
    "参考",
    "別紙",
    "別表",
    "様式",
    "Figure",
    "Fig",
    "Table",
    "Source",
];

/// Words that title a table of contents.
const CONTENTS_WORDS: &[&str] = &["目次", "もくじ", "contents", "index"];

/// The form of a heading. Headings of one form are of one level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::read) enum Form {
    /// Marked with its level (`#`, `<h2>`).
    Level(u8),
    /// Numbered; a smaller rank is always the higher heading.
    Numbered(u8),
    /// A word and a number, and how many parts the number has: 方針1, 施策1-2.
    Labelled(String, u8),
    Mark(char),
    /// Nothing but where it stands.
    Plain,
}

/// The ranks of [`Form::Numbered`] after those of [`ORDINAL_UNITS`].
mod rank {
    pub const ROMAN: u8 = 10;
    pub const KANJI: u8 = 11;
    /// `1`, `1-1`, `1-1-1` …
    pub const DECIMAL: u8 = 20;
    pub const PARENTHESISED: u8 = 30;
    pub const CIRCLED: u8 = 40;
    pub const CIRCLED_SUB: u8 = 41;
    pub const KANA: u8 = 50;
}

/// The form of a line that may be a heading by its own characters; [`Form::Plain`] for a short line without a mark
/// or number; none for a sentence, a caption, a note or a label with its value.
pub(in crate::read) fn form(line: &str) -> Option<Form> {
    let line = trimmed(line);
    if let Some((level, _)) = markdown(line) {
        return Some(Form::Level(level));
    }
    let line = line.strip_prefix("**").and_then(|rest| rest.strip_suffix("**")).unwrap_or(line);
    if !is_title(line, WIDEST_TITLE) {
        return None;
    }
    if let Some((number, title)) = numbered(line) {
        return (!title.is_empty() || number < rank::ROMAN).then_some(Form::Numbered(number));
    }
    let first = line.chars().next()?;
    let rest = &line[first.len_utf8()..];
    if let Some((_, close)) = BRACKETS.iter().find(|(open, _)| *open == first)
        && rest.strip_suffix(*close).is_some_and(|inner| !inner.is_empty() && !inner.contains(first))
    {
        return Some(Form::Mark(first));
    }
    if MARKS.contains(first) && !trimmed(rest).is_empty() && !rest.starts_with(first) {
        return Some(Form::Mark(first));
    }
    if !first.is_alphanumeric() || is_caption(line) {
        return None;
    }
    if let Some((word, parts)) = labelled(line) {
        return Some(Form::Labelled(word.to_owned(), parts));
    }
    let plain =
        !first.is_numeric() && is_title(line, WIDEST_PLAIN_TITLE) && !line.contains([':', '：', '。', '、', '→', '…']);
    plain.then_some(Form::Plain)
}

/// The level and title of a Markdown heading.
pub(super) fn markdown(line: &str) -> Option<(u8, &str)> {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    let title = line.get(level..)?;
    let title = title.strip_prefix([' ', '\t', '　'])?;
    let title = trimmed(title.trim_end_matches([' ', '#']));
    ((1..=6).contains(&level) && !title.is_empty()).then_some((level as u8, title))
}

/// Whether a heading titles a table of contents.
pub(in crate::read) fn titles_contents(title: &str) -> bool {
    const LONGEST: usize = 20;
    if title.chars().filter(|c| !is_space(*c)).nth(LONGEST).is_some() {
        return false;
    }
    let bare: String = title.chars().filter(|c| !is_space(*c)).map(|c| c.to_ascii_lowercase()).collect();
    let bare = bare.trim_start_matches(|c: char| !c.is_alphanumeric());
    CONTENTS_WORDS.iter().any(|word| {
        bare == *word
            || bare.ends_with(word) && bare.chars().count() <= word.chars().count() + 6
            || bare.strip_prefix(word).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// Whether a line is the caption of a figure or a table.
pub(in crate::read) fn is_caption(line: &str) -> bool {
    CAPTION_WORDS.iter().any(|word| {
        line.strip_prefix(word).is_some_and(|rest| {
            rest.starts_with(|c: char| is_space(c) || c.is_numeric() || "-－.．:：[【(（".contains(c))
        })
    })
}

/// Whether a line can be a title: short, and no sentence.
fn is_title(line: &str, widest: usize) -> bool {
    !line.is_empty()
        && line.len() <= widest * 3
        && width(line) <= widest
        && !prose::ends_sentence(line)
        && !line.ends_with(['、', '，', ',', '；', ';'])
        && !line.contains('。')
}

/// The rank of a numbered line, and its title.
fn numbered(line: &str) -> Option<(u8, &str)> {
    if let Some(rest) = line.strip_prefix('第') {
        let (number, rest) = split_number(rest)?;
        (!number.is_empty()).then_some(())?;
        let unit = rest.chars().next()?;
        let rank = ORDINAL_UNITS.chars().position(|known| known == unit)?;
        let title = &rest[unit.len_utf8()..];
        return (title.is_empty() || title.starts_with(separates)).then_some((rank as u8, trimmed(title)));
    }
    let first = line.chars().next()?;
    if first == '(' || first == '（' {
        let inner = &line[first.len_utf8()..];
        let end = inner.find([')', '）'])?;
        let (number, title) = (&inner[..end], &inner[end..]);
        let title = trimmed(title.trim_start_matches([')', '）']));
        let kana = number.chars().count() == 1 && number.chars().all(|c| ('ァ'..='ン').contains(&c));
        let counted = !number.is_empty() && number.chars().count() <= 3 && split_number(number)?.1.is_empty();
        return match (kana, counted) {
            (true, _) => Some((rank::KANA, title)),
            (_, true) => Some((rank::PARENTHESISED, title)),
            _ => None,
        };
    }
    if is_circled(first) {
        let rest = &line[first.len_utf8()..];
        let sub = rest.trim_start_matches(['-', '－', '―', '‐']);
        if sub.len() < rest.len() {
            let (number, title) = split_digits(sub)?;
            return (!number.is_empty()).then_some((rank::CIRCLED_SUB, trimmed(title)));
        }
        return (!rest.starts_with(is_circled)).then_some((rank::CIRCLED, trimmed(rest)));
    }
    if ('Ⅰ'..='Ⅻ').contains(&first) {
        let rest = line[first.len_utf8()..].trim_start_matches(['.', '．', '、']);
        return Some((rank::ROMAN, trimmed(rest)));
    }
    if "一二三四五六七八九十".contains(first) || ('ア'..='ン').contains(&first) {
        let rest = line[first.len_utf8()..].strip_prefix(['.', '．', '、', ' ', '　', ')', '）'])?;
        let rank = if ('ア'..='ン').contains(&first) { rank::KANA } else { rank::KANJI };
        return Some((rank, trimmed(rest)));
    }
    decimal(line)
}

/// `1 …`, `1-1 …`, `2.3. …`: its depth, and its title.
fn decimal(line: &str) -> Option<(u8, &str)> {
    let mut depth = 0;
    let mut rest = line;
    let mut dashed = false;
    loop {
        let (number, after) = split_digits(rest)?;
        if number.is_empty() || number.chars().count() > 2 {
            return None;
        }
        depth += 1;
        rest = after;
        let next = after.trim_start_matches(['-', '－', '‐', '.', '．', '–', '−']);
        let joint = &after[..after.len() - next.len()];
        if joint.chars().count() != 1 || !next.starts_with(is_digit) || depth == 5 {
            break;
        }
        dashed |= !joint.starts_with(['.', '．']);
        rest = next;
    }
    let after = rest.trim_start_matches(['.', '．', '、', ')', '）']);
    let title = trimmed(after);
    // `1-2窓口` is a heading, `1.5倍`, `3人` and `5G` are not.
    let parted = after.len() < rest.len() || after.starts_with(is_space) || title.is_empty();
    let parted = parted || (dashed && title.chars().next().is_some_and(|c| c as u32 > 0x2000 && !c.is_numeric()));
    let titled = title.chars().next().is_none_or(|c| c.is_alphanumeric() || "「『【（(＜〈《".contains(c));
    (parted && titled && depth >= 1).then_some((rank::DECIMAL + depth - 1, title))
}

/// The word of a line made of a word, a number and a title (方針1 窓口の改善), and the parts of the number.
fn labelled(line: &str) -> Option<(&str, u8)> {
    let end = line.find(|c: char| c.is_numeric() || is_circled(c) || ('Ⅰ'..='Ⅻ').contains(&c))?;
    let word = trimmed(&line[..end]);
    let count = word.chars().count();
    let worded = |c: char| c.is_alphanumeric() && !('ぁ'..='ん').contains(&c);
    if !(1..=8).contains(&count) || !word.chars().all(worded) {
        return None;
    }
    let number = line[end..]
        .find(|c: char| !(c.is_numeric() || is_circled(c) || "-－‐－.．".contains(c)))
        .map_or(line.len(), |length| end + length);
    let digits = line[end..number].chars().count();
    let parts = line[end..number].split(['-', '－', '‐', '.', '．']).filter(|part| !part.is_empty()).count() as u8;
    let rest = &line[number..];
    let title = trimmed(rest.trim_start_matches([':', '：', '.', '．', '、']));
    let parted = rest.starts_with(|c: char| is_space(c) || ":：.．、「『".contains(c));
    (digits <= 5 && parted && title.chars().next().is_some_and(|c| c.is_alphabetic() || "「『（(【".contains(c)))
        .then_some((word, parts))
}

fn separates(c: char) -> bool {
    is_space(c) || ":：.．、「『【（(-－".contains(c) || c.is_alphabetic()
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_circled(c: char) -> bool {
    ('①'..='⑳').contains(&c) || ('㉑'..='㊿').contains(&c) || ('❶'..='❿').contains(&c)
}

fn split_digits(text: &str) -> Option<(&str, &str)> {
    Some(text.split_at(text.find(|c| !is_digit(c)).unwrap_or(text.len())))
}

/// Leading digits or kanji numerals.
fn split_number(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start_matches(is_space);
    let numeral = |c: char| is_digit(c) || "一二三四五六七八九十".contains(c);
    let (number, rest) = text.split_at(text.find(|c| !numeral(c)).unwrap_or(text.len()));
    Some((number, rest.trim_start_matches(is_space)))
}

/// The levels of a text's headings: marked levels as they are, and below them one level a form. A form stands
/// right below the heading that it first appears under; numbered forms keep their rank among themselves, plain
/// lines come last.
pub(in crate::read) fn levels(forms: &[Form]) -> Vec<u8> {
    let base = forms.iter().filter_map(|form| if let Form::Level(level) = form { Some(*level) } else { None }).max();
    let base = usize::from(base.unwrap_or(0));
    let mut order: Vec<&Form> = Vec::new();
    // The place in `order` after the form of the heading in hand.
    let mut below = 0;
    for form in forms {
        if matches!(form, Form::Level(_) | Form::Plain) {
            if *form != Form::Plain {
                below = 0;
            }
            continue;
        }
        let place = order.iter().position(|other| *other == form).unwrap_or_else(|| {
            let mut place = below;
            if let Form::Numbered(rank) = form {
                let numbered = |other: &Form| if let Form::Numbered(other) = other { Some(*other) } else { None };
                let higher = order.iter().rposition(|other| numbered(other).is_some_and(|other| other < *rank));
                let lower = order.iter().position(|other| numbered(other).is_some_and(|other| other > *rank));
                place = place.max(higher.map_or(0, |higher| higher + 1)).min(lower.unwrap_or(order.len()));
            }
            order.insert(place, form);
            place
        });
        below = place + 1;
    }
    let level = |form: &Form| match form {
        Form::Level(level) => *level,
        form => {
            let place = order.iter().position(|other| *other == form).unwrap_or(order.len());
            u8::try_from(base + place + 1).unwrap_or(u8::MAX)
        }
    };
    forms.iter().map(level).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        use Form::*;
        for (line, expected) in [
            ("# 計画", Some(Level(1))),
            ("### 1-1 窓口 ###", Some(Level(3))),
            ("#窓口", None),
            ("第１章　計画の概要", Some(Numbered(2))),
            ("第二節 現状", Some(Numbered(3))),
            ("第3次総合計画", Some(Plain)),
            ("1 計画の背景", Some(Numbered(20))),
            ("１．計画の背景", Some(Numbered(20))),
            ("1-1 国の動き", Some(Numbered(21))),
            ("1-2窓口の改善", Some(Numbered(21))),
            ("1.2.3 窓口", Some(Numbered(22))),
            ("(1) 窓口", Some(Numbered(30))),
            ("（一）窓口", Some(Numbered(30))),
            ("① 窓口", Some(Numbered(40))),
            ("⑩-1 窓口", Some(Numbered(41))),
            ("Ⅰ 総論", Some(Numbered(10))),
            ("一、総論", Some(Numbered(11))),
            ("ア 窓口", Some(Numbered(50))),
            ("■ 窓口", Some(Mark('■'))),
            ("【担当課】", Some(Mark('【'))),
            ("方針1 窓口の改善", Some(Labelled("方針".into(), 1))),
            ("戦略Ⅱ　窓口の改善", Some(Labelled("戦略".into(), 1))),
            ("**施策1-2：窓口の改善**", Some(Labelled("施策".into(), 2))),
            ("推進体制", Some(Plain)),
            ("図1 体系図", None),
            ("出典:県の資料", None),
            ("1.5倍になる", None),
            ("3人が参加", None),
            ("2024年3月", None),
            ("令和5年度 予算", Some(Plain)),
            ("①、②を踏まえた施策", Some(Numbered(40))),
            ("窓口の混雑を減らします。", None),
            ("担当課：情報課", None),
            ("※窓口", None),
            ("", None),
        ] {
            assert_eq!(form(line), expected, "{line}");
        }
    }

    #[test]
    fn levels_follow_ranks_and_first_appearance() {
        use Form::*;
        let policy = || Labelled("方針".into(), 1);
        // 第1章 > 1 > (1); 第2章 > 方針1 > (1): what is new right below 第2章 stands above what was there before.
        let forms = [Plain, Numbered(2), Numbered(20), Numbered(30), Numbered(2), policy(), Numbered(30), Plain];
        assert_eq!(levels(&forms), [5, 1, 3, 4, 1, 2, 4, 5]);
        assert_eq!(levels(&[Numbered(30), Numbered(20), Mark('■'), Numbered(30)]), [3, 1, 2, 3]);
        assert_eq!(levels(&[Level(2), Numbered(20), Level(1)]), [2, 3, 1]);
    }

    #[test]
    fn contents_titles() {
        for (title, expected) in [
            ("目次", true),
            ("目　次", true),
            ("■ もくじ", true),
            ("体系図／目次", true),
            ("CONTENTS", true),
            ("項目次元", false),
        ] {
            assert_eq!(titles_contents(title), expected, "{title}");
        }
    }
}
