#include "runtime/channels/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace spate {
namespace {

absl::Status SystemError(absl::string_view path, int error) {
  const std::string message = absl::StrCat(path, ": ", std::strerror(error));
  return error == ENOENT ? absl::NotFoundError(message) : absl::UnavailableError(message);
}

class FileBytes : public ByteSource {
 public:
  FileBytes(std::string path, int fd, uint64_t total)
      : path_(std::move(path)), fd_(fd), total_(total) {}
  ~FileBytes() override {
    if (fd_ != STDIN_FILENO) close(fd_);
  }
  FileBytes(const FileBytes&) = delete;
  FileBytes& operator=(const FileBytes&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    for (;;) {
      const ssize_t n = read(fd_, to, size);
      if (n >= 0) {
        read_ += static_cast<uint64_t>(n);
        return static_cast<size_t>(n);
      }
      if (errno != EINTR) return SystemError(path_, errno);
    }
  }
  uint64_t bytes_read() const override { return read_; }
  uint64_t bytes_total() const override { return total_; }

 private:
  std::string path_;
  int fd_;
  uint64_t total_;
  uint64_t read_ = 0;
};

class MemoryBytes : public ByteSource {
 public:
  MemoryBytes(std::string bytes, size_t chunk) : bytes_(std::move(bytes)), chunk_(chunk) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    const size_t n = std::min({size, chunk_, bytes_.size() - next_});
    std::memcpy(to, bytes_.data() + next_, n);
    next_ += n;
    return n;
  }
  uint64_t bytes_read() const override { return next_; }
  uint64_t bytes_total() const override { return bytes_.size(); }

 private:
  std::string bytes_;
  size_t chunk_;
  size_t next_ = 0;
};

// Puts bytes that were read ahead back in front of a source.
class PrefixedBytes : public ByteSource {
 public:
  PrefixedBytes(std::string prefix, std::unique_ptr<ByteSource> rest)
      : prefix_(std::move(prefix)), rest_(std::move(rest)) {}
  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (next_ == prefix_.size()) return rest_->Read(to, size);
    const size_t n = std::min(size, prefix_.size() - next_);
    std::memcpy(to, prefix_.data() + next_, n);
    next_ += n;
    return n;
  }
  uint64_t bytes_read() const override { return rest_->bytes_read(); }
  uint64_t bytes_total() const override { return rest_->bytes_total(); }

 private:
  std::string prefix_;
  size_t next_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

class GzipBytes : public ByteSource {
 public:
  GzipBytes(std::string name, std::unique_ptr<ByteSource> packed)
      : name_(std::move(name)), packed_(std::move(packed)), buffer_(64 * 1024, '\0') {
    ok_ = inflateInit2(&stream_, 15 + 16) == Z_OK;  // 16: a gzip header
  }
  ~GzipBytes() override {
    if (ok_) inflateEnd(&stream_);
  }
  GzipBytes(const GzipBytes&) = delete;
  GzipBytes& operator=(const GzipBytes&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (!ok_) return absl::ResourceExhaustedError(absl::StrCat(name_, ": zlib has no memory"));
    if (!damage_.ok()) return damage_;
    size = std::min(size, size_t{1} << 30);
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(size);
    while (stream_.avail_out == size) {
      if (stream_.avail_in == 0) {
        absl::StatusOr<size_t> n = packed_->Read(buffer_.data(), buffer_.size());
        if (!n.ok()) return n.status();
        if (*n == 0) {
          if (member_done_) return 0;
          return absl::DataLossError(absl::StrCat(name_, ": the gzip stream ends too early"));
        }
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(*n);
      }
      damage_ = Inflate();
      if (!damage_.ok()) break;
    }
    // What came before the damage is given first.
    if (stream_.avail_out == size && !damage_.ok()) return damage_;
    return size - stream_.avail_out;
  }
  uint64_t bytes_read() const override { return packed_->bytes_read(); }
  uint64_t bytes_total() const override { return packed_->bytes_total(); }

 private:
  absl::Status Inflate() {
    if (member_done_) {  // another member follows
      inflateReset(&stream_);
      member_done_ = false;
    }
    const int result = inflate(&stream_, Z_NO_FLUSH);
    if (result == Z_STREAM_END) {
      member_done_ = true;
    } else if (result != Z_OK && result != Z_BUF_ERROR) {
      return absl::DataLossError(absl::StrCat(name_, ": the gzip stream is damaged",
                                              stream_.msg == nullptr ? "" : ": ",
                                              stream_.msg == nullptr ? "" : stream_.msg));
    }
    return absl::OkStatus();
  }

  std::string name_;
  std::unique_ptr<ByteSource> packed_;
  std::string buffer_;
  z_stream stream_{};
  bool ok_ = false;
  bool member_done_ = false;
  absl::Status damage_;
};

