//! `events.parquet`: one row an event, columns named as docs/output.md names the keys.

use std::{io::Write, sync::Arc};

use doorwarden_model::{
    Activity, Assumed, Event, MfaResult, NetworkKind, Origin, Outcome, Place, Reason, Service,
};
use parquet::{
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::parser::parse_message_type,
};

use crate::{
    column::{IpColumn, KeyedColumn, NumberColumn, StepColumn, TextColumn, WordColumn},
    pages::{Levels, RowGroup},
};

/// Rows of a row group, and as many more as came with the last of them.
const GROUP: usize = 131_072;
/// Bytes of texts that end a row group before it has all of its rows.
const TEXT_CAP: usize = 32 << 20;

/// Why events could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The file cannot be written.
    #[error("cannot write Parquet")]
    Write(#[source] ParquetError),
}

/// An event with what the run found about it.
#[derive(Debug, Clone, Copy)]
pub struct EventRow<'a> {
    /// Path as given.
    pub file: &'a str,
    /// Line or record number.
    pub origin: Origin,
    /// The event.
    pub event: &'a Event<'a>,
    /// Key of the account, by which its canonical name is asked for where there is one.
    pub account: Option<u64>,
    /// Of the source address.
    pub place: &'a Place<'a>,
}

/// The columns, in the order in which [`Columns::write`] writes them.
const SCHEMA: &str = "message events {
    required binary file (STRING);
    optional int64 line;
    optional int64 record;
    required binary format (STRING);
    required int64 time (TIMESTAMP(MILLIS, true));
    optional binary time_assumed (STRING);
    required binary service (STRING);
    required binary activity (STRING);
    optional binary outcome (STRING);
    optional binary reason (STRING);
    optional binary account (STRING);
    optional binary src_ip (STRING);
    optional int32 src_port (INTEGER(16, false));
    optional binary assigned_ip (STRING);
    optional binary user (STRING);
    optional binary domain (STRING);
    optional binary src_host (STRING);
    optional binary host (STRING);
    optional binary target (STRING);
    optional binary session (STRING);
    optional binary device (STRING);
    optional binary client (STRING);
    optional binary certificate (STRING);
    optional binary method (STRING);
    optional binary code (STRING);
    optional binary actor (STRING);
    optional binary detail (STRING);
    optional group mfa {
        optional binary method (STRING);
        optional binary result (STRING);
    }
    optional binary country (STRING);
    optional binary city (STRING);
    optional int32 asn (INTEGER(32, false));
    optional binary network (STRING);
    optional int32 logon_type (INTEGER(8, false));
}";

/// Where the method of the second factor stands in [`Event::texts`]; it goes into the group `mfa`.
const MFA_METHOD: usize = 10;

#[derive(Debug)]
struct Columns {
    rows: usize,
    file: KeyedColumn,
    line: StepColumn,
    record: StepColumn,
    format: TextColumn,
    time: StepColumn,
    time_assumed: WordColumn,
    service: WordColumn,
    activity: WordColumn,
    outcome: WordColumn,
    reason: WordColumn,
    account: KeyedColumn,
    src_ip: IpColumn,
    src_port: NumberColumn,
    assigned_ip: IpColumn,
    texts: [TextColumn; Event::TEXTS],
    mfa_result: WordColumn,
    country: TextColumn,
    city: TextColumn,
    asn: NumberColumn,
    network: WordColumn,
    logon_type: NumberColumn,
}

/// Writes events; drop it without [`EventWriter::finish`] and the file is not one.
pub struct EventWriter<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    columns: Columns,
}

impl<W: Write + Send> std::fmt::Debug for EventWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventWriter").field("rows", &self.columns.rows).finish_non_exhaustive()
    }
}

impl<W: Write + Send> EventWriter<W> {
    /// Starts a file on `to`.
    pub fn new(to: W) -> Result<Self, StoreError> {
        let properties = WriterProperties::builder().set_created_by("doorwarden".to_owned());
        let schema = parse_message_type(SCHEMA).map_err(StoreError::Write)?;
        let writer = SerializedFileWriter::new(to, Arc::new(schema), Arc::new(properties.build()))
            .map_err(StoreError::Write)?;
        Ok(Self { writer, columns: Columns::new() })
    }

    /// Appends events; `name` gives the canonical name of an account.
    pub fn push<'n>(
        &mut self,
        rows: &[EventRow<'_>],
        name: impl Fn(u64) -> Option<&'n str>,
    ) -> Result<(), StoreError> {
        self.columns.push(rows, name);
        if self.columns.is_full() { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        self.columns.write(&mut self.writer).map_err(StoreError::Write)?;
        self.columns.clear();
        Ok(())
    }

    /// Writes what is left and the footer; returns what was written to.
    pub fn finish(mut self) -> Result<W, StoreError> {
        if 0 < self.columns.rows {
            self.flush()?;
        }
        self.writer.into_inner().map_err(StoreError::Write)
    }
}

impl Columns {
    fn new() -> Self {
        Self {
            rows: 0,
            file: KeyedColumn::default(),
            line: StepColumn::default(),
            record: StepColumn::default(),
            format: TextColumn::default(),
            time: StepColumn::default(),
            time_assumed: WordColumn::new(Assumed::ALL.iter().map(|it| it.word())),
            service: WordColumn::new(Service::ALL.iter().map(|it| it.word())),
            activity: WordColumn::new(Activity::ALL.iter().map(|it| it.word())),
            outcome: WordColumn::new(Outcome::ALL.iter().map(|it| it.word())),
            reason: WordColumn::new(Reason::ALL.iter().map(|it| it.word())),
            account: KeyedColumn::default(),
            src_ip: IpColumn::default(),
            src_port: NumberColumn::default(),
            assigned_ip: IpColumn::default(),
            texts: Default::default(),
            mfa_result: WordColumn::new(MfaResult::ALL.iter().map(|it| it.word())),
            country: TextColumn::default(),
            city: TextColumn::default(),
            asn: NumberColumn::default(),
            network: WordColumn::new(NetworkKind::ALL.iter().map(|it| it.word())),
            logon_type: NumberColumn::default(),
        }
    }

