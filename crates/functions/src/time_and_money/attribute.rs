//! `attribute`: a free extra column out of `attributes`.

use crate::function::{Definition, Kind};
use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringBuilder};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::exec_datafusion_err;
use datafusion::logical_expr::ScalarUDF;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use tenure_schema::zone::Zone;

pub(super) fn function(zone: &Zone) -> ScalarUDF {
    let definition = Definition {
        name: "attribute",
        about: "The value that a JSON object has for a key, as text. Null if an argument is null, the object has no such key or null \
                for it, or the text is no JSON object.",
        parameters: &[
            ("attributes", Kind::Text, "a JSON object, for example the column `attributes`"),
            ("key", Kind::Text, "the key"),
        ],
        returns: DataType::Utf8,
        example: "SELECT attribute('{\"region\":\"EMEA\",\"seats\":12}', 'seats');  -- 12",
    };
    definition.function(zone, |args| {
        let [objects, keys] = args else { return Err(exec_datafusion_err!("attribute takes 2 arguments")) };
        let (objects, keys) = (objects.as_string_view(), keys.as_string_view());
        let mut values = StringBuilder::with_capacity(objects.len(), objects.len() * 8);
        for (object, key) in objects.iter().zip(keys) {
            let value = object.zip(key).and_then(|(object, key)| value(object, key));
            values.append_option(value);
        }
        let values: ArrayRef = Arc::new(values.finish());
        Ok(values)
    })
}

/// The text of a key's value.
fn value(object: &str, key: &str) -> Option<String> {
    let mut json = serde_json::Deserializer::from_str(object);
    let value = Key(key).deserialize(&mut json).ok()?;
    json.end().ok()?;
    match value? {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// Reads one key of an object and skips the others without keeping them.
struct Key<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Option<Value>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Key<'_> {
    type Value = Option<Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut found = None;
        while let Some(key) = map.next_key::<std::borrow::Cow<'_, str>>()? {
            if key == self.0 {
                found = Some(map.next_value()?);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}
