// The grammar of Spate: rule files and rule tests.
//
// What it keeps to, and why:
// * No actions and no predicates: meaning is given by typed functions over the tree
//   (compiler/syntax/antlr), which also refuse what is well formed but means nothing, with a text.
// * It parses with SLL and two tokens of look-ahead (three in `emit` labels). So `if` stands only at
//   the top of an expression or in parentheses, and braces only where a record may stand.
// * Every other word but the reserved ones is a name wherever a name can stand: rule `name`.
// * Every token is named (K_ for words), so that messages never show `T__12`. ERROR_CHAR is last, so
//   the lexer itself has no errors; BAD_* and UNTERMINATED_* match the longest wrong text as one.
// Tested by tests/compiler/syntax.
grammar Spate;

// ---- files ------------------------------------------------------------------------------------

file : declaration* EOF ;

declaration : annotation* declarationBody ;

annotation : AT_SIGN name (LPAREN (expr (COMMA expr)* COMMA?)? RPAREN)? ;

declarationBody
  : K_IMPORT text                                                        # importDecl
  | K_PARAM name (COLON typeExpr)? ASSIGN expr                           # paramDecl
  | K_CONST name (COLON typeExpr)? ASSIGN expr                           # constDecl
  | K_FN name LPAREN (fnParam (COMMA fnParam)* COMMA?)? RPAREN
      (ARROW typeExpr)? ASSIGN expr                                      # fnDecl
  | K_TABLE name fieldBlock                                              # tableDecl
  | eventModifier* K_EVENT name (K_AT name)? fieldBlock                  # eventDecl
  | K_EVENT name ASSIGN alternation                                      # viewDecl
  | K_EVENT name K_EVERY period clockOption*                             # clockDecl
  | ruleHead clause* RBRACE                                              # ruleDecl
  | testHead testStatement* RBRACE                                       # testDecl
  ;

eventModifier : K_SPARSE | K_INTERNAL ;
fnParam : label COLON typeExpr ;
fieldBlock : LBRACE (field (COMMA field)* COMMA?)? RBRACE ;
field : label COLON typeExpr K_KEY? (ASSIGN expr)? ;
clockOption : K_OFFSET period | K_ZONE text ;

typeExpr
  : name QUESTION?                                                       # scalarType
  | LBRACK typeExpr RBRACK QUESTION?                                     # listType
  | fieldBlock QUESTION?                                                 # recordType
  ;

// ---- rules ------------------------------------------------------------------------------------

// A rule's clauses are also parsed one by one, so that a fault in one leaves the others whole.
ruleHead : K_RULE name LBRACE ;

clause
  : K_FROM alternation                                                   # fromClause
  | K_MATCH sequence                                                     # matchClause
  | R_WHERE expr                                                         # whereClause
  | K_BY key (COMMA key)*                                                # byClause
  | bound                                                                # boundClause
  | K_WINDOW window                                                      # windowClause
  | K_UNTIL alternation                                                  # untilClause
  | K_HAVING expr (K_FOR period)?                                        # havingClause
  | K_REPORT (K_EACH | K_LONGEST)                                        # reportClause
  | K_AFTER K_MATCH skipPolicy                                           # afterMatchClause
  | K_KEEP (K_ALL | K_LATEST | K_FIRST)                                  # keepClause
  | K_LIMIT expr (K_PER period | K_EVER)                                 # limitClause
  | K_ON K_CHANGE                                                        # onChangeClause
  | K_EMIT K_SUMMARY? name emitBlock                                     # emitClause
  | R_ELSE K_EMIT name emitBlock                                         # elseEmitClause
  | K_ON K_TIMEOUT K_EMIT name emitBlock                                 # onTimeoutClause
  ;

key : expr (ASSIGN expr)* (K_AS name)? ;

bound : K_WITHIN period | K_GAP period ;

window
  : K_TUMBLING period windowOption*                                      # tumblingWindow
  | K_SLIDING period windowOption*                                       # slidingWindow
  | K_HOPPING period windowOption*                                       # hoppingWindow
  | K_SESSION period windowOption*                                       # sessionWindow
  | K_ENDING alternation                                                 # endingWindow
  | K_UNBOUNDED                                                          # unboundedWindow
  ;
windowOption : K_EVERY period | K_OFFSET period | K_ZONE text | K_MAX period ;

// `5m`, `3 events`, `1 day`: which of them a place takes is said when the tree is read.
period : expr periodUnit? ;
periodUnit
  : K_EVENTS | K_DAY | K_DAYS | K_WEEK | K_WEEKS | K_MONTH | K_MONTHS | K_YEAR | K_YEARS ;

