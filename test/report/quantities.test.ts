import { expect, test } from 'vitest';
import { figureText, moneyText } from '../../src/report/quantities.ts';

test('what is little is not said to be nothing', () => {
  expect([0, 0.0034, 0.083, 3.14, 42.4, 1234.5].map((one) => figureText(one))).toEqual(['0', '0.0034', '0.083', '3.1', '42', '1,235']);
  expect([moneyText(0.051, 'USD'), moneyText(0, 'cpu·h')]).toEqual(['$0.051', '0 cpu·h']);
});
