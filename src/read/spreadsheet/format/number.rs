//! Numbers, exponents and fractions through a section's digit placeholders.

use super::general::Decimal;
use super::numerals;
use super::parse::{Kind, Section, Token};

/// Appends a number through a section of kind Number, Exponent or Fraction.
pub(super) fn show(section: &Section, value: f64, out: &mut String) {
    let start = out.len();
    let mut number = Decimal::of(value);
    let percents = section.tokens.iter().filter(|token| **token == Token::Percent).count();
    number.scale(2 * percents.min(9) as i32);
    let is_negative = value < 0.0;
    match section.kind {
        Kind::Exponent => exponent(&section.tokens, number, is_negative, out),
        Kind::Fraction => fraction(&section.tokens, value, out),
        _ => plain(&section.tokens, number, is_negative, out),
    }
    numerals::convert(section.numerals, 0, out, start);
}

/// Where a section's digits are: the placeholders before the decimal point and after it.
struct Layout {
    /// Index of the decimal point among the tokens, or where it would stand.
    point: usize,
    whole: usize,
    decimals: usize,
    /// Commas between whole digits: a separator every three digits.
    thousands: bool,
    /// Commas after the last digit: each divides by a thousand.
    scale: usize,
}

fn layout(tokens: &[Token]) -> Layout {
    let is_digit = |token: &Token| matches!(token, Token::Digit(_));
    let last = tokens.iter().rposition(is_digit).map_or(0, |i| i + 1);
    let point = tokens.iter().position(|token| *token == Token::Point).unwrap_or(last);
    let whole_end = tokens[..point].iter().rposition(is_digit).map_or(0, |i| i + 1);
    let first = tokens[..point].iter().position(is_digit).unwrap_or(whole_end);
    let trailing = |from: usize| tokens[from..].iter().take_while(|token| **token == Token::Comma).count();
    Layout {
        point,
        whole: tokens[..point].iter().filter(|token| is_digit(token)).count(),
        decimals: tokens[point..].iter().filter(|token| is_digit(token)).count(),
        thousands: tokens[first..whole_end].contains(&Token::Comma),
        scale: trailing(whole_end) + if last > whole_end { trailing(last) } else { 0 },
    }
}

fn plain(tokens: &[Token], mut number: Decimal, is_negative: bool, out: &mut String) {
    let layout = layout(tokens);
    number.scale(-3 * layout.scale.min(9) as i32);
    number.round(layout.decimals as i32);
    if is_negative && !number.is_zero() {
        out.push('-');
    }
    digits(tokens, &layout, &number, out);
}

/// Writes a rounded number into the placeholders; the first one takes all digits that are left over.
fn digits(tokens: &[Token], layout: &Layout, number: &Decimal, out: &mut String) {
    let mut left = layout.whole as i32;
    let mut position = 0;
    let mut pending_whole = layout.whole == 0;
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Digit(placeholder) if i < layout.point => {
                left -= 1;
                let leading = left + 1 == layout.whole as i32;
                let highest = if leading { number.point.max(left + 1) - 1 } else { left };
                for place in (left..=highest).rev() {
                    let printed = if place < number.point {
                        out.push(char::from(b'0' + number.digit(place)));
                        true
                    } else {
                        pad(*placeholder, out)
                    };
                    if printed && layout.thousands && place > 0 && place % 3 == 0 {
                        out.push(',');
                    }
                }
            }
            Token::Digit(placeholder) => {
                position += 1;
                let digit = number.digit(-position);
                if position <= number.decimals() || *placeholder == '0' {
                    out.push(char::from(b'0' + digit));
                } else if *placeholder == '?' {
                    out.push(' ');
                }
            }
            Token::Point => {
                if std::mem::take(&mut pending_whole) {
                    for place in (0..number.point).rev() {
                        out.push(char::from(b'0' + number.digit(place)));
                    }
                }
                out.push('.');
            }
            _ => plain_token(token, out),
        }
    }
}

/// What a placeholder without a digit shows; whether it shows a digit.
fn pad(placeholder: char, out: &mut String) -> bool {
    match placeholder {
        '0' => out.push('0'),
        '?' => out.push(' '),
        _ => return false,
    }
    placeholder == '0'
}

fn plain_token(token: &Token, out: &mut String) {
    match token {
        Token::Literal(text) => out.push_str(text),
        Token::Fixed(digit) => out.push(*digit),
        Token::Percent => out.push('%'),
        Token::Slash => out.push('/'),
        _ => {}
    }
}

