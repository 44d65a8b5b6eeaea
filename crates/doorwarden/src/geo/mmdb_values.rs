//! Values of MMDB records, which are text in one database and a number or a map in the next.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

/// A text, or the code or English name inside a map; an empty one counts as absent.
#[derive(Debug, Default)]
pub(super) struct Text<'a>(pub(super) Option<&'a str>);

/// A number, also where it is written as text (`"37.4"`, `"AS15169"`).
#[derive(Debug, Default)]
pub(super) struct Number(Option<f64>);

/// A yes, also where it is written as text.
#[derive(Debug, Default)]
pub(super) struct Flag(pub(super) bool);

impl Text<'_> {
    /// The two letters of a country; a name has more.
    pub(super) fn code(&self) -> Option<[u8; 2]> {
        let code: [u8; 2] = self.0?.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(code)
    }
}

impl Number {
    /// The degrees, where they lie in `-limit..=limit`.
    #[expect(clippy::cast_possible_truncation, reason = "a metre is less than cities are apart")]
    pub(super) fn degrees(&self, limit: f64) -> Option<f32> {
        self.0.filter(|it| it.abs() <= limit).map(|it| it as f32)
    }

    /// The number of a network.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    pub(super) fn whole(&self) -> Option<u32> {
        self.0.filter(|it| (1.0..=f64::from(u32::MAX)).contains(it)).map(|it| it as u32)
    }
}

/// Takes whatever stands there, and turns it into one of the three.
struct Anything;

/// What stood there.
#[derive(Default)]
enum Value<'a> {
    #[default]
    Other,
    Text(&'a str),
    Number(f64),
    Yes,
}

impl<'de> Visitor<'de> for Anything {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_borrowed_str<E>(self, it: &'de str) -> Result<Self::Value, E> {
        Ok(if it.is_empty() { Value::Other } else { Value::Text(it) })
    }

    fn visit_bool<E>(self, it: bool) -> Result<Self::Value, E> {
        Ok(if it { Value::Yes } else { Value::Other })
    }

    fn visit_f32<E>(self, it: f32) -> Result<Self::Value, E> {
        Ok(Value::Number(f64::from(it)))
    }

    fn visit_f64<E>(self, it: f64) -> Result<Self::Value, E> {
        Ok(Value::Number(it))
    }

    fn visit_u16<E>(self, it: u16) -> Result<Self::Value, E> {
        Ok(Value::Number(f64::from(it)))
    }

    fn visit_u32<E>(self, it: u32) -> Result<Self::Value, E> {
        Ok(Value::Number(f64::from(it)))
    }

    fn visit_i32<E>(self, it: i32) -> Result<Self::Value, E> {
        Ok(Value::Number(f64::from(it)))
    }

    fn visit_u64<E>(self, it: u64) -> Result<Self::Value, E> {
        Ok(u32::try_from(it).map_or(Value::Other, |it| Value::Number(f64::from(it))))
    }

    fn visit_u128<E>(self, _: u128) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_bytes<E>(self, _: &[u8]) -> Result<Self::Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut it: A) -> Result<Self::Value, A::Error> {
        while it.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    /// A place inside a map: `iso_code`, else the English name.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut code, mut english) = (None, None);
        while let Some(key) = map.next_key::<&str>()? {
            match key {
                "iso_code" => code = map.next_value::<Text<'de>>()?.0,
                "names" | "en" => english = map.next_value::<Text<'de>>()?.0,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(code.or(english).map_or(Value::Other, Value::Text))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match from.deserialize_any(Anything)? {
            Value::Text(it) => Some(it),
            Value::Other | Value::Number(_) | Value::Yes => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match from.deserialize_any(Anything)? {
            Value::Number(it) => Some(it),
            Value::Text(it) => it.strip_prefix("AS").unwrap_or(it).trim().parse().ok(),
            Value::Other | Value::Yes => None,
        }))
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self(match from.deserialize_any(Anything)? {
            Value::Yes => true,
            Value::Text(it) => !matches!(it, "false" | "0" | "no"),
            Value::Number(it) => it != 0.0,
            Value::Other => false,
        }))
    }
}
