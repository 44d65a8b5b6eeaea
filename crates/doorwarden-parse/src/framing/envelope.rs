//! Wrappers: an object whose only use is to hold an array of records, as `{"Records":[...]}`.

/// Bytes within which the array must begin.
pub(super) const REACH: usize = 4096;

/// Where the records begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Start {
    /// Bytes up to the first record.
    pub(super) len: usize,
    /// Objects around the array.
    pub(super) depth: u32,
}

/// Keys whose array holds the records, in lower case.
const ARRAYS: &[&str] = &[
    "records",
    "value",
    "events",
    "data",
    "items",
    "results",
    "logs",
    "entries",
    "authlogs",
    "logevents",
    "rows",
    "list",
];

/// Keys of objects around the array.
const OBJECTS: &[&str] = &["response", "result", "d"];

/// Keys with one value that may stand before the array. A record's own keys are none of them: a record that holds an
/// array of its own is no wrapper.
const SCALARS: &[&str] = &[
    "@odata.context",
    "@odata.count",
    "@odata.nextlink",
    "kind",
    "etag",
    "stat",
    "status",
    "next",
    "nextpagetoken",
    "nextlink",
    "count",
    "total",
    "size",
    "page",
    "limit",
    "offset",
    "success",
    "apiversion",
    "object",
    "has_more",
    "messagetype",
    "owner",
    "loggroup",
    "logstream",
    "code",
    "message",
    "preview",
];

/// Where the records of a wrapper begin that `text` begins with; nothing where it is no wrapper.
pub(super) fn array_start(text: &[u8]) -> Option<Start> {
    let mut reader = Reader { text: text.get(..REACH.min(text.len()))?, at: 0 };
    reader.expect(b'{')?;
    let mut depth = 1;
    loop {
        let key = reader.string()?.to_ascii_lowercase();
        let has = |list: &[&str]| list.iter().any(|it| it.as_bytes() == key);
        reader.expect(b':')?;
        match reader.peek()? {
            b'[' if has(ARRAYS) => {
                reader.expect(b'[')?;
                let len = reader.at;
                return matches!(reader.peek()?, b'{' | b']').then_some(Start { len, depth });
            }
            b'{' if has(OBJECTS) => {
                reader.expect(b'{')?;
                depth += 1;
                continue;
            }
            b'"' if has(SCALARS) => {
                reader.string()?;
            }
            b'0'..=b'9' | b'-' | b't' | b'f' | b'n' if has(SCALARS) => reader.word(),
            _ => return None,
        }
        reader.expect(b',')?;
    }
}

/// Just enough of a JSON reader; it gives up where a string has escapes.
struct Reader<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Reader<'t> {
    /// The next byte that is no blank.
    fn peek(&mut self) -> Option<u8> {
        let rest = self.text.get(self.at..)?;
        self.at += rest.iter().take_while(|it| it.is_ascii_whitespace()).count();
        self.text.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn string(&mut self) -> Option<&'t [u8]> {
        self.expect(b'"')?;
        let rest = self.text.get(self.at..)?;
        let len = rest.iter().position(|it| matches!(it, b'"' | b'\\'))?;
        self.at += len;
        self.expect(b'"')?;
        rest.get(..len)
    }

    fn word(&mut self) {
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.iter().take_while(|it| !matches!(it, b',' | b'}' | b']')).count();
    }
}
