#include "runtime/channels/byte_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "absl/status/status.h"
#include "runtime/channels/sink.h"
#include "tests/runtime/channels/read_support.h"

namespace spate::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string Gzip(const std::string& text) {
  z_stream stream{};
  deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
  std::string out(deflateBound(&stream, text.size()) + 64, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

absl::StatusOr<std::string> ReadAllOf(ByteSource* source) {
  std::string all;
  char buffer[1000];
  for (;;) {
    absl::StatusOr<size_t> n = source->Read(buffer, sizeof(buffer));
    if (!n.ok()) return n.status();
    if (*n == 0) return all;
    all.append(buffer, *n);
  }
}

std::string LongText() {
  std::string text = "x\n";
  for (int i = 0; i < 200000; ++i) text += std::to_string(i) + "\n";
  return text;
}

TEST(GzipTest, IsToldByContentAndUnpacked) {
  const std::string text = LongText();
  for (const size_t chunk : {size_t{1}, size_t{777}, size_t{1} << 20}) {
    if (chunk == 1) {
      EXPECT_EQ(*ReadAllOf(OpenMemory(Gzip("short"), chunk)->get()), "short");
    } else {
      EXPECT_EQ(*ReadAllOf(OpenMemory(Gzip(text), chunk)->get()), text);
    }
  }
  EXPECT_EQ(*ReadAllOf(OpenMemory(Gzip(""))->get()), "");
}

TEST(GzipTest, MembersBehindEachOtherAreOneStream) {
  EXPECT_EQ(*ReadAllOf(OpenMemory(Gzip("ab") + Gzip("") + Gzip("cd"))->get()), "abcd");
}

TEST(GzipTest, ATruncatedOrDamagedStreamIsAnError) {
  const std::string packed = Gzip(LongText());
  absl::StatusOr<std::string> got =
      ReadAllOf(OpenMemory(packed.substr(0, packed.size() - 100))->get());
  EXPECT_TRUE(absl::IsDataLoss(got.status()));
  EXPECT_THAT(std::string(got.status().message()), HasSubstr("ends too early"));
  std::string damaged = packed;
  damaged[packed.size() / 2] = static_cast<char>(~damaged[packed.size() / 2]);
  damaged[packed.size() / 2 + 1] = static_cast<char>(~damaged[packed.size() / 2 + 1]);
  EXPECT_TRUE(absl::IsDataLoss(ReadAllOf(OpenMemory(damaged)->get()).status()));
  EXPECT_TRUE(absl::IsDataLoss(ReadAllOf(OpenMemory(Gzip("x") + "junk")->get()).status()));
  EXPECT_TRUE(absl::IsDataLoss(ReadAllOf(OpenMemory("\x1f\x8b")->get()).status()));
}

TEST(GzipTest, RowsBeforeTheDamageAreGiven) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "int"}}}});
  const std::string packed = Gzip(LongText());
  const ReadOutcome got = ReadText(plan, packed.substr(0, packed.size() / 2));
  EXPECT_TRUE(absl::IsDataLoss(got.status)) << got.status;
  EXPECT_GT(got.rows.size(), 1000u);
}

