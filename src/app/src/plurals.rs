//! Which plural form a number takes, by language.
//!
//! The rules are those of the Unicode CLDR (cardinals, whole numbers), numbered as gettext numbers
//! them. They are functions here and not read from the catalogues' headers: a rule is of the
//! language, and one that is code needs nobody to read expressions in C. The build holds each
//! header against these. The build script has this file too, so it knows nothing else of the crate.

/// How a language counts.
#[derive(Debug)]
#[allow(dead_code, reason = "the build reads the header, the box the rule")]
pub(crate) struct Plurals {
    /// As in the header `Plural-Forms` of a catalogue.
    pub(crate) header: &'static str,
    /// How many forms there are.
    pub(crate) forms: usize,
    /// Which of them goes with a number.
    pub(crate) form: fn(u64) -> usize,
}

const ONE: Plurals = Plurals {
    header: "nplurals=1; plural=0;",
    forms: 1,
    form: |_| 0,
};

const TWO: Plurals = Plurals {
    header: "nplurals=2; plural=(n != 1);",
    forms: 2,
    form: |n| usize::from(n != 1),
};

/// None is as one: "0 film".
const TWO_FROM_TWO: Plurals = Plurals {
    header: "nplurals=2; plural=(n > 1);",
    forms: 2,
    form: |n| usize::from(n > 1),
};

const POLISH: Plurals = Plurals {
    header: "nplurals=3; plural=(n==1 ? 0 : \
        n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    forms: 3,
    form: |n| match n {
        1 => 0,
        n if is_few(n) => 1,
        _ => 2,
    },
};

const EAST_SLAVIC: Plurals = Plurals {
    header: "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : \
        n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);",
    forms: 3,
    form: |n| match n {
        n if n % 10 == 1 && n % 100 != 11 => 0,
        n if is_few(n) => 1,
        _ => 2,
    },
};

const ARABIC: Plurals = Plurals {
    header: "nplurals=6; plural=(n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : \
        n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5);",
    forms: 6,
    form: |n| match (n, n % 100) {
        (0..=2, _) => n as usize,
        (_, 3..=10) => 3,
        (_, 11..) => 4,
        _ => 5,
    },
};

/// Two to four, but not twelve to fourteen.
fn is_few(n: u64) -> bool {
    matches!(n % 10, 2..=4) && !matches!(n % 100, 10..20)
}

/// Of the language with that code; none: there is no such language here.
pub(crate) fn plurals(code: &str) -> Option<&'static Plurals> {
    Some(match code {
        "en" | "es" | "de" | "it" | "nl" | "tr" | "he" => &TWO,
        "fr" | "pt" | "hi" => &TWO_FROM_TWO,
        "pl" => &POLISH,
        "ru" | "uk" => &EAST_SLAVIC,
        "ar" => &ARABIC,
        "zh" | "ja" | "ko" => &ONE,
        _ => return None,
    })
}
