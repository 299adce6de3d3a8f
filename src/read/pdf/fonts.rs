//! What a glyph says where its font does not say it plainly, and the weight of its font.
//!
//! The interpreter hands over glyphs without their font dictionary. So the fonts of a page are gathered from its
//! resources, and a glyph's font is the one of its name, or where several have it, the one that makes the same
//! outline and advance of the same code.

use super::symbols::{self, Symbols};
use super::unicode::{characters_of_program, is_private, usable};
use hayro_font::{Font, FontCache, FontGlyph, StandardFont};
use hayro_interpret::font::{FontQuery, Glyph, OutlineFontData, OutlineGlyph};
use hayro_interpret::hayro_cmap::{BfString, CMap, CMapName, CidFamily, load_embedded};
use hayro_interpret::hayro_syntax::object::{Array, Dict, Name, Object, ObjectIdentifier, Stream, String as Bytes};
use hayro_interpret::hayro_syntax::page::{Page, Resources};
use hayro_interpret::{InterpreterSettings, InterpreterWarning};
use std::collections::{HashMap, HashSet};
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Font dictionaries looked at for one page; a page with more is made to wear the reader out.
const MAX_FONTS: usize = 512;

/// Resource dictionaries looked at for one page.
const MAX_RESOURCES: usize = 512;

/// From this weight (OpenType's scale) a font is bold.
const BOLD_WEIGHT: u32 = 600;

/// The bit of a font descriptor's flags that asks for bold.
const FORCE_BOLD: u32 = 1 << 18;

/// The fonts of a document.
pub(super) struct Fonts<'a> {
    pub settings: InterpreterSettings,
    /// Set by the interpreter.
    unusable: Arc<AtomicBool>,
    /// What the interpreter takes instead.
    stand_in: Option<Option<Font<'a>>>,
    cache: FontCache<'a>,
    /// Font dictionaries met so far, and where they stand among them.
    entries: Vec<Entry<'a>>,
    known: HashMap<ObjectIdentifier, usize>,
    faces: Vec<Face>,
    face_of_program: HashMap<(u128, Option<String>), usize>,
    face_of_entry: HashMap<usize, usize>,
    /// The current page's entries: those of its own resources, then those of its forms once they were needed.
    page: Vec<usize>,
    deep: bool,
    /// From CID to Unicode, for each character collection that was needed.
    collections: HashMap<&'static str, Option<CMap>>,
    /// From glyph to Unicode by an embedded font program.
    programs: HashMap<u128, HashMap<u32, char>>,
}

/// What runs of one font have in common.
#[derive(Debug, Clone, Default)]
pub(super) struct Face {
    pub bold: bool,
    symbols: Option<Symbols>,
    /// Its dictionary, where it is known for sure.
    entry: Option<usize>,
    /// Codes stand for glyphs in an order of the producer's: the font's program is asked before its encoding.
    arbitrary_codes: bool,
    /// Its ToUnicode was found to be garbage.
    pub distrusted: bool,
}

/// A font dictionary.
struct Entry<'a> {
    dict: Dict<'a>,
    name: String,
    kind: Kind,
    embedded: bool,
    loaded: Option<Option<Loaded<'a>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Composite,
    TrueType,
    Type1,
    Type3,
}

/// A font dictionary's font, made only where it is needed.
struct Loaded<'a> {
    font: Font<'a>,
    /// For composite fonts.
    encoding: Option<CMap>,
    family: CidFamily,
}

/// An sfnt with nothing in it but `head` (1000 units per em). It stands for every font that is not embedded: its
/// outlines are never drawn, and having no advances it leaves those of the PDF alone.
const EMPTY_FONT: [u8; 82] = {
    let mut font = [0; 82];
    font[1] = 1; // version 1.0
    font[5] = 1; // one table
    font[12] = b'h';
    font[13] = b'e';
    font[14] = b'a';
    font[15] = b'd';
    font[23] = 28; // its offset
    font[27] = 54; // its length
    font[29] = 1; // version 1.0
    font[40] = 0x5F;
    font[41] = 0x0F;
    font[42] = 0x3C;
    font[43] = 0xF5; // magic number
    font[46] = 0x03;
    font[47] = 0xE8; // units per em
    font
};