skipPolicy
  : K_SKIP K_PAST K_LAST K_EVENT                                         # skipPastLastEvent
  | K_SKIP K_TO K_FIRST name                                             # skipToFirst
  | K_SKIP K_TO K_LAST name                                              # skipToLast
  | K_SKIP K_TO K_NEXT K_EVENT                                           # skipToNextEvent
  | K_NO K_SKIP                                                          # noSkip
  ;

emitBlock : LBRACE (emitField (COMMA emitField)* COMMA?)? RBRACE ;
emitField
  : label (DOT label)* COLON emitBlock                                   # recordField
  | label (DOT label)* COLON expr                                        # labelledField
  | expr                                                                 # plainField
  ;

// ---- patterns ---------------------------------------------------------------------------------

sequence : alternation (sequenceOp alternation)* ;
sequenceOp : ARROW | DOUBLE_ARROW | COMMA ;
alternation : permutation (PIPE permutation)* ;
permutation : element (AMPERSAND element)* ;
element
  : R_NOT repeated banTail?                                              # ban
  | repeated                                                             # plainElement
  ;
banTail : K_FOR period | K_BEFORE expr | K_EVER ;

repeated : (label COLON)? atom quantifier? contiguity? ;
atom
  : name (LBRACK expr RBRACK)?                                           # stepAtom
  | LPAREN sequence bound* RPAREN                                        # groupAtom
  ;
quantifier
  : PLUS QUESTION?                                                       # plusQuantifier
  | STAR QUESTION?                                                       # starQuantifier
  | QUESTION QUESTION?                                                   # optionalQuantifier
  | COALESCE                                                             # optionalReluctantQuantifier
  | LBRACE count RBRACE QUESTION?                                        # exactQuantifier
  | LBRACE count COMMA count? RBRACE QUESTION?                           # rangeQuantifier
  | LBRACE COMMA count RBRACE QUESTION?                                  # atMostQuantifier
  ;
count : INT | name ;
contiguity : K_STRICT | K_RELAXED | K_ANY ;

// ---- expressions ------------------------------------------------------------------------------

expr
  : R_IF expr R_THEN expr R_ELSE expr                                    # ifExpr
  | condition (R_UNLESS condition)*                                      # unlessExpr
  ;

condition
  : R_NOT condition                                                      # notCondition
  | condition R_AND condition                                            # andCondition
  | condition R_OR condition                                             # orCondition
  | value comparison*                                                    # comparisonCondition
  ;

comparison
  : comparisonOp value                                                   # plainComparison
  | R_NOT? wordOp value                                                  # wordComparison
  | R_NOT? R_BETWEEN value R_AND value                                   # betweenComparison
  | R_IS R_NOT? (R_NULL | R_TRUE | R_FALSE)                              # isComparison
  ;
comparisonOp : EQ | NE | LT | LE | GT | GE | EQ_FOLD | NE_FOLD ;
wordOp : R_IN | IN_FOLD | R_LIKE | LIKE_FOLD | R_MATCHES | MATCHES_FOLD ;

value
  : value DOT label                                                      # memberValue
  | value LBRACK expr RBRACK                                             # indexValue
  | MINUS value                                                          # negatedValue
  | value (STAR | SLASH | PERCENT) value                                 # productValue
  | value (PLUS | MINUS) value                                           # sumValue
  | value COALESCE value                                                 # coalesceValue
  | name LPAREN (argument (COMMA argument)* COMMA?)? RPAREN              # callValue
  | name                                                                 # nameValue
  | literal                                                              # literalValue
  | LBRACK (expr (COMMA expr)* COMMA?)? RBRACK                           # listValue
  | LPAREN expr RPAREN                                                   # parenthesizedValue
  ;

argument
  : name FAT_ARROW expr                                                  # lambdaArgument
  | expr (R_WHERE expr)?                                                 # plainArgument
  ;

literal
  : INT                                                                  # intLiteral
  | FLOAT                                                                # floatLiteral
  | DURATION                                                             # durationLiteral
  | TIME                                                                 # timeLiteral
  | text                                                                 # textLiteral
  | R_TRUE                                                               # trueLiteral
  | R_FALSE                                                              # falseLiteral
  | R_NULL                                                               # nullLiteral
  ;
text : TEXT | RAW_TEXT ;

// ---- tests ------------------------------------------------------------------------------------

testHead : K_TEST text (K_FOR name (COMMA name)*)? LBRACE ;

testStatement
  : (K_AT testTime)? eventLiteral (K_TIMES expr)? (K_EVERY expr)?        # feedStmt
  | K_AT testTime K_ADVANCE                                              # advanceStmt
  | K_EXPECT K_NOTHING                                                   # expectNothingStmt
  | K_EXPECT text                                                        # expectFileStmt
  | K_EXPECT (K_AT testTime)? eventLiteral                               # expectStmt
  | K_ALLOW name                                                         # allowStmt
  | K_EVENTS text                                                        # eventsFileStmt
  | K_PARAM name ASSIGN expr                                             # testParamStmt
  | K_LATENESS expr                                                      # latenessStmt
  | K_TABLE name emitBlock                                               # testTableStmt
  | K_CASE text LBRACE testStatement* RBRACE                             # caseStmt
  ;
