//! Estimates the size of Rust types, and boxes large ones. Where each type holds the next one twice, sizes double at every
//! level, and the outermost value would not fit on the stack.

use super::Lowerer;
use crate::ir::{Presence, Shape, TypeId, TypeRef};

/// The largest type that another one holds by value, in bytes. Types of real documents are smaller than 4 kB.
const LARGEST: usize = 16 * 1024;

impl Lowerer<'_> {
    /// A type as the field of a struct, boxed if it is large.
    pub(super) fn boxed_if_large(&mut self, ty: TypeRef) -> TypeRef {
        match ty {
            TypeRef::Named(id) if self.size_of(id) > LARGEST => TypeRef::Boxed(id),
            TypeRef::Option(mut inner) => {
                inner.ty = self.boxed_if_large(inner.ty);
                TypeRef::Option(inner)
            }
            other => other,
        }
    }

    /// About how many bytes a type of the store takes.
    fn size_of(&mut self, id: TypeId) -> usize {
        if let Some(known) = self.sizes.get(&id) {
            return *known;
        }
        let shape = self.store.get(id).shape.clone();
        let size = match &shape {
            Shape::Struct(object) => {
                let fields = object.fields.iter().map(|field| {
                    let option = usize::from(field.presence != Presence::Required) * 8;
                    self.size(&field.value.ty) + option
                });
                fields.sum()
            }
            Shape::Union(union) => {
                let variants = union.variants.iter();
                let sizes = variants.map(|variant| self.size(&variant.value.ty));
                sizes.max().unwrap_or_default() + 8
            }
            Shape::Enum(_) => 32,
        };
        self.sizes.insert(id, size);
        size
    }

    fn size(&mut self, ty: &TypeRef) -> usize {
        match ty {
            TypeRef::Named(id) => self.size_of(*id),
            TypeRef::Option(inner) => self.size(&inner.ty) + 8,
            TypeRef::Array(item, length) => self.size(&item.ty).saturating_mul(*length),
            TypeRef::Tuple(items) => items.iter().map(|item| self.size(&item.ty)).sum(),
            TypeRef::File(_) => 256,
            TypeRef::Media | TypeRef::Json => 72,
            _ => 24,
        }
    }
}
