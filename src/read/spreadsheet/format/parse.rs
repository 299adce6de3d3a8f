//! Format codes as sections of tokens.

/// One of the up to four sections of a code.
#[derive(Debug, Clone)]
pub(super) struct Section {
    pub condition: Option<Condition>,
    pub kind: Kind,
    pub tokens: Vec<Token>,
    /// `[DBNum1]` to `[DBNum3]`: digits as kanji or full-width; 0 for plain.
    pub numerals: u8,
    /// Where the first year of an era is written 元 (`[$-ja-JP-x-gannen]`).
    pub first_year_word: bool,
    /// Month and weekday names are Japanese (`[$-411]`).
    pub japanese: bool,
    /// The system's own format stands for all that follows (`[$-F800]`).
    is_system: bool,
}

/// What a section shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    General,
    Number,
    Exponent,
    Fraction,
    Date,
    /// Only literals (a section that hides or replaces the number), or only `@`.
    Literal,
}

/// A piece of a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    Literal(String),
    /// `0`, `#` or `?`.
    Digit(char),
    /// A digit of a fixed denominator or the like (`1` to `9` outside quotes).
    Fixed(char),
    Point,
    Comma,
    Percent,
    /// `E+` (sign always shown) or `E-`.
    Exponent {
        plus: bool,
    },
    Slash,
    /// `@`
    Text,
    General,
    /// A date or time code in lower case (`yyyy`, `ggg`, `aaa`) and its letter's count.
    Date(char, u8),
    /// `[h]`, `[m]`, `[s]`: hours, minutes or seconds elapsed, and how many digits at least.
    Elapsed(char, u8),
    /// Decimal digits of the seconds.
    Subsecond(u8),
    /// `AM/PM` (2 letters), `A/P` (1) or the Japanese 午前/午後 (0).
    HalfDay(u8),
}

/// `[>=100]`
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Condition {
    comparison: Comparison,
    limit: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Lt,
    Le,
    Gt,
    Ge,
    Eq,
    Ne,
}

impl Condition {
    pub const ABOVE_ZERO: Condition = Condition { comparison: Comparison::Gt, limit: 0.0 };
    pub const BELOW_ZERO: Condition = Condition { comparison: Comparison::Lt, limit: 0.0 };

    pub fn holds(self, value: f64) -> bool {
        match self.comparison {
            Comparison::Lt => value < self.limit,
            Comparison::Le => value <= self.limit,
            Comparison::Gt => value > self.limit,
            Comparison::Ge => value >= self.limit,
            Comparison::Eq => value == self.limit,
            Comparison::Ne => value != self.limit,
        }
    }

    /// Whether only negative numbers satisfy it.
    pub fn is_negative(self) -> bool {
        match self.comparison {
            Comparison::Lt => self.limit <= 0.0,
            Comparison::Le | Comparison::Eq => self.limit < 0.0,
            Comparison::Gt | Comparison::Ge | Comparison::Ne => false,
        }
    }

    /// Whether exactly the negative numbers (and perhaps zero) fail it.
    pub fn covers_all_but_negative(self) -> bool {
        self.limit == 0.0 && matches!(self.comparison, Comparison::Gt | Comparison::Ge)
    }

    fn parse(text: &str) -> Option<Condition> {
        let digits = text.find(|c: char| !"<>=".contains(c))?;
        let (sign, limit) = text.split_at(digits);
        let comparison = match sign {
            "<" => Comparison::Lt,
            "<=" => Comparison::Le,
            ">" => Comparison::Gt,
            ">=" => Comparison::Ge,
            "=" => Comparison::Eq,
            "<>" => Comparison::Ne,
            _ => return None,
        };
        Some(Condition { comparison, limit: limit.trim().parse().ok()? })
    }
}

impl Section {
    pub fn has_text(&self) -> bool {
        self.tokens.contains(&Token::Text)
    }

    /// Shows the literals, and `value` in the place of `General` or `@`.
    pub fn around(&self, out: &mut String, value: impl Fn(&mut String)) {
        let start = out.len();
        for token in &self.tokens {
            match token {
                Token::Literal(text) => out.push_str(text),
                Token::Text | Token::General => value(out),
                Token::Percent => out.push('%'),
                _ => {}
            }
        }
        if self.kind == Kind::Date {
            value(out);
        }
        super::numerals::convert(self.numerals, 16, out, start);
    }
}

/// The sections of a code.
pub(super) fn sections(code: &str) -> Vec<Section> {
    split(code).into_iter().take(4).map(section).collect()
}

