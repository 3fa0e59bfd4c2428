/**
 * What kinds of token there are. Plain numbers, since tokens sit in integer arrays; typed `number`, not as literals, since
 * the parser moves on between two looks at the current kind. The order carries meaning:
 * trivia first (`kind <= LAST_TRIVIA`), words last (`kind >= NAME`: anything that may be a property name or a map key).
 */

/** Behind the last token of a text. Never in `Tokens`. */
export const END: number = 0;

// trivia: blanks, comments, and what is no token at all
export const BLANK: number = 1;
export const NEWLINE: number = 2;
export const LINE_COMMENT: number = 3;
export const BLOCK_COMMENT: number = 4;
export const UNTERMINATED_COMMENT: number = 5;
export const SHEBANG: number = 6;
export const INVALID: number = 7;
export const LAST_TRIVIA: number = INVALID;

/** A whole string without interpolation, in any quotes. */
export const STRING: number = 8;
/** The opening quotes of a string with interpolation; texts, paths and `${ … }` follow, then STRING_END. */
export const STRING_BEGIN: number = 9;
export const STRING_TEXT: number = 10;
export const STRING_END: number = 11;
/** `$a.b` in a string. */
export const STRING_PATH: number = 12;
/** `${` in a string; its `}` is INTERPOLATION_END. */
export const INTERPOLATION_BEGIN: number = 13;
export const INTERPOLATION_END: number = 14;
export const UNTERMINATED_STRING: number = 15;
export const NUMBER: number = 16;

export const LEFT_PAREN: number = 17;
export const RIGHT_PAREN: number = 18;
export const LEFT_BRACKET: number = 19;
export const RIGHT_BRACKET: number = 20;
export const LEFT_BRACE: number = 21;
export const RIGHT_BRACE: number = 22;
export const COMMA: number = 23;
export const SEMICOLON: number = 24;
export const COLON: number = 25;
export const QUESTION: number = 26;
export const ELVIS: number = 27;
export const ARROW: number = 28;
export const AT: number = 29;
export const ELLIPSIS: number = 30;
export const DOT: number = 31;
/** `?.` and `??.` */
export const SAFE_DOT: number = 32;
export const SPREAD_DOT: number = 33;
/** `.@` */
export const FIELD_DOT: number = 34;
/** `.&` */
export const METHOD_POINTER: number = 35;
/** `::` */
export const METHOD_REFERENCE: number = 36;
export const ASSIGN: number = 37;
/** `+=`, `?=` … */
export const COMPOUND_ASSIGN: number = 38;
export const NOT: number = 39;
export const TILDE: number = 40;
/** `++`, `--` */
export const INCREMENT: number = 41;

// binary operators
export const POWER: number = 42;
export const STAR: number = 43;
export const SLASH: number = 44;
export const PERCENT: number = 45;
export const PLUS: number = 46;
export const MINUS: number = 47;
export const SHIFT_LEFT: number = 48;
/** `>>`, `>>>`; also two or three closing angles of a type. */
export const SHIFT_RIGHT: number = 49;
/** `..`, `..<`, `<..`, `<..<` */
export const RANGE: number = 50;
export const LESS: number = 51;
export const GREATER: number = 52;
/** `<=`, `>=` */
export const RELATION: number = 53;
export const NOT_IN: number = 54;
export const NOT_INSTANCEOF: number = 55;
/** `==`, `!=`, `===`, `!==`, `<=>` */
export const EQUALITY: number = 56;
/** `=~`, `==~` */
export const MATCH: number = 57;
export const AMPERSAND: number = 58;
export const CARET: number = 59;
export const BAR: number = 60;
/** `|>` (experimental) */
export const PIPE: number = 61;
export const AND: number = 62;
export const OR: number = 63;

