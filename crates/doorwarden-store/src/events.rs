//! `events.parquet`: one row an event, columns named as CONTRACT names the keys.

use std::{io::Write, sync::Arc};

use arrow_array::{
    ArrayRef, RecordBatch, StructArray,
    builder::{
        Int64Builder, TimestampMillisecondBuilder, UInt8Builder, UInt16Builder, UInt32Builder,
    },
};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, TimeUnit};
use doorwarden_model::{Event, NetworkKind, Origin, Outcome, Place, Reason};
use parquet::{
    arrow::ArrowWriter,
    basic::Compression,
    errors::ParquetError,
    file::properties::{EnabledStatistics, WriterProperties},
    schema::types::ColumnPath,
};

use crate::column::TextColumn;

/// Rows collected before they are handed to the encoder.
const CHUNK: usize = 8_192;
/// Rows of a row group.
const GROUP: usize = 131_072;

/// Why events could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The columns do not fit together.
    #[error("cannot build the columns")]
    Columns(#[source] ArrowError),
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
    /// Canonical account.
    pub account: Option<&'a str>,
    /// Of the source address.
    pub place: &'a Place<'a>,
}

/// Names of the text columns that hold an event's texts, in [`Event::texts`]'s order.
const TEXTS: [&str; Event::TEXTS] = [
    "user",
    "domain",
    "src_host",
    "host",
    "target",
    "session",
    "device",
    "client",
    "certificate",
    "method",
    "mfa_method",
    "code",
    "actor",
    "detail",
];
/// Where `mfa_method` stands in [`TEXTS`]; it goes into the struct `mfa`.
const MFA_METHOD: usize = 10;

#[derive(Debug, Default)]
struct Columns {
    rows: usize,
    file: TextColumn,
    line: Int64Builder,
    record: Int64Builder,
    format: TextColumn,
    time: TimestampMillisecondBuilder,
    time_assumed: TextColumn,
    service: TextColumn,
    activity: TextColumn,
    outcome: TextColumn,
    reason: TextColumn,
    account: TextColumn,
    src_ip: TextColumn,
    src_port: UInt16Builder,
    assigned_ip: TextColumn,
    texts: [TextColumn; Event::TEXTS],
    mfa_result: TextColumn,
    country: TextColumn,
    city: TextColumn,
    asn: UInt32Builder,
    network: TextColumn,
    logon_type: UInt8Builder,
}

/// Writes events; drop it without [`EventWriter::finish`] and the file is not one.
pub struct EventWriter<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: Arc<Schema>,
    columns: Columns,
}

impl<W: Write + Send> std::fmt::Debug for EventWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventWriter").field("rows", &self.columns.rows).finish_non_exhaustive()
    }
}

fn text(name: &str) -> Field {
    Field::new(name, DataType::Utf8, true)
}

fn schema() -> Schema {
    let time = DataType::Timestamp(TimeUnit::Millisecond, Some("UTC".into()));
    let mut fields = vec![
        Field::new("file", DataType::Utf8, false),
        Field::new("line", DataType::Int64, true),
        Field::new("record", DataType::Int64, true),
        text("format"),
        Field::new("time", time, true),
        text("time_assumed"),
        text("service"),
        text("activity"),
        text("outcome"),
        text("reason"),
        text("account"),
        text("src_ip"),
        Field::new("src_port", DataType::UInt16, true),
        text("assigned_ip"),
    ];
    fields.extend(
        TEXTS.iter().enumerate().filter(|it| it.0 != MFA_METHOD).map(|(_, name)| text(name)),
    );
    fields.push(Field::new("mfa", DataType::Struct(mfa_fields()), true));
    fields.extend([
        text("country"),
        text("city"),
        Field::new("asn", DataType::UInt32, true),
        text("network"),
    ]);
    fields.push(Field::new("logon_type", DataType::UInt8, true));
    Schema::new(fields)
}

fn mfa_fields() -> Fields {
    Fields::from(vec![text("method"), text("result")])
}

