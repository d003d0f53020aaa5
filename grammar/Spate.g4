grammar Spate;
file: WORD* EOF;
WORD: [a-z]+;
WS: [ \t\r\n]+ -> skip;
ERROR_CHAR: .;
