//! Archives built in memory, whole and broken.

use std::io::{Cursor, Write as _};

use flate2::{Compression, GzBuilder, write::GzEncoder};
use jiff::civil::date;
use zip::{ZipWriter, unstable::write::FileOptionsExt as _, write::SimpleFileOptions};

use super::*;

const TEXT: &[u8] = b"Jan  3 10:11:12 vm sshd[7]: Connection closed by 203.0.113.9 port 1024\n";

/// What a visitor saw: sources as far as they could be read, and faults as `name: message`.
#[derive(Debug, Default)]
struct Seen {
    sources: Vec<(String, Option<Date>, Vec<u8>)>,
    faults: Vec<String>,
    losses: usize,
    reads_nothing: bool,
    has_no_scratch: bool,
}

impl Visitor for Seen {
    fn source(&mut self, opened: Opened<'_>) {
        let mut bytes = Vec::new();
        if !self.reads_nothing {
            drop(opened.reader.read_to_end(&mut bytes));
        }
        self.sources.push((opened.name.to_owned(), opened.written, bytes));
    }

    fn failed(&mut self, name: &str, error: OpenError) {
        self.losses += usize::from(error.is_loss());
        self.faults.push(format!("{name}: {error}"));
    }

    fn scratch(&mut self) -> io::Result<Box<dyn Scratch>> {
        if self.has_no_scratch {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        Ok(Box::new(Cursor::new(Vec::new())))
    }
}

impl Seen {
    fn names(&self) -> Vec<&str> {
        self.sources.iter().map(|it| it.0.as_str()).collect()
    }

    fn bytes(&self) -> Vec<&[u8]> {
        self.sources.iter().map(|it| it.2.as_slice()).collect()
    }

