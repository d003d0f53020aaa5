#include "runtime/model/functions.h"

#include <utility>

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
