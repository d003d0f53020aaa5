// Makes one day of a web shop: logins and payments of many customers, with a few attacks among
// them.
//
//   generate_events [--events N] [--seed S] DIR
//
// writes DIR/logins.csv (ts,user,ip,country,ok) and DIR/payments.csv (ts,user,card,merchant,amount,
// declined), each in order of time, and prints what was hidden, one `name count` a line, for the
// demo to compare with what the rules find. The same seed gives the same bytes. Ordinary customers
// mistype a password once or twice and then get it right; they never do what the rules look for.
//   break_in      6 to 40 wrong passwords in a row for one customer, then the right one, in minutes
//   takeover      a break-in after which the intruder pays more than 900 within the hour
//   card_test     5 to 9 payments below 2.00 with one card in two minutes, then one above 400
//   outage        a merchant declines nearly all payments of a whole quarter of an hour
// Tested by tests/scripts/generate_events_test.py.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <queue>
#include <string>
#include <vector>

namespace {

constexpr int64_t kMs = 1, kSecond = 1000 * kMs, kMinute = 60 * kSecond, kDay = 1440 * kMinute;
constexpr int kMerchants = 40;
constexpr int64_t kOutageEvents = 200'000;  // with fewer a merchant has too few payments to judge

// SplitMix64: small, and the same on every system (std distributions are not).
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t Next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }
  // Uniform in [low, high].
  int64_t Between(int64_t low, int64_t high) {
    return low + static_cast<int64_t>(Next() % static_cast<uint64_t>(high - low + 1));
  }
  bool Chance(int percent) { return Between(1, 100) <= percent; }

 private:
  uint64_t state_;
};

struct Event {
  int64_t time = 0;   // ms since midnight
  int64_t order = 0;  // of creation, to order equal times
  bool payment = false;
  int user = 0;
  uint32_t address = 0;
  bool ok = false;    // login
  int merchant = 0;   // payment
  int64_t cents = 0;  // payment
};

struct Later {
  bool operator()(const Event& a, const Event& b) const {
    return a.time != b.time ? a.time > b.time : a.order > b.order;
  }
};

struct Hidden {
  int break_ins = 0, takeovers = 0, card_tests = 0, outages = 0;
};

class Shop {
 public:
  Shop(int64_t events, uint64_t seed) : random_(seed), events_(events) {
    users_ = static_cast<int>(events / 12 + 100);
  }

