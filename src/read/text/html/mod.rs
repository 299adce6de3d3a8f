//! HTML: fragments in the cells of a dump, tables in a text, whole pages.

mod entities;
mod flow;
mod tokens;

pub(super) use entities::decode;
pub(super) use flow::{choice, fragment, is_choice, page};
pub(super) use tokens::{Tag, Token, Tokens};