    #[track_caller]
    fn has_fault(&self, text: &str) {
        assert_eq!(self.faults.len(), 1, "{:?}", self.faults);
        assert!(self.faults[0].contains(text), "{:?}", self.faults);
    }
}

/// Opens `bytes` as a file, then as a pipe: both see the same.
#[track_caller]
fn seen_with(bytes: &[u8], limits: &Limits) -> Seen {
    let (mut by_file, mut by_pipe) = (Seen::default(), Seen::default());
    open("a", Input::File(&mut Cursor::new(bytes)), limits, &mut by_file);
    open("a", Input::Stream(&mut &*bytes), limits, &mut by_pipe);
    assert_eq!(by_file.sources, by_pipe.sources);
    assert_eq!(by_file.faults, by_pipe.faults);
    by_file
}

#[track_caller]
fn seen(bytes: &[u8]) -> Seen {
    seen_with(bytes, &Limits::default())
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut packed = Vec::new();
    bzip2::read::BzEncoder::new(bytes, bzip2::Compression::fast())
        .read_to_end(&mut packed)
        .unwrap();
    packed
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(6);
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), options).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let time = zip::DateTime::from_date_and_time(2026, 1, 3, 10, 11, 12).unwrap();
    for (name, bytes) in members {
        let options = SimpleFileOptions::default().last_modified_time(time);
        writer.start_file(*name, options).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn tar_header(name: &str, size: usize, kind: tar::EntryType) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    // Set as bytes: the library refuses to write names that climb.
    header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
    header.set_size(size as u64);
    header.set_mode(0o600);
    header.set_mtime(1_767_441_600);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let header = tar_header(name, bytes.len(), tar::EntryType::Regular);
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn every_packing_opens_in_any_order() {
    type Pack = fn(&[u8]) -> Vec<u8>;
    let zipped: Pack = |it| zip(&[("z.log", it)]);
    let tarred: Pack = |it| tar(&[("t.log", it)]);
    for (packs, name) in [
        (vec![], "a"),
        (vec![gz as Pack], "a"),
        (vec![zst], "a"),
        (vec![bz2], "a"),
        (vec![xz], "a"),
        (vec![zipped], "a!z.log"),
        (vec![tarred], "a!t.log"),
        (vec![tarred, gz], "a!t.log"),
        (vec![gz, tarred, zipped], "a!z.log!t.log"),
        (vec![zipped, tarred, zst], "a!t.log!z.log"),
        (vec![zipped, zipped], "a!z.log!z.log"),
        (vec![zst, bz2, xz, gz, zipped], "a!z.log"),
    ] {
        let packed = packs.iter().fold(TEXT.to_vec(), |bytes, pack| pack(&bytes));
        let seen = seen(&packed);
        assert_eq!((seen.names(), seen.bytes()), (vec![name], vec![TEXT]));
        assert_eq!(seen.faults, Vec::<String>::new());
        assert_eq!(is_packed(&packed), !packs.is_empty());
    }
}

#[test]
fn dates_come_from_the_innermost_layer() {
    let written = |bytes: &[u8]| seen(bytes).sources[0].1;
    assert_eq!(written(TEXT), None);
    assert_eq!(written(&gz(TEXT)), None);
    let stamped = |builder: GzBuilder| {
        let mut encoder = builder.write(Vec::new(), Compression::fast());
        encoder.write_all(TEXT).unwrap();
        encoder.finish().unwrap()
    };
    let november = GzBuilder::new().mtime(1_763_000_000);
    assert_eq!(written(&stamped(november)), Some(date(2025, 11, 13)));
    let named = GzBuilder::new().mtime(1_763_000_000).filename("auth.log-20251001");
    assert_eq!(written(&stamped(named)), Some(date(2025, 10, 1)));
    assert_eq!(written(&zip(&[("a", TEXT)])), Some(date(2026, 1, 3)));
    assert_eq!(written(&tar(&[("a", TEXT)])), Some(date(2026, 1, 3)));
    let november = GzBuilder::new().mtime(1_763_000_000);
    assert_eq!(written(&tar(&[("a", &stamped(november))])), Some(date(2025, 11, 13)));
}

#[test]
fn all_members_of_a_gzip_file_are_read() {
    let members = [gz(TEXT), gz(b""), gz(TEXT)].concat();
    assert_eq!(seen(&members).bytes(), [[TEXT, TEXT].concat()]);
    let padded = [members.clone(), vec![0; 100_000]].concat();
    let padded = seen(&padded);
    assert_eq!((padded.bytes(), padded.faults.len()), (vec![&*[TEXT, TEXT].concat()], 0));
    let garbage = seen(&[members, b"garbage".to_vec()].concat());
    assert_eq!(garbage.bytes(), [[TEXT, TEXT].concat()]);
    garbage.has_fault("a: gzip data are followed by other bytes");
    for pack in [zst, bz2, xz] {
        assert_eq!(seen(&[pack(TEXT), pack(TEXT)].concat()).bytes(), [[TEXT, TEXT].concat()]);
    }
}

/// Text that no packer makes small.
fn noise(len: usize) -> Vec<u8> {
    let mut seed = 0x1133_u32;
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 17;
        seed ^= seed << 5;
        b"0123456789abcdefghijklmnopqrstuv"[seed as usize % 32]
    };
    (0..len).map(|at| if at % 80 == 79 { b'\n' } else { next() }).collect()
}

