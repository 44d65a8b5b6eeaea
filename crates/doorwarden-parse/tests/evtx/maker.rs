//! Makes EVTX files: legal ones, with names, templates and checksums where Windows puts them.

use std::collections::BTreeMap;

/// Bytes of a chunk.
pub(crate) const CHUNK: usize = 65_536;
/// 100 ns between 1601 and 1970.
const EPOCH: u64 = 116_444_736_000_000_000;

/// An attribute's name, and its value: a literal, or a slot of a type.
type Attribute<'a> = (&'static str, Result<&'a str, (u16, u8)>);

/// Writes one chunk: names where they are used first, templates where they are used first.
struct Chunk {
    bytes: Vec<u8>,
    names: BTreeMap<&'static str, u32>,
    name_buckets: [u32; 64],
    templates: BTreeMap<u32, u32>,
    template_buckets: [u32; 32],
    first: u64,
    last: u64,
}

/// A value of a record, by its type.
enum Value {
    Text(String),
    Number16(u16),
    Number64(u64),
    Filetime(u64),
    Guid([u8; 16]),
    /// Binary XML, written behind the others.
    Inside,
}

impl Value {
    fn of(&self) -> (u8, Vec<u8>) {
        match self {
            Self::Text(text) => (0x01, utf16(text)),
            Self::Number16(number) => (0x06, number.to_le_bytes().to_vec()),
            Self::Number64(number) => (0x0a, number.to_le_bytes().to_vec()),
            Self::Filetime(ticks) => (0x11, ticks.to_le_bytes().to_vec()),
            Self::Guid(bytes) => (0x0f, bytes.to_vec()),
            Self::Inside => (0x21, Vec::new()),
        }
    }
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// What an event of a test holds.
pub(crate) struct Sample {
    pub(crate) record: u64,
    pub(crate) event_id: u16,
    pub(crate) provider: &'static str,
    pub(crate) channel: &'static str,
    pub(crate) millis: u64,
    pub(crate) wrapper: Option<&'static str>,
    pub(crate) data: Vec<(&'static str, &'static str)>,
}

impl Chunk {
    fn new() -> Self {
        let mut bytes = vec![0; 512];
        bytes[..8].copy_from_slice(b"ElfChnk\0");
        Self {
            bytes,
            names: BTreeMap::new(),
            name_buckets: [0; 64],
            templates: BTreeMap::new(),
            template_buckets: [0; 32],
            first: 0,
            last: 0,
        }
    }

    fn u16(&mut self, number: u16) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn u32(&mut self, number: u32) {
        self.bytes.extend(number.to_le_bytes());
    }

    fn at(&self) -> u32 {
        u32::try_from(self.bytes.len()).unwrap()
    }

    /// A reference to a name, and the name itself where it is new.
    fn name(&mut self, name: &'static str) {
        if let Some(offset) = self.names.get(name) {
            return self.u32(*offset);
        }
        let offset = self.at() + 4;
        self.u32(offset);
        let hash = name
            .encode_utf16()
            .fold(0u32, |sum, it| sum.wrapping_mul(65_599).wrapping_add(u32::from(it)))
            & 0xffff;
        let bucket = usize::try_from(hash % 64).unwrap();
        let next = std::mem::replace(&mut self.name_buckets[bucket], offset);
        self.u32(next);
        self.u16(u16::try_from(hash).unwrap());
        self.u16(u16::try_from(name.len()).unwrap());
        self.bytes.extend(utf16(name));
        self.u16(0);
        self.names.insert(name, offset);
    }

    /// A start tag with its attributes; their values are literals, or slots of a type.
    fn open(&mut self, name: &'static str, attributes: &[Attribute<'_>]) {
        self.bytes.push(if attributes.is_empty() { 0x01 } else { 0x41 });
        self.u16(0xffff);
        self.u32(0);
        self.name(name);
        if !attributes.is_empty() {
            self.u32(0);
        }
        for (at, (key, value)) in attributes.iter().enumerate() {
            self.bytes.push(if at + 1 < attributes.len() { 0x46 } else { 0x06 });
            self.name(key);
            match value {
                Ok(text) => {
                    self.bytes.extend([0x05, 0x01]);
                    self.u16(u16::try_from(text.len()).unwrap());
                    self.bytes.extend(utf16(text));
                }
                Err((slot, kind)) => self.slot(*slot, *kind),
            }
        }
        self.bytes.push(0x02);
    }

