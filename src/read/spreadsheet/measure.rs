//! Excel's units of width and height, as EMU (914,400 an inch).

/// EMU a pixel at 96 dpi, and a point.
const PIXEL: f64 = 9525.0;
const POINT: f64 = 12_700.0;
/// Excel's tallest row, in points.
const TALLEST: f64 = 409.5;
/// Height of a row where a sheet states none.
pub(super) const DEFAULT_HEIGHT: i64 = 15 * 12_700;

/// Width of a column from its width in digits of the default font (ECMA-376 part 1, 18.3.1.13).
pub(super) fn column_width(digits: f64, digit_width: f64) -> i64 {
    ((digits.clamp(0.0, 255.0) * digit_width + 0.5).floor() * PIXEL) as i64
}

/// Width of the columns that a sheet says nothing of, but that so many digits fit in: Excel rounds up to 8 pixels.
pub(super) fn default_width(digits: f64, digit_width: f64) -> i64 {
    (((digits.clamp(0.0, 255.0) * digit_width + 5.0) / 8.0).ceil() * 8.0 * PIXEL) as i64
}

/// Height of a row from points.
pub(super) fn row_height(points: f64) -> i64 {
    (points.clamp(0.0, TALLEST) * POINT) as i64
}

/// How wide a digit of a font is, in pixels at 96 dpi, as Excel measures it. Japanese fonts have wider ones than
/// Calibri and its like.
pub(super) fn digit_width(font: &str, size: f32) -> f64 {
    let pixels = f64::from(if size > 0.0 { size } else { 11.0 }) * 96.0 / 72.0;
    let wide = ["ゴシック", "明朝", "メイリオ", "Gothic", "Mincho", "Meiryo"];
    let is_wide = wide.iter().any(|part| font.contains(part));
    (pixels * if is_wide { 0.54 } else { 0.5 }).round().max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_are_those_of_excel() {
        // 8.43 digits of Calibri 11 are 64 pixels, 8.38 of a Japanese font 72.
        assert_eq!(default_width(8.0, digit_width("Calibri", 11.0)), 64 * 9525);
        assert_eq!(default_width(8.0, digit_width("游ゴシック", 11.0)), 72 * 9525);
        assert_eq!(default_width(8.0, digit_width("ＭＳ Ｐゴシック", 11.0)), 72 * 9525);
        assert_eq!(column_width(9.140625, 7.0), 64 * 9525);
    }
}
