//! The columns of a row group while its rows come in; a column costs nothing for rows without a value.

use std::{hash::BuildHasher as _, net::IpAddr};

use foldhash::fast::RandomState;
use hashbrown::{HashMap, HashTable};

/// Which rows have a value, one bit a row.
#[derive(Debug, Default)]
pub(crate) struct Present {
    words: Vec<u64>,
    count: usize,
}

impl Present {
    #[inline]
    fn set(&mut self, row: usize) {
        let word = row / 64;
        if self.words.len() <= word {
            self.words.resize(word + 1, 0);
        }
        if let Some(it) = self.words.get_mut(word) {
            *it |= 1 << (row % 64);
        }
        self.count += 1;
    }

    /// How many rows have a value.
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    /// The bits; rows behind the last value have none.
    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    /// Whether `row` has a value.
    pub(crate) fn has(&self, row: usize) -> bool {
        self.words.get(row / 64).is_some_and(|it| it >> (row % 64) & 1 == 1)
    }

    fn clear(&mut self) {
        self.words.clear();
        self.count = 0;
    }
}

/// The different values of a column, each written once.
#[derive(Debug, Default)]
pub(crate) struct Dictionary {
    /// The values as Parquet's `PLAIN` wants them: four bytes of length, then the text.
    pub(crate) page: Vec<u8>,
    /// How many there are.
    pub(crate) count: u32,
}

impl Dictionary {
    fn add(&mut self, text: &str) -> u32 {
        self.page.extend_from_slice(&u32::try_from(text.len()).unwrap_or(0).to_le_bytes());
        self.page.extend_from_slice(text.as_bytes());
        self.count += 1;
        self.count - 1
    }

    fn clear(&mut self) {
        self.page.clear();
        self.count = 0;
    }
}

/// Values by their numbers in a dictionary.
#[derive(Debug, Default)]
pub(crate) struct Coded {
    pub(crate) present: Present,
    /// One for each row that has a value.
    pub(crate) codes: Vec<u32>,
    pub(crate) dictionary: Dictionary,
}

impl Coded {
    #[inline]
    fn push(&mut self, row: usize, code: u32) {
        self.present.set(row);
        self.codes.push(code);
    }

    fn clear(&mut self) {
        self.present.clear();
        self.codes.clear();
        self.dictionary.clear();
    }
}

/// Words of a closed set.
#[derive(Debug)]
pub(crate) struct WordColumn {
    coded: Coded,
}

impl WordColumn {
    /// A column whose codes are places in `words`.
    pub(crate) fn new(words: impl Iterator<Item = &'static str>) -> Self {
        let mut coded = Coded::default();
        for word in words {
            coded.dictionary.add(word);
        }
        Self { coded }
    }

    /// Sets the word of `row`.
    #[inline]
    pub(crate) fn push(&mut self, row: usize, code: u8) {
        self.coded.push(row, u32::from(code));
    }

    pub(crate) const fn coded(&self) -> &Coded {
        &self.coded
    }

    pub(crate) fn clear(&mut self) {
        self.coded.present.clear();
        self.coded.codes.clear();
    }
}

/// Where a text lies in the page of a dictionary.
#[derive(Debug, Clone, Copy)]
struct Entry {
    start: u32,
    len: u32,
    code: u32,
}

impl Entry {
    fn text(self, page: &[u8]) -> &[u8] {
        let start = self.start as usize;
        page.get(start..start + self.len as usize).unwrap_or_default()
    }
}

/// Texts of any kind.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    coded: Coded,
    places: HashTable<Entry>,
    hasher: RandomState,
    last: Option<(&'static str, u32)>,
}

impl TextColumn {
    /// Sets the text of `row`.
    pub(crate) fn push(&mut self, row: usize, text: &str) {
        let code = self.code(text);
        self.coded.push(row, code);
    }

    /// Sets the text of `row` to one that the program knows, often the same as before.
    pub(crate) fn push_static(&mut self, row: usize, text: &'static str) {
        let code = match self.last {
            Some((last, code)) if std::ptr::eq(last, text) => code,
            _ => self.code(text),
        };
        self.last = Some((text, code));
        self.coded.push(row, code);
    }

    /// Bytes that its different texts take.
    pub(crate) const fn text_bytes(&self) -> usize {
        self.coded.dictionary.page.len()
    }

