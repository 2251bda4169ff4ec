//! The languages that mails are written in, and what is known of somebody's choice between them.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// A language of mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Locale {
    /// English.
    #[default]
    En,
    /// Portuguese, as in Portugal.
    Pt,
}

impl Locale {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Pt];

    /// The language named `tag`; English for one that mails are not written in.
    pub fn of(tag: &str) -> Self {
        Self::exactly(tag).unwrap_or_default()
    }

    /// The language named `tag`, as in `pt`.
    pub fn exactly(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|locale| locale.as_str() == tag)
    }

    /// Its name in events and in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pt => "pt",
        }
    }

    /// Its BCP 47 tag for screen readers and spelling.
    pub fn html_lang(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Pt => "pt-PT",
        }
    }
}

/// Reads a language out of an event: one that mails are not written in is no reason to refuse the event.
impl<'de> Deserialize<'de> for Locale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self::of(&String::deserialize(deserializer)?))
    }
}

/// Which language somebody's mails are in, and which one the account itself named last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Language {
    /// The language of mails.
    pub locale: Locale,
    /// What the account's events said last.
    #[serde(default)]
    pub account: Option<Locale>,
}

impl Language {
    /// What holds after an event of the account that names `said`. The same rule as `note_people` in the migrations:
    /// saying the same again is no choice, and an account that was never heard of says `en` without having chosen.
    pub fn after(before: Option<Self>, said: Locale) -> Self {
        let kept = before.filter(|before| match before.account {
            Some(account) => account == said,
            None => said == Locale::default(),
        });
        Self { locale: kept.map_or(said, |kept| kept.locale), account: Some(said) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_that_mails_are_not_written_in_is_english() {
        for (tag, locale) in [("en", Locale::En), ("pt", Locale::Pt), ("fr", Locale::En), ("", Locale::En)] {
            assert_eq!(Locale::of(tag), locale);
        }
        assert_eq!(serde_json::from_str::<Locale>("\"xx\"").unwrap(), Locale::En);
        assert_eq!(serde_json::to_string(&Locale::Pt).unwrap(), "\"pt\"");
    }

    #[test]
    fn only_another_word_of_the_account_outweighs_a_choice_made_here() {
        let chosen = |account| Some(Language { locale: Locale::Pt, account });
        assert_eq!(Language::after(None, Locale::Pt).locale, Locale::Pt);
        assert_eq!(Language::after(chosen(Some(Locale::En)), Locale::En).locale, Locale::Pt, "a new name");
        assert_eq!(Language::after(chosen(None), Locale::En).locale, Locale::Pt, "never chosen there");
        assert_eq!(Language::after(chosen(Some(Locale::Pt)), Locale::En).locale, Locale::En, "chosen there");
    }
}
