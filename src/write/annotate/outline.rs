//! The measures in the file's outline (ISO 32000-1, 12.3.3), as one entry behind those that it has.

use super::geometry::Frame;
use super::notes::Measure;
use super::update::Update;
use lopdf::{Dictionary, Error, Object, ObjectId, dictionary, text_string};

/// The entry that holds the measures.
const TITLE: &str = "施策一覧 measures (keikaku)";

/// Siblings are followed so far: a made-up list has no end.
const MOST: usize = 100_000;

/// Adds the measures to the outline; nothing where there are none.
pub(super) fn add(update: &mut Update, pages: &[ObjectId], measures: &[Measure]) -> Result<(), Error> {
    let entries: Vec<(&Measure, ObjectId)> =
        measures.iter().filter_map(|measure| Some((measure, *pages.get(measure.page as usize - 1)?))).collect();
    if entries.is_empty() {
        return Ok(());
    }
    let catalog = update.catalog()?;
    let (outlines, last) = root(update, catalog)?;
    let top = update.add(Dictionary::new())?;
    let items: Vec<ObjectId> = entries.iter().map(|_| update.add(Dictionary::new())).collect::<Result<_, Error>>()?;
    for (i, &(measure, page)) in entries.iter().enumerate() {
        let frame = Frame::of(update, page);
        let [x, y] = frame.point(measure.bbox[0], measure.bbox[1]);
        let mut item = dictionary! {
            "Title" => text_string(&measure.title),
            "Parent" => top,
            "Dest" => vec![page.into(), "XYZ".into(), Object::Real(x), Object::Real(y), Object::Null],
        };
        if let Some(before) = i.checked_sub(1) {
            item.set("Prev", items[before]);
        }
        if let Some(&next) = items.get(i + 1) {
            item.set("Next", next);
        }
        *update.edit(items[i])? = item.into();
    }
    // Closed where the file has an outline of its own, which is not to be pushed out of sight.
    let count = items.len() as i64;
    let mut entry = dictionary! {
        "Title" => text_string(TITLE),
        "Parent" => outlines,
        "First" => items[0],
        "Last" => items[items.len() - 1],
        "Count" => if last.is_some() { -count } else { count },
    };
    if let Some(last) = last {
        entry.set("Prev", last);
        update.edit(last)?.as_dict_mut()?.set("Next", top);
    }
    *update.edit(top)? = entry.into();
    let root = update.edit(outlines)?.as_dict_mut()?;
    let seen = root.get(b"Count").and_then(Object::as_i64).unwrap_or(0).max(0);
    root.set("Last", top);
    if last.is_none() {
        root.set("First", top);
    }
    root.set("Count", if last.is_some() { seen.saturating_add(1) } else { count + 1 });
    Ok(())
}

/// The root of the outline, made where there is none, and the last of its entries.
fn root(update: &mut Update, catalog: ObjectId) -> Result<(ObjectId, Option<ObjectId>), Error> {
    let own = update.dictionary(catalog)?.get(b"Outlines").cloned();
    if let Ok(Object::Reference(id)) = own
        && update.dictionary(id).is_ok()
    {
        let last = last(update, update.dictionary(id)?);
        return Ok((id, last));
    }
    let outlines = match own {
        Ok(Object::Dictionary(direct)) => direct,
        _ => dictionary! { "Type" => "Outlines" },
    };
    let last = last(update, &outlines);
    let id = update.add(outlines)?;
    update.edit(catalog)?.as_dict_mut()?.set("Outlines", id);
    Ok((id, last))
}

/// The last entry: the one that says so, if it ends the list, else the one where the list ends.
fn last(update: &Update, root: &Dictionary) -> Option<ObjectId> {
    let entry = |dictionary: &Dictionary, field: &[u8]| {
        let id = dictionary.get(field).and_then(Object::as_reference).ok()?;
        update.dictionary(id).ok().map(|found| (id, found))
    };
    if let Some((id, found)) = entry(root, b"Last")
        && !found.has(b"Next")
    {
        return Some(id);
    }
    let (mut id, mut found) = entry(root, b"First")?;
    for _ in 0..MOST {
        match entry(found, b"Next") {
            Some(next) => (id, found) = next,
            None => break,
        }
    }
    Some(id)
}
