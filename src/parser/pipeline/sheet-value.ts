/** The rows that a plugin reads from a sheet: unknown to the evaluator, but it is known which file they are in. */
import { flowing, UnknownValue, type Value } from '../evaluate/value.ts';

/** What `samplesheetToList(sheet, schema)` gives (nf-schema): a list of a meta map and the other columns, one for each row. */
export class SheetValue extends UnknownValue {
  readonly sheet: Value;
  readonly schema: Value;
  constructor(sheet: Value, schema: Value) {
    super('the rows of a sheet', { carries: [...flowing(sheet), ...flowing(schema)] });
    this.sheet = sheet;
    this.schema = schema;
  }
}
