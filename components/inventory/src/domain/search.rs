//! What somebody types to find a SKU, as patterns for the database.

use souk_core::text::like_containing;

/// LIKE patterns for texts that contain each word of `q`, the longest word first, since it is the most telling one. No
/// words, no patterns.
pub fn patterns(q: &str) -> Vec<String> {
    let mut words: Vec<&str> = q.split_whitespace().collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
    words.into_iter().map(like_containing).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_counts_the_longest_first() {
        assert_eq!(patterns("  big   blue mug "), ["%blue%", "%big%", "%mug%"]);
        assert_eq!(patterns("   "), [] as [&str; 0]);
    }

    #[test]
    fn wildcards_are_letters_like_others() {
        assert_eq!(patterns("50%_\\x"), ["%50\\%\\_\\\\x%"]);
    }
}
