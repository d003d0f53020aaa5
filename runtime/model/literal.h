// LiteralText: a value as it is written in a rule file.
//
//   "ann"   5   2.0   1m30s   @2026-01-31T08:00:00Z   ["a", "b"]   null
//
// Thread-safety: pure functions. Tested by tests/runtime/model/literal_test.cc.
#ifndef SPATE_RUNTIME_MODEL_LITERAL_H_
#define SPATE_RUNTIME_MODEL_LITERAL_H_

#include <string>

#include "runtime/model/types.h"
#include "runtime/model/value.h"

namespace spate {

// `type` names the attributes of records in lists; addresses are texts.
std::string LiteralText(const Value& v, const Type& type);
// The same for a value without records.
std::string LiteralText(const Value& v);
std::string LiteralText(const Constant& constant, const Type& type);

}  // namespace spate

#endif  // SPATE_RUNTIME_MODEL_LITERAL_H_
