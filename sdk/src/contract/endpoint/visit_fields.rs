//! Finds the tuples inside options, lists and maps, so that their media can be visited.

use std::collections::BTreeMap;

use crate::contract::media::Media;
use crate::contract::wire::Nullable;

/// A value that is, or contains, tuples of type `T`.
///
/// Generated code uses it to visit the media inside tuples. Their items differ in type, so
/// the generated code says which of them hold media.
pub trait VisitFields<T> {
    /// Calls `visit` with each tuple.
    fn for_each_tuple<'a>(&'a mut self, visit: impl FnMut(&'a mut T))
    where
        T: 'a;
}

/// Calls `item` with each tuple in `value`; `item` passes the media of its tuple to `visit`.
pub fn visit_tuples<'a, T: 'a>(
    value: &'a mut impl VisitFields<T>,
    visit: &mut dyn FnMut(&'a mut Media),
    item: impl Fn(&'a mut T, &mut dyn FnMut(&'a mut Media)),
) {
    value.for_each_tuple(|tuple| item(tuple, visit));
}

impl<T, P: VisitFields<T>> VisitFields<T> for Option<P> {
    fn for_each_tuple<'a>(&'a mut self, visit: impl FnMut(&'a mut T))
    where
        T: 'a,
    {
        if let Some(value) = self {
            value.for_each_tuple(visit);
        }
    }
}

impl<T, P: VisitFields<T>> VisitFields<T> for Nullable<P> {
    fn for_each_tuple<'a>(&'a mut self, visit: impl FnMut(&'a mut T))
    where
        T: 'a,
    {
        if let Self::Value(value) = self {
            value.for_each_tuple(visit);
        }
    }
}

impl<T, P: VisitFields<T>> VisitFields<T> for Vec<P> {
    fn for_each_tuple<'a>(&'a mut self, mut visit: impl FnMut(&'a mut T))
    where
        T: 'a,
    {
        for item in self {
            item.for_each_tuple(&mut visit);
        }
    }
}

impl<T, P: VisitFields<T>, const N: usize> VisitFields<T> for [P; N] {
    fn for_each_tuple<'a>(&'a mut self, mut visit: impl FnMut(&'a mut T))
    where
        T: 'a,
    {
        for item in self {
            item.for_each_tuple(&mut visit);
        }
    }
}

impl<T, P: VisitFields<T>> VisitFields<T> for BTreeMap<String, P> {
    fn for_each_tuple<'a>(&'a mut self, mut visit: impl FnMut(&'a mut T))
    where
        T: 'a,
    {
        for item in self.values_mut() {
            item.for_each_tuple(&mut visit);
        }
    }
}

macro_rules! tuples {
    ($(($($name:ident),+))+) => {$(
        impl<$($name),+> VisitFields<Self> for ($($name,)+) {
            fn for_each_tuple<'a>(&'a mut self, mut visit: impl FnMut(&'a mut Self))
            where
                Self: 'a,
            {
                visit(self);
            }
        }
    )+};
}

tuples! {
    (A)
    (A, B)
    (A, B, C)
    (A, B, C, D)
    (A, B, C, D, E)
    (A, B, C, D, E, F)
    (A, B, C, D, E, F, G)
    (A, B, C, D, E, F, G, H)
}
