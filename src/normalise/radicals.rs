//! Radicals as ordinary ideographs, and half-width katakana as full-width: plain tables by code point.
//!
//! Source: the Unicode Character Database, compatibility decompositions of the Kangxi radicals and
//! `EquivalentUnifiedIdeograph.txt` for the CJK radicals supplement. Where Unicode names an old form that Japanese text
//! does not use (戶 黑 黃 靑), the table has the Japanese one (戸 黒 黄 青).

/// The unified ideograph of a Kangxi radical or a radical of the supplement.
pub(super) fn ideograph(c: char) -> Option<char> {
    let point = u32::from(c);
    match point {
        0x2F00..=0x2FD5 => KANGXI.get((point - 0x2F00) as usize).copied(),
        0x2E80..=0x2EF3 => SUPPLEMENT.get((point - 0x2E80) as usize).copied().filter(|&ideograph| ideograph != c),
        _ => None,
    }
}

/// The full-width form of half-width katakana and the CJK marks beside them.
pub(super) fn full_kana(c: char) -> Option<char> {
    let index = u32::from(c).checked_sub(0xFF61)?;
    HALF_WIDTH_KANA.get(index as usize).copied()
}

/// U+2F00 to U+2FD5.
#[rustfmt::skip]
static KANGXI: [char; 214] = [
    '一', '丨', '丶', '丿', '乙', '亅', '二', '亠', '人', '儿', '入', '八', '冂', '冖', '冫', '几',
    '凵', '刀', '力', '勹', '匕', '匚', '匸', '十', '卜', '卩', '厂', '厶', '又', '口', '囗', '土',
    '士', '夂', '夊', '夕', '大', '女', '子', '宀', '寸', '小', '尢', '尸', '屮', '山', '巛', '工',
    '己', '巾', '干', '幺', '广', '廴', '廾', '弋', '弓', '彐', '彡', '彳', '心', '戈', '戸', '手',
    '支', '攴', '文', '斗', '斤', '方', '无', '日', '曰', '月', '木', '欠', '止', '歹', '殳', '毋',
    '比', '毛', '氏', '气', '水', '火', '爪', '父', '爻', '爿', '片', '牙', '牛', '犬', '玄', '玉',
    '瓜', '瓦', '甘', '生', '用', '田', '疋', '疒', '癶', '白', '皮', '皿', '目', '矛', '矢', '石',
    '示', '禸', '禾', '穴', '立', '竹', '米', '糸', '缶', '网', '羊', '羽', '老', '而', '耒', '耳',
    '聿', '肉', '臣', '自', '至', '臼', '舌', '舛', '舟', '艮', '色', '艸', '虍', '虫', '血', '行',
    '衣', '襾', '見', '角', '言', '谷', '豆', '豕', '豸', '貝', '赤', '走', '足', '身', '車', '辛',
    '辰', '辵', '邑', '酉', '釆', '里', '金', '長', '門', '阜', '隶', '隹', '雨', '青', '非', '面',
    '革', '韋', '韭', '音', '頁', '風', '飛', '食', '首', '香', '馬', '骨', '高', '髟', '鬥', '鬯',
    '鬲', '鬼', '魚', '鳥', '鹵', '鹿', '麥', '麻', '黄', '黍', '黒', '黹', '黽', '鼎', '鼓', '鼠',
    '鼻', '齊', '齒', '龍', '龜', '龠',
];

/// U+2E80 to U+2EF3. A radical without an ideograph of its own, and the one unassigned point, stand for themselves.
#[rustfmt::skip]
static SUPPLEMENT: [char; 116] = [
    '⺀', '厂', '乛', '乚', '乙', '亻', '冂', '𠘨', '刀', '刂', '卜', '㔾', '小', '小', '兀', '尣',
    '尢', '𡯂', '巳', '幺', '彑', '𫜹', '忄', '心', '扌', '攵', '⺚', '旡', '日', '月', '歺', '母',
    '民', '氵', '氺', '灬', '爫', '爫', '丬', '牛', '犭', '王', '𤴔', '目', '示', '礻', '𥫗', '糹',
    '纟', '罓', '罒', '㓁', '冗', '𦉫', '羊', '𦍌', '𦍋', '耂', '肀', '聿', '肉', '𦥑', '艹', '艹',
    '艹', '虎', '衤', '覀', '西', '见', '角', '𧢲', '讠', '贝', '𧾷', '车', '辶', '辶', '辶', '邑',
    '钅', '長', '镸', '长', '门', '𨸏', '阝', '雨', '青', '韦', '页', '风', '飞', '食', '𩙿', '飠',
    '饣', '𩠐', '马', '骨', '鬼', '鱼', '鸟', '卤', '麦', '黄', '黾', '斉', '齐', '歯', '齿', '竜',
    '龙', '龜', '亀', '龟',
];

/// U+FF61 to U+FF9F.
#[rustfmt::skip]
static HALF_WIDTH_KANA: [char; 63] = [
    '。', '「', '」', '、', '・', 'ヲ', 'ァ', 'ィ', 'ゥ', 'ェ', 'ォ', 'ャ', 'ュ', 'ョ', 'ッ', 'ー',
    'ア', 'イ', 'ウ', 'エ', 'オ', 'カ', 'キ', 'ク', 'ケ', 'コ', 'サ', 'シ', 'ス', 'セ', 'ソ', 'タ',
    'チ', 'ツ', 'テ', 'ト', 'ナ', 'ニ', 'ヌ', 'ネ', 'ノ', 'ハ', 'ヒ', 'フ', 'ヘ', 'ホ', 'マ', 'ミ',
    'ム', 'メ', 'モ', 'ヤ', 'ユ', 'ヨ', 'ラ', 'リ', 'ル', 'レ', 'ロ', 'ワ', 'ン', '゛', '゜',
];

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    /// The table differs from compatibility decomposition exactly in the Japanese choices.
    #[test]
    fn kangxi_radicals_are_their_decompositions_but_for_four() {
        let mut chosen = Vec::new();
        for radical in '\u{2F00}'..='\u{2FD5}' {
            let ideograph = ideograph(radical).unwrap();
            if std::iter::once(radical).nfkc().next() != Some(ideograph) {
                chosen.push(ideograph);
            }
        }
        assert_eq!(chosen, ['戸', '青', '黄', '黒']);
    }

    #[test]
    fn half_width_kana_are_their_decompositions() {
        for kana in '\u{FF66}'..='\u{FF9D}' {
            assert_eq!(full_kana(kana), std::iter::once(kana).nfkc().next());
        }
    }
}