testTime : PLUS? (DURATION | TIME) ;
eventLiteral : name emitBlock ;

// ---- names ------------------------------------------------------------------------------------

// After a `.` and before a `:` the reserved words are names too.
label : name | reserved ;

reserved
  : R_AND | R_OR | R_NOT | R_IN | R_IS | R_BETWEEN | R_LIKE | R_MATCHES | R_UNLESS | R_IF | R_THEN
  | R_ELSE | R_TRUE | R_FALSE | R_NULL | R_WHERE ;

name
  : NAME | QUOTED_NAME
  | K_ADVANCE | K_AFTER | K_ALL | K_ALLOW | K_ANY | K_AS | K_AT | K_BEFORE | K_BY | K_CASE
  | K_CHANGE | K_CONST | K_DAY | K_DAYS | K_EACH | K_EMIT | K_ENDING | K_EVENT | K_EVENTS | K_EVER
  | K_EVERY | K_EXPECT | K_FIRST | K_FN | K_FOR | K_FROM | K_GAP | K_HAVING | K_HOPPING | K_IMPORT
  | K_INTERNAL | K_KEEP | K_KEY | K_LAST | K_LATENESS | K_LATEST | K_LIMIT | K_LONGEST | K_MATCH
  | K_MAX | K_MONTH | K_MONTHS | K_NEXT | K_NO | K_NOTHING | K_OFFSET | K_ON | K_PARAM | K_PAST
  | K_PER | K_RELAXED | K_REPORT | K_RULE | K_SESSION | K_SKIP | K_SLIDING | K_SPARSE | K_STRICT
  | K_SUMMARY | K_TABLE | K_TEST | K_TIMEOUT | K_TIMES | K_TO | K_TUMBLING | K_UNBOUNDED | K_UNTIL
  | K_WEEK | K_WEEKS | K_WINDOW | K_WITHIN | K_YEAR | K_YEARS | K_ZONE ;

// ---- tokens -----------------------------------------------------------------------------------

R_AND : 'and' ;
R_OR : 'or' ;
R_NOT : 'not' ;
R_IN : 'in' ;
R_IS : 'is' ;
R_BETWEEN : 'between' ;
R_LIKE : 'like' ;
R_MATCHES : 'matches' ;
R_UNLESS : 'unless' ;
R_IF : 'if' ;
R_THEN : 'then' ;
R_ELSE : 'else' ;
R_TRUE : 'true' ;
R_FALSE : 'false' ;
R_NULL : 'null' ;
R_WHERE : 'where' ;

K_ADVANCE : 'advance' ;
K_AFTER : 'after' ;
K_ALL : 'all' ;
K_ALLOW : 'allow' ;
K_ANY : 'any' ;
K_AS : 'as' ;
K_AT : 'at' ;
K_BEFORE : 'before' ;
K_BY : 'by' ;
K_CASE : 'case' ;
K_CHANGE : 'change' ;
K_CONST : 'const' ;
K_DAY : 'day' ;
K_DAYS : 'days' ;
K_EACH : 'each' ;
K_EMIT : 'emit' ;
K_ENDING : 'ending' ;
K_EVENT : 'event' ;
K_EVENTS : 'events' ;
K_EVER : 'ever' ;
K_EVERY : 'every' ;
K_EXPECT : 'expect' ;
K_FIRST : 'first' ;
K_FN : 'fn' ;
K_FOR : 'for' ;
K_FROM : 'from' ;
K_GAP : 'gap' ;
K_HAVING : 'having' ;
K_HOPPING : 'hopping' ;
K_IMPORT : 'import' ;
K_INTERNAL : 'internal' ;
K_KEEP : 'keep' ;
K_KEY : 'key' ;
K_LAST : 'last' ;
K_LATENESS : 'lateness' ;
K_LATEST : 'latest' ;
K_LIMIT : 'limit' ;
K_LONGEST : 'longest' ;
K_MATCH : 'match' ;
K_MAX : 'max' ;
K_MONTH : 'month' ;
K_MONTHS : 'months' ;
K_NEXT : 'next' ;
K_NO : 'no' ;
K_NOTHING : 'nothing' ;
K_OFFSET : 'offset' ;
K_ON : 'on' ;
K_PARAM : 'param' ;
K_PAST : 'past' ;
K_PER : 'per' ;
K_RELAXED : 'relaxed' ;
K_REPORT : 'report' ;
K_RULE : 'rule' ;
K_SESSION : 'session' ;
K_SKIP : 'skip' ;
K_SLIDING : 'sliding' ;
K_SPARSE : 'sparse' ;
K_STRICT : 'strict' ;
K_SUMMARY : 'summary' ;
K_TABLE : 'table' ;
K_TEST : 'test' ;
K_TIMEOUT : 'timeout' ;
K_TIMES : 'times' ;
K_TO : 'to' ;
K_TUMBLING : 'tumbling' ;
K_UNBOUNDED : 'unbounded' ;
K_UNTIL : 'until' ;
K_WEEK : 'week' ;
K_WEEKS : 'weeks' ;
K_WINDOW : 'window' ;
K_WITHIN : 'within' ;
K_YEAR : 'year' ;
K_YEARS : 'years' ;
K_ZONE : 'zone' ;

