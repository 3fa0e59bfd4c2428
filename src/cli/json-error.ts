/** Where and why a text is not JSON. Node's own message names a place only sometimes. */

export interface JsonError {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

type State = 'value' | 'value or ]' | 'name' | 'name or }' | ':' | ', or }' | ', or ]' | 'end';
const EXPECTED: Readonly<Record<State, string>> = {
  value: 'a value',
  'value or ]': 'a value or ]',
  name: 'a name in double quotes',
  'name or }': 'a name in double quotes or }',
  ':': 'a colon',
  ', or }': 'a comma or }',
  ', or ]': 'a comma or ]',
  end: 'the end',
};
const TOKEN =
  /[ \t\r\n]*(?:("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])|([{}[\]:,]))/y;

/** undefined when the text is JSON. */
export function jsonError(text: string): JsonError | undefined {
  const open: ('{' | '[')[] = [];
  let state: State = 'value';
  const afterValue = (): State => (open.length === 0 ? 'end' : open.at(-1) === '{' ? ', or }' : ', or ]');
  TOKEN.lastIndex = 0;
  for (;;) {
    const from: number = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) {
      const at = from + (/^[ \t\r\n]*/.exec(text.slice(from))?.[0].length ?? 0);
      return at >= text.length && state === 'end' ? undefined : errorAt(text, at, state);
    }
    const [whole, string, scalar, sign] = match;
    const at = from + whole.length - (string ?? scalar ?? sign ?? '').length;
    const wantsValue = state === 'value' || state === 'value or ]';
    const wantsName = state === 'name' || state === 'name or }';
    if (string !== undefined && wantsName) state = ':';
    else if ((string !== undefined || scalar !== undefined) && wantsValue) state = afterValue();
    else if (sign === '{' && wantsValue) {
      open.push('{');
      state = 'name or }';
    } else if (sign === '[' && wantsValue) {
      open.push('[');
      state = 'value or ]';
    } else if (
      (sign === '}' && (state === 'name or }' || state === ', or }')) ||
      (sign === ']' && (state === 'value or ]' || state === ', or ]'))
    ) {
      open.pop();
      state = afterValue();
    } else if (sign === ':' && state === ':') state = 'value';
    else if (sign === ',' && state === ', or }') state = 'name';
    else if (sign === ',' && state === ', or ]') state = 'value';
    else return errorAt(text, at, state);
  }
}

function errorAt(text: string, at: number, state: State): JsonError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const found = at >= text.length ? 'the text ends' : `there is ${JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0))}`;
  return { line, column: at - before.lastIndexOf('\n'), message: `${found} where ${EXPECTED[state]} should be` };
}
