//! Validation of tuples, whose items have types and rules of their own.

use super::{Contains, Validate, Validator};

macro_rules! tuples {
    ($(($($name:ident $index:literal $place:tt),+))+) => {$(
        impl<$($name),+> Contains<Self> for ($($name,)+) {
            fn visit(&self, check: &mut Validator, rule: &mut dyn FnMut(&mut Validator, &Self)) {
                rule(check, self);
            }
        }

        impl<$($name: Validate),+> Validate for ($($name,)+) {
            fn check(&self, check: &mut Validator) {
                $(check.nested($index, &self.$place);)+
            }
        }
    )+};
}

tuples! {
    (A "0" 0)
    (A "0" 0, B "1" 1)
    (A "0" 0, B "1" 1, C "2" 2)
    (A "0" 0, B "1" 1, C "2" 2, D "3" 3)
    (A "0" 0, B "1" 1, C "2" 2, D "3" 3, E "4" 4)
    (A "0" 0, B "1" 1, C "2" 2, D "3" 3, E "4" 4, F "5" 5)
    (A "0" 0, B "1" 1, C "2" 2, D "3" 3, E "4" 4, F "5" 5, G "6" 6)
    (A "0" 0, B "1" 1, C "2" 2, D "3" 3, E "4" 4, F "5" 5, G "6" 6, H "7" 7)
}