fn properties() -> WriterProperties {
    let mut properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP))
        .set_statistics_enabled(EnabledStatistics::None)
        .set_created_by("doorwarden".to_owned());
    properties = properties
        .set_column_statistics_enabled(ColumnPath::from("time"), EnabledStatistics::Chunk);
    // Values that hardly repeat: a dictionary of them costs more than it saves.
    for name in ["line", "record", "time", "src_port", "session", "detail"] {
        properties = properties.set_column_dictionary_enabled(ColumnPath::from(name), false);
    }
    properties.build()
}

impl<W: Write + Send> EventWriter<W> {
    /// Starts a file on `to`.
    pub fn new(to: W) -> Result<Self, StoreError> {
        let schema = Arc::new(schema());
        let writer = ArrowWriter::try_new(to, schema.clone(), Some(properties()))
            .map_err(StoreError::Write)?;
        Ok(Self { writer, schema, columns: Columns::default() })
    }

    /// Appends one event.
    pub fn push(&mut self, row: &EventRow<'_>) -> Result<(), StoreError> {
        self.columns.push(row);
        if self.columns.rows == CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), StoreError> {
        let arrays = self.columns.finish().map_err(StoreError::Columns)?;
        let batch =
            RecordBatch::try_new(self.schema.clone(), arrays).map_err(StoreError::Columns)?;
        self.writer.write(&batch).map_err(StoreError::Write)
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
    fn push(&mut self, row: &EventRow<'_>) {
        let event = row.event;
        self.rows += 1;
        self.file.push(Some(row.file));
        let line = i64::try_from(row.origin.line).ok();
        self.line.append_option(line.filter(|_| !row.origin.is_record));
        self.record.append_option(line.filter(|_| row.origin.is_record));
        self.format.push(Some(event.format));
        self.time.append_value(event.time.as_millisecond());
        self.time_assumed.push(Some(event.time_assumed.word()).filter(|it| !it.is_empty()));
        self.service.push(Some(event.service.word()));
        self.activity.push(Some(event.activity.word()));
        self.outcome.push(event.outcome.map(Outcome::word));
        self.reason.push(event.reason.map(Reason::word));
        self.account.push(row.account);
        self.src_ip.push_ip(event.src_ip);
        self.src_port.append_option(event.src_port);
        self.assigned_ip.push_ip(event.assigned_ip);
        for (column, value) in self.texts.iter_mut().zip(event.texts()) {
            column.push(value);
        }
        self.mfa_result.push(event.mfa.map(|it| it.result.word()));
        self.country.push(row.place.country_code());
        self.city.push(row.place.city);
        self.asn.append_option(row.place.asn);
        self.network.push(row.place.network.map(NetworkKind::word));
        self.logon_type.append_option(event.logon_type);
    }

    fn finish(&mut self) -> Result<Vec<ArrayRef>, ArrowError> {
        self.rows = 0;
        let mut arrays: Vec<ArrayRef> = vec![
            self.file.finish(),
            Arc::new(self.line.finish()),
            Arc::new(self.record.finish()),
            self.format.finish(),
            Arc::new(self.time.finish().with_timezone("UTC")),
            self.time_assumed.finish(),
            self.service.finish(),
            self.activity.finish(),
            self.outcome.finish(),
            self.reason.finish(),
            self.account.finish(),
            self.src_ip.finish(),
            Arc::new(self.src_port.finish()),
            self.assigned_ip.finish(),
        ];
        let mut method = None;
        for (at, column) in self.texts.iter_mut().enumerate() {
            if at == MFA_METHOD {
                method = Some(column.finish());
            } else {
                arrays.push(column.finish());
            }
        }
        let result = self.mfa_result.finish();
        let stated = result.nulls().cloned();
        let method =
            method.unwrap_or_else(|| arrow_array::new_null_array(&DataType::Utf8, result.len()));
        arrays.push(Arc::new(StructArray::try_new(mfa_fields(), vec![method, result], stated)?));
        arrays.extend([self.country.finish(), self.city.finish()]);
        arrays.push(Arc::new(self.asn.finish()));
        arrays.push(self.network.finish());
        arrays.push(Arc::new(self.logon_type.finish()));
        Ok(arrays)
    }
}
