#include "runtime/model/functions.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "runtime/base/check.h"
#include "runtime/model/library.h"
#include "runtime/model/scalar_ops.h"

namespace spate {
namespace {

struct Library {
  std::vector<FunctionRow> rows;
  std::vector<LibraryFunction> functions;  // one per row

  Library() {
    for (auto group : {TextLibrary, ConvertLibrary, NumberLibrary, TimeLibrary}) {
      for (LibraryRow& entry : group()) {
        rows.push_back(std::move(entry.row));
        functions.push_back(entry.function);
      }
    }
  }
};

const Library& TheLibrary() {
  static const Library* const library = new Library;  // never destroyed: used until the end
  return *library;
}

}  // namespace

absl::Span<const FunctionRow> FunctionTable() { return TheLibrary().rows; }

const FunctionRow& GetFunction(FunctionId id) { return TheLibrary().rows[static_cast<size_t>(id)]; }

std::string SignatureOf(const RegisteredFunction& function) {
  std::string text = absl::StrCat(function.name, "(");
  for (size_t i = 0; i < function.parameters.size(); ++i) {
    absl::StrAppend(&text, i == 0 ? "" : ", ", TypeName(function.parameters[i]));
  }
  return absl::StrCat(text, ") -> ", TypeName(function.result));
}

Value CallRegistered(const RegisteredFunction& function, absl::Span<const Value> arguments,
                     Arena* arena) {
  if (!function.takes_null) {
    for (const Value& argument : arguments) {
      if (argument.is_null()) return Value::Null();
    }
  }
  const Value result = function.call(arguments, arena);
  return result.kind == function.result.kind ? result : Value::Null();
}

Value CallFunction(FunctionId function, absl::Span<const Value> args, Arena* arena,
                   EvalFault* fault) {
  const Library& library = TheLibrary();
  const size_t row = static_cast<size_t>(function);
  SPATE_DCHECK(args.size() >= library.rows[row].required);
  if (!library.rows[row].null_aware) {
    for (const Value& arg : args) {
      if (arg.is_null()) return Value::Null();
    }
  }
  return library.functions[row](args, arena, fault);
}

}  // namespace spate