/// A CMap of two-byte codes that maps none of them.
const MAPS_NOTHING: &[u8] = b"begincmap 1 begincodespacerange <0000> <ffff> endcodespacerange endcmap";

/// A predefined CMap. Of those that the PDF specification does not list, the ones that differ from a listed one only
/// in the shapes of some glyphs are that one; fonts with any other have glyphs without text. (Left without a CMap,
/// the interpreter would take their codes for ASCII.)
fn cmap(name: CMapName<'_>) -> Option<&'static [u8]> {
    load_embedded(name).or_else(|| match name {
        CMapName::Custom(b"UniJIS2004-UTF16-H" | b"UniJISX0213-UTF16-H") => load_embedded(CMapName::UniJisUtf16H),
        CMapName::Custom(b"UniJIS2004-UTF16-V" | b"UniJISX0213-UTF16-V") => load_embedded(CMapName::UniJisUtf16V),
        CMapName::Custom(b"UniJISPro-UCS2-V") => load_embedded(CMapName::UniJisUcs2V),
        CMapName::Custom(b"UniJISPro-UCS2-HW-V") => load_embedded(CMapName::UniJisUcs2HwV),
        CMapName::Custom(b"RKSJ-H") => load_embedded(CMapName::N90msRksjH),
        CMapName::Custom(b"RKSJ-V") => load_embedded(CMapName::N90msRksjV),
        CMapName::Custom(_) => Some(MAPS_NOTHING),
        _ => None,
    })
}

/// The settings to interpret with: predefined CMaps, and no font programs but the embedded ones.
/// Notes when a font cannot be used.
fn settings(unusable: &Arc<AtomicBool>) -> InterpreterSettings {
    let unusable = Arc::clone(unusable);
    InterpreterSettings {
        cmap_resolver: Arc::new(cmap),
        warning_sink: Arc::new(move |warning| {
            if matches!(warning, InterpreterWarning::UnsupportedFont) {
                unusable.store(true, Ordering::Relaxed);
            }
        }),
        font_resolver: Arc::new(|query| {
            let mut data = EMPTY_FONT.to_vec();
            // A tail that the sfnt does not know of keeps different fonts apart.
            match query {
                FontQuery::Standard(font) => data.extend_from_slice(font.postscript_name().as_bytes()),
                FontQuery::Fallback(query) => {
                    data.extend_from_slice(query.post_script_name.as_deref().unwrap_or_default().as_bytes());
                }
            }
            Some((Arc::new(data), 0))
        }),
        ..InterpreterSettings::default()
    }
}

impl<'a> Fonts<'a> {
    pub(super) fn new() -> Self {
        let unusable = Arc::new(AtomicBool::new(false));
        Fonts {
            settings: settings(&unusable),
            unusable,
            stand_in: None,
            cache: FontCache::new(),
            entries: Vec::new(),
            known: HashMap::new(),
            faces: Vec::new(),
            face_of_program: HashMap::new(),
            face_of_entry: HashMap::new(),
            page: Vec::new(),
            deep: false,
            collections: HashMap::new(),
            programs: HashMap::new(),
        }
    }

    /// Must be called before the glyphs of a page.
    pub(super) fn begin_page(&mut self, page: &Page<'a>) {
        self.page.clear();
        self.deep = false;
        self.unusable.store(false, Ordering::Relaxed);
        let mut found = Vec::new();
        self.gather(page.resources(), &mut found);
        self.page = found;
    }

    pub(super) fn face(&self, face: usize) -> &Face {
        &self.faces[face]
    }

    /// Takes the Unicode of a face from its font program from now on.
    pub(super) fn distrust(&mut self, face: usize) {
        self.faces[face].distrusted = true;
    }

    /// The face of a glyph, the same for all glyphs of a run.
    pub(super) fn face_of(&mut self, page: &Page<'a>, glyph: &Glyph<'a>) -> usize {
        let Glyph::Outline(outline) = glyph else { return self.new_face(usize::MAX, Face::default()) };
        let Some(data) = outline.font_data() else {
            let entry = self.find(page, outline, None).unwrap_or(usize::MAX);
            if let Some(&face) = self.face_of_entry.get(&entry) {
                return face;
            }
            let face = self.describe(Some(entry).filter(|&entry| entry != usize::MAX), None);
            return self.new_face(entry, face);
        };
        let key = (data.cache_key, data.postscript_name.clone());
        if let Some(&face) = self.face_of_program.get(&key) {
            return face;
        }
        let entry = self.find(page, outline, Some(&data));
        let face = self.describe(entry, Some(&data));
        self.faces.push(face);
        self.face_of_program.insert(key, self.faces.len() - 1);
        self.faces.len() - 1
    }

    fn new_face(&mut self, entry: usize, face: Face) -> usize {
        let faces = &mut self.faces;
        *self.face_of_entry.entry(entry).or_insert_with(|| {
            faces.push(face);
            faces.len() - 1
        })
    }

    fn describe(&self, entry: Option<usize>, data: Option<&OutlineFontData>) -> Face {
        let dict = entry.map(|entry| &self.entries[entry]);
        let name = match (dict, data) {
            (Some(dict), _) => dict.name.as_str(),
            (None, Some(data)) => data.postscript_name.as_deref().unwrap_or_default(),
            (None, None) => "",
        };
        let weight = data.and_then(|data| data.weight);
        Face {
            bold: is_bold_name(name)
                || weight.is_some_and(|weight| weight >= BOLD_WEIGHT)
                || dict.is_some_and(|dict| is_bold_descriptor(&dict.dict)),
            symbols: symbols::of_font(name),
            arbitrary_codes: dict.is_some_and(|entry| {
                entry.kind == Kind::TrueType
                    && entry.embedded
                    && !entry.dict.contains_key(b"ToUnicode")
                    && !entry.dict.contains_key(b"Encoding")
            }),
            entry,
            distrusted: false,
        }
    }

    /// The Unicode of a glyph; none where nothing in the file says it.
    pub(super) fn unicode(&mut self, page: &Page<'a>, face: usize, glyph: &Glyph<'a>) -> Option<BfString> {
        let Face { symbols, arbitrary_codes, distrusted, entry, .. } = self.faces[face];
        let Glyph::Outline(outline) = glyph else { return glyph.as_unicode().and_then(usable) };
        if self.is_one_unusable() && self.is_stand_in(outline) {
            return None;
        }
        if let Some(table) = symbols {
            return self.symbol(table, outline).map(BfString::Char);
        }
        if distrusted || arbitrary_codes {
            let text = self.by_program(outline).map(BfString::Char);
            if text.is_some() || distrusted {
                return text;
            }
        }
        // Codes below the space are no characters: the font numbers its glyphs.
        let guessed = arbitrary_codes && outline.char_code() < 0x20;
        glyph.as_unicode().and_then(usable).filter(|_| !guessed).or_else(|| self.missing(page, entry, outline))
    }

    /// Whether a font of the page could not be used; the interpreter paints some of its text as if it were ASCII and
    /// none of the rest.
    pub(super) fn is_one_unusable(&self) -> bool {
        self.unusable.load(Ordering::Relaxed)
    }

    /// Whether a glyph may be of the font that stands in for one that cannot be used: its code says nothing then.
    fn is_stand_in(&mut self, glyph: &OutlineGlyph) -> bool {
        let (cache, resolver) = (&self.cache, &self.settings.font_resolver);
        let stand_in = self.stand_in.get_or_insert_with(|| cache.standard_font(StandardFont::Helvetica, resolver));
        let code = glyph.char_code();
        // It has codes of one byte only.
        let Some(font) = stand_in.as_ref().filter(|_| code <= 0xFF) else { return false };
        let FontGlyph::Outline(own) = font.glyph(font.map_code(code), code) else { return false };
        own.identifier() == glyph.identifier() && own.advance_width() == glyph.advance_width()
    }

    /// A symbol font's mark. What is beyond its table but stated as a real symbol is taken as stated.
    fn symbol(&mut self, table: Symbols, glyph: &OutlineGlyph) -> Option<char> {
        let stated = match glyph.as_unicode() {
            Some(BfString::Char(c)) => Some(c),
            _ => None,
        };
        if let Some(c) = stated.filter(|&c| u32::from(c) > 0xFF && !is_private(c)) {
            return usable(BfString::Char(c)).map(|_| c);
        }
        let code = glyph.char_code();
        symbols::mark(table, code)
            .filter(|_| code <= 0xFF)
            .or_else(|| symbols::mark(table, stated?.into()))
            .or_else(|| symbols::mark(table, self.by_program_raw(glyph)?.into()))
    }

    /// The Unicode of a glyph whose font has no usable ToUnicode for it.
    fn missing(&mut self, page: &Page<'a>, entry: Option<usize>, glyph: &OutlineGlyph) -> Option<BfString> {
        let entry = self.entry_of(page, entry, glyph);
        if let Some(loaded) = entry.and_then(|entry| self.load(entry))
            && let Some(encoding) = &loaded.encoding
            && let Some(name) = loaded.family.ucs2_cmap()
        {
            let code = glyph.char_code();
            let cid = (1..=4).find_map(|length| encoding.lookup_cid_code(code, length));
            let text = cid.and_then(|cid| self.collection(name)?.lookup_bf_string(cid)).and_then(usable);
            if text.is_some() {
                return text;
            }
        }
        self.by_program(glyph).map(BfString::Char)
    }

    /// The em box of a glyph of a vertical font in its own space (thousandths of an em, y upwards). Its advance is
    /// the height; the interpreter has moved its origin from the middle of the top to the left of the baseline.
    pub(super) fn vertical_em(&mut self, page: &Page<'a>, face: usize, glyph: &OutlineGlyph) -> [f64; 4] {
        let entry = self.entry_of(page, self.faces[face].entry, glyph);
        let Some(loaded) = entry.and_then(|entry| self.load(entry)) else { return [0.0, -120.0, 1000.0, 880.0] };
        let origin = loaded.font.origin_displacement(glyph.char_code());
        let advance = loaded.font.code_advance(glyph.char_code()).y;
        [-origin.x - 500.0, -origin.y + advance, -origin.x + 500.0, -origin.y]
    }

    /// The dictionary of a glyph's font: the one that was found for its face, where it makes this glyph too.
    fn entry_of(&mut self, page: &Page<'a>, known: Option<usize>, glyph: &OutlineGlyph) -> Option<usize> {
        if known.is_some_and(|entry| self.makes(entry, glyph)) {
            return known;
        }
        self.find(page, glyph, glyph.font_data().as_ref())
    }

    fn makes(&mut self, entry: usize, glyph: &OutlineGlyph) -> bool {
        let code = glyph.char_code();
        // Only composite fonts have codes of more than a byte.
        if code > 0xFF && self.entries[entry].kind != Kind::Composite {
            return false;
        }
        let Some(loaded) = self.load(entry) else { return false };
        let FontGlyph::Outline(own) = loaded.font.glyph(loaded.font.map_code(code), code) else { return false };
        own.identifier() == glyph.identifier()
            && own.advance_width() == glyph.advance_width()
            && own.as_unicode() == glyph.as_unicode()
    }

    fn collection(&mut self, name: CMapName<'static>) -> Option<&CMap> {
        let key = match name {
            CMapName::AdobeJapan1Ucs2 => "Japan1",
            CMapName::AdobeGb1Ucs2 => "GB1",
            CMapName::AdobeCns1Ucs2 => "CNS1",
            _ => "Korea1",
        };
        let load = || cmap(name).and_then(|data| CMap::parse(data, cmap));
        self.collections.entry(key).or_insert_with(load).as_ref()
    }

    fn by_program(&mut self, glyph: &OutlineGlyph) -> Option<char> {
        self.by_program_raw(glyph).filter(|&c| usable(BfString::Char(c)).is_some())
    }

    /// By turning round the embedded program's cmap and glyph names.
    fn by_program_raw(&mut self, glyph: &OutlineGlyph) -> Option<char> {
        let data = glyph.font_data()?;
        let map = self.programs.entry(data.cache_key).or_insert_with(|| characters_of_program(&data));
        map.get(&glyph.glyph_id().to_u32()).copied()
    }

    /// The dictionary of a glyph's font among those of the page; none where it is not sure.
    fn find(&mut self, page: &Page<'a>, glyph: &OutlineGlyph, data: Option<&OutlineFontData>) -> Option<usize> {
        if let Some(entry) = self.find_among(0, glyph, data) {
            return Some(entry);
        }
        if self.deep {
            return None;
        }
        self.deep = true;
        let own = self.page.len();
        let of_forms = self.gather_forms(page);
        self.page.extend(of_forms);
        self.find_among(own, glyph, data)
    }

    fn find_among(&mut self, from: usize, glyph: &OutlineGlyph, data: Option<&OutlineFontData>) -> Option<usize> {
        let fits = |entry: &Entry<'a>| match data {
            Some(data) => {
                let plain = entry.kind == Kind::TrueType && entry.embedded;
                (plain || entry.kind == Kind::Composite)
                    && entry.name == data.postscript_name.as_deref().unwrap_or_default()
            }
            None => entry.kind != Kind::Type3 && !(entry.kind == Kind::TrueType && entry.embedded),
        };
        let mut candidates: Vec<usize> =
            self.page[from..].iter().copied().filter(|&entry| fits(&self.entries[entry])).collect();
        candidates.dedup();
        if let [only] = candidates.as_slice() {
            return Some(*only);
        }
        candidates.into_iter().find(|&entry| self.makes(entry, glyph))
    }

    fn load(&mut self, entry: usize) -> Option<&Loaded<'a>> {
        let Entry { dict, loaded, .. } = &mut self.entries[entry];
        let (cache, settings) = (&self.cache, &self.settings);
        let load = || {
            let font = cache.font(dict, &settings.font_resolver, &settings.cmap_resolver)?;
            let encoding = encoding(dict);
            let family = family(dict, encoding.as_ref());
            Some(Loaded { font, encoding, family })
        };
        loaded.get_or_insert_with(load).as_ref()
    }

    /// The fonts that the page's forms and annotations bring along.
    fn gather_forms(&mut self, page: &Page<'a>) -> Vec<usize> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        let mut waiting = vec![page.resources().clone()];
        if let Some(annotations) = page.raw().get::<Array<'a>>(b"Annots") {
            for annotation in annotations.iter::<Dict<'a>>().take(MAX_RESOURCES) {
                let appearance = annotation.get::<Dict<'a>>(b"AP").and_then(|ap| ap.get::<Stream<'a>>(b"N"));
                waiting.extend(appearance.and_then(|form| form.dict().get(b"Resources")).map(Resources::new));
            }
        }
        let mut looked_at = 0;
        while let Some(resources) = waiting.pop() {
            looked_at += 1;
            if looked_at > MAX_RESOURCES {
                break;
            }
            self.gather(&resources, &mut found);
            for name in sorted_keys(&resources.x_objects) {
                let Some(form) = resources.x_objects.get::<Stream<'a>>(&*name) else { continue };
                if seen.insert(form.obj_id()) {
                    waiting.extend(form.dict().get(b"Resources").map(Resources::new));
                }
            }
        }
        found
    }

    fn gather(&mut self, resources: &Resources<'a>, found: &mut Vec<usize>) {
        for name in sorted_keys(&resources.fonts) {
            if found.len() >= MAX_FONTS {
                break;
            }
            let id = resources.fonts.get_ref(&*name).map(ObjectIdentifier::from);
            if let Some(&entry) = id.and_then(|id| self.known.get(&id)) {
                found.push(entry);
                continue;
            }
            let Some(dict) = resources.fonts.get::<Dict<'a>>(&*name) else { continue };
            self.entries.push(Entry::new(dict));
            found.push(self.entries.len() - 1);
            if let Some(id) = id {
                self.known.insert(id, self.entries.len() - 1);
            }
        }
    }
}