    fn code(&mut self, text: &str) -> u32 {
        let dictionary = &mut self.coded.dictionary;
        let hash = self.hasher.hash_one(text);
        let known =
            self.places.find(hash, |it| it.text(&dictionary.page) == text.as_bytes()).copied();
        if let Some(known) = known {
            return known.code;
        }
        let code = dictionary.add(text);
        let len = u32::try_from(text.len()).unwrap_or(0);
        let start = u32::try_from(dictionary.page.len()).unwrap_or(u32::MAX) - len;
        let hasher = &self.hasher;
        let of = |it: &Entry| {
            let text = std::str::from_utf8(it.text(&dictionary.page)).unwrap_or_default();
            hasher.hash_one(text)
        };
        self.places.insert_unique(hash, Entry { start, len, code }, of);
        code
    }

    pub(crate) const fn coded(&self) -> &Coded {
        &self.coded
    }

    pub(crate) fn clear(&mut self) {
        self.coded.clear();
        self.places.clear();
        self.last = None;
    }
}

/// Texts that a number stands for.
#[derive(Debug, Default)]
pub(crate) struct KeyedColumn {
    coded: Coded,
    codes: HashMap<u64, u32, RandomState>,
    last: Option<(u64, u32)>,
}

impl KeyedColumn {
    /// Sets the text of `row` to the one of `key`, which `text` gives; equal keys have equal texts.
    #[inline]
    pub(crate) fn push<'t>(
        &mut self,
        row: usize,
        key: u64,
        text: impl FnOnce() -> Option<&'t str>,
    ) {
        let known = match self.last {
            Some((last, code)) if last == key => Some(code),
            _ => self.codes.get(&key).copied(),
        };
        let code = if let Some(code) = known {
            code
        } else {
            let Some(text) = text() else { return };
            let code = self.coded.dictionary.add(text);
            self.codes.insert(key, code);
            code
        };
        self.last = Some((key, code));
        self.coded.push(row, code);
    }

    pub(crate) const fn coded(&self) -> &Coded {
        &self.coded
    }

    pub(crate) fn clear(&mut self) {
        self.coded.clear();
        self.codes.clear();
        self.last = None;
    }
}

/// Addresses as text.
#[derive(Debug, Default)]
pub(crate) struct IpColumn {
    coded: Coded,
    v4: HashMap<u32, u32, RandomState>,
    v6: HashMap<u128, u32, RandomState>,
}

impl IpColumn {
    /// Sets the address of `row`.
    #[inline]
    pub(crate) fn push(&mut self, row: usize, ip: IpAddr) {
        let dictionary = &mut self.coded.dictionary;
        let new = || dictionary.add(&ip.to_string());
        let code = match ip {
            IpAddr::V4(it) => *self.v4.entry(it.to_bits()).or_insert_with(new),
            IpAddr::V6(it) => *self.v6.entry(it.to_bits()).or_insert_with(new),
        };
        self.coded.push(row, code);
    }

    pub(crate) const fn coded(&self) -> &Coded {
        &self.coded
    }

    pub(crate) fn clear(&mut self) {
        self.coded.clear();
        self.v4.clear();
        self.v6.clear();
    }
}

/// Numbers of 32 bits that follow no order.
#[derive(Debug, Default)]
pub(crate) struct NumberColumn {
    pub(crate) present: Present,
    /// Four bytes for each row that has a value.
    pub(crate) values: Vec<u8>,
}

impl NumberColumn {
    /// Sets the number of `row`.
    #[inline]
    pub(crate) fn push(&mut self, row: usize, value: u32) {
        self.present.set(row);
        self.values.extend_from_slice(&value.to_le_bytes());
    }

    pub(crate) fn clear(&mut self) {
        self.present.clear();
        self.values.clear();
    }
}

/// Numbers of 64 bits that change little from row to row.
#[derive(Debug, Default)]
pub(crate) struct StepColumn {
    pub(crate) present: Present,
    /// One for each row that has a value.
    pub(crate) values: Vec<i64>,
}

impl StepColumn {
    /// Sets the number of `row`.
    #[inline]
    pub(crate) fn push(&mut self, row: usize, value: i64) {
        self.present.set(row);
        self.values.push(value);
    }

    pub(crate) fn clear(&mut self) {
        self.present.clear();
        self.values.clear();
    }
}
