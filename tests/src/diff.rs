//! A small line diff for failing tests.

/// Unchanged lines that are shown around a change.
const AROUND: usize = 2;
/// Longer differences are cut: the files themselves show the rest.
const LONGEST: usize = 60;

/// The changed middle of two texts: lines that are gone start with `-`, new ones with `+`.
pub fn diff(expected: &str, actual: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (expected.lines().collect(), actual.lines().collect());
    let start = common(old.iter(), new.iter());
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = common(old_rest.iter().rev(), new_rest.iter().rev());
    let (gone, come) = (
        &old_rest[..old_rest.len() - end],
        &new_rest[..new_rest.len() - end],
    );
    let before = old[start.saturating_sub(AROUND)..start]
        .iter()
        .map(|line| format!("  {line}"));
    let after = old_rest[old_rest.len() - end..]
        .iter()
        .take(AROUND)
        .map(|line| format!("  {line}"));
    let lines: Vec<String> = [format!("@@ line {}", start + 1)]
        .into_iter()
        .chain(before)
        .chain(cut('-', gone))
        .chain(cut('+', come))
        .chain(after)
        .collect();
    lines.join("\n")
}

fn common<'a>(a: impl Iterator<Item = &'a &'a str>, b: impl Iterator<Item = &'a &'a str>) -> usize {
    a.zip(b).take_while(|(a, b)| a == b).count()
}

fn cut(sign: char, lines: &[&str]) -> Vec<String> {
    let mut shown: Vec<String> = lines
        .iter()
        .take(LONGEST)
        .map(|line| format!("{sign} {line}"))
        .collect();
    if lines.len() > LONGEST {
        shown.push(format!("{sign} … {} more lines", lines.len() - LONGEST));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::diff;

    #[test]
    fn only_what_changed_is_shown() {
        let (old, new) = ("a\nb\nc\nd\ne\nf\n", "a\nb\nc\nX\ne\nf\n");
        assert_eq!(diff(old, new), "@@ line 4\n  b\n  c\n- d\n+ X\n  e\n  f");
        assert_eq!(diff("a\n", "a\nb\n"), "@@ line 2\n  a\n+ b");
    }
}
