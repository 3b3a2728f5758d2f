//! An aggregate function that collects its rows into a sorted list of structs, which merges with others of its kind.
//!
//! The list is the same whatever the order of rows and the cut into partitions. Given lists it made before, the function
//! merges them: states kept per day add up to the state of a month.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, ListArray, StructArray};
use datafusion::arrow::buffer::OffsetBuffer;
use datafusion::arrow::datatypes::{DataType, Field, FieldRef, Fields};
use datafusion::common::{Result, ScalarValue, internal_err, plan_err};
use datafusion::logical_expr::function::{AccumulatorArgs, StateFieldsArgs};
use datafusion::logical_expr::utils::{AggregateOrderSensitivity, format_state_name};
use datafusion::logical_expr::{Accumulator, AggregateUDF, AggregateUDFImpl, Documentation, Signature};

use super::shape;
use super::words::Words;

/// What has been collected of a group.
pub(crate) trait Collection: Default + std::fmt::Debug + Send + Sync + 'static {
    /// The fields of the list's structs.
    fn fields() -> Fields;
    /// Takes in rows: the function's arguments, or the columns of structs made before.
    fn add(&mut self, columns: &[ArrayRef]);
    /// The columns of the structs, sorted.
    fn columns(&self) -> Vec<ArrayRef>;
    /// The columns of structs that lose nothing when merged; more of them perhaps than in the result.
    fn state(&self) -> Vec<ArrayRef> {
        self.columns()
    }
    /// About how many bytes it holds beside itself.
    fn bytes(&self) -> usize;
}

#[derive(Debug)]
struct Collector<C>(C);

impl<C: Collection> Collector<C> {
    fn merge(&mut self, lists: &ArrayRef) -> Result<()> {
        let Some(lists) = lists.as_list_opt::<i32>() else {
            return internal_err!("a collected state is not a list but {}", lists.data_type());
        };
        for list in lists.iter().flatten() {
            if let Some(structs) = list.as_struct_opt() {
                self.0.add(structs.columns());
            }
        }
        Ok(())
    }
}

fn list<C: Collection>(columns: Vec<ArrayRef>) -> Result<ScalarValue> {
    let structs = StructArray::try_new(C::fields(), columns, None)?;
    let offsets = OffsetBuffer::from_lengths([structs.len()]);
    let item = Arc::new(Field::new_list_field(structs.data_type().clone(), true));
    Ok(ScalarValue::List(Arc::new(ListArray::try_new(item, offsets, Arc::new(structs), None)?)))
}

impl<C: Collection> Accumulator for Collector<C> {
    fn update_batch(&mut self, values: &[ArrayRef]) -> Result<()> {
        match values {
            [lists] if lists.data_type().is_nested() => self.merge(lists),
            columns => {
                self.0.add(columns);
                Ok(())
            }
        }
    }

    fn evaluate(&mut self) -> Result<ScalarValue> {
        list::<C>(self.0.columns())
    }

    fn size(&self) -> usize {
        size_of_val(self) + self.0.bytes()
    }

    fn state(&mut self) -> Result<Vec<ScalarValue>> {
        Ok(vec![list::<C>(self.0.state())?])
    }

    fn merge_batch(&mut self, states: &[ArrayRef]) -> Result<()> {
        states.iter().try_for_each(|lists| self.merge(lists))
    }
}

/// The SQL function.
#[derive(Debug)]
struct Collect {
    words: Words,
    returns: DataType,
    accumulator: fn() -> Box<dyn Accumulator>,
    empty: fn() -> Result<ScalarValue>,
    signature: Signature,
    documentation: Documentation,
}

/// A SQL aggregate function from its words and what it collects.
pub(crate) fn function<C: Collection>(words: Words) -> AggregateUDF {
    AggregateUDF::new_from_impl(Collect {
        returns: shape::list_of(C::fields()),
        accumulator: || Box::new(Collector(C::default())),
        empty: || list::<C>(C::default().columns()),
        signature: words.signature(),
        documentation: words.documentation(),
        words,
    })
}

impl PartialEq for Collect {
    fn eq(&self, other: &Collect) -> bool {
        self.words.name == other.words.name
    }
}

impl Eq for Collect {}

impl Hash for Collect {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words.name.hash(state);
    }
}

impl AggregateUDFImpl for Collect {
    fn name(&self) -> &str {
        self.words.name
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn coerce_types(&self, given: &[DataType]) -> Result<Vec<DataType>> {
        match given {
            [DataType::List(_) | DataType::LargeList(_)] => Ok(vec![self.returns.clone()]),
            _ => self.words.coerce(given),
        }
    }

    fn return_type(&self, _: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn accumulator(&self, call: AccumulatorArgs) -> Result<Box<dyn Accumulator>> {
        if call.is_distinct {
            return plan_err!("{} takes no DISTINCT: fold the rows before", self.words.name);
        }
        Ok((self.accumulator)())
    }

    fn state_fields(&self, call: StateFieldsArgs) -> Result<Vec<FieldRef>> {
        let name = format_state_name(call.name, self.words.name);
        Ok(vec![Arc::new(Field::new(name, self.returns.clone(), true))])
    }

    fn order_sensitivity(&self) -> AggregateOrderSensitivity {
        AggregateOrderSensitivity::Insensitive
    }

    fn default_value(&self, _: &DataType) -> Result<ScalarValue> {
        (self.empty)()
    }

    fn documentation(&self) -> Option<&Documentation> {
        Some(&self.documentation)
    }
}