/// Splits a code at the semicolons outside quotes and brackets.
fn split(code: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quoted, mut bracketed, mut escaped) = (0, false, false, false);
    for (i, c) in code.char_indices() {
        if escaped {
            escaped = false;
            continue;
        }
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '\\' | '_' | '*' => escaped = true,
            '[' => bracketed = true,
            ']' => bracketed = false,
            ';' if !bracketed => {
                parts.push(&code[start..i]);
                start = i + 1;
            }
            _ => {}
        }
    }
    parts.push(&code[start..]);
    parts
}

fn section(code: &str) -> Section {
    let mut section = Section {
        condition: None,
        kind: Kind::Literal,
        tokens: Vec::new(),
        numerals: 0,
        first_year_word: false,
        japanese: false,
        is_system: false,
    };
    let mut rest = code;
    while let Some(c) = rest.chars().next().filter(|_| !section.is_system) {
        let taken = token(rest, c, &mut section);
        rest = &rest[taken..];
    }
    settle_digits(&mut section.tokens);
    settle_minutes(&mut section.tokens);
    section.kind = kind(&section.tokens);
    section
}

/// Reads one token from the start of `rest`, whose first character is `c`; how many bytes it took.
fn token(rest: &str, c: char, section: &mut Section) -> usize {
    let tokens = &mut section.tokens;
    let after = &rest[c.len_utf8()..];
    let lower = c.to_ascii_lowercase();
    match lower {
        '"' => {
            let end = after.find('"').unwrap_or(after.len());
            literal(tokens, &after[..end]);
            (end + 2).min(rest.len())
        }
        '\\' | '!' if !after.is_empty() => {
            let escaped = after.chars().next().map_or(0, char::len_utf8);
            literal(tokens, &after[..escaped]);
            c.len_utf8() + escaped
        }
        // A space as wide as the next character, and a character that fills the cell.
        '_' | '*' => {
            if lower == '_' {
                literal(tokens, " ");
            }
            c.len_utf8() + after.chars().next().map_or(0, char::len_utf8)
        }
        '[' => {
            let end = after.find(']').unwrap_or(after.len());
            bracket(&after[..end], section);
            (end + 2).min(rest.len())
        }
        '0' | '#' | '?' => {
            tokens.push(Token::Digit(c));
            1
        }
        '1'..='9' => {
            tokens.push(Token::Fixed(c));
            1
        }
        '.' => {
            tokens.push(Token::Point);
            1
        }
        ',' => {
            tokens.push(Token::Comma);
            1
        }
        '%' => {
            tokens.push(Token::Percent);
            1
        }
        '/' => {
            tokens.push(Token::Slash);
            1
        }
        '@' => {
            tokens.push(Token::Text);
            1
        }
        'e' if after.starts_with(['+', '-']) => {
            tokens.push(Token::Exponent { plus: after.starts_with('+') });
            2
        }
        _ => {
            if let Some((word, found)) = WORDS.iter().find(|(word, _)| starts_with_ignoring_case(rest, word)) {
                tokens.push(found.clone());
                return word.len();
            }
            let count = rest.chars().take_while(|letter| letter.to_ascii_lowercase() == lower).count();
            let is_date = match lower {
                'y' | 'm' | 'd' | 'h' | 's' | 'g' | 'e' => true,
                'a' => count >= 3,
                'b' => count == 2 || count == 4,
                'r' => count <= 2 && !after.starts_with(['0', '#', '?']),
                _ => false,
            };
            if is_date {
                tokens.push(Token::Date(lower, count.min(9) as u8));
                return count;
            }
            literal(tokens, &rest[..c.len_utf8()]);
            c.len_utf8()
        }
    }
}

/// Words that stand for one token.
const WORDS: &[(&str, Token)] = &[
    ("General", Token::General),
    ("G/標準", Token::General),
    ("AM/PM", Token::HalfDay(2)),
    ("A/P", Token::HalfDay(1)),
    ("午前/午後", Token::HalfDay(0)),
];

