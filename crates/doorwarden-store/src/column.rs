//! Columns that cost next to nothing while they stay empty.

use std::{net::IpAddr, sync::Arc};

use arrow_array::{ArrayRef, builder::StringBuilder, new_null_array};
use arrow_schema::DataType;

/// A text column; absent values are only counted until a value comes.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    builder: StringBuilder,
    absent: usize,
    scratch: String,
}

impl TextColumn {
    /// Appends a value or its absence.
    #[inline]
    pub(crate) fn push(&mut self, value: Option<&str>) {
        let Some(value) = value else {
            self.absent += 1;
            return;
        };
        self.settle();
        self.builder.append_value(value);
    }

    /// Appends an address.
    pub(crate) fn push_ip(&mut self, ip: Option<IpAddr>) {
        let Some(ip) = ip else {
            self.absent += 1;
            return;
        };
        self.scratch.clear();
        match ip {
            IpAddr::V4(it) => {
                for (at, octet) in it.octets().into_iter().enumerate() {
                    if 0 < at {
                        self.scratch.push('.');
                    }
                    push_number(&mut self.scratch, octet);
                }
            }
            IpAddr::V6(it) => self.scratch.push_str(&it.to_string()),
        }
        let text = std::mem::take(&mut self.scratch);
        self.push(Some(&text));
        self.scratch = text;
    }

    fn settle(&mut self) {
        if 0 < self.absent {
            self.builder.append_nulls(self.absent);
            self.absent = 0;
        }
    }

    /// The column so far; it starts anew.
    pub(crate) fn finish(&mut self) -> ArrayRef {
        if self.builder_is_empty() {
            let empty = new_null_array(&DataType::Utf8, self.absent);
            self.absent = 0;
            return empty;
        }
        self.settle();
        Arc::new(self.builder.finish())
    }

    fn builder_is_empty(&self) -> bool {
        use arrow_array::builder::ArrayBuilder as _;
        self.builder.is_empty()
    }
}

fn push_number(text: &mut String, number: u8) {
    if 100 <= number {
        text.push(char::from(b'0' + number / 100));
    }
    if 10 <= number {
        text.push(char::from(b'0' + number / 10 % 10));
    }
    text.push(char::from(b'0' + number % 10));
}

#[cfg(test)]
mod tests {
    use arrow_array::{Array as _, StringArray};

    use super::*;

    #[test]
    fn absent_values_keep_their_places() {
        let mut column = TextColumn::default();
        column.push(None);
        column.push_ip(Some("203.0.113.7".parse().unwrap()));
        column.push(None);
        let array = column.finish();
        let array: &StringArray = array.as_any().downcast_ref().unwrap();
        assert_eq!(array.iter().collect::<Vec<_>>(), [None, Some("203.0.113.7"), None]);
        column.push(None);
        assert_eq!(column.finish().null_count(), 1);
    }
}