/// `0.00E+00`; several whole digits (`##0.0E+0`) make the exponent a multiple of their number.
fn exponent(tokens: &[Token], mut number: Decimal, is_negative: bool, out: &mut String) {
    if is_negative {
        out.push('-');
    }
    let Some(at) = tokens.iter().position(|token| matches!(token, Token::Exponent { .. })) else { return };
    let (mantissa, power) = tokens.split_at(at);
    let layout = layout(mantissa);
    let step = layout.whole.max(1) as i32;
    let mut exponent = 0;
    // Rounding may carry into another digit: settle the exponent again.
    for _ in 0..2 {
        if number.is_zero() {
            break;
        }
        let shift = (number.point - 1).div_euclid(step) * step;
        exponent += shift;
        number.scale(-shift);
        number.round(layout.decimals as i32);
    }
    digits(mantissa, &layout, &number, out);
    out.push('E');
    if exponent < 0 {
        out.push('-');
    } else if matches!(power.first(), Some(Token::Exponent { plus: true })) {
        out.push('+');
    }
    let mut power_number = Decimal::of(f64::from(exponent));
    power_number.round(0);
    let power_layout = self::layout(power);
    digits(power, &power_layout, &power_number, out);
}

/// `# ?/?`, `# ??/??`, `?/8`
fn fraction(tokens: &[Token], value: f64, out: &mut String) {
    let Some(slash) = tokens.iter().position(|token| *token == Token::Slash) else { return };
    if value < 0.0 {
        out.push('-');
    }
    let value = value.abs();
    let fixed: String = tokens[slash + 1..]
        .iter()
        .map_while(|token| if let Token::Fixed(c) | Token::Digit(c @ '0') = token { Some(*c) } else { None })
        .collect();
    let places = tokens[slash + 1..].iter().take_while(|token| matches!(token, Token::Digit(_))).count();
    let numerator = tokens[..slash].iter().rposition(|token| !matches!(token, Token::Digit(_))).map_or(0, |i| i + 1);
    let mixed = tokens[..numerator].iter().any(|token| matches!(token, Token::Digit(_)));
    let whole = if mixed { value.trunc() } else { 0.0 };
    let rest = value - whole;
    let fixed = fixed.parse::<u64>().ok().filter(|denominator| *denominator > 0);
    let (mut above, below) = match fixed {
        Some(denominator) => ((rest * denominator as f64).round(), denominator),
        None => nearest_fraction(rest, 10_u64.pow(places.clamp(1, 7) as u32) - 1),
    };
    let mut whole = whole;
    if mixed && above >= below as f64 {
        whole += 1.0;
        above = 0.0;
    }
    let shows_fraction = above > 0.0 || !mixed;
    if mixed && (whole > 0.0 || !shows_fraction) {
        let shown = out.len();
        plain(&tokens[..numerator], Decimal::of(whole), false, out);
        // Zero is shown even through `#`.
        if whole == 0.0 && !out[shown..].contains('0') {
            out.push('0');
        }
    } else if mixed {
        let literals = tokens[..numerator].iter().filter(|token| matches!(token, Token::Literal(_)));
        literals.for_each(|token| plain_token(token, out));
    }
    if shows_fraction {
        use std::fmt::Write;
        // Writing to a String cannot fail.
        let _ = write!(out, "{above}/{below}");
    }
    let after = slash
        + 1
        + tokens[slash + 1..].iter().take_while(|token| matches!(token, Token::Digit(_) | Token::Fixed(_))).count();
    tokens[after..].iter().for_each(|token| plain_token(token, out));
}

/// The fraction nearest to a number whose denominator is not above `most`, by its continued fraction.
fn nearest_fraction(value: f64, most: u64) -> (f64, u64) {
    let (mut above, mut below) = ([0.0, 1.0], [1_u64, 0]);
    let mut rest = value;
    for _ in 0..32 {
        let whole = rest.floor();
        let denominator = (whole as u64).checked_mul(below[1]).and_then(|product| product.checked_add(below[0]));
        let Some(denominator) = denominator.filter(|denominator| *denominator <= most) else { break };
        above = [above[1], whole * above[1] + above[0]];
        below = [below[1], denominator];
        let fraction = rest - whole;
        if fraction < 1e-10 {
            break;
        }
        rest = 1.0 / fraction;
    }
    // Between the last two convergents lie better ones (semiconvergents).
    if below[1] == 0 {
        return (value.round(), 1);
    }
    let steps = (most - below[0].min(most)) / below[1];
    let middle = (above[1] * steps as f64 + above[0], below[1] * steps + below[0]);
    let error =
        |(above, below): (f64, u64)| if below == 0 { f64::INFINITY } else { (value - above / below as f64).abs() };
    let last = (above[1], below[1]);
    if error(middle) < error(last) { middle } else { last }
}