impl<'a> Entry<'a> {
    fn new(dict: Dict<'a>) -> Self {
        let kind = match dict.get::<Name<'a>>(b"Subtype").as_deref() {
            Some(b"Type0") => Kind::Composite,
            Some(b"TrueType" | b"OpenType") => Kind::TrueType,
            Some(b"Type3") => Kind::Type3,
            _ => Kind::Type1,
        };
        let name = dict.get::<Name<'a>>(b"BaseFont").map(|name| without_tag(name.as_str()).to_owned());
        let descriptor = descriptor(&dict);
        let embedded = [&b"FontFile2"[..], b"FontFile3", b"FontFile"].iter().any(|key| descriptor.contains_key(key));
        Entry { name: name.unwrap_or_default(), kind, embedded, loaded: None, dict }
    }
}

/// A PostScript name without the tag of a subset (`ABCDEF+`).
fn without_tag(name: &str) -> &str {
    match name.split_once('+') {
        Some((tag, rest)) if tag.len() == 6 => rest,
        _ => name,
    }
}

/// The descriptor of a font, or of a composite font's descendant.
fn descriptor<'a>(dict: &Dict<'a>) -> Dict<'a> {
    let descendant = descendant(dict);
    descendant.as_ref().unwrap_or(dict).get(b"FontDescriptor").unwrap_or_default()
}

