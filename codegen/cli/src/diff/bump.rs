//! The version number that changes require.

use fal_codegen::diff::{Class, Diff};
use semver::Version;

/// The part of the version number that changes require to be raised. Only changes of the Rust API count: a change that breaks
/// requests or results breaks them for every released version, whatever the next version number is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bump {
    /// Nothing changed, so that no new version is needed.
    None,
    /// Programs see no difference.
    Patch,
    /// Programs may use more.
    Minor,
    /// Programs may have to change.
    Major,
}

impl Bump {
    /// The part of the version that the changes of a comparison require to be raised.
    #[must_use]
    pub fn of(diff: &Diff) -> Self {
        match diff.rust() {
            _ if diff.changes.is_empty() => Self::None,
            Class::Breaking => Self::Major,
            Class::Additive => Self::Minor,
            Class::Documentation | Class::None => Self::Patch,
        }
    }

    /// The name of the part in Semantic Versioning, such as `minor`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }

    /// The version after the released one. Below 1.0, a breaking change raises the second number, and any other change the
    /// third, as cargo expects.
    #[must_use]
    pub fn after(self, released: &Version) -> Version {
        let Version {
            major,
            minor,
            patch,
            ..
        } = *released;
        match self {
            Self::None => released.clone(),
            Self::Major if major > 0 => Version::new(major + 1, 0, 0),
            Self::Minor if major > 0 => Version::new(major, minor + 1, 0),
            // Every version `0.0.x` is incompatible with the others.
            Self::Major if minor > 0 => Version::new(0, minor + 1, 0),
            _ => Version::new(major, minor, patch + 1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bump;

    #[test]
    fn a_bump_raises_what_cargo_looks_at() {
        for (from, bump, to) in [
            ("1.2.3", Bump::Major, "2.0.0"),
            ("1.2.3", Bump::Minor, "1.3.0"),
            ("1.2.3", Bump::Patch, "1.2.4"),
            ("0.1.4", Bump::Major, "0.2.0"),
            ("0.1.4", Bump::Minor, "0.1.5"),
            ("0.1.4", Bump::Patch, "0.1.5"),
            ("0.0.4", Bump::Major, "0.0.5"),
            ("0.1.4", Bump::None, "0.1.4"),
        ] {
            assert_eq!(bump.after(&from.parse().unwrap()).to_string(), to);
        }
    }
}