// words: from here on, everything is spelled like a name
export const NAME: number = 64;
// ordinary names but for one place in which each means more
export const PROCESS: number = 65;
export const WORKFLOW: number = 66;
export const INCLUDE: number = 67;
export const PARAMS: number = 68;
export const OUTPUT: number = 69;
export const RECORD: number = 70;
export const TRAIT: number = 71;
export const AGENT: number = 72;
export const LAST_CONTEXTUAL: number = AGENT;
// literals and receivers
export const NULL: number = 73;
export const TRUE: number = 74;
export const FALSE: number = 75;
export const THIS: number = 76;
export const SUPER: number = 77;
export const LAST_OPERAND_WORD: number = SUPER;
export const NEW: number = 78;
/** `boolean byte char double float int long short void` */
export const PRIMITIVE: number = 79;
// operators that are words
export const IN: number = 80;
export const AS: number = 81;
export const INSTANCEOF: number = 82;
// statements and declarations
export const DEF: number = 83;
export const STATIC: number = 84;
/** `final private public protected abstract synchronized transient volatile native strictfp` */
export const MODIFIER: number = 85;
export const IF: number = 86;
export const ELSE: number = 87;
export const FOR: number = 88;
export const WHILE: number = 89;
export const DO: number = 90;
export const SWITCH: number = 91;
export const CASE: number = 92;
export const DEFAULT: number = 93;
export const TRY: number = 94;
export const CATCH: number = 95;
export const FINALLY: number = 96;
export const RETURN: number = 97;
export const THROW: number = 98;
export const ASSERT: number = 99;
export const BREAK: number = 100;
export const CONTINUE: number = 101;
export const IMPORT: number = 102;
export const PACKAGE: number = 103;
export const CLASS: number = 104;
export const INTERFACE: number = 105;
export const ENUM: number = 106;
export const EXTENDS: number = 107;
export const IMPLEMENTS: number = 108;
export const THROWS: number = 109;

export const KIND_COUNT: number = 110;

/** Words that are more than a NAME. */
export const WORD_KINDS: readonly (readonly [word: string, kind: number])[] = [
  ['process', PROCESS],
  ['workflow', WORKFLOW],
  ['include', INCLUDE],
  ['params', PARAMS],
  ['output', OUTPUT],
  ['record', RECORD],
  ['trait', TRAIT],
  ['agent', AGENT],
  ['null', NULL],
  ['true', TRUE],
  ['false', FALSE],
  ['this', THIS],
  ['super', SUPER],
  ['new', NEW],
  ['boolean', PRIMITIVE],
  ['byte', PRIMITIVE],
  ['char', PRIMITIVE],
  ['double', PRIMITIVE],
  ['float', PRIMITIVE],
  ['int', PRIMITIVE],
  ['long', PRIMITIVE],
  ['short', PRIMITIVE],
  ['void', PRIMITIVE],
  ['in', IN],
  ['as', AS],
  ['instanceof', INSTANCEOF],
  ['def', DEF],
  ['static', STATIC],
  ['final', MODIFIER],
  ['private', MODIFIER],
  ['public', MODIFIER],
  ['protected', MODIFIER],
  ['abstract', MODIFIER],
  ['synchronized', MODIFIER],
  ['transient', MODIFIER],
  ['volatile', MODIFIER],
  ['native', MODIFIER],
  ['strictfp', MODIFIER],
  ['if', IF],
  ['else', ELSE],
  ['for', FOR],
  ['while', WHILE],
  ['do', DO],
  ['switch', SWITCH],
  ['case', CASE],
  ['default', DEFAULT],
  ['try', TRY],
  ['catch', CATCH],
  ['finally', FINALLY],
  ['return', RETURN],
  ['throw', THROW],
  ['assert', ASSERT],
  ['break', BREAK],
  ['continue', CONTINUE],
  ['import', IMPORT],
  ['package', PACKAGE],
  ['class', CLASS],
  ['interface', INTERFACE],
  ['enum', ENUM],
  ['extends', EXTENDS],
  ['implements', IMPLEMENTS],
  ['throws', THROWS],
];