fn descendant<'a>(dict: &Dict<'a>) -> Option<Dict<'a>> {
    dict.get::<Array<'a>>(b"DescendantFonts").and_then(|fonts| fonts.iter::<Dict<'a>>().next())
}

fn is_bold_descriptor(dict: &Dict<'_>) -> bool {
    let descriptor = descriptor(dict);
    descriptor.get::<u32>(b"FontWeight").is_some_and(|weight| weight >= BOLD_WEIGHT)
        || descriptor.get::<u32>(b"Flags").is_some_and(|flags| flags & FORCE_BOLD != 0)
}

/// Keys in an order that does not depend on a hash.
fn sorted_keys<'a>(dict: &Dict<'a>) -> Vec<Name<'a>> {
    let mut keys: Vec<_> = dict.keys().collect();
    keys.sort_by(|a, b| a.deref().cmp(b.deref()));
    keys
}

/// The encoding of a composite font.
fn encoding(dict: &Dict<'_>) -> Option<CMap> {
    if dict.get::<Name<'_>>(b"Subtype").as_deref() != Some(b"Type0") {
        return None;
    }
    match dict.get::<Object<'_>>(b"Encoding")? {
        Object::Name(name) => match CMapName::from_bytes(&name) {
            CMapName::IdentityH => Some(CMap::identity_h()),
            CMapName::IdentityV => Some(CMap::identity_v()),
            name => CMap::parse(cmap(name)?, cmap),
        },
        Object::Stream(stream) => CMap::parse(&stream.decoded_data().ok()?, cmap),
        _ => None,
    }
}