    /// Column by column: one column's table stays near the processor, and it looks many rows up at once.
    fn push<'n>(&mut self, rows: &[EventRow<'_>], name: impl Fn(u64) -> Option<&'n str>) {
        let first = self.rows;
        self.rows += rows.len();
        let all = || rows.iter().enumerate().map(|(at, row)| (first + at, row));
        for (at, row) in all() {
            self.file.push(at, u64::from(row.origin.file), || Some(row.file));
            let number = if row.origin.is_record { &mut self.record } else { &mut self.line };
            number.push(at, row.origin.line.cast_signed());
        }
        for (at, row) in all() {
            self.words(at, row.event);
        }
        for (at, row) in all() {
            push_some(row.account, |it| self.account.push(at, it, || name(it)));
        }
        for (at, row) in all() {
            push_some(row.event.src_ip, |it| self.src_ip.push(at, it));
            push_some(row.event.src_port, |it| self.src_port.push(at, it.into()));
            push_some(row.event.assigned_ip, |it| self.assigned_ip.push(at, it));
        }
        for (nr, column) in self.texts.iter_mut().enumerate() {
            for (at, row) in all() {
                push_some(row.event.text(nr), |it| column.push(at, it));
            }
        }
        for (at, row) in all() {
            push_some(row.place.country_code(), |it| self.country.push(at, it));
            push_some(row.place.city, |it| self.city.push(at, it));
            push_some(row.place.asn, |it| self.asn.push(at, it));
            push_some(row.place.network, |it| self.network.push(at, it as u8));
        }
    }

    /// The columns whose values need no looking up.
    fn words(&mut self, at: usize, event: &Event<'_>) {
        self.format.push_static(at, event.format);
        self.time.push(at, event.time.as_millisecond());
        if event.time_assumed != Assumed::Nothing {
            self.time_assumed.push(at, event.time_assumed as u8);
        }
        self.service.push(at, event.service as u8);
        self.activity.push(at, event.activity as u8);
        push_some(event.outcome.map(|it| it as u8), |it| self.outcome.push(at, it));
        push_some(event.reason.map(|it| it as u8), |it| self.reason.push(at, it));
        push_some(event.mfa, |it| self.mfa_result.push(at, it.result as u8));
        push_some(event.logon_type, |it| self.logon_type.push(at, it.into()));
    }

    /// Whether the row group is large enough.
    fn is_full(&self) -> bool {
        let texts = self.texts.iter().map(TextColumn::text_bytes).sum::<usize>();
        GROUP <= self.rows || TEXT_CAP < texts
    }

    fn write<W: Write + Send>(
        &self,
        file: &mut SerializedFileWriter<W>,
    ) -> Result<(), ParquetError> {
        let mut group = RowGroup::new(file, self.rows)?;
        group.coded(Levels::All, self.file.coded())?;
        group.steps(Levels::Some(&self.line.present), &self.line)?;
        group.steps(Levels::Some(&self.record.present), &self.record)?;
        group.coded(Levels::All, self.format.coded())?;
        group.steps(Levels::All, &self.time)?;
        group.optional(self.time_assumed.coded())?;
        group.coded(Levels::All, self.service.coded())?;
        group.coded(Levels::All, self.activity.coded())?;
        group.optional(self.outcome.coded())?;
        group.optional(self.reason.coded())?;
        group.optional(self.account.coded())?;
        group.optional(self.src_ip.coded())?;
        group.numbers(&self.src_port)?;
        group.optional(self.assigned_ip.coded())?;
        for (_, column) in self.texts.iter().enumerate().filter(|it| it.0 != MFA_METHOD) {
            group.optional(column.coded())?;
        }
        let around = &self.mfa_result.coded().present;
        if let Some(method) = self.texts.get(MFA_METHOD).map(TextColumn::coded) {
            group.coded(Levels::Inside(around, &method.present), method)?;
        }
        group.coded(Levels::Inside(around, around), self.mfa_result.coded())?;
        group.optional(self.country.coded())?;
        group.optional(self.city.coded())?;
        group.numbers(&self.asn)?;
        group.optional(self.network.coded())?;
        group.numbers(&self.logon_type)?;
        group.finish()
    }

    fn clear(&mut self) {
        self.rows = 0;
        self.file.clear();
        for column in [&mut self.line, &mut self.record, &mut self.time] {
            column.clear();
        }
        for column in [&mut self.src_port, &mut self.asn, &mut self.logon_type] {
            column.clear();
        }
        for column in [
            &mut self.time_assumed,
            &mut self.service,
            &mut self.activity,
            &mut self.outcome,
            &mut self.reason,
            &mut self.mfa_result,
            &mut self.network,
        ] {
            column.clear();
        }
        self.account.clear();
        let texts = [&mut self.format, &mut self.country, &mut self.city];
        texts.into_iter().chain(&mut self.texts).for_each(TextColumn::clear);
        self.src_ip.clear();
        self.assigned_ip.clear();
    }
}

/// Hands `value` on where there is one.
fn push_some<T>(value: Option<T>, push: impl FnOnce(T)) {
    if let Some(value) = value {
        push(value);
    }
}