#[test]
fn what_came_before_a_cut_is_kept() {
    let text = noise(400_000);
    for (pack, name) in
        [(gz as fn(&[u8]) -> Vec<u8>, "gzip"), (zst, "zstd"), (bz2, "bzip2"), (xz, "xz")]
    {
        let packed = pack(&text);
        let cut = seen(&packed[..packed.len() * 9 / 10]);
        let got = cut.bytes()[0];
        assert!(text.starts_with(got), "{name}");
        assert!(100_000 < got.len(), "{name}: {}", got.len());
        cut.has_fault(&format!("a: {name} data end too early"));
    }
    let packed = tar(&[("one", TEXT), ("two", &text)]);
    let cut = seen(&packed[..200_000]);
    assert_eq!(cut.names(), ["a!one", "a!two"]);
    cut.has_fault("a!two: tar data end too early");
    let cut = seen(&gz(&packed)[..150_000]);
    assert_eq!((cut.names(), cut.bytes()[0]), (vec!["a!one", "a!two"], TEXT));
    cut.has_fault("a: gzip data end too early");
    let packed = zip(&[("one", TEXT), ("two", &text)]);
    let cut = seen(&packed[..150_000]);
    assert_eq!((cut.names(), cut.bytes()[0]), (vec!["a!one", "a!two"], TEXT));
    assert!(cut.faults.iter().any(|it| it.starts_with("a: zip data end too early")), "{cut:?}");
}

#[test]
fn a_bad_member_does_not_hide_the_next() {
    let mut bad = gz(&noise(100_000));
    let middle = bad.len() / 2;
    bad[middle] ^= 0x55;
    let cut = &gz(&noise(1000))[..600];
    for archive in
        [tar(&[("1", &bad), ("2", cut), ("3", TEXT)]), zip(&[("1", &bad), ("2", cut), ("3", TEXT)])]
    {
        let seen = seen(&archive);
        assert_eq!(seen.names(), ["a!1", "a!2", "a!3"]);
        assert_eq!(seen.bytes()[2], TEXT);
        assert_eq!(seen.faults.len(), 2, "{:?}", seen.faults);
        assert!(seen.faults[0].starts_with("a!1: bad gzip data"));
        assert!(seen.faults[1].starts_with("a!2: gzip data end too early"));
    }
    // A member whose check sum is wrong.
    let mut archive = zip(&[("1", &noise(100_000)), ("2", TEXT)]);
    archive[30_000] ^= 0x55;
    let seen = seen(&archive);
    assert_eq!(seen.bytes()[1], TEXT);
    seen.has_fault("a!1: bad zip data");
}

#[test]
fn links_devices_and_climbing_names_do_no_harm() {
    let mut builder = tar::Builder::new(Vec::new());
    let mut link = |name: &str, kind, to: &str| {
        let mut header = tar_header(name, 0, kind);
        if !to.is_empty() {
            header.set_link_name(to).unwrap();
        }
        header.set_cksum();
        builder.append(&header, &b""[..]).unwrap();
    };
    link("loop", tar::EntryType::Symlink, "loop");
    link("hard", tar::EntryType::Link, "loop");
    link("device", tar::EntryType::Char, "");
    link("pipe", tar::EntryType::Fifo, "");
    link("folder/", tar::EntryType::Directory, "");
    for name in ["../../etc/passwd", "/etc/passwd"] {
        let header = tar_header(name, TEXT.len(), tar::EntryType::Regular);
        builder.append(&header, TEXT).unwrap();
    }
    let seen_tar = seen(&builder.into_inner().unwrap());
    assert_eq!(seen_tar.names(), ["a!../../etc/passwd", "a!/etc/passwd"]);
    assert_eq!(
        seen_tar.faults,
        [
            "a!loop: a link to `loop` inside an archive: not followed",
            "a!hard: a link to `loop` inside an archive: not followed",
            "a!device: neither a file nor a folder: left out",
            "a!pipe: neither a file nor a folder: left out",
        ]
    );
    assert_eq!(seen_tar.losses, 0);

    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default();
    writer.add_directory("folder", options).unwrap();
    writer.add_symlink("loop", "loop", options).unwrap();
    writer.start_file("secret", options.with_deprecated_encryption(b"pass").unwrap()).unwrap();
    writer.write_all(TEXT).unwrap();
    writer.start_file("plain", options).unwrap();
    writer.write_all(TEXT).unwrap();
    let seen_zip = seen(&writer.finish().unwrap().into_inner());
    assert_eq!((seen_zip.names(), seen_zip.bytes()), (vec!["a!plain"], vec![TEXT]));
    assert_eq!(
        seen_zip.faults,
        [
            "a!loop: a link to `loop` inside an archive: not followed",
            "a!secret: encrypted: unpack it with its password and pass the result",
        ]
    );
    assert_eq!(seen_zip.losses, 1);
}

