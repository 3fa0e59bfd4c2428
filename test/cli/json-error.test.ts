import { describe, expect, test } from 'vitest';
import { jsonError } from '../../src/cli/json-error.ts';
import { decodeYaml } from '../../src/settings/yaml.ts';

describe('jsonError', () => {
  const wrong: [string, number, number, string][] = [
    ['', 1, 1, 'the text ends where a value should be'],
    ['{"a": 1,}', 1, 9, 'there is "}" where a name in double quotes should be'],
    ['{"a": 1\n "b": 2}', 2, 2, 'there is "\\"" where a comma or } should be'],
    ["{'a': 1}", 1, 2, 'there is "\'" where a name in double quotes or } should be'],
    ['[1, 2', 1, 6, 'the text ends where a comma or ] should be'],
    ['{"a" 1}', 1, 6, 'there is "1" where a colon should be'],
    ['{} x', 1, 4, 'there is "x" where the end should be'],
    ['[01]', 1, 2, 'there is "0" where a value or ] should be'],
    ['{"a": tru}', 1, 7, 'there is "t" where a value should be'],
  ];
  for (const [text, line, column, message] of wrong) {
    test(JSON.stringify(text), () => expect(jsonError(text)).toEqual({ line, column, message }));
  }
  for (const text of ['{}', '[]', ' 1 ', '{"a": [1, -2.5e3, "x\\u00e9", null, true], "b": {}}\n', '"a"']) {
    test(`${JSON.stringify(text)} is JSON`, () => expect(jsonError(text)).toBeUndefined());
  }
  test('agrees with JSON.parse on every cut of a text', () => {
    const text = '{"reads": ["a_1.fq", "b"], "n": -1.5e2, "t": true, "u": {"v": null}} ';
    for (let end = 0; end <= text.length; end++) {
      const cut = text.slice(0, end);
      let parses = true;
      try {
        JSON.parse(cut);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
        parses = false;
      }
      expect({ cut, error: jsonError(cut) === undefined }).toEqual({ cut, error: parses });
    }
  });
});

describe('YAML', () => {
  test('aliases that multiply are refused', () => {
    const laughs = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 12; at++)
      laughs.push(
        `a${at}: &a${at} [${Array(10)
          .fill(`*a${at - 1}`)
          .join(', ')}]`,
      );
    expect(decodeYaml(laughs.join('\n'))).toEqual({ problem: 'its aliases stand for too many values, or for none' });
  });
  test('nesting beyond the stack is refused', () => {
    expect(decodeYaml('['.repeat(200_000))).toHaveProperty('problem');
  });
  test('tags make nothing but plain values', () => {
    expect(decodeYaml('a: !!js/function "x"\nb: !!set {x}\nc: !!binary aGk=')).not.toHaveProperty('value.a.call');
    const decoded = decodeYaml('b: !!set {x}\nc: !!binary aGk=');
    expect(JSON.parse(JSON.stringify(decoded))).toEqual(decoded);
  });
});