fn starts_with_ignoring_case(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

fn literal(tokens: &mut Vec<Token>, text: &str) {
    match tokens.last_mut() {
        Some(Token::Literal(before)) => before.push_str(text),
        _ if text.is_empty() => {}
        _ => tokens.push(Token::Literal(text.to_owned())),
    }
}

/// `[$-411]`, `[$¥-411]`, `[Red]`, `[h]`, `[>=100]`, `[DBNum3]`
fn bracket(inside: &str, section: &mut Section) {
    let lower = inside.to_ascii_lowercase();
    if let Some(money) = inside.strip_prefix('$') {
        let (symbol, locale) = money.split_once('-').unwrap_or((money, ""));
        literal(&mut section.tokens, symbol);
        locale_code(&locale.to_ascii_lowercase(), section);
    } else if let Some(number) = lower.strip_prefix("dbnum") {
        section.numerals = number.parse().unwrap_or(0);
    } else if let Some(condition) = Condition::parse(inside) {
        section.condition = Some(condition);
    } else if let Some(letter @ ('h' | 'm' | 's')) = lower.chars().next()
        && lower.chars().all(|c| c == letter)
    {
        section.tokens.push(Token::Elapsed(letter, lower.len().min(9) as u8));
    }
    // Everything else is a colour.
}

/// A locale: a name (`ja-JP-x-gannen`) or a hexadecimal LCID whose upper half may ask for other digits.
fn locale_code(locale: &str, section: &mut Section) {
    match locale {
        // The system's long date and long time.
        "f800" | "f400" => {
            let code = if locale == "f800" { "yyyy\"年\"m\"月\"d\"日\"" } else { "h:mm:ss" };
            section.tokens.extend(sections(code).into_iter().flat_map(|system| system.tokens));
            section.is_system = true;
        }
        _ => {
            section.first_year_word |= locale.ends_with("gannen");
            section.japanese |= locale.starts_with("ja") || locale.ends_with("411");
        }
    }
}

/// Digits that stand for themselves are literals, but for the denominator of a fraction.
fn settle_digits(tokens: &mut [Token]) {
    let mut after_slash = false;
    for token in tokens {
        match token {
            Token::Slash => after_slash = true,
            Token::Fixed(c) if !after_slash => *token = Token::Literal(c.to_string()),
            Token::Fixed(_) | Token::Digit(_) => {}
            _ => after_slash = false,
        }
    }
}

/// `m` is minutes after hours or before seconds; seconds may have decimal digits.
fn settle_minutes(tokens: &mut Vec<Token>) {
    if !tokens.iter().any(|token| matches!(token, Token::Date(..) | Token::Elapsed(..))) {
        return;
    }
    let mut before = None;
    for i in 0..tokens.len() {
        let letter = match tokens[i] {
            Token::Date(letter, _) | Token::Elapsed(letter, _) => letter,
            _ => continue,
        };
        let minutes =
            matches!(tokens[i], Token::Date('m', 1..=2)) && (before == Some('h') || next_date(tokens, i) == Some('s'));
        if minutes && let Token::Date(_, count) = tokens[i] {
            tokens[i] = Token::Date('n', count);
        }
        before = Some(letter);
    }
    let mut i = 0;
    while i < tokens.len() {
        let digits = tokens[i + 1..].iter().take_while(|token| **token == Token::Digit('0')).count();
        if tokens[i] == Token::Point && digits > 0 {
            tokens.splice(i..=i + digits, [Token::Subsecond(digits.min(3) as u8)]);
        }
        i += 1;
    }
}

fn next_date(tokens: &[Token], i: usize) -> Option<char> {
    tokens[i + 1..].iter().find_map(|token| match token {
        Token::Date(letter, _) | Token::Elapsed(letter, _) => Some(*letter),
        _ => None,
    })
}

fn kind(tokens: &[Token]) -> Kind {
    let has = |wanted: fn(&Token) -> bool| tokens.iter().any(wanted);
    let digits = has(|token| matches!(token, Token::Digit(_)));
    if has(|token| matches!(token, Token::Date(..) | Token::Elapsed(..) | Token::HalfDay(_))) {
        Kind::Date
    } else if has(|token| *token == Token::General) {
        Kind::General
    } else if digits && has(|token| matches!(token, Token::Exponent { .. })) {
        Kind::Exponent
    } else if digits && is_fraction(tokens) {
        Kind::Fraction
    } else if digits {
        Kind::Number
    } else if has(|token| *token == Token::Text) {
        // A number in a text cell is shown as it is.
        Kind::General
    } else {
        Kind::Literal
    }
}

/// Digits on both sides of a slash.
fn is_fraction(tokens: &[Token]) -> bool {
    let Some(slash) = tokens.iter().position(|token| *token == Token::Slash) else { return false };
    matches!(tokens.get(slash + 1), Some(Token::Digit(_) | Token::Fixed(_)))
        && tokens[..slash].iter().any(|token| matches!(token, Token::Digit(_)))
}
