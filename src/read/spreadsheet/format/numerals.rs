//! `[DBNum1]` to `[DBNum3]`: the digits of a shown number as kanji (二〇), formal kanji (弐拾) or full-width (２０).

const KANJI: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
const FORMAL: [char; 10] = ['〇', '壱', '弐', '参', '四', '伍', '六', '七', '八', '九'];

/// Rewrites what stands in `out` from `start` on. Runs of up to `longest` digits are written with 十, 百, 千, 万
/// (a General number whole, of a date the months and days), longer ones digit for digit.
pub(super) fn convert(numerals: u8, longest: usize, out: &mut String, start: usize) {
    if !matches!(numerals, 1..=3) {
        return;
    }
    let shown = out.split_off(start);
    let mut rest = shown.as_str();
    while let Some(first) = rest.chars().next() {
        let run = rest.bytes().take_while(u8::is_ascii_digit).count();
        if run == 0 {
            out.push(first);
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let digits = &rest[..run];
        if run > longest || numerals == 3 {
            out.extend(digits.bytes().map(|digit| numeral(numerals, digit - b'0')));
        } else {
            with_places(numerals, digits, out);
        }
        rest = &rest[run..];
    }
}

fn numeral(numerals: u8, digit: u8) -> char {
    let digit = usize::from(digit).min(9);
    match numerals {
        1 => KANJI[digit],
        2 => FORMAL[digit],
        _ => char::from_u32('０' as u32 + digit as u32).unwrap_or('０'),
    }
}

/// `二千二十五`; the formal numerals write every 壱 (`壱拾`).
fn with_places(numerals: u8, digits: &str, out: &mut String) {
    let places = if numerals == 1 { ["", "十", "百", "千"] } else { ["", "拾", "百", "阡"] };
    let groups = if numerals == 1 { ["", "万", "億", "兆"] } else { ["", "萬", "億", "兆"] };
    if digits.bytes().all(|digit| digit == b'0') {
        return out.push('〇');
    }
    let mut group_printed = false;
    for (i, digit) in digits.bytes().map(|digit| digit - b'0').enumerate() {
        let place = digits.len() - 1 - i;
        if digit > 0 {
            if digit > 1 || place.is_multiple_of(4) || numerals == 2 {
                out.push(numeral(numerals, digit));
            }
            out.push_str(places[place % 4]);
            group_printed = true;
        }
        if place.is_multiple_of(4) && std::mem::take(&mut group_printed) {
            out.push_str(groups[(place / 4).min(3)]);
        }
    }
}
