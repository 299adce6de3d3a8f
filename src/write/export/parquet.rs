//! The tables as Parquet, one file a table: typed columns, compressed with Snappy.

use super::package::{self, file_name};
use super::rows::{Cell, Sink};
use super::tables::{Column, Of, TABLES, Table, Type};
use super::{ExportError, Tables};
use crate::write::Folder;
use ::parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use ::parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use ::parquet::schema::types::{Type as Node, TypePtr};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

const EXTENSION: &str = "parquet";

/// A row group is written when so many bytes of a table are held, or so many rows.
const MOST_BYTES: usize = 4 << 20;
const MOST_ROWS: usize = 100_000;

pub(super) struct Files {
    folder: Folder,
    tables: Vec<Held>,
}

/// A table's file, and the rows that are not yet in it.
struct Held {
    writer: SerializedFileWriter<BufWriter<File>>,
    columns: Vec<Values>,
    rows: usize,
    bytes: usize,
}

/// The values of a column that are not null.
enum Filled {
    Integers(Vec<i64>),
    Reals(Vec<f64>),
    Booleans(Vec<bool>),
    Texts(Vec<ByteArray>),
}

/// A column of the rows that are held.
struct Values {
    filled: Filled,
    /// For each row 1, or 0 where it is null; empty where the column has no nulls.
    levels: Vec<i16>,
    nullable: bool,
}

impl Files {
    /// # Errors
    /// What the file system says.
    pub fn new(root: &Path) -> Result<Self, ExportError> {
        let folder = Folder::new(root)?;
        // By default the writer states its own version and how it was built.
        let properties: WriterPropertiesPtr = Arc::new(
            WriterProperties::builder()
                .set_created_by(concat!("keikaku version ", env!("CARGO_PKG_VERSION")).to_owned())
                .set_compression(Compression::SNAPPY)
                .build(),
        );
        let mut tables = Vec::new();
        for table in TABLES {
            let file = folder.create(&file_name(table, EXTENSION))?;
            let writer = SerializedFileWriter::new(file, schema(table)?, Arc::clone(&properties))?;
            let columns = table.columns().map(Values::new).collect();
            tables.push(Held { writer, columns, rows: 0, bytes: 0 });
        }
        Ok(Files { folder, tables })
    }
}

impl Sink for Files {
    fn row(&mut self, table: Of, cells: &[Cell<'_>]) -> Result<(), ExportError> {
        let held = &mut self.tables[table.index()];
        for (column, cell) in held.columns.iter_mut().zip(cells) {
            held.bytes += column.push(cell);
        }
        held.rows += 1;
        if held.rows >= MOST_ROWS || held.bytes >= MOST_BYTES {
            held.flush()?;
        }
        Ok(())
    }
}

impl Tables for Files {
    fn finish(self) -> Result<(), ExportError> {
        for mut held in self.tables {
            held.flush()?;
            held.writer.into_inner()?.flush()?;
        }
        package::write(&self.folder, EXTENSION)?;
        Ok(self.folder.finish()?)
    }
}

impl Held {
    /// Writes what is held as a row group.
    fn flush(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for column in &mut self.columns {
            let writer = group.next_column()?.ok_or_else(|| ParquetError::General("a column too many".to_owned()))?;
            column.write(writer)?;
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

impl Values {
    fn new(column: &Column) -> Self {
        let filled = match column.holds {
            Type::Integer => Filled::Integers(Vec::new()),
            Type::Real => Filled::Reals(Vec::new()),
            Type::Boolean => Filled::Booleans(Vec::new()),
            Type::Text => Filled::Texts(Vec::new()),
        };
        Values { filled, levels: Vec::new(), nullable: column.nullable }
    }

    /// Takes a cell; gives about how many bytes it takes.
    fn push(&mut self, cell: &Cell<'_>) -> usize {
        if self.nullable {
            self.levels.push(i16::from(*cell != Cell::Null));
        }
        match (&mut self.filled, cell) {
            (_, Cell::Null) => 2,
            (Filled::Integers(values), Cell::Integer(number)) => {
                values.push(*number);
                10
            }
            (Filled::Reals(values), Cell::Real(number)) => {
                values.push(*number);
                10
            }
            (Filled::Booleans(values), Cell::Boolean(is)) => {
                values.push(*is);
                3
            }
            (Filled::Texts(values), Cell::Text(text)) => {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
                text.len() + size_of::<ByteArray>()
            }
            _ => unreachable!("rows have the types of their table"),
        }
    }

    fn write(&mut self, writer: SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
        let levels = self.nullable.then_some(self.levels.as_slice());
        match &mut self.filled {
            Filled::Integers(values) => write::<Int64Type>(writer, values, levels)?,
            Filled::Reals(values) => write::<DoubleType>(writer, values, levels)?,
            Filled::Booleans(values) => write::<BoolType>(writer, values, levels)?,
            Filled::Texts(values) => write::<ByteArrayType>(writer, values, levels)?,
        }
        self.levels.clear();
        Ok(())
    }
}

fn write<T: DataType>(
    mut writer: SerializedColumnWriter<'_>,
    values: &mut Vec<T::T>,
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    writer.typed::<T>().write_batch(values, levels, None)?;
    values.clear();
    writer.close()
}

fn schema(table: &Table) -> Result<TypePtr, ParquetError> {
    let column = |column: &Column| {
        let (physical, logical) = match column.holds {
            Type::Integer => (Physical::INT64, None),
            Type::Real => (Physical::DOUBLE, None),
            Type::Boolean => (Physical::BOOLEAN, None),
            Type::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let repetition = if column.nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let node = Node::primitive_type_builder(column.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()?;
        Ok(Arc::new(node))
    };
    let fields = table.columns().map(column).collect::<Result<_, ParquetError>>()?;
    Ok(Arc::new(Node::group_type_builder(table.name).with_fields(fields).build()?))
}