std::string Zstd(const std::string& text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

TEST(ZstdTest, GivesTheTextInPiecesOfAnySize) {
  const std::string text = LongText();
  for (const size_t chunk : {size_t{1}, size_t{7}, size_t{4096}, size_t{1} << 20}) {
    EXPECT_EQ(*ReadAllOf(OpenMemory(Zstd(text), chunk)->get()), text) << chunk;
  }
  EXPECT_EQ(*ReadAllOf(OpenMemory(Zstd(""))->get()), "");
  EXPECT_EQ(*ReadAllOf(OpenMemory(Zstd("ab") + Zstd("") + Zstd("cd"))->get()), "abcd");
}

// Text that packs so well that one piece of input fills many reads.
TEST(ZstdTest, GivesWhatIsLeftInsideWithoutMoreInput) {
  const std::string text(1 << 22, 'a');
  absl::StatusOr<std::unique_ptr<ByteSource>> source = OpenMemory(Zstd(text));
  std::string got;
  char piece[1000];
  for (;;) {
    absl::StatusOr<size_t> n = (*source)->Read(piece, sizeof(piece));
    ASSERT_TRUE(n.ok()) << n.status();
    if (*n == 0) break;
    got.append(piece, *n);
  }
  EXPECT_EQ(got, text);
}

TEST(ZstdTest, ATruncatedOrDamagedStreamIsAnError) {
  const std::string packed = Zstd(LongText());
  absl::StatusOr<std::string> got =
      ReadAllOf(OpenMemory(packed.substr(0, packed.size() - 10))->get());
  EXPECT_TRUE(absl::IsDataLoss(got.status()));
  EXPECT_THAT(std::string(got.status().message()), HasSubstr("ends too early"));
  absl::StatusOr<std::string> bad = ReadAllOf(OpenMemory("\x28\xb5\x2f\xfd....")->get());
  EXPECT_TRUE(absl::IsDataLoss(bad.status()));
  EXPECT_TRUE(absl::IsDataLoss(ReadAllOf(OpenMemory(Zstd("x") + "junk")->get()).status()));
}

// What can be read of a source, and the error that ends it.
std::string ReadUntilDamage(ByteSource* source) {
  std::string all;
  char buffer[1000];
  for (;;) {
    const absl::StatusOr<size_t> n = source->Read(buffer, sizeof(buffer));
    if (!n.ok()) return all + "\n" + std::string(n.status().message());
    if (*n == 0) return all;
    all.append(buffer, *n);
  }
}

// A frame of blocks of each kind: compressed, stored (random bytes) and one byte repeated. `flush`
// ends a block in the middle, as a writer into a pipe does.
std::string BlocksOfEachKind(bool with_checksum, bool flush) {
  std::mt19937 random(7);
  std::string noise(3000, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  std::string text;
  for (int i = 0; i < 200; ++i) text += std::to_string(i * i) + ",";
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, with_checksum ? 1 : 0);
  std::string packed(20000, '\0');
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  for (const std::string& part : {text, noise, std::string(5000, 'x'), text + "end"}) {
    ZSTD_inBuffer in{part.data(), part.size(), 0};
    ZSTD_compressStream2(context, &out, &in, flush ? ZSTD_e_flush : ZSTD_e_continue);
  }
  ZSTD_inBuffer none{nullptr, 0, 0};
  ZSTD_compressStream2(context, &out, &none, ZSTD_e_end);
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  return packed;
}

TEST(ZstdTest, HowMuchOfADamagedStreamIsReadDoesNotDependOnHowItArrives) {
  for (const std::string& whole : {BlocksOfEachKind(true, true), BlocksOfEachKind(false, true),
                                   BlocksOfEachKind(true, false), Zstd("short")}) {
    const std::string two = whole + whole;
    int different = 0;
    for (size_t at = 4; at < whole.size(); ++at) {
      std::string damaged = two;
      damaged[at] = static_cast<char>(damaged[at] ^ (1 << (at % 8)));
      const std::string large = ReadUntilDamage(OpenMemory(damaged, 1 << 16)->get());
      const std::string middle = ReadUntilDamage(OpenMemory(damaged, 100)->get());
      const std::string small = ReadUntilDamage(OpenMemory(damaged, 3)->get());
      different += large == small && large == middle ? 0 : 1;
    }
    for (size_t size = 4; size < whole.size(); ++size) {
      const std::string large = ReadUntilDamage(OpenMemory(two.substr(0, size), 1 << 16)->get());
      const std::string small = ReadUntilDamage(OpenMemory(two.substr(0, size), 1)->get());
      different += large == small ? 0 : 1;
    }
    EXPECT_EQ(different, 0);
  }
}

// A flushed block can be read before the frame ends, and before the next block has come.
TEST(ZstdTest, GivesAFlushedBlockAtOnce) {
  const std::string text = LongText();
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  std::string packed(1 << 20, '\0');
  ZSTD_outBuffer out{packed.data(), packed.size(), 0};
  ZSTD_inBuffer in{text.data(), 1000, 0};
  ZSTD_compressStream2(context, &out, &in, ZSTD_e_flush);
  ZSTD_freeCCtx(context);
  packed.resize(out.pos);
  const std::string got = ReadUntilDamage(OpenMemory(packed, 1)->get());
  EXPECT_EQ(got.substr(0, 1000), text.substr(0, 1000));
  EXPECT_THAT(got.substr(1000), HasSubstr("ends too early"));
}

TEST(FileTest, WhatCannotBeOpenedIsSaidWithItsPath) {
  EXPECT_TRUE(absl::IsNotFound(OpenBytes("no/such/file.csv").status()));
  EXPECT_THAT(std::string(OpenBytes("no/such/file.csv").status().message()),
              HasSubstr("no/such/file.csv: No such file"));
  EXPECT_THAT(std::string(OpenBytes(::testing::TempDir()).status().message()),
              HasSubstr("is a directory"));
}

TEST(FileTest, ReadsAndSaysHowMuch) {
  const std::string path = ::testing::TempDir() + "/byte_source_test.txt";
  std::ofstream(path) << "hello";
  absl::StatusOr<std::unique_ptr<ByteSource>> file = OpenBytes(path);
  ASSERT_TRUE(file.ok());
  EXPECT_EQ((*file)->bytes_total(), 5u);
  EXPECT_EQ(*ReadAllOf(file->get()), "hello");
  EXPECT_EQ((*file)->bytes_read(), 5u);
  unlink(path.c_str());
}

TEST(OpenTest, WhatIsNoRowFormatIsRefused) {
  const Plan plan = MakePlan({{.name = "A", .fields = {{"x", "int"}}}});
  EXPECT_THAT(std::string(ReadText(plan, "[{\"x\":1}]").status.message()), HasSubstr("JSON array"));
}

TEST(SinkTest, WritesWhatIsFlushedAndKeepsErrors) {
  const std::string path = ::testing::TempDir() + "/sink_test.txt";
  {
    absl::StatusOr<std::unique_ptr<OutputSink>> sink = OutputSink::Open(path);
    ASSERT_TRUE(sink.ok());
    (*sink)->buffer()->append("a\n");
    EXPECT_TRUE((*sink)->Wrote().ok());
    struct stat info {};
    stat(path.c_str(), &info);
    EXPECT_EQ(info.st_size, 0) << "small writes are gathered";
    EXPECT_TRUE((*sink)->Flush().ok());
    (*sink)->buffer()->append(std::string(1 << 20, 'b'));
    EXPECT_TRUE((*sink)->Wrote().ok());
    stat(path.c_str(), &info);
    EXPECT_EQ(info.st_size, 2 + (1 << 20)) << "large ones are not";
  }
  unlink(path.c_str());
  EXPECT_THAT(std::string(OutputSink::Open("no/such/dir/x").status().message()),
              HasSubstr("No such file"));
  absl::StatusOr<std::unique_ptr<OutputSink>> full = OutputSink::Open("/dev/full");
  if (!full.ok()) GTEST_SKIP() << "this system has no /dev/full";
  (*full)->buffer()->append("a\n");
  EXPECT_THAT(std::string((*full)->Flush().message()), HasSubstr("No space left"));
  EXPECT_FALSE((*full)->Flush().ok());
}

}  // namespace
}  // namespace spate::test