// Gives the decoder one whole block at a time. It drops what it has unpacked where the same call
// meets damage, and unpacks a stored block piece by piece: so how much of a damaged file is read
// would depend on how its bytes arrive. A writer that flushes ends its block, so nothing waits
// longer for this.
class ZstdBytes : public ByteSource {
 public:
  ZstdBytes(std::string name, std::unique_ptr<ByteSource> packed)
      : name_(std::move(name)),
        packed_(std::move(packed)),
        buffer_(ZSTD_DStreamInSize(), '\0'),
        stream_(ZSTD_createDStream()) {}
  ~ZstdBytes() override { ZSTD_freeDStream(stream_); }
  ZstdBytes(const ZstdBytes&) = delete;
  ZstdBytes& operator=(const ZstdBytes&) = delete;

  absl::StatusOr<size_t> Read(char* to, size_t size) override {
    if (stream_ == nullptr) {
      return absl::ResourceExhaustedError(absl::StrCat(name_, ": zstd has no memory"));
    }
    if (!damage_.ok()) return damage_;
    ZSTD_outBuffer out{to, size, 0};
    while (out.pos == 0) {
      // What is left in the stream comes first, without more input, which may be damaged.
      if (!more_inside_) {
        const absl::StatusOr<bool> more = FillBlock();
        if (!more.ok() || !*more) return more.ok() ? absl::StatusOr<size_t>(0) : more.status();
      }
      in_.size = more_inside_ ? in_.pos : std::min(filled_, in_.pos + wanted_);
      const size_t result = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(result) != 0) {
        damage_ = absl::DataLossError(
            absl::StrCat(name_, ": the zstd stream is damaged: ", ZSTD_getErrorName(result)));
        return damage_;
      }
      frame_done_ = result == 0;
      // Without the header of the next block, which is counted with a block.
      constexpr size_t kHeader = 3;
      wanted_ = std::max(result > kHeader ? result - kHeader : result, size_t{1});
      more_inside_ = out.pos == out.size && !frame_done_;
    }
    return out.pos;
  }
  uint64_t bytes_read() const override { return packed_->bytes_read(); }
  uint64_t bytes_total() const override { return packed_->bytes_total(); }

 private:
  // Reads until buffer_ holds the `wanted_` bytes of the next block (or header), or is full, which
  // only what the decoder skips can need. False at the end of the input.
  absl::StatusOr<bool> FillBlock() {
    const size_t want = std::min(wanted_, buffer_.size());
    if (filled_ - in_.pos >= want) return true;
    std::memmove(buffer_.data(), buffer_.data() + in_.pos, filled_ - in_.pos);
    filled_ -= in_.pos;
    in_ = {buffer_.data(), 0, 0};
    while (filled_ < want) {
      absl::StatusOr<size_t> n = packed_->Read(buffer_.data() + filled_, buffer_.size() - filled_);
      if (!n.ok()) return n.status();
      if (*n == 0) {
        if (frame_done_ && filled_ == 0) return false;
        return absl::DataLossError(absl::StrCat(name_, ": the zstd stream ends too early"));
      }
      filled_ += *n;
    }
    return true;
  }

  std::string name_;
  std::unique_ptr<ByteSource> packed_;
  std::string buffer_;
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  size_t filled_ = 0;  // bytes in buffer_
  size_t wanted_ = 1;  // bytes that the stream can use next
  bool frame_done_ = false;
  bool more_inside_ = false;  // `to` was full: the stream may hold more
  absl::Status damage_;
};

// Looks at the first bytes and wraps what is compressed.
absl::StatusOr<std::unique_ptr<ByteSource>> Unpack(std::string name,
                                                   std::unique_ptr<ByteSource> source) {
  char magic[4];
  size_t have = 0;
  while (have < sizeof(magic)) {
    absl::StatusOr<size_t> n = source->Read(magic + have, sizeof(magic) - have);
    if (!n.ok()) return n.status();
    if (*n == 0) break;
    have += *n;
    if (magic[0] != '\x1f' && magic[0] != '\x28') break;  // do not wait for more on a terminal
  }
  const std::string head(magic, have);
  auto whole = std::make_unique<PrefixedBytes>(head, std::move(source));
  if (absl::StartsWith(head, "\x28\xb5\x2f\xfd")) {
    return std::make_unique<ZstdBytes>(std::move(name), std::move(whole));
  }
  if (!absl::StartsWith(head, "\x1f\x8b")) return whole;
  return std::make_unique<GzipBytes>(std::move(name), std::move(whole));
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenBytes(const std::string& path) {
  if (path == "-") {
    return Unpack("standard input",
                  std::make_unique<FileBytes>("standard input", STDIN_FILENO, uint64_t{0}));
  }
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return SystemError(path, errno);
  struct stat info {};
  uint64_t total = 0;
  if (fstat(fd, &info) == 0) {
    if (S_ISDIR(info.st_mode)) {
      close(fd);
      return absl::InvalidArgumentError(absl::StrCat(path, ": is a directory"));
    }
    if (S_ISREG(info.st_mode)) total = static_cast<uint64_t>(info.st_size);
  }
  return Unpack(path, std::make_unique<FileBytes>(path, fd, total));
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenMemory(std::string bytes, size_t chunk) {
  return Unpack("memory", std::make_unique<MemoryBytes>(std::move(bytes), chunk));
}

}  // namespace spate
