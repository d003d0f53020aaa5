// A slim stand-in for the ANTLR runtime's umbrella header of the same name.
//
// It has what generated lexers and parsers need and leaves out misc/InterpreterDataReader.h, which
// clang 14 does not compile. This folder stands first on the include path of the generated code.
#ifndef SPATE_GRAMMAR_ANTLR4_RUNTIME_H_
#define SPATE_GRAMMAR_ANTLR4_RUNTIME_H_

#include "ANTLRErrorListener.h"
#include "ANTLRErrorStrategy.h"
#include "ANTLRInputStream.h"
#include "BaseErrorListener.h"
#include "CommonToken.h"
#include "CommonTokenStream.h"
#include "DefaultErrorStrategy.h"
#include "Exceptions.h"
#include "FailedPredicateException.h"
#include "InputMismatchException.h"
#include "Lexer.h"
#include "ListTokenSource.h"
#include "NoViableAltException.h"
#include "Parser.h"
#include "ParserRuleContext.h"
#include "RecognitionException.h"
#include "Vocabulary.h"
#include "antlr4-common.h"
#include "atn/ATN.h"
#include "atn/ATNDeserializer.h"
#include "atn/LexerATNSimulator.h"
#include "atn/ParserATNSimulator.h"
#include "atn/PredictionContext.h"
#include "dfa/DFA.h"
#include "support/Any.h"
#include "support/CPPUtils.h"
#include "tree/ErrorNode.h"
#include "tree/ParseTreeListener.h"
#include "tree/TerminalNode.h"

#endif  // SPATE_GRAMMAR_ANTLR4_RUNTIME_H_