#[test]
fn zips_written_as_streams_are_read() {
    // Sizes stand behind the members only.
    let mut writer = ZipWriter::new_stream(Vec::new());
    for name in ["one", "two"] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(TEXT).unwrap();
    }
    let archive = writer.finish().unwrap().into_inner();
    let seen = seen(&gz(&archive));
    assert_eq!((seen.names(), seen.bytes()), (vec!["a!one", "a!two"], vec![TEXT, TEXT]));
    let mut poor = Seen { has_no_scratch: true, ..Seen::default() };
    open("a", Input::Stream(&mut &*archive), &Limits::default(), &mut poor);
    poor.has_fault("a: a zip inside an archive needs a temporary file");
}

#[test]
fn bombs_are_stopped() {
    let limits = Limits { ratio_from: 1 << 20, ..Limits::default() };
    let zeros = vec![0; 8 << 20];
    for bomb in [
        gz(&gz(&zeros)),
        zst(&zeros),
        bz2(&zeros),
        xz(&zeros),
        zip(&[("x", &gz(&zeros)), ("y", TEXT)]),
        gz(&zip(&[("x", &zeros)])),
        gz(&tar(&[("x", &zeros), ("y", TEXT)])),
    ] {
        let seen = seen_with(&bomb, &limits);
        seen.has_fault("a: unpacks to more than 1000 times its size");
        assert!(seen.sources.iter().all(|it| it.2.len() < zeros.len()));
    }
    let limits = Limits { unpacked: 1 << 20, ..Limits::default() };
    let large = seen_with(&gz(&noise(3 << 20)), &limits);
    large.has_fault("a: unpacks to more than 1048576 bytes");
    assert!((1 << 19) < large.bytes()[0].len() && large.bytes()[0].len() <= 1 << 20);
    let nest = |depth: usize| (0..depth).fold(TEXT.to_vec(), |bytes, _| gz(&bytes));
    assert_eq!(seen(&nest(5)).bytes(), [TEXT]);
    seen(&nest(6)).has_fault("a: more than 5 archives inside one another");
}

#[test]
fn too_many_members_end_a_file() {
    let limits = Limits { members: 10, ..Limits::default() };
    let names: Vec<String> = (0..50).map(|it| it.to_string()).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|it| (it.as_str(), TEXT)).collect();
    for archive in [tar(&members), zip(&members)] {
        let seen = seen_with(&archive, &limits);
        assert_eq!(seen.names().len(), 10);
        seen.has_fault("a: more than 10 members");
    }
}

#[test]
fn long_names_are_read_and_endless_ones_are_not() {
    let long = "n".repeat(5000);
    let mut builder = tar::Builder::new(Vec::new());
    let mut header = tar_header("", TEXT.len(), tar::EntryType::Regular);
    builder.append_data(&mut header, &long, TEXT).unwrap();
    assert_eq!(seen(&builder.into_inner().unwrap()).names(), [format!("a!{long}")]);

    let endless = vec![b'n'; 3 << 20];
    let mut builder = tar::Builder::new(Vec::new());
    let header = tar_header("././@LongLink", endless.len(), tar::EntryType::GNULongName);
    builder.append(&header, &*endless).unwrap();
    builder.append(&tar_header("x", TEXT.len(), tar::EntryType::Regular), TEXT).unwrap();
    let seen = seen(&builder.into_inner().unwrap());
    seen.has_fault("a: bad tar data");
}