IN_FOLD : 'in~' ;
LIKE_FOLD : 'like~' ;
MATCHES_FOLD : 'matches~' ;
ARROW : '->' ;
DOUBLE_ARROW : '->>' ;
FAT_ARROW : '=>' ;
EQ : '==' ;
NE : '!=' ;
EQ_FOLD : '==~' ;
NE_FOLD : '!=~' ;
LE : '<=' ;
GE : '>=' ;
LT : '<' ;
GT : '>' ;
ASSIGN : '=' ;
COALESCE : '??' ;
QUESTION : '?' ;
PLUS : '+' ;
MINUS : '-' ;
STAR : '*' ;
SLASH : '/' ;
PERCENT : '%' ;
AMPERSAND : '&' ;
PIPE : '|' ;
COMMA : ',' ;
COLON : ':' ;
DOT : '.' ;
LPAREN : '(' ;
RPAREN : ')' ;
LBRACK : '[' ;
RBRACK : ']' ;
LBRACE : '{' ;
RBRACE : '}' ;

INT : DIGITS ;
FLOAT : DIGITS '.' DIGITS EXPONENT? | DIGITS EXPONENT ;
DURATION : (DIGITS ('.' DIGITS)? UNIT)+ ;
// `5min`, `1__0`, `0x1f`, `10.0.0.1`, `.5`, `5.`
BAD_NUMBER
  : DIGIT WORD_CHAR* (('.' DIGIT WORD_CHAR*) | ([eE] [+\-] WORD_CHAR+))*
  | '.' DIGIT+
  | DIGITS '.'
  ;

TIME : '@' DAY_OF_YEAR ('T' DIGIT DIGIT ':' DIGIT DIGIT (':' DIGIT DIGIT ('.' DIGIT+)?)? ZONE?)? ;
BAD_TIME : '@' DIGIT [0-9A-Za-z:._]* ([+\-] [0-9A-Za-z:._]+)* ;
AT_SIGN : '@' ;

TEXT : '"' (~["\\\r\n] | '\\' ~[\r\n])* '"' ;
UNTERMINATED_TEXT : '"' (~["\\\r\n] | '\\' ~[\r\n])* '\\'? ;
RAW_TEXT
  : 'r"' ~["\r\n]* '"'
  | 'r#"' ~[\r\n]*? '"#'
  | 'r##"' ~[\r\n]*? '"##'
  | 'r###"' ~[\r\n]*? '"###'
  ;
// What begins like a raw text but does not end; the reader of the tokens skips the line.
UNTERMINATED_RAW : 'r"' ~["\r\n]* | 'r' '#'+ '"' ;
SINGLE_QUOTED : '\'' ~['\r\n]* '\'' ;
QUOTED_NAME : '`' ~[`\r\n]+ '`' ;
NAME : [A-Za-z_] WORD_CHAR* ;

// A `///` that documents; whether it is the first on its line is seen in the text.
DOC : '///' (~[/\r\n] ~[\r\n]*)? -> channel(HIDDEN) ;
COMMENT : '//' ~[\r\n]* -> skip ;
BLOCK_COMMENT : '/*' ;
SPACE : [ \t\r\n]+ -> skip ;

fragment DAY_OF_YEAR : DIGIT DIGIT DIGIT DIGIT '-' DIGIT DIGIT '-' DIGIT DIGIT ;
fragment ZONE : 'Z' | [+\-] DIGIT DIGIT ':' DIGIT DIGIT ;
fragment EXPONENT : [eE] [+\-]? DIGIT+ ;
fragment DIGITS : DIGIT+ ('_' DIGIT+)* ;
fragment DIGIT : [0-9] ;
fragment UNIT : 'ns' | 'us' | 'ms' | 's' | 'm' | 'h' | 'd' | 'w' ;
fragment WORD_CHAR : [A-Za-z0-9_] ;

ERROR_CHAR : . ;
