//! What a file is, by its first bytes.

use std::fmt;

/// How a layer is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Packing {
    /// RFC 1952.
    Gzip,
    /// RFC 8878.
    Zstd,
    /// bzip2.
    Bzip2,
    /// The .xz format.
    Xz,
    /// A zip archive.
    Zip,
    /// A tar archive: v7, ustar, GNU or pax.
    Tar,
}

impl fmt::Display for Packing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zip => "zip",
            Self::Tar => "tar",
        })
    }
}

/// What the first bytes of a layer say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Not packed.
    Plain,
    /// Packed in a way that is read here.
    Packed(Packing),
    /// Packed in a way that is not.
    Foreign(&'static str),
}

/// Bytes that tell the kind of any layer: a tar header.
pub(super) const HEAD: usize = 512;

/// First bytes, and what they say; none of them is text.
const MAGIC: &[(&[u8], Kind)] = &[
    (b"\x1f\x8b\x08", Kind::Packed(Packing::Gzip)),
    (b"\x28\xb5\x2f\xfd", Kind::Packed(Packing::Zstd)),
    (b"\xfd7zXZ\0", Kind::Packed(Packing::Xz)),
    (b"PK\x03\x04", Kind::Packed(Packing::Zip)),
    (b"PK\x05\x06", Kind::Packed(Packing::Zip)),
    (b"PK\x07\x08PK\x03\x04", Kind::Packed(Packing::Zip)),
    (b"PK00PK\x03\x04", Kind::Packed(Packing::Zip)),
    (b"7z\xbc\xaf\x27\x1c", Kind::Foreign("a 7-Zip archive")),
    (b"Rar!\x1a\x07", Kind::Foreign("a RAR archive")),
    (b"MSCF\0\0\0\0", Kind::Foreign("a cabinet archive")),
    (b"\x04\x22\x4d\x18", Kind::Foreign("LZ4 data")),
    (b"\x1f\x9d", Kind::Foreign("data of `compress`")),
    (b"\x89LZO\0\r\n\x1a\n", Kind::Foreign("data of `lzop`")),
    (b"LZIP\x01", Kind::Foreign("data of `lzip`")),
    (b"\x5d\0\0\x80\0\xff\xff\xff\xff\xff\xff\xff\xff", Kind::Foreign("LZMA data")),
    (b"\xff\x06\0\0sNaPpY", Kind::Foreign("Snappy data")),
    (b"Salted__", Kind::Foreign("data encrypted by OpenSSL")),
    (b"age-encryption.org/v1\n", Kind::Foreign("data encrypted by age")),
    (b"-----BEGIN PGP MESSAGE-----", Kind::Foreign("data encrypted by PGP")),
];

impl Kind {
    /// What a layer that begins with `head` is.
    pub(super) fn of(head: &[u8]) -> Self {
        if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
            return *kind;
        }
        if is_bzip2(head) {
            return Self::Packed(Packing::Bzip2);
        }
        if is_skippable_frame(head) {
            return Self::Packed(Packing::Zstd);
        }
        if is_tar(head) { Self::Packed(Packing::Tar) } else { Self::Plain }
    }
}

/// `BZh1` to `BZh9`, then a block (pi) or the end of an empty file (the root of pi).
fn is_bzip2(head: &[u8]) -> bool {
    let Some((&[b'B', b'Z', b'h', b'1'..=b'9'], rest)) = head.split_first_chunk::<4>() else {
        return false;
    };
    rest.starts_with(b"\x31\x41\x59\x26\x53\x59") || rest.starts_with(b"\x17\x72\x45\x38\x50\x90")
}

/// A zstd frame of user data before the first real one, as `pzstd` writes.
fn is_skippable_frame(head: &[u8]) -> bool {
    matches!(head.first_chunk::<4>(), Some([0x50..=0x5f, 0x2a, 0x4d, 0x18]))
}

/// Whether `head` is a tar header: its sum is right, which no text's is by chance.
fn is_tar(head: &[u8]) -> bool {
    let (Some(header), Some(stated)) = (head.get(..HEAD), head.get(148..156)) else {
        return false;
    };
    let digits = stated.trim_ascii_start();
    let digits = digits.split(|it| !it.is_ascii_digit()).next().unwrap_or_default();
    let Some(stated) =
        std::str::from_utf8(digits).ok().and_then(|it| u32::from_str_radix(it, 8).ok())
    else {
        return false;
    };
    let all: u32 = header.iter().map(|it| u32::from(*it)).sum();
    let own: u32 = header.iter().skip(148).take(8).map(|it| u32::from(*it)).sum();
    all - own + 8 * u32::from(b' ') == stated
}