#[test]
fn unknown_packings_of_zip_members_are_named() {
    let mut archive = zip(&[("1", TEXT), ("2", TEXT)]);
    // The method stands at byte 8 of a local header and at byte 10 of the directory's.
    for (magic, at) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let start = memchr::memmem::find(&archive, magic).unwrap();
        archive[start + at] = 14;
    }
    let seen = seen(&archive);
    assert_eq!(seen.names(), ["a!2"]);
    seen.has_fault("a!1: packed with LZMA, which is not read inside a zip");
}

#[test]
fn two_members_of_one_name_are_both_read() {
    let mut archive = zip(&[("n1", b"one"), ("n2", b"two")]);
    let mut at = 0;
    while let Some(found) = memchr::memmem::find(&archive[at..], b"n2") {
        at += found + 1;
        archive[at] = b'1';
    }
    assert_eq!(seen(&archive).bytes(), [b"one", b"two"]);
}

#[test]
fn sources_need_not_be_read_to_their_end() {
    let text = noise(100_000);
    let members: &[(&str, &[u8])] = &[("1", &text), ("2", TEXT)];
    for archive in [gz(&tar(members)), gz(&zip(members)), gz(&text), text.clone()] {
        let mut lazy = Seen { reads_nothing: true, ..Seen::default() };
        open("a", Input::Stream(&mut &*archive), &Limits::default(), &mut lazy);
        assert_eq!(lazy.faults, Vec::<String>::new());
    }
}

#[test]
fn a_disk_fault_is_told_once() {
    struct Broken<'a>(&'a [u8]);
    impl Read for Broken<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::other("a bad sector"));
            }
            let count = into.len().min(1000);
            self.0.read(&mut into[..count])
        }
    }
    let text = noise(100_000);
    for bytes in [text.clone(), gz(&text), gz(&tar(&[("1", &text)])), gz(&zip(&[("1", &text)]))] {
        let mut seen = Seen::default();
        open("a", Input::Stream(&mut Broken(&bytes[..40_000])), &Limits::default(), &mut seen);
        assert!(seen.faults[0].starts_with("a: cannot be read to its end"), "{:?}", seen.faults);
        assert!(20_000 < seen.bytes()[0].len());
    }
}

#[test]
fn foreign_archives_are_named() {
    for (bytes, what) in [
        (&b"7z\xbc\xaf\x27\x1c\0\x04"[..], "a: a 7-Zip archive: unpack it"),
        (b"Rar!\x1a\x07\x01\0", "a: a RAR archive"),
        (b"\x1f\x9d\x90", "a: data of `compress`"),
        (b"-----BEGIN PGP MESSAGE-----\n", "a: data encrypted by PGP"),
    ] {
        seen(bytes).has_fault(what);
    }
}

#[test]
fn no_bytes_make_opening_panic() {
    let text = noise(3000);
    let members: &[(&str, &[u8])] = &[("1", &text), ("2", TEXT)];
    let mut seed = 0x1133_u64;
    let mut next = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed >> 33).unwrap()
    };
    let tarred = tar(members);
    for whole in [
        gz(&text),
        zst(&text),
        bz2(&text),
        xz(&text),
        zip(members),
        tarred.clone(),
        gz(&tarred),
        zip(&[("t", &tarred), ("z", &zip(members))]),
    ] {
        for _ in 0..300 {
            let mut broken = whole.clone();
            for _ in 0..=next() % 4 {
                let at = next() % broken.len();
                match next() % 4 {
                    0 => broken[at] = u8::try_from(next() % 256).unwrap(),
                    1 => broken[at] ^= 1 << (next() % 8),
                    2 => broken.truncate(at.max(8)),
                    _ => {
                        let piece = broken[at..broken.len().min(at + next() % 99)].to_vec();
                        let to = next() % broken.len();
                        broken.splice(to..to, piece);
                    }
                }
            }
            let mut visitor = Seen::default();
            open("a", Input::File(&mut Cursor::new(&broken)), &Limits::default(), &mut visitor);
            open("a", Input::Stream(&mut &*broken), &Limits::default(), &mut visitor);
        }
    }
}
