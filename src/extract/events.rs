//! Events: a document read as one stream of headings, labelled entries, grid rows and running text, in reading order.
//! Forms, lists, year grids and prose all come down to these; what follows (cards, fields) asks nothing of layout.

use super::heads::Head;
use super::labels::Name;
use super::numbering::Numbered;
use crate::document::{Cell, Colour, Overlay, Place, Text};
use std::borrow::Cow;
use std::rc::Rc;

/// One event.
#[derive(Debug)]
pub(super) enum Event<'a> {
    Heading(Box<Title<'a>>),
    Entry(Entry<'a>),
    Row(Box<Row<'a>>),
    /// Running text without a label of its own.
    Text(Cow<'a, Text>),
    TableStart,
    TableEnd,
}

/// A heading, or a cell that stands alone in its row and titles what follows.
#[derive(Debug)]
pub(super) struct Title<'a> {
    pub text: Cow<'a, Text>,
    /// The reader's level, none inside tables.
    pub level: Option<u8>,
    /// An item that names its owner behind it rather than a heading.
    pub item: bool,
    pub numbered: Option<Numbered>,
    /// Without number, as a name.
    pub name: String,
    pub place: Place,
}

/// A label and its values.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// Rows of one list share their columns' names.
    pub name: Rc<Name>,
    pub values: Vec<Piece<'a>>,
    /// Where the label stands.
    pub place: Place,
    /// From a list's column: its table's rows are cards of their own.
    pub listed: bool,
    /// From the list's column that names measures.
    pub measure: bool,
}

/// One value of an entry: a cell or a stretch of running text.
#[derive(Debug, Clone)]
pub(super) struct Piece<'a> {
    pub text: Cow<'a, Text>,
    /// The table row it stands in, for telling values of one row from those of the next.
    pub row: u32,
    pub place: Place,
}

/// A body row under column heads.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub head: Rc<Head>,
    /// Cells under field columns and row labels, with the column's meaning or the label's own.
    pub fields: Vec<(Option<Rc<Name>>, &'a Cell)>,
    /// Cells under value columns, blank ones included.
    pub values: Vec<Aligned<'a>>,
    pub overlays: Vec<&'a Overlay>,
    pub place: Place,
    /// The background of the cell that begins it.
    pub fill: Option<Colour>,
    /// Its cells had to be aligned in order.
    pub shifted: bool,
    pub listed: bool,
    /// Number of body rows of its grid.
    pub siblings: u32,
}

/// A cell and the value columns it covers (indices into the head's columns, inclusive).
#[derive(Debug, Clone, Copy)]
pub(super) struct Aligned<'a> {
    pub first: usize,
    pub last: usize,
    pub cell: &'a Cell,
}

impl<'a> Event<'a> {
    pub fn heading(title: Title<'a>) -> Self {
        Event::Heading(Box::new(title))
    }
}

impl<'a> Entry<'a> {
    /// An entry of a form or of prose.
    pub fn new(name: impl Into<Rc<Name>>, value: Option<Piece<'a>>, place: Place) -> Self {
        Entry { name: name.into(), values: value.into_iter().collect(), place, listed: false, measure: false }
    }

    /// All values' lines as one text.
    pub fn text(&self) -> Cow<'_, Text> {
        match self.values.as_slice() {
            [one] => Cow::Borrowed(one.text.as_ref()),
            many => Cow::Owned(Text::of(many.iter().flat_map(|piece| piece.text.lines.iter().cloned()).collect())),
        }
    }

    /// Whether no value is printed.
    pub fn is_empty(&self) -> bool {
        self.values.iter().all(|piece| piece.text.is_blank())
    }
}
