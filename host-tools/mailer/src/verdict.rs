//! What an attempt to send a mail came to, by the mail server's answer.
//!
//! A 5xx can be about the address, about this mail, or about how the mail server is to be spoken to. Only the first says
//! something of the recipient, and the last is a matter for the operator: no mail is lost by a mistyped password.

use lettre::transport::smtp::Error;
use std::error::Error as _;

/// What an attempt came to; with the mail server's words, code first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The mail server took the mail.
    Sent,
    /// It may take it later.
    Later(String),
    /// It never will.
    Never(String),
    /// There is no such address: neither will it take another mail to it.
    NoSuchAddress(String),
}

/// Enhanced status codes (RFC 3463, 7505) that say that mail to this address arrives nowhere: unknown mailbox, unknown or
/// mail-less domain, malformed, moved away, switched off.
const NO_ADDRESS: [&str; 6] = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"];

impl Verdict {
    /// By what went wrong. Whatever is no 5xx may pass: 4xx, a broken or refused connection, a timeout.
    pub fn of(error: &Error) -> Self {
        let code = error.status().filter(|_| error.is_permanent()).and_then(|code| code.to_string().parse().ok());
        match (code, error.source()) {
            (Some(code), Some(words)) => Self::refused(code, &words.to_string()),
            (Some(code), None) => Self::refused(code, ""),
            (None, _) => Self::Later(one_line(&error.to_string())),
        }
    }

    /// By a 5xx answer.
    fn refused(code: u16, words: &str) -> Self {
        let said = one_line(&format!("{code} {words}"));
        let enhanced = words.split_whitespace().next().filter(|word| word.starts_with("5."));
        match (code, enhanced) {
            // Commands out of order or unknown, no mail here at all, sign in first or better (RFC 5321, 7504, 4954).
            (500..=504 | 521 | 530 | 534 | 535 | 538, _) => Self::Later(said),
            (_, Some(enhanced)) if NO_ADDRESS.contains(&enhanced) => Self::NoSuchAddress(said),
            // Mail servers without enhanced codes use these for unknown mailboxes and domains (RFC 5321, 7504).
            (550 | 551 | 553 | 556, None) => Self::NoSuchAddress(said),
            _ => Self::Never(said),
        }
    }
}

/// As one line of a length that fits into a report.
fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect();
    line.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_said_of_the_address_is_held_against_it() {
        let words = |code, words: &str| Verdict::refused(code, words);
        for (code, said) in [
            (550, "5.1.1 <ana@souk.example>: user unknown"),
            (556, "5.1.10 Recipient address has null MX"),
            (550, "No such user here"),
            (553, ""),
            (550, "5.2.1 The mailbox is disabled"),
        ] {
            assert!(matches!(words(code, said), Verdict::NoSuchAddress(_)), "{code} {said}");
        }
        for (code, said) in [
            (550, "5.7.1 this looks like spam"),
            (552, "5.2.2 mailbox full"),
            (554, "no"),
            (550, "5.7.26 unauthenticated sender"),
            (555, "5.5.4 parameters"),
        ] {
            assert!(matches!(words(code, said), Verdict::Never(_)), "{code} {said}");
        }
    }

    #[test]
    fn a_mail_server_that_is_spoken_to_in_the_wrong_way_loses_no_mail() {
        for (code, said) in [(535, "5.7.8 bad credentials"), (530, "5.7.0 Must issue a STARTTLS"), (503, "sequence")] {
            assert_eq!(Verdict::refused(code, said), Verdict::Later(format!("{code} {said}")));
        }
    }

    #[test]
    fn the_mail_servers_words_are_kept_on_one_line() {
        let said = Verdict::refused(550, &format!("5.1.1 first\r\nsecond\0{}", "x".repeat(400)));
        let Verdict::NoSuchAddress(words) = said else { panic!("{said:?}") };
        assert!(words.starts_with("550 5.1.1 first  second x") && words.len() == 300, "{words}");
    }
}