  // Schedules the attacks, each on a customer of its own that does nothing else on that day.
  Hidden Hide() {
    Hidden hidden;
    const int attacks = static_cast<int>(events_ / 40'000 + 2);
    for (int i = 0; i < attacks; ++i) HideBreakIn(/*pays=*/i % 3 == 0, &hidden);
    for (int i = 0; i < attacks; ++i) HideCardTest(&hidden);
    if (events_ >= kOutageEvents) {
      outage_merchant_ = static_cast<int>(random_.Between(0, kMerchants - 1));
      outage_quarter_ = random_.Between(40, 60);
      hidden.outages = 1;
    }
    return hidden;
  }

  // Calls `write` for each event of the day, in order of time.
  template <typename Write>
  void Run(Write write) {
    // A session is 1.675 events on average.
    const int64_t sessions = events_ * 10 / 16 + 1;
    for (int64_t i = 0; i < sessions; ++i) {
      const int64_t start = kDay * i / sessions;
      Drain(start - 1, write);  // no later session starts before `start`
      StartSession(start + random_.Between(0, kSecond));
    }
    Drain(2 * kDay, write);
  }

  bool Declined(const Event& e) {
    const bool outage =
        e.merchant == outage_merchant_ && e.time / (15 * kMinute) == outage_quarter_;
    return random_.Chance(outage ? 95 : 4);
  }

 private:
  template <typename Write>
  void Drain(int64_t until, Write write) {
    while (!queue_.empty() && queue_.top().time <= until) {
      write(queue_.top());
      queue_.pop();
    }
  }

  void Add(Event e) {
    e.order = order_++;
    queue_.push(e);
  }

  // The first customers are the victims; ordinary sessions are of the others.
  void StartSession(int64_t start) {
    const int user = static_cast<int>(random_.Between(victims_, users_ - 1));
    Event e{.time = start, .user = user, .address = HomeAddress(user)};
    const int64_t slips = random_.Chance(5) ? random_.Between(1, 2) : 0;
    for (int64_t i = 0; i < slips; ++i) {
      Add(e);
      e.time += random_.Between(2, 9) * kSecond;
    }
    e.ok = true;
    Add(e);
    if (!random_.Chance(60)) return;
    e.payment = true;
    e.time += random_.Between(20, 600) * kSecond;
    e.merchant = static_cast<int>(random_.Between(0, kMerchants - 1));
    e.cents = random_.Between(300, 9'000) * (random_.Chance(3) ? 7 : 1);
    Add(e);
  }

  void HideBreakIn(bool pays, Hidden* hidden) {
    Event e{.time = random_.Between(10, 1300) * kMinute,
            .user = victims_++,
            .address = static_cast<uint32_t>(0x2d000000 + random_.Between(1, 0xffffff))};
    for (int64_t i = random_.Between(6, 40); i > 0; --i) {
      Add(e);
      e.time += random_.Between(900, 9'000) * kMs;
    }
    e.ok = true;
    Add(e);
    ++hidden->break_ins;
    if (!pays) return;
    e.payment = true;
    e.time += random_.Between(3, 40) * kMinute;
    e.cents = random_.Between(90'100, 250'000);
    Add(e);
    ++hidden->takeovers;
  }

  void HideCardTest(Hidden* hidden) {
    Event e{.time = random_.Between(10, 1400) * kMinute, .payment = true, .user = victims_++};
    for (int64_t i = random_.Between(5, 9); i > 0; --i) {
      e.merchant = static_cast<int>(random_.Between(0, kMerchants - 1));
      e.cents = random_.Between(20, 199);
      Add(e);
      e.time += random_.Between(2, 12) * kSecond;
    }
    e.cents = random_.Between(40'100, 80'000);
    Add(e);
    ++hidden->card_tests;
  }

  static uint32_t HomeAddress(int user) {
    return 0x0a000000u + (static_cast<uint32_t>(user) * 2654435761u & 0xffffffu);
  }

  Random random_;
  int64_t events_;
  int users_ = 0;
  int victims_ = 0;
  int outage_merchant_ = -1;  // none
  int64_t outage_quarter_ = 0;
  int64_t order_ = 0;
  std::priority_queue<Event, std::vector<Event>, Later> queue_;
};

// `2026-01-31T08:00:00.250Z`; what is past midnight goes on in the next day.
std::string TimeText(int64_t ms) {
  const int64_t day = ms / kDay;
  ms %= kDay;
  char text[40];
  std::snprintf(text, sizeof text, "2026-03-%02dT%02d:%02d:%02d.%03dZ", static_cast<int>(2 + day),
                static_cast<int>(ms / 3'600'000), static_cast<int>(ms / kMinute % 60),
                static_cast<int>(ms / kSecond % 60), static_cast<int>(ms % 1000));
  return text;
}

class Files {
 public:
  bool Open(const std::string& folder) {
    logins_ = std::fopen((folder + "/logins.csv").c_str(), "w");
    payments_ = std::fopen((folder + "/payments.csv").c_str(), "w");
    if (logins_ == nullptr || payments_ == nullptr) return false;
    std::fputs("ts,user,ip,country,ok\n", logins_);
    std::fputs("ts,user,card,merchant,amount,declined\n", payments_);
    return true;
  }

  void Write(const Event& e, bool declined) {
    static constexpr const char* kCountries[] = {"DE", "FR", "NL", "PL", "AT", "ES"};
    const std::string time = TimeText(e.time);
    if (e.payment) {
      std::fprintf(payments_, "%s,u%06d,c%06d,shop%02d,%d.%02d,%s\n", time.c_str(), e.user, e.user,
                   e.merchant, static_cast<int>(e.cents / 100), static_cast<int>(e.cents % 100),
                   declined ? "true" : "false");
      return;
    }
    const uint32_t a = e.address;
    std::fprintf(logins_, "%s,u%06d,%u.%u.%u.%u,%s,%s\n", time.c_str(), e.user, a >> 24,
                 a >> 16 & 255, a >> 8 & 255, a & 255, (a >> 24) == 0x2d ? "XX" : kCountries[a % 6],
                 e.ok ? "true" : "false");
  }

  // Whether everything reached the files.
  bool Close() {
    const bool good = std::ferror(logins_) == 0 && std::ferror(payments_) == 0;
    const bool logins_closed = std::fclose(logins_) == 0;
    return std::fclose(payments_) == 0 && logins_closed && good;
  }

 private:
  FILE* logins_ = nullptr;
  FILE* payments_ = nullptr;
};

int Usage() {
  std::fputs("usage: generate_events [--events N] [--seed S] DIR\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  int64_t events = 1'000'000;
  uint64_t seed = 1;
  std::string folder;
  for (int i = 1; i < argc; ++i) {
    if (std::strcmp(argv[i], "--events") == 0 && i + 1 < argc) {
      events = std::atoll(argv[++i]);
    } else if (std::strcmp(argv[i], "--seed") == 0 && i + 1 < argc) {
      seed = std::strtoull(argv[++i], nullptr, 10);
    } else if (argv[i][0] != '-' && folder.empty()) {
      folder = argv[i];
    } else {
      return Usage();
    }
  }
  if (folder.empty() || events < 1 || events > 100'000'000) return Usage();

  Files files;
  if (!files.Open(folder)) {
    std::perror(folder.c_str());
    return 1;
  }
  Shop shop(events, seed);
  const Hidden hidden = shop.Hide();
  int64_t written = 0;
  shop.Run([&](const Event& e) {
    files.Write(e, e.payment && shop.Declined(e));
    ++written;
  });
  if (!files.Close()) {
    std::perror(folder.c_str());
    return 1;
  }
  std::printf("events %lld\nbreak_in %d\ntakeover %d\ncard_test %d\noutage %d\n",
              static_cast<long long>(written), hidden.break_ins, hidden.takeovers,
              hidden.card_tests, hidden.outages);
  return 0;
}
