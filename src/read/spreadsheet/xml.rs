//! XML events: attributes, texts and subtrees. Entities that a document defines are never expanded.

use quick_xml::events::{BytesStart, Event};
use quick_xml::{XmlVersion, escape};
use std::io::BufRead;

/// A reader of XML events.
pub(super) type Xml<R> = quick_xml::Reader<R>;

/// An attribute by its name as written, or by its local name after a prefix (`r:id` for `id`).
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    element.attributes().with_checks(false).flatten().find_map(|attribute| {
        let key = attribute.key.as_ref();
        let is_named = key == name || key.rsplit_once(':').is_some_and(|(_, local)| local == name);
        is_named.then(|| match attribute.normalized_value(XmlVersion::default()) {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.into_owned(),
        })
    })
}

/// An attribute as a number.
pub(super) fn number<T: std::str::FromStr>(element: &BytesStart<'_>, name: &str) -> Option<T> {
    attribute(element, name)?.trim().parse().ok()
}

/// An attribute as a switch: `1`, `true`, `on`.
pub(super) fn switch(element: &BytesStart<'_>, name: &str) -> Option<bool> {
    attribute(element, name).map(|value| matches!(value.as_str(), "1" | "true" | "on"))
}

/// Appends the characters of a text, CDATA or reference event.
pub(super) fn push_text(event: &Event<'_>, out: &mut String) {
    match event {
        Event::Text(text) => out.push_str(&text.xml10_content()),
        Event::CData(data) => out.push_str(&data.xml10_content()),
        Event::GeneralRef(reference) => match reference.resolve_char_ref() {
            Ok(Some(c)) => out.push(c),
            // One that the file defines for itself is not expanded: what it stands for is not known.
            _ => out.push_str(escape::resolve_predefined_entity(reference).unwrap_or("\u{fffd}")),
        },
        _ => {}
    }
}

/// Calls back for every element of a part; whether it ended well.
pub(super) fn elements<R: BufRead>(xml: &mut Xml<R>, mut each: impl FnMut(&BytesStart<'_>)) -> bool {
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element) | Event::Empty(element)) => each(&element),
            Ok(Event::Eof) => return true,
            Err(_) => return false,
            Ok(_) => {}
        }
    }
}

/// An element with all it holds, for small parts.
#[derive(Debug, Default, Clone)]
pub(super) struct Node {
    /// Without its prefix.
    pub name: String,
    attributes: Vec<(String, String)>,
    pub children: Vec<Node>,
    /// The characters directly in it.
    pub text: String,
}

/// Elements of one tree, and how deep they may lie; what is beyond is left out.
const MAX_NODES: usize = 400_000;
const MAX_DEPTH: usize = 64;

impl Node {
    /// An attribute by its name without a prefix.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// An attribute as a number.
    pub fn number<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.attribute(name)?.trim().parse().ok()
    }

    pub fn child(&self, name: &str) -> Option<&Node> {
        self.children.iter().find(|child| child.name == name)
    }

    /// Appends its characters and those of its descendants.
    pub fn collect_text(&self, out: &mut String) {
        out.push_str(&self.text);
        self.children.iter().for_each(|child| child.collect_text(out));
    }

    /// The first descendant of a name, depth first.
    pub fn find(&self, name: &str) -> Option<&Node> {
        self.children.iter().find_map(|child| if child.name == name { Some(child) } else { child.find(name) })
    }
}

/// Reads a part whole, as far as it is well-formed. HTML's `br`, which VML holds, needs no end.
pub(super) fn tree<R: BufRead>(xml: &mut Xml<R>) -> Node {
    grow(xml, Node::default())
}

/// Reads the rest of an element that has begun.
pub(super) fn subtree<R: BufRead>(xml: &mut Xml<R>, element: &BytesStart<'_>) -> Node {
    grow(xml, leaf(element))
}

/// Passes over the rest of an element that has begun.
pub(super) fn skip<R: BufRead>(xml: &mut Xml<R>) {
    let (mut buffer, mut depth) = (Vec::new(), 1_u64);
    while depth > 0 {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(_)) => depth += 1,
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Eof) | Err(_) => return,
            Ok(_) => {}
        }
    }
}

/// Fills a node with all that comes before its end.
fn grow<R: BufRead>(xml: &mut Xml<R>, root: Node) -> Node {
    let mut stack = vec![root];
    let (mut buffer, mut nodes, mut too_deep) = (Vec::new(), 0, 0_usize);
    while nodes < MAX_NODES {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) if element.local_name().as_ref() == "br" => {
                push_child(&mut stack, leaf(&element))
            }
            Ok(Event::Start(element)) => {
                nodes += 1;
                if stack.len() > MAX_DEPTH {
                    too_deep += 1;
                } else {
                    stack.push(leaf(&element));
                }
            }
            Ok(Event::Empty(element)) => {
                nodes += 1;
                push_child(&mut stack, leaf(&element));
            }
            Ok(Event::End(_)) if too_deep > 0 => too_deep -= 1,
            Ok(Event::End(_)) => match stack.pop() {
                Some(node) if !stack.is_empty() => push_child(&mut stack, node),
                Some(node) => return node,
                None => break,
            },
            Ok(Event::Eof) | Err(_) => break,
            Ok(event) => {
                if let Some(node) = stack.last_mut() {
                    push_text(&event, &mut node.text);
                }
            }
        }
    }
    while stack.len() > 1 {
        if let Some(node) = stack.pop() {
            push_child(&mut stack, node);
        }
    }
    stack.pop().unwrap_or_default()
}

fn push_child(stack: &mut [Node], child: Node) {
    if let Some(parent) = stack.last_mut() {
        parent.children.push(child);
    }
}

/// An element by itself.
pub(super) fn leaf(element: &BytesStart<'_>) -> Node {
    let mut node = Node { name: element.local_name().as_ref().to_owned(), ..Node::default() };
    for attribute in element.attributes().with_checks(false).flatten() {
        let value = match attribute.normalized_value(XmlVersion::default()) {
            Ok(value) => value.into_owned(),
            Err(_) => attribute.value.to_string(),
        };
        node.attributes.push((attribute.key.local_name().as_ref().to_owned(), value));
    }
    node
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_bounded_and_forgiving() {
        let mut xml = Xml::from_reader("<a x:k='1&amp;2'>t<b/>&#x41;<br>u<c><d>v</d></c></a>".as_bytes());
        let root = tree(&mut xml);
        let a = root.child("a").expect("a");
        assert_eq!((a.attribute("k"), a.text.as_str()), (Some("1&2"), "tAu"));
        assert_eq!(root.find("d").map(|d| d.text.as_str()), Some("v"));
        let deep = "<e>".repeat(100_000);
        assert!(tree(&mut Xml::from_reader(deep.as_bytes())).child("e").is_some());
    }
}