    fn slot(&mut self, slot: u16, kind: u8) {
        self.bytes.push(0x0e);
        self.u16(slot);
        self.bytes.push(kind);
    }

    fn close(&mut self) {
        self.bytes.push(0x04);
    }

    /// A whole element that holds one slot.
    fn leaf(&mut self, name: &'static str, slot: u16, kind: u8) {
        self.open(name, &[]);
        self.slot(slot, kind);
        self.close();
    }

    /// A reference to template `id`, which `body` writes where it is new.
    fn template(&mut self, id: u32, body: impl FnOnce(&mut Self)) {
        self.bytes.extend([0x0f, 1, 1, 0, 0x0c, 1]);
        self.u32(id);
        if let Some(offset) = self.templates.get(&id) {
            return self.u32(*offset);
        }
        let offset = self.at() + 4;
        self.u32(offset);
        self.templates.insert(id, offset);
        let bucket = usize::try_from(id % 32).unwrap();
        let next = std::mem::replace(&mut self.template_buckets[bucket], offset);
        self.u32(next);
        self.u32(id);
        self.bytes.extend([0; 12]);
        let size_at = self.bytes.len();
        self.u32(0);
        self.bytes.extend([0x0f, 1, 1, 0]);
        body(self);
        self.bytes.push(0);
        let size = u32::try_from(self.bytes.len() - size_at - 4).unwrap();
        self.bytes[size_at..size_at + 4].copy_from_slice(&size.to_le_bytes());
    }

    /// The values for a template; answers where the size of the last one stands.
    fn values(&mut self, values: &[Value]) -> usize {
        self.u32(u32::try_from(values.len()).unwrap());
        let values: Vec<_> = values.iter().map(Value::of).collect();
        for (kind, bytes) in &values {
            self.u16(u16::try_from(bytes.len()).unwrap());
            self.bytes.extend([*kind, 0]);
        }
        let last = self.bytes.len() - 4;
        for (_, bytes) in values {
            self.bytes.extend(bytes);
        }
        last
    }

    fn data_template(&mut self, sample: &Sample) {
        let slots = (0u16..).zip(&sample.data);
        if let Some(wrapper) = sample.wrapper {
            self.open("UserData", &[]);
            self.open(wrapper, &[("xmlns", Ok("Event_NS"))]);
            for (slot, (name, _)) in slots {
                self.leaf(name, slot, 0x01);
            }
            self.close();
        } else {
            self.open("EventData", &[]);
            for (slot, (name, _)) in slots {
                if name.is_empty() {
                    self.open("Data", &[]);
                } else {
                    self.open("Data", &[("Name", Ok(name))]);
                }
                self.slot(slot, 0x01);
                self.close();
            }
        }
        self.close();
    }

    fn event_template(&mut self) {
        self.open(
            "Event",
            &[("xmlns", Ok("http://schemas.microsoft.com/win/2004/08/events/event"))],
        );
        self.open("System", &[]);
        self.open("Provider", &[("Name", Err((0, 0x01)))]);
        self.close();
        self.leaf("EventID", 1, 0x06);
        self.open("TimeCreated", &[("SystemTime", Err((2, 0x11)))]);
        self.close();
        self.leaf("EventRecordID", 3, 0x0a);
        self.open("Correlation", &[("ActivityID", Err((4, 0x0f)))]);
        self.close();
        self.leaf("Channel", 5, 0x01);
        self.leaf("Computer", 6, 0x01);
        self.close();
        self.slot(7, 0x21);
        self.close();
    }

