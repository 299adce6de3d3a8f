//! The format General, and decimal digits of a number.

use std::fmt::Write;

/// Significant decimal digits that Excel keeps of a number.
const SIGNIFICANT: usize = 15;

/// Decimal digits of a finite number without its sign: `0.d₁d₂d₃… × 10^point`, rounded to 15 significant digits
/// as Excel does before it shows anything, without trailing zeros; no digits for zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Decimal {
    pub digits: Vec<u8>,
    /// Number of digits before the decimal point (negative: zeros after it).
    pub point: i32,
}

impl Decimal {
    pub fn of(value: f64) -> Self {
        let text = format!("{:.*e}", SIGNIFICANT - 1, value.abs());
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let digits = mantissa.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let mut decimal = Decimal { digits, point: exponent.parse::<i32>().unwrap_or(0) + 1 };
        decimal.trim();
        decimal
    }

    /// Multiplies by a power of ten.
    pub fn scale(&mut self, power: i32) {
        self.point += power;
    }

    /// Rounds half up (away from zero) to so many digits after the decimal point.
    pub fn round(&mut self, decimals: i32) {
        let keep = self.point + decimals;
        if keep < 0 {
            self.digits.clear();
        } else if let Some(&next) = self.digits.get(keep as usize) {
            self.digits.truncate(keep as usize);
            if next >= 5 {
                self.increment();
            }
        }
        self.trim();
    }

    /// Rounds to so many significant digits.
    pub fn round_significant(&mut self, digits: i32) {
        self.round(digits - self.point);
    }

    fn increment(&mut self) {
        while let Some(last) = self.digits.pop() {
            if last < 9 {
                self.digits.push(last + 1);
                return;
            }
        }
        self.digits.push(1);
        self.point += 1;
    }

    fn trim(&mut self) {
        while self.digits.last() == Some(&0) {
            self.digits.pop();
        }
        if self.digits.is_empty() {
            self.point = 0;
        }
    }

    pub fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// The digit at a position counted from the decimal point: 0 is the ones, -1 the tenths.
    pub fn digit(&self, position: i32) -> u8 {
        let index = self.point - 1 - position;
        usize::try_from(index).ok().and_then(|index| self.digits.get(index)).copied().unwrap_or(0)
    }

    /// How many digits stand after the decimal point.
    pub fn decimals(&self) -> i32 {
        (self.digits.len() as i32 - self.point).max(0)
    }

    fn push_fixed(&self, out: &mut String) {
        for position in (0..self.point.max(1)).rev() {
            out.push(char::from(b'0' + self.digit(position)));
        }
        if self.decimals() > 0 {
            out.push('.');
            for position in 1..=self.decimals() {
                out.push(char::from(b'0' + self.digit(-position)));
            }
        }
    }
}

/// Appends a number as General shows it in a cell that is wide enough: 11 characters, then an exponent.
pub(in super::super) fn general(value: f64, out: &mut String) {
    if value.fract() == 0.0 && value.abs() < 1e11 {
        // Writing to a String cannot fail.
        let _ = write!(out, "{}", value as i64);
        return;
    }
    if !value.is_finite() {
        return;
    }
    if value < 0.0 {
        out.push('-');
    }
    let mut decimal = Decimal::of(value);
    let fits = if decimal.point > 0 { decimal.point <= 11 } else { decimal.point > -4 || decimal.decimals() <= 9 };
    if fits {
        // With the decimal point and the zero before it, 10 digits fit.
        decimal.round(10 - decimal.point.max(1));
        decimal.push_fixed(out);
        return;
    }
    decimal.round_significant(6);
    let exponent = decimal.point - 1;
    decimal.point = 1;
    decimal.push_fixed(out);
    let _ = write!(out, "E{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn general_is_as_wide_as_a_cell() {
        for (value, shown) in [
            (0.0, "0"),
            (-12.5, "-12.5"),
            (1234567890.0, "1234567890"),
            (12345678901.0, "12345678901"),
            (123456789012.0, "1.23457E+11"),
            (1234567.891234, "1234567.891"),
            (0.1 + 0.2, "0.3"),
            (1.0 / 3.0, "0.333333333"),
            (0.0001234567891, "0.000123457"),
            (0.00001, "0.00001"),
            (0.00001234567, "1.23457E-05"),
            (9999999999.96, "10000000000"),
            (1e20, "1E+20"),
        ] {
            let mut out = String::new();
            general(value, &mut out);
            assert_eq!(out, shown, "{value}");
        }
    }
}
