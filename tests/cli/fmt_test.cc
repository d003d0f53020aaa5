// `spate fmt`: files in place, standard input, and what it says.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_binary.h"

namespace spate::test {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kUgly[] = "rule r {\nemit M {}\n match a: A // any\n}";
constexpr char kFine[] = "rule r {\n  match  a: A  // any\n  emit   M {}\n}\n";

TEST(FmtTest, ChangesFilesInPlace) {
  Workspace work;
  work.Write("a.spate", kUgly);
  work.Write("b.spate", kFine);
  const Outcome check = work.Spate("fmt --check a.spate b.spate");
  EXPECT_EQ(check.code, 1);
  EXPECT_EQ(check.err, "a.spate\n");
  EXPECT_EQ(work.Read("a.spate"), kUgly);
  const Outcome got = work.Spate("fmt a.spate b.spate");
  EXPECT_EQ(got.code, 0);
  EXPECT_THAT(got.out + got.err, IsEmpty());
  EXPECT_EQ(work.Read("a.spate"), kFine);
  EXPECT_EQ(work.Read("b.spate"), kFine);
  EXPECT_EQ(work.Spate("fmt --check a.spate b.spate").code, 0);
}

TEST(FmtTest, ReadsStandardInput) {
  Workspace work;
  work.Write("a.spate", kUgly);
  EXPECT_EQ(work.Spate("fmt - < a.spate").out, kFine);
}

TEST(FmtTest, LeavesWhatItCannotReadAlone) {
  Workspace work;
  work.Write("wrong.spate", "rule r {\nmatch\n}\n");
  work.Write("a.spate", kUgly);
  const Outcome got = work.Spate("fmt wrong.spate missing.spate a.spate");
  EXPECT_EQ(got.code, 2);
  EXPECT_THAT(got.err, HasSubstr("wrong.spate: has 1 syntax error"));
  EXPECT_THAT(got.err, HasSubstr("missing.spate: cannot be read"));
  EXPECT_EQ(work.Read("wrong.spate"), "rule r {\nmatch\n}\n");
  EXPECT_EQ(work.Read("a.spate"), kFine);
}

}  // namespace
}  // namespace spate::test
