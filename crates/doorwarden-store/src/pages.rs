//! From the columns of a row group to pages in the file.
//!
//! The crate `parquet` writes the file around the pages; the pages are made here, because rows come in one by one and
//! most of their values are already known by a number. Each column is one page, with a dictionary before it where its
//! values are texts. Nothing is compressed: packed numbers hardly shrink any more.

use std::io::Write;

use bytes::Bytes;
use parquet::{
    basic::Encoding,
    column::{
        page::{CompressedPage, Page, PageWriter as _},
        writer::ColumnCloseResult,
    },
    errors::{ParquetError, Result},
    file::{
        metadata::ColumnChunkMetaData,
        statistics::Statistics,
        writer::{
            SerializedFileWriter, SerializedPageWriter, SerializedRowGroupWriter, TrackedWrite,
        },
    },
    schema::types::SchemaDescriptor,
};

use crate::{
    bits,
    column::{Coded, Dictionary, NumberColumn, Present, StepColumn},
};

/// Which rows of a column have a value.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Levels<'a> {
    /// All of them.
    All,
    /// These.
    Some(&'a Present),
    /// The second ones, of rows that have the structure around the value, which are the first ones.
    Inside(&'a Present, &'a Present),
}

impl Levels<'_> {
    /// Appends them as a data page begins.
    fn write(self, rows: usize, page: &mut Vec<u8>) {
        let start = page.len();
        page.extend_from_slice(&[0; 4]);
        match self {
            Self::All => {
                page.truncate(start);
                return;
            }
            Self::Some(present) if present.count() == rows => bits::run(1, rows, 1, page),
            Self::Some(present) if present.count() == 0 => bits::run(0, rows, 1, page),
            Self::Some(present) => bits::flags(present.words(), rows, page),
            Self::Inside(around, own) => {
                let level = |row| u32::from(around.has(row)) + u32::from(own.has(row));
                bits::hybrid(&(0..rows).map(level).collect::<Vec<_>>(), 2, page);
            }
        }
        let len = u32::try_from(page.len() - start - 4).unwrap_or(0);
        if let Some(slot) = page.get_mut(start..start + 4) {
            slot.copy_from_slice(&len.to_le_bytes());
        }
    }
}

/// The page of one column.
struct Data<'a> {
    dictionary: Option<&'a Dictionary>,
    encoding: Encoding,
    page: Vec<u8>,
    statistics: Option<Statistics>,
}

/// Writes the columns of one row group, one after the other in the order of the schema.
pub(crate) struct RowGroup<'w, W: Write + Send> {
    schema: std::sync::Arc<parquet::schema::types::Type>,
    group: SerializedRowGroupWriter<'w, W>,
    rows: usize,
    column: usize,
}

impl<'w, W: Write + Send> RowGroup<'w, W> {
    /// Starts a row group of `rows`.
    pub(crate) fn new(file: &'w mut SerializedFileWriter<W>, rows: usize) -> Result<Self> {
        let schema = file.schema_descr().root_schema_ptr();
        Ok(Self { schema, group: file.next_row_group()?, rows, column: 0 })
    }

    /// Writes a column of texts that are known by numbers.
    pub(crate) fn coded(&mut self, levels: Levels<'_>, coded: &Coded) -> Result<()> {
        let mut page = Vec::with_capacity(coded.codes.len() * 2 + self.rows / 8 + 16);
        levels.write(self.rows, &mut page);
        let width = bits::width_of(coded.dictionary.count);
        let (mut dictionary, mut encoding) = (None, Encoding::PLAIN);
        if !coded.codes.is_empty() {
            page.push(width.to_le_bytes()[0]);
            bits::hybrid(&coded.codes, width, &mut page);
            (dictionary, encoding) = (Some(&coded.dictionary), Encoding::RLE_DICTIONARY);
        }
        self.write(Data { dictionary, encoding, page, statistics: None })
    }