/// The character collection of a composite font: that of its encoding, or where that is an identity, of the font.
fn family(dict: &Dict<'_>, encoding: Option<&CMap>) -> CidFamily {
    let stated = encoding.and_then(|cmap| cmap.metadata().character_collection.as_ref()).map(|c| c.family.clone());
    if let Some(family) = stated.filter(|family| family.ucs2_cmap().is_some()) {
        return family;
    }
    let info = descendant(dict).and_then(|font| font.get::<Dict<'_>>(b"CIDSystemInfo")).unwrap_or_default();
    match (info.get::<Bytes<'_>>(b"Registry"), info.get::<Bytes<'_>>(b"Ordering")) {
        (Some(registry), Some(ordering)) => CidFamily::from_registry_ordering(registry.as_bytes(), ordering.as_bytes()),
        _ => CidFamily::AdobeIdentity,
    }
}

/// Whether a PostScript font name says that the font is bold.
fn is_bold_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["bold", "heavy", "black", "demi", "ultra"].iter().any(|word| name.contains(word))
        // Japanese families number their weights: W3 is text, W6 and above are bold.
        || ["w6", "w7", "w8", "w9"].iter().any(|weight| name.ends_with(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bold_names() {
        for (name, bold) in [
            ("MS-Gothic,Bold", true),
            ("HiraKakuProN-W6", true),
            ("HiraKakuProN-W3", false),
            ("NotoSansCJKjp-Black", true),
            ("MS-PMincho", false),
        ] {
            assert_eq!(is_bold_name(name), bold, "{name}");
        }
    }
}
