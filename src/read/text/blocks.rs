//! The blocks of a text, in reading order: which lines are headings, tables, contents, and which are prose.

use super::headings::{self, Form};
use super::html::{self, Tag, Token, Tokens};
use super::inline::{Lines, line};
use super::lines::{Source, is_space, trimmed, width};
use super::table::{Budget, columns, csv, pipes, tabs};
use super::{contents, prose};
use crate::document::{Block, Heading, Paragraph, Text};

/// How many lines further on the end of an HTML table that seems to have none is looked for.
const LOOKAHEAD: usize = 300;

/// How many lines of a run tell its margin.
const MARGIN_LINES: usize = 40;

/// The widest line, in columns, that reads as a title without a mark.
const WIDEST_CAPTION: usize = 60;

/// Reads blocks one after the other.
pub(super) struct Reader<'s, 'b> {
    source: &'s Source<'s>,
    pieces: columns::Pieces<'s>,
    budget: &'b mut Budget,
    /// The blocks of the page in hand.
    blocks: Vec<Block>,
    /// The form of every heading so far, of all pages.
    forms: Vec<Form>,
    /// Whether the last heading titles a table of contents, and nothing else has begun since.
    in_contents: bool,
    at: usize,
}

/// A page's blocks, with what joins it to the page before.
pub(super) struct Blocks {
    /// The page, from 0.
    pub page: u32,
    pub blocks: Vec<Block>,
    /// Indices of tables that begin right behind furniture or a page break: they may go on a table before.
    pub continuing: Vec<usize>,
}

/// The blocks of every page, and the forms of their headings in order.
pub(super) fn read<'s>(source: &'s Source<'s>, budget: &mut Budget) -> (Vec<Blocks>, Vec<Form>) {
    let pieces = columns::Pieces::new(source);
    let mut reader =
        Reader { source, pieces, budget, blocks: Vec::new(), forms: Vec::new(), in_contents: false, at: 0 };
    let mut pages = Vec::new();
    let mut continuing = Vec::new();
    let mut page = 0;
    while reader.at < source.lines.len() {
        let begins = source.lines[reader.at];
        let new_page = begins.page != page;
        if new_page {
            let blocks = std::mem::take(&mut reader.blocks);
            pages.push(Blocks { page, blocks, continuing: std::mem::take(&mut continuing) });
            page = begins.page;
        }
        let before = reader.blocks.len();
        reader.block();
        if (new_page || begins.after_furniture) && matches!(reader.blocks.get(before), Some(Block::Table(_))) {
            continuing.push(before);
        }
    }
    pages.push(Blocks { page, blocks: reader.blocks, continuing });
    (pages, reader.forms)
}