    /// Writes a column of texts that may be absent.
    pub(crate) fn optional(&mut self, coded: &Coded) -> Result<()> {
        self.coded(Levels::Some(&coded.present), coded)
    }

    /// Writes a column of optional numbers.
    pub(crate) fn numbers(&mut self, column: &NumberColumn) -> Result<()> {
        let mut page = Vec::with_capacity(column.values.len() + self.rows / 8 + 16);
        Levels::Some(&column.present).write(self.rows, &mut page);
        page.extend_from_slice(&column.values);
        self.write(Data { dictionary: None, encoding: Encoding::PLAIN, page, statistics: None })
    }

    /// Writes a column of numbers that change little from one to the next.
    pub(crate) fn steps(&mut self, levels: Levels<'_>, column: &StepColumn) -> Result<()> {
        let mut page = Vec::with_capacity(column.values.len() * 2 + self.rows / 8 + 16);
        levels.write(self.rows, &mut page);
        bits::delta(&column.values, &mut page);
        let (least, most) = (column.values.iter().min(), column.values.iter().max());
        let nulls = (self.rows - column.values.len()) as u64;
        let statistics = Statistics::new(least.copied(), most.copied(), None, Some(nulls), false);
        self.write(Data {
            dictionary: None,
            encoding: Encoding::DELTA_BINARY_PACKED,
            page,
            statistics: Some(statistics),
        })
    }

    /// Ends the row group.
    pub(crate) fn finish(self) -> Result<()> {
        self.group.close().map(drop)
    }

    fn write(&mut self, data: Data<'_>) -> Result<()> {
        let descriptor = SchemaDescriptor::new(self.schema.clone()).column(self.column);
        self.column += 1;
        let mut sink = TrackedWrite::new(Vec::new());
        let mut writer = SerializedPageWriter::new(&mut sink);
        let mut encodings = vec![data.encoding, Encoding::RLE];
        if let Some(dictionary) = data.dictionary {
            writer.write_page(dictionary_page(dictionary))?;
            encodings.push(Encoding::PLAIN);
        }
        let num_values = u32::try_from(self.rows)
            .map_err(|_| ParquetError::General("too many rows in a group".to_owned()))?;
        let written = writer.write_page(data_page(data.page, num_values, data.encoding))?;
        writer.close()?;
        let bytes = sink.into_inner()?;
        let size = bytes.len() as u64;
        let offset = written.offset.cast_signed();
        let mut metadata = ColumnChunkMetaData::builder(descriptor)
            .set_encodings(encodings)
            .set_num_values(i64::from(num_values))
            .set_total_compressed_size(size.cast_signed())
            .set_total_uncompressed_size(size.cast_signed())
            .set_dictionary_page_offset(data.dictionary.map(|_| 0))
            .set_data_page_offset(offset);
        if let Some(statistics) = data.statistics {
            metadata = metadata.set_statistics(statistics);
        }
        let close = ColumnCloseResult {
            bytes_written: size,
            rows_written: u64::from(num_values),
            metadata: metadata.build()?,
            bloom_filter: None,
            column_index: None,
            offset_index: None,
        };
        self.group.append_column(&Bytes::from(bytes), close)
    }
}

fn dictionary_page(dictionary: &Dictionary) -> CompressedPage {
    let page = Page::DictionaryPage {
        buf: Bytes::copy_from_slice(&dictionary.page),
        num_values: dictionary.count,
        encoding: Encoding::PLAIN,
        is_sorted: false,
    };
    CompressedPage::new(page, dictionary.page.len())
}

fn data_page(page: Vec<u8>, num_values: u32, encoding: Encoding) -> CompressedPage {
    let size = page.len();
    let page = Page::DataPage {
        buf: page.into(),
        num_values,
        encoding,
        def_level_encoding: Encoding::RLE,
        rep_level_encoding: Encoding::RLE,
        statistics: None,
    };
    CompressedPage::new(page, size)
}
