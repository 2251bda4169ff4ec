//! Rules for free text that people type.

/// Why a text was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TextError {
    /// Fewer or more characters than allowed, after trimming.
    #[error("must have {min} to {max} characters")]
    Length {
        /// Fewest characters allowed.
        min: usize,
        /// Most characters allowed.
        max: usize,
    },
    /// A control character: Postgres cannot store NUL, and the others are never meant.
    #[error("must not contain control characters")]
    Control,
}

/// Trims `raw` and checks its length in characters; one line, no control characters.
pub fn line(raw: &str, min: usize, max: usize) -> Result<&str, TextError> {
    let trimmed = raw.trim();
    if trimmed.chars().any(char::is_control) {
        return Err(TextError::Control);
    }
    let length = trimmed.chars().count();
    if length < min || length > max { Err(TextError::Length { min, max }) } else { Ok(trimmed) }
}

/// A LIKE pattern for texts that contain `part`, in which `%`, `_` and `\\` are letters like others.
pub fn like_containing(part: &str) -> String {
    let mut pattern = String::from("%");
    for c in part.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_in_a_search_are_letters_like_others() {
        assert_eq!(like_containing("50%_\\x"), "%50\\%\\_\\\\x%");
    }

    #[test]
    fn a_line_is_trimmed_and_bounded() {
        assert_eq!(line("  Rue 1 ", 1, 10), Ok("Rue 1"));
        assert_eq!(line("   ", 1, 10), Err(TextError::Length { min: 1, max: 10 }));
        assert_eq!(line("ümlautümlaut", 1, 12), Ok("ümlautümlaut"));
    }

    #[test]
    fn nul_and_newlines_never_pass() {
        assert_eq!(line("a\0b", 0, 10), Err(TextError::Control));
        assert_eq!(line("a\nb", 0, 10), Err(TextError::Control));
    }
}