impl<'s> Reader<'s, '_> {
    fn line(&self, at: usize) -> &'s str {
        self.source.get(at)
    }

    /// Whether a line follows the one before it directly.
    fn attached(&self, at: usize) -> bool {
        at > 0 && self.source.lines.get(at).is_some_and(|line| !line.gap && !line.page_break)
    }

    /// Reads the block that begins on the line in hand.
    fn block(&mut self) {
        let at = self.at;
        let text = self.line(at);
        if is_separator(text) {
            self.at += 1;
            return;
        }
        if self.contents() || self.table(text) {
            return;
        }
        if is_html(text) {
            let end = self.html_end(at);
            let first = self.source.lines[at].number;
            for block in html::page(self.source.span(at, end - 1), first, self.budget) {
                if let Block::Heading(heading) = &block {
                    self.forms.push(Form::Level(heading.level));
                }
                self.push(block);
            }
            self.at = end;
            return;
        }
        if let Some(form) = self.heading_form(at) {
            self.heading(form);
            return;
        }
        self.paragraph();
    }

    fn push(&mut self, block: Block) {
        self.in_contents &= matches!(block, Block::Contents(_));
        self.blocks.push(block);
    }

    /// Reads lines of a table of contents.
    fn contents(&mut self) -> bool {
        let is_line = |at: usize| {
            let text = self.line(at);
            contents::is_leader_line(text) || (self.in_contents && contents::is_entry(text))
        };
        let mut end = self.at;
        while end < self.source.lines.len() && (end == self.at || !self.source.lines[end].page_break) && is_line(end) {
            end += 1;
        }
        if end == self.at {
            return false;
        }
        let lines = (self.at..end).flat_map(|at| line(self.line(at), self.source.lines[at].number, false)).collect();
        self.push(Block::Contents(Paragraph { text: Text::of(lines) }));
        self.at = end;
        true
    }

    /// Reads a table of any syntax but HTML.
    fn table(&mut self, text: &str) -> bool {
        let read = if is_tab_row(text) {
            tabs::read(self.source, self.at, self.budget)
        } else if pipes::is_row(text)
            || (self.attached(self.at + 1) && pipes::is_bare_head(text, self.line(self.at + 1)))
        {
            pipes::read(self.source, self.at, self.budget)
        } else if text.contains(',') {
            csv::read(self.source, self.at, self.budget)
        } else {
            None
        };
        let Some((table, end)) = read.or_else(|| columns::read(&self.pieces, self.at, self.budget)) else {
            return false;
        };
        self.at = end;
        let lines = contents::from_table(&table, self.in_contents);
        self.push(match lines {
            Some(text) => Block::Contents(Paragraph { text }),
            None => Block::Table(table),
        });
        true
    }

    /// The form of the heading that a line is; none for a line of prose.
    fn heading_form(&self, at: usize) -> Option<Form> {
        let text = self.line(at);
        let form = headings::form(text)?;
        if matches!(form, Form::Level(_)) {
            return Some(form);
        }
        let follows = self.attached(at);
        if self.attached(at + 1) {
            let next = self.line(at + 1);
            if is_underline(next) && !follows {
                return Some(Form::Level(if next.starts_with(['=', '＝']) { 1 } else { 2 }));
            }
            if !follows && headings::titles_contents(text) && contents::is_entry(next) {
                return Some(form);
            }
            // Directly above its text: only a form that no line of prose or of a list has.
            let sibling = headings::form(next).is_some_and(|other| other == form);
            let strong = match form {
                Form::Numbered(rank) => rank < 30,
                Form::Labelled(..) => true,
                Form::Mark(mark) => "■◆【≪《".contains(mark),
                Form::Level(_) | Form::Plain => false,
            };
            return (strong
                && !sibling
                && !self.follows_sibling(at, &form)
                && !prose::continues(text, next, prose::WIDE))
            .then_some(form);
        }
        if follows && !matches!(self.blocks.last(), Some(Block::Table(_) | Block::Heading(_))) {
            return None;
        }
        match form {
            Form::Plain => self.introduces(at).then_some(form),
            form => Some(form),
        }
    }

    fn follows_sibling(&self, at: usize, form: &Form) -> bool {
        at > 0 && self.attached(at) && headings::form(self.line(at - 1)).as_ref() == Some(form)
    }

    /// Whether a short line without a mark stands alone above something that it can title: not above another line
    /// of its kind, as the scattered words of a figure do.
    fn introduces(&self, at: usize) -> bool {
        let Some(next) = self.source.lines.get(at + 1) else { return false };
        if next.page_break || self.in_contents {
            return false;
        }
        let text = self.line(at + 1);
        if is_tab_row(text) || pipes::is_row(text) || is_html(text) || prose::bullet(text).is_some() {
            return true;
        }
        self.attached(at + 2)
            || width(text) > WIDEST_CAPTION
            || prose::ends_sentence(text)
            || headings::form(text).is_some_and(|form| form != Form::Plain)
    }

    fn heading(&mut self, form: Form) {
        let number = self.source.lines[self.at].number;
        let raw = self.line(self.at);
        let title = headings::markdown(trimmed(raw)).map_or(raw, |(_, title)| title);
        let lines = line(title, number, false);
        self.at += 1;
        if self.attached(self.at) && is_underline(self.line(self.at)) {
            self.at += 1;
        }
        if lines.is_empty() {
            return;
        }
        self.in_contents = headings::titles_contents(title);
        self.forms.push(form);
        self.blocks.push(Block::Heading(Heading { level: 0, text: Text::of(lines) }));
    }

    /// Reads running text and bullets, up to a gap or to where something else begins.
    fn paragraph(&mut self) {
        let mut lines = Lines::default();
        let mut before = "";
        let first = self.at;
        let margin = self.margin(first);
        while self.at < self.source.lines.len() {
            let at = self.at;
            let text = self.line(at);
            if at > first && (!self.attached(at) || self.begins_block(at)) {
                break;
            }
            let number = self.source.lines[at].number;
            match prose::bullet(text) {
                Some(body) => {
                    lines.begin_item();
                    lines.push(&without_tabs(&markup(body)), number);
                }
                None => {
                    let body = markup(text.trim_start_matches('>'));
                    if at > first && prose::continues(before, text, margin) {
                        lines.push_wrapped(&without_tabs(&body), number);
                    } else {
                        lines.end_item();
                        lines.push(&without_tabs(&body), number);
                    }
                }
            }
            before = text;
            self.at += 1;
        }
        let text = lines.take();
        if text.lines.is_empty() {
            return;
        }
        let titled = text.lines.len() == 1 && headings::titles_contents(&text.lines[0].raw);
        self.push(Block::Paragraph(Paragraph { text }));
        self.in_contents = titled;
    }

    /// The margin of the lines that follow each other directly from a line on.
    fn margin(&self, first: usize) -> usize {
        let last = (first + 1..self.source.lines.len()).take(MARGIN_LINES).find(|at| !self.attached(*at));
        let last = last.unwrap_or(self.source.lines.len().min(first + MARGIN_LINES));
        prose::margin((first..last).map(|at| self.line(at)))
    }

    /// Whether something other than prose begins on a line in the middle of prose.
    fn begins_block(&self, at: usize) -> bool {
        let text = self.line(at);
        is_separator(text)
            || contents::is_leader_line(text)
            || is_tab_row(text)
            || pipes::is_row(text)
            || (self.attached(at + 1) && pipes::is_bare_head(text, self.line(at + 1)))
            || is_html(text)
            || headings::markdown(trimmed(text)).is_some()
            || columns::begins(&self.pieces, at)
            || (self.attached(at + 1)
                && !prose::continues(self.line(at - 1), text, prose::WIDE)
                && self.heading_form(at).is_some())
    }

    /// The index of the line after a block of HTML.
    fn html_end(&self, first: usize) -> usize {
        let mut open = [0i32; 3];
        let mut at = first;
        while at < self.source.lines.len() {
            let line = &self.source.lines[at];
            if at > first && (line.gap || line.page_break) && !self.line(at).trim_start().starts_with('<') {
                let goes_on = open[0] > 0 && !line.page_break && self.table_ends_after(at);
                if !goes_on {
                    break;
                }
            }
            for (_, token) in Tokens::new(self.line(at)) {
                let (tag, change) = match token {
                    Token::Open(tag, attributes) if !attributes.ends_with('/') => (tag, 1),
                    Token::Close(tag) => (tag, -1),
                    _ => continue,
                };
                match tag {
                    Tag::Table => open[0] += change,
                    Tag::List | Tag::Terms => open[1] += change,
                    Tag::Block | Tag::Heading(_) | Tag::Preformatted => open[2] += change,
                    _ => {}
                }
            }
            at += 1;
            if open.iter().all(|depth| *depth <= 0) {
                break;
            }
        }
        at.max(first + 1)
    }

    /// Whether an open HTML table is ended on a line further on, before another one begins.
    fn table_ends_after(&self, at: usize) -> bool {
        for next in at..self.source.lines.len().min(at + LOOKAHEAD) {
            let line = self.line(next);
            if !line.contains('<') {
                continue;
            }
            for (_, token) in Tokens::new(line) {
                match token {
                    Token::Open(Tag::Table, _) => return false,
                    Token::Close(Tag::Table) => return true,
                    _ => {}
                }
            }
        }
        false
    }
}

