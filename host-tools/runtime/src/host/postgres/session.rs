//! Which statements leave something behind on their connection, so that the connection must stay with the guest that
//! ran them (and never go back to the pool in that state).

/// What a statement does to its connection besides its own work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: the connection can serve anybody next.
    None,
    /// Opens a transaction.
    Begin,
    /// Ends the transaction.
    End,
    /// Changes the session (SET, LISTEN, temporary tables, advisory locks).
    Session,
}

/// Reads the effect off the statement's first words. That is exact for transactions, since the extended protocol
/// carries one statement and no function can leave a transaction open.
pub fn effect(sql: &str) -> Effect {
    let mut words = sql_words(sql);
    let first = words.next().unwrap_or_default();
    match first.as_str() {
        "BEGIN" => Effect::Begin,
        "START" => Effect::Begin,
        "COMMIT" | "END" | "ROLLBACK" | "ABORT" => ending(words),
        // PREPARE TRANSACTION detaches the transaction from the session.
        "PREPARE" if words.next().as_deref() == Some("TRANSACTION") => Effect::End,
        "SET" if words.next().as_deref() == Some("LOCAL") => Effect::None,
        "SET" | "RESET" | "LISTEN" | "UNLISTEN" | "PREPARE" | "DECLARE" | "LOAD" | "DISCARD" => Effect::Session,
        "CREATE" if words.take(3).any(|word| word == "TEMP" || word == "TEMPORARY") => Effect::Session,
        _ => {
            let lower = sql.to_ascii_lowercase();
            let session = ["pg_advisory_lock", "pg_try_advisory_lock", "set_config"];
            if session.iter().any(|name| lower.contains(name)) { Effect::Session } else { Effect::None }
        }
    }
}

/// COMMIT and its relatives end the transaction unless they only go back to a savepoint or chain another one.
fn ending(words: impl Iterator<Item = String>) -> Effect {
    let words: Vec<String> = words.take(8).collect();
    let has = |word: &str| words.iter().any(|w| w == word);
    if has("TO") {
        Effect::None
    } else if has("CHAIN") && !has("NO") {
        Effect::Begin
    } else {
        Effect::End
    }
}

/// The statement's words in upper case, comments left out.
fn sql_words(sql: &str) -> impl Iterator<Item = String> {
    let mut rest = sql;
    std::iter::from_fn(move || {
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ';' || c == '(');
            if let Some(comment) = rest.strip_prefix("--") {
                rest = comment.split_once('\n').map_or("", |(_, after)| after);
            } else if let Some(comment) = rest.strip_prefix("/*") {
                rest = after_block_comment(comment);
            } else {
                break;
            }
        }
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let end = if end == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { end };
        let (word, after) = rest.split_at_checked(end)?;
        rest = after;
        (!word.is_empty()).then(|| word.to_ascii_uppercase())
    })
}

/// What follows a block comment; Postgres lets them nest.
fn after_block_comment(mut rest: &str) -> &str {
    let mut depth = 1;
    while depth > 0 {
        let (open, close) = (rest.find("/*"), rest.find("*/"));
        let skip = match (open, close) {
            (Some(open), Some(close)) if open < close => {
                depth += 1;
                open
            }
            (_, Some(close)) => {
                depth -= 1;
                close
            }
            _ => return "",
        };
        rest = rest.get(skip + 2..).unwrap_or("");
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transactions_are_recognised() {
        for (sql, expected) in [
            ("begin", Effect::Begin),
            ("  -- note\n/* a /* b */ c */ START TRANSACTION", Effect::Begin),
            ("COMMIT", Effect::End),
            ("rollback;", Effect::End),
            ("ROLLBACK TO SAVEPOINT a", Effect::None),
            ("COMMIT AND CHAIN", Effect::Begin),
            ("COMMIT AND NO CHAIN", Effect::End),
            ("SAVEPOINT a", Effect::None),
            ("SELECT 1", Effect::None),
            ("WITH x AS (INSERT INTO begin VALUES (1) RETURNING 1) SELECT * FROM x", Effect::None),
        ] {
            assert_eq!(effect(sql), expected, "{sql}");
        }
    }

    #[test]
    fn statements_that_change_the_session_are_recognised() {
        for sql in ["SET search_path = x", "listen a", "CREATE TEMP TABLE t (a int)", "SELECT pg_advisory_lock(1)"] {
            assert_eq!(effect(sql), Effect::Session, "{sql}");
        }
        assert_eq!(effect("SET LOCAL lock_timeout = 1"), Effect::None);
        assert_eq!(effect("SELECT pg_advisory_xact_lock(1)"), Effect::None);
        assert_eq!(effect("CREATE TABLE t (a int)"), Effect::None);
    }
}
