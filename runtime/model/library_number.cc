// Numbers in the library: rounding, roots, extremes, division that floors, distances.
#include <cmath>

#include "runtime/model/arithmetic.h"
#include "runtime/model/library.h"

namespace spate {
namespace {

using Args = absl::Span<const Value>;

constexpr Type kInt = Type::Of(Kind::kInt);
constexpr Type kFloat = Type::Of(Kind::kFloat);
constexpr Type kMaybeFloat = Type::Of(Kind::kFloat, true);
constexpr Type kDuration = Type::Of(Kind::kDuration);

Value Abs(Args a, Arena*, EvalFault* fault) {
  if (a[0].kind == Kind::kFloat) return Value::Float(std::fabs(a[0].f));
  return a[0].i < 0 ? Negate(a[0], fault) : a[0];
}

template <Op kBetter>
Value Extreme(Args a, Arena*, EvalFault*) {
  Value best = a[0];
  for (const Value& v : a.subspan(1)) {
    if (CompareValues(kBetter, v, best).is_true()) best = v;
  }
  return best;
}

Value Round(Args a, Arena*, EvalFault* fault) { return RoundTo(a[0].f, Kind::kInt, fault); }
Value Floor(Args a, Arena*, EvalFault* fault) {
  return RoundTo(std::floor(a[0].f), Kind::kInt, fault);
}
Value Ceil(Args a, Arena*, EvalFault* fault) {
  return RoundTo(std::ceil(a[0].f), Kind::kInt, fault);
}

Value RoundDigits(Args a, Arena*, EvalFault* fault) {
  constexpr int64_t kMostDigits = 300;  // powers of ten up to this are finite
  if (a[1].i < -kMostDigits || a[1].i > kMostDigits) return Fault(EvalFault::kOutOfRange, fault);
  // With more bits than a double has, so that 2.675 * 100 is not taken for 267.5.
  const long double scale = std::pow(10.0L, static_cast<long double>(std::llabs(a[1].i)));
  const long double x = a[0].f;
  const long double rounded =
      a[1].i >= 0 ? std::round(x * scale) / scale : std::round(x / scale) * scale;
  return Value::Float(static_cast<double>(rounded));
}

Value Sqrt(Args a, Arena*, EvalFault* fault) { return Finite(std::sqrt(a[0].f), fault); }
Value Exp(Args a, Arena*, EvalFault* fault) { return Finite(std::exp(a[0].f), fault); }
Value Pow(Args a, Arena*, EvalFault* fault) { return Finite(std::pow(a[0].f, a[1].f), fault); }

Value Log(Args a, Arena*, EvalFault* fault) {
  if (a.size() == 1) return Finite(std::log(a[0].f), fault);
  if (a[1].f == 2.0) return Finite(std::log2(a[0].f), fault);
  if (a[1].f == 10.0) return Finite(std::log10(a[0].f), fault);
  return Finite(std::log(a[0].f) / std::log(a[1].f), fault);
}

Value DivIntegral(Args a, Arena*, EvalFault* fault) {
  return FloorDivide(a[0].i, a[1].i, Kind::kInt, fault);
}
Value ModIntegral(Args a, Arena*, EvalFault* fault) {
  return FloorModulo(a[0].i, a[1].i, a[0].kind, fault);
}

Value DivFloat(Args a, Arena*, EvalFault* fault) {
  if (a[1].f == 0.0) return Fault(EvalFault::kDivisionByZero, fault);
  return RoundTo(std::floor(a[0].f / a[1].f), Kind::kInt, fault);
}

Value ModFloat(Args a, Arena*, EvalFault* fault) {
  if (a[1].f == 0.0) return Fault(EvalFault::kDivisionByZero, fault);
  const double rest = std::fmod(a[0].f, a[1].f);
  return Value::Float(rest != 0.0 && (rest < 0.0) != (a[1].f < 0.0) ? rest + a[1].f : rest);
}

// The great circle by the haversine formula, on a sphere with the Earth's mean radius.
Value GeoKm(Args a, Arena*, EvalFault* fault) {
  constexpr double kEarthRadiusKm = 6371.0088;
  constexpr double kRadians = 3.14159265358979323846 / 180.0;
  const double lat1 = a[0].f * kRadians;
  const double lat2 = a[2].f * kRadians;
  const double sin_lat = std::sin((lat2 - lat1) / 2);
  const double sin_lon = std::sin((a[3].f - a[1].f) * kRadians / 2);
  const double h = sin_lat * sin_lat + std::cos(lat1) * std::cos(lat2) * sin_lon * sin_lon;
  return Finite(2 * kEarthRadiusKm * std::asin(std::sqrt(std::fmin(1.0, h))), fault);
}

template <Op kBetter>
void AddExtreme(absl::string_view name, std::vector<LibraryRow>* rows) {
  constexpr bool kIsMin = kBetter == Op::kLt;
  for (const Kind kind : {Kind::kInt, Kind::kFloat, Kind::kDuration, Kind::kTime, Kind::kString}) {
    const Type type = Type::Of(kind);
    rows->push_back({{name,
                      {type, type},
                      2,
                      true,
                      type,
                      false,
                      kIsMin ? "min(a: T, b: T..) -> T" : "max(a: T, b: T..) -> T",
                      kIsMin ? "The least of its arguments: `min(3, 1, 2)` is 1."
                             : "The greatest of its arguments: `max(3, 1, 2)` is 3."},
                     Extreme<kBetter>});
  }
}

void AddRounding(std::vector<LibraryRow>* rows) {
  rows->push_back({{"round",
                    {kFloat},
                    1,
                    false,
                    kInt,
                    false,
                    "round(x: float) -> int",
                    "The nearest int, halves away from zero: `round(-2.5)` is -3."},
                   Round});
  rows->push_back({{"round",
                    {kFloat, kInt},
                    2,
                    false,
                    kFloat,
                    false,
                    "round(x: float, digits: int) -> float",
                    "Rounded to so many digits behind the point: `round(3.14159, 2)` is 3.14."},
                   RoundDigits});
  rows->push_back({{"floor",
                    {kFloat},
                    1,
                    false,
                    kInt,
                    false,
                    "floor(x: float) -> int",
                    "The greatest int that is not greater: `floor(-2.5)` is -3."},
                   Floor});
  rows->push_back({{"ceil",
                    {kFloat},
                    1,
                    false,
                    kInt,
                    false,
                    "ceil(x: float) -> int",
                    "The least int that is not less: `ceil(2.1)` is 3."},
                   Ceil});
}

void AddFloatFunctions(std::vector<LibraryRow>* rows) {
  rows->push_back({{"sqrt",
                    {kFloat},
                    1,
                    false,
                    kMaybeFloat,
                    false,
                    "sqrt(x: float) -> float?",
                    "The square root; null below 0: `sqrt(2.25)` is 1.5."},
                   Sqrt});
  rows->push_back({{"log",
                    {kFloat, kFloat},
                    1,
                    false,
                    kMaybeFloat,
                    false,
                    "log(x: float, base: float?) -> float?",
                    "The logarithm, natural unless a base is given: `log(8.0, 2.0)` is 3.0."},
                   Log});
  rows->push_back({{"exp",
                    {kFloat},
                    1,
                    false,
                    kMaybeFloat,
                    false,
                    "exp(x: float) -> float?",
                    "e to the power x: `exp(0.0)` is 1.0."},
                   Exp});
  rows->push_back({{"pow",
                    {kFloat, kFloat},
                    2,
                    false,
                    kMaybeFloat,
                    false,
                    "pow(x: float, y: float) -> float?",
                    "x to the power y: `pow(2.0, 3.0)` is 8.0."},
                   Pow});
}

void AddDivision(std::vector<LibraryRow>* rows) {
  constexpr absl::string_view kDivDoc =
      "The quotient rounded down; null for a divisor 0: `div(-5, 2)` is -3.";
  constexpr absl::string_view kModDoc =
      "What `div` leaves, with the sign of b; null for a divisor 0: `mod(-5, 2)` is 1.";
  rows->push_back({{"div",
                    {kInt, kInt},
                    2,
                    false,
                    kInt.AsNullable(),
                    false,
                    "div(a: int, b: int) -> int?",
                    kDivDoc},
                   DivIntegral});
  rows->push_back({{"div",
                    {kFloat, kFloat},
                    2,
                    false,
                    kInt.AsNullable(),
                    false,
                    "div(a: float, b: float) -> int?",
                    kDivDoc},
                   DivFloat});
  rows->push_back({{"div",
                    {kDuration, kDuration},
                    2,
                    false,
                    kInt.AsNullable(),
                    false,
                    "div(a: duration, b: duration) -> int?",
                    kDivDoc},
                   DivIntegral});
  rows->push_back({{"mod",
                    {kInt, kInt},
                    2,
                    false,
                    kInt.AsNullable(),
                    false,
                    "mod(a: int, b: int) -> int?",
                    kModDoc},
                   ModIntegral});
  rows->push_back({{"mod",
                    {kFloat, kFloat},
                    2,
                    false,
                    kMaybeFloat,
                    false,
                    "mod(a: float, b: float) -> float?",
                    kModDoc},
                   ModFloat});
  rows->push_back({{"mod",
                    {kDuration, kDuration},
                    2,
                    false,
                    kDuration.AsNullable(),
                    false,
                    "mod(a: duration, b: duration) -> duration?",
                    kModDoc},
                   ModIntegral});
}

}  // namespace

std::vector<LibraryRow> NumberLibrary() {
  std::vector<LibraryRow> rows;
  for (const Type type : {kInt, kFloat, kDuration}) {
    rows.push_back({{"abs",
                     {type},
                     1,
                     false,
                     type,
                     false,
                     "abs(x: T) -> T",
                     "The number or duration without its sign: `abs(-2)` is 2."},
                    Abs});
  }
  AddExtreme<Op::kLt>("min", &rows);
  AddExtreme<Op::kGt>("max", &rows);
  AddRounding(&rows);
  AddFloatFunctions(&rows);
  AddDivision(&rows);
  rows.push_back({{"geo_km",
                   {kFloat, kFloat, kFloat, kFloat},
                   4,
                   false,
                   kFloat,
                   false,
                   "geo_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float",
                   "The distance of two places, given in degrees, over the globe in km: "
                   "`geo_km(52.52, 13.405, 48.857, 2.352)` is about 878."},
                  GeoKm});
  return rows;
}

}  // namespace spate