    /// Adds the record of `sample`.
    fn record(&mut self, sample: &Sample) {
        let start = self.bytes.len();
        self.bytes.extend([0x2a, 0x2a, 0, 0]);
        self.u32(0);
        self.bytes.extend(sample.record.to_le_bytes());
        let filetime = EPOCH + sample.millis * 10_000;
        self.bytes.extend(filetime.to_le_bytes());
        let values = [
            Value::Text(sample.provider.to_owned()),
            Value::Number16(sample.event_id),
            Value::Filetime(filetime),
            Value::Number64(sample.record),
            Value::Guid(*b"\x3a\x1f\x20\xf4\x11\x11\x5e\x4a\x9a\x35\x4e\x79\xca\xa6\x00\x00"),
            Value::Text(sample.channel.to_owned()),
            Value::Text("ts01.corp.example".to_owned()),
            Value::Inside,
        ];
        self.template(1, Self::event_template);
        let size_at = self.values(&values);
        let inside = self.bytes.len();
        let texts: Vec<_> = sample.data.iter().map(|it| Value::Text(it.1.to_owned())).collect();
        let id = 0x1000 + u32::from(sample.event_id);
        self.template(id, |it| it.data_template(sample));
        self.values(&texts);
        self.bytes.push(0);
        let size = u16::try_from(self.bytes.len() - inside).unwrap();
        self.bytes[size_at..size_at + 2].copy_from_slice(&size.to_le_bytes());
        self.bytes.push(0);
        let size = u32::try_from(self.bytes.len() - start + 4).unwrap();
        self.u32(size);
        self.bytes[start + 4..start + 8].copy_from_slice(&size.to_le_bytes());
        self.first = if self.first == 0 { sample.record } else { self.first };
        self.last = sample.record;
    }

    /// The finished chunk.
    fn finish(mut self, last_record_at: usize) -> Vec<u8> {
        let free = self.at();
        let words = [(8, self.first), (16, self.last), (24, self.first), (32, self.last)];
        for (at, number) in words {
            self.bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
        }
        let records = crc32(&self.bytes[512..]);
        let last = u32::try_from(last_record_at).unwrap();
        for (at, number) in [(40, 128), (44, last), (48, free), (52, records)] {
            self.bytes[at..at + 4].copy_from_slice(&u32::to_le_bytes(number));
        }
        let buckets = self.name_buckets.iter().chain(&self.template_buckets);
        for (at, offset) in (128..).step_by(4).zip(buckets) {
            self.bytes[at..at + 4].copy_from_slice(&offset.to_le_bytes());
        }
        let header: Vec<u8> = [&self.bytes[..120], &self.bytes[128..512]].concat();
        self.bytes[124..128].copy_from_slice(&crc32(&header).to_le_bytes());
        self.bytes.resize(CHUNK, 0);
        self.bytes
    }
}

/// The checksum that headers and chunks carry.
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 }
        })
    })
}

/// A file of chunks.
pub(crate) fn file(chunks: &[Vec<u8>]) -> Vec<u8> {
    let mut header = vec![0; 4096];
    header[..8].copy_from_slice(b"ElfFile\0");
    header[16..24].copy_from_slice(&(chunks.len() as u64 - 1).to_le_bytes());
    header[24..32].copy_from_slice(&1000u64.to_le_bytes());
    header[32..36].copy_from_slice(&128u32.to_le_bytes());
    header[36..40].copy_from_slice(&[1, 0, 3, 0]);
    header[40..42].copy_from_slice(&4096u16.to_le_bytes());
    header[42..44].copy_from_slice(&u16::try_from(chunks.len()).unwrap().to_le_bytes());
    let sum = crc32(&header[..120]);
    header[124..128].copy_from_slice(&sum.to_le_bytes());
    chunks.iter().fold(header, |mut all, chunk| {
        all.extend(chunk);
        all
    })
}

/// A chunk that holds `samples`.
pub(crate) fn chunk(samples: &[Sample]) -> Vec<u8> {
    let mut chunk = Chunk::new();
    let mut last = 512;
    for sample in samples {
        last = chunk.bytes.len();
        chunk.record(sample);
    }
    chunk.finish(last)
}
