//! A PDF file, and what is to be added to it and changed in it.

use super::AnnotateError;
use lopdf::{Dictionary, Document, Error, IncrementalDocument, LoadOptions, Object, ObjectId};

/// Pages are looked for no deeper in their tree than this, and no more of them than this: a made-up tree has no end.
const DEEPEST: usize = 64;
const MOST_PAGES: usize = 10_000;

/// Decompressed size of one stream of a file's structure.
const LARGEST_STREAM: usize = 64 << 20;

/// A file that is being added to.
pub(super) struct Update {
    file: IncrementalDocument,
    damage: Option<&'static str>,
}

impl Update {
    /// Opens a file; an encrypted one with the empty password.
    pub fn open(source: &[u8]) -> Result<Self, AnnotateError> {
        const HEAD: &[u8] = b"%PDF-";
        /// Viewers look for the head so far.
        const HEAD_WITHIN: usize = 1024;
        let start = source.windows(HEAD.len()).take(HEAD_WITHIN).position(|window| window == HEAD);
        let start = start.ok_or(AnnotateError::NoPdf)?;
        let options = LoadOptions { max_decompressed_size: Some(LARGEST_STREAM), ..LoadOptions::default() };
        let document = Document::load_mem_with_options(source, options).map_err(|error| match error {
            Error::Decryption(_) | Error::InvalidPassword => AnnotateError::Password,
            error => AnnotateError::Unreadable(error),
        })?;
        if document.is_encrypted() {
            return Err(AnnotateError::Password);
        }
        let damage = if document.xref_recovery.is_some() || document.xref_start == 0 {
            Some("its cross-reference data is damaged")
        } else if start > 0 {
            Some("it does not begin with its head")
        } else {
            None
        };
        if damage.is_some() && document.was_encrypted() {
            return Err(AnnotateError::EncryptedAndDamaged);
        }
        let mut file = IncrementalDocument::create_from(source.to_vec(), document);
        // Of the section before; it is found by way of that.
        file.new_document.trailer.remove(b"XRefStm");
        Ok(Update { file, damage })
    }

    /// Why the file cannot be added to and is written anew.
    pub fn damage(&self) -> Option<&'static str> {
        self.damage
    }

    /// The pages in their order.
    pub fn pages(&self) -> Vec<ObjectId> {
        self.file.get_prev_documents().page_iter().take(MOST_PAGES + 1).collect()
    }

    /// An object as it is now.
    pub fn get(&self, id: ObjectId) -> Result<&Object, Error> {
        self.file.new_document.get_object(id).or_else(|_| self.file.get_prev_documents().get_object(id))
    }

    pub fn dictionary(&self, id: ObjectId) -> Result<&Dictionary, Error> {
        self.get(id)?.as_dict()
    }

    /// What an object is or refers to.
    pub fn resolved<'a>(&'a self, object: &'a Object) -> Option<&'a Object> {
        match object {
            Object::Reference(id) => self.get(*id).ok(),
            object => Some(object),
        }
    }

    /// A field of a page, or of what is above it in the tree of pages.
    pub fn inherited(&self, page: ObjectId, field: &[u8]) -> Option<&Object> {
        let mut node = self.dictionary(page).ok()?;
        for _ in 0..DEEPEST {
            if let Ok(found) = node.get(field) {
                return self.resolved(found);
            }
            node = self.dictionary(node.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
        }
        None
    }

    /// The id of the catalog.
    pub fn catalog(&self) -> Result<ObjectId, Error> {
        self.file.get_prev_documents().trailer.get(b"Root")?.as_reference()
    }

    /// Adds an object.
    pub fn add(&mut self, object: impl Into<Object>) -> Result<ObjectId, Error> {
        self.file.new_document.try_add_object(object)
    }

    /// An object, to be changed.
    pub fn edit(&mut self, id: ObjectId) -> Result<&mut Object, Error> {
        self.file.opt_clone_object_to_new_document(id)?;
        self.file.new_document.get_object_mut(id)
    }

    /// The bytes of the file with what was added and changed.
    pub fn save(mut self) -> Result<Vec<u8>, AnnotateError> {
        let mut bytes = Vec::new();
        if self.damage.is_none() {
            self.file.save_to(&mut bytes).map_err(|error| AnnotateError::Unwritable(error.into()))?;
            return Ok(bytes);
        }
        let mut whole = self.file.get_prev_documents().clone();
        whole.objects.extend(std::mem::take(&mut self.file.new_document.objects));
        whole.max_id = self.file.new_document.max_id;
        for field in [&b"Prev"[..], b"XRefStm"] {
            whole.trailer.remove(field);
        }
        whole.save_to(&mut bytes).map_err(|error| AnnotateError::Unwritable(error.into()))?;
        Ok(bytes)
    }
}