/// A line of a paragraph without the HTML in it.
fn markup(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(['<', '&']) {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    for (_, token) in Tokens::new(text) {
        match token {
            Token::Text(text) => out.push_str(&html::decode(text)),
            Token::Open(Tag::Input, attributes) if html::is_choice(attributes) => out.push(html::choice(attributes)),
            Token::Open(Tag::Break, _) => out.push('\u{2028}'),
            _ => {}
        }
    }
    out.into()
}

fn without_tabs(text: &str) -> std::borrow::Cow<'_, str> {
    if text.contains('\t') { text.replace('\t', " ").into() } else { text.into() }
}

/// Whether a line is a row of tab-separated cells, and no indented HTML.
fn is_tab_row(text: &str) -> bool {
    if !tabs::is_row(text) {
        return false;
    }
    let start = text.trim_start();
    !start.starts_with('<')
        || !matches!(
            Tokens::new(start).next(),
            Some((_, Token::Open(Tag::Row | Tag::Cell | Tag::RowGroup | Tag::Terms, _) | Token::Close(_)))
        ) && tabs::parts(text)
}

/// Whether a line begins a block of HTML.
fn is_html(text: &str) -> bool {
    let start = text.trim_start_matches(is_space);
    if !start.starts_with('<') {
        return false;
    }
    if start.starts_with("<!") {
        return true;
    }
    match Tokens::new(start).next() {
        Some((0, Token::Open(tag, _) | Token::Close(tag))) => {
            !matches!(tag, Tag::Inline | Tag::Bold | Tag::Break | Tag::Input | Tag::Void)
        }
        // An opaque element gives no token of its own.
        Some((at, _)) => at > 0,
        None => true,
    }
}

/// Whether a line only parts what stands around it: a rule, a code fence.
fn is_separator(text: &str) -> bool {
    let text = trimmed(text);
    if text.starts_with("```") || text.starts_with("~~~") {
        return text.chars().filter(|c| !"`~".contains(*c)).all(|c| c.is_ascii_alphanumeric());
    }
    let Some(first) = text.chars().next() else { return true };
    "-=*_─━═＝―－~".contains(first)
        && text.chars().filter(|c| *c == first).count() >= 3
        && text.chars().all(|c| c == first || is_space(c))
}

/// Whether a line underlines a title: `====`.
fn is_underline(text: &str) -> bool {
    is_separator(text) && trimmed(text).starts_with(['=', '-', '＝'])
}
