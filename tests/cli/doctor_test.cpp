// redress doctor: what would go wrong, said before it does; and nothing changed by looking.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cli/program.hpp"
#include "redress/store.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Not;
using Json = nlohmann::ordered_json;

const std::string secret = "0123456789abcdef0123456789abcdef";

class Doctor : public testing::Test {
 protected:
  void SetUp() override {
    w_.write("posts.jsonl", post_line("1", "lucia_marin", "2026-03-02T09:00:00Z", "I was charged twice"));
    configure(Json::object());
  }

  // The configuration with these keys besides; the service on a port that the system picks.
  void configure(const Json& more) const {
    Json config{{"plugins", REDRESS_PLUGINS}, {"departments", "departments.json"}, {"service", {{"listen", "127.0.0.1:0"}}}};
    config.update(more);
    w_.write("redress.json", config.dump());
  }
  void listen(const std::string& address) const { configure({{"service", {{"listen", address}}}}); }
  void run(const std::vector<std::string>& more = {}) const {
    std::vector<std::string> words{"run", "--posts", "posts.jsonl"};
    words.insert(words.end(), more.begin(), more.end());
    const Finished done = w_.redress(words);
    ASSERT_EQ(done.status, 0) << done.err;
  }

  // Messages with their mends, of one check and health; the status is that of the whole.
  std::vector<std::string> found(const std::string& check, const std::string& health) {
    const Finished done = w_.redress({"doctor", "--json"});
    status_ = done.status;
    std::vector<std::string> messages;
    std::istringstream lines(done.out);
    for (std::string line; std::getline(lines, line);) {
      const Json one = Json::parse(line);
      if (one["check"] == check && one["health"] == health)
        messages.push_back(one["message"].get<std::string>() + ". " + one["mend"].get<std::string>());
    }
    return messages;
  }
  void expect_error(const std::string& check, const std::string& text) {
    EXPECT_THAT(found(check, "error"), Contains(HasSubstr(text)));
    EXPECT_EQ(status_, 1);
  }
  void expect_warning(const std::string& check, const std::string& text) {
    EXPECT_THAT(found(check, "warning"), Contains(HasSubstr(text)));
    EXPECT_EQ(status_, 0);
  }

  // Each file of the folder with its size and time.
  [[nodiscard]] std::set<std::string> files() const {
    std::set<std::string> all;
    for (const auto& entry : fs::recursive_directory_iterator(w_.path("")))
      if (entry.path().filename() != "stdout" && entry.path().filename() != "stderr")
        all.insert(entry.path().string() + (entry.is_regular_file() ? " " + std::to_string(entry.file_size()) : "") + " " +
                   std::to_string(entry.last_write_time().time_since_epoch().count()));
    return all;
  }
  void sql(const std::string& statement) const {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(w_.path("redress.db").c_str(), &database), SQLITE_OK);
    EXPECT_EQ(sqlite3_exec(database, statement.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(database);
    sqlite3_close(database);
  }

  Workspace w_;
  int status_ = -1;
};

// A listening socket of this process.
class Listening {
 public:
  explicit Listening(const std::string& path = "") : file_(::socket(path.empty() ? AF_INET : AF_UNIX, SOCK_STREAM, 0)) {
    sockaddr_in four{};
    four.sin_family = AF_INET;
    four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_un local{};
    local.sun_family = AF_UNIX;
    std::strncpy(local.sun_path, path.c_str(), sizeof local.sun_path - 1);
    const bool bound = path.empty() ? ::bind(file_, reinterpret_cast<sockaddr*>(&four), sizeof four) == 0
                                    : ::bind(file_, reinterpret_cast<sockaddr*>(&local), sizeof local) == 0;
    EXPECT_TRUE(bound && ::listen(file_, 4) == 0);
    socklen_t size = sizeof four;
    if (path.empty()) ::getsockname(file_, reinterpret_cast<sockaddr*>(&four), &size);
    port_ = ntohs(four.sin_port);
  }
  Listening(const Listening&) = delete;
  Listening& operator=(const Listening&) = delete;
  ~Listening() { ::close(file_); }
  [[nodiscard]] std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  int file_;
  int port_ = 0;
};

TEST_F(Doctor, FindsNoErrorWhereNoneIsAndSaysWhatItLookedAt) {
  configure({{"inbound", {{{"name", "helpdesk"}, {"secret_file", "s"}}}}});
  w_.write("s", secret);
  fs::permissions(w_.path("s"), fs::perms::owner_read | fs::perms::owner_write);
  run();
  const Finished done = w_.redress({"doctor", "--json"});
  EXPECT_EQ(done.status, 0) << done.out;
  std::vector<std::string> looked_at;
  std::istringstream lines(done.out);
  for (std::string line; std::getline(lines, line);) looked_at.push_back(Json::parse(line)["check"]);
  std::ifstream page(REDRESS_SOURCE "/docs/configuration.md");
  const std::string explained{std::istreambuf_iterator<char>(page), {}};
  for (const std::string& check : looked_at) EXPECT_THAT(explained, HasSubstr("| `" + check + "` |"));
  EXPECT_THAT(looked_at, IsSupersetOf({"versions", "clock", "config", "database", "writer", "audit", "outbox", "disk",
                                       "plugins", "departments", "workflows", "people", "secrets", "listen", "limits"}));
}

TEST_F(Doctor, SpeaksToPeopleInOneLineForEachCheckAndASum) {
  configure({{"workers", 0}});
  const Finished done = w_.redress({"doctor"});
  EXPECT_EQ(done.status, 1);
  EXPECT_THAT(done.out, HasSubstr("ok       versions     redress "));
  EXPECT_THAT(done.out, HasSubstr("error    config       redress.json:1: "));
  EXPECT_THAT(done.out, HasSubstr(", 1 error\n"));
}

TEST_F(Doctor, MakesNothingAndChangesNothing) {
  const auto before = files();
  EXPECT_EQ(w_.redress({"doctor"}).status, 0);
  EXPECT_EQ(files(), before);
  EXPECT_THAT(found("database", "ok"), ElementsAre(HasSubstr("the first run makes it")));
}

TEST_F(Doctor, LeavesADatabaseAsItIs) {
  run();
  const std::string bytes = w_.read("redress.db"), exported = w_.exported();
  EXPECT_EQ(w_.redress({"doctor"}).status, 0);
  EXPECT_EQ(w_.read("redress.db"), bytes);
  EXPECT_EQ(w_.exported(), exported);
}

TEST_F(Doctor, WithoutAConfigurationSaysHowToBegin) {
  fs::remove(w_.path("redress.json"));
  expect_error("config", "redress init");
  EXPECT_EQ(w_.redress({"doctor", "--config", "nowhere.json"}).status, 1);
}

TEST_F(Doctor, NamesEachSlipInTheConfiguration) {
  w_.write("redress.json", R"({"databse": "d.db", "workers": 0, "plugins": ")" REDRESS_PLUGINS R"("})");
  EXPECT_THAT(found("config", "error"), ElementsAre(AllOf(HasSubstr("/databse"), HasSubstr("Did you mean \"database\"?")),
                                                    AllOf(HasSubstr("/workers"), HasSubstr("Write a number within"))));
  EXPECT_THAT(found("plugins", "ok"), Not(IsEmpty()));  // What can be read is looked at.
}

TEST_F(Doctor, RefusesFilesThatAnyoneCanChange) {
  fs::permissions(w_.path("redress.json"), fs::perms::others_write, fs::perm_options::add);
  expect_error("config", "anyone on this machine can change redress.json");
}

TEST_F(Doctor, TellsWhoWritesTheDatabase) {
  run();
  EXPECT_THAT(found("writer", "ok"), ElementsAre(HasSubstr("nobody")));
  const auto held = open_sqlite_store(w_.path("redress.db"), OpenMode::write);
  ASSERT_TRUE(held.ok());
  EXPECT_THAT(found("writer", "ok"), ElementsAre(HasSubstr("pid " + std::to_string(::getpid()))));
}

TEST_F(Doctor, NamesTheKindOfTimeAndTheCommandOfTheAudit) {
  run({"--clock", "virtual"});
  EXPECT_THAT(found("database", "ok"), ElementsAre(HasSubstr("virtual time, last written at 2026-03-")));
  EXPECT_THAT(found("audit", "ok"), ElementsAre(HasSubstr("redress audit")));
}

TEST_F(Doctor, SeesThatTheClockWentBack) {
  run();
  EXPECT_THAT(found("clock", "warning"), IsEmpty());
  sql("UPDATE meta SET last_at_ms = last_at_ms + 86400000");
  expect_warning("clock", "it went back");
}

TEST_F(Doctor, SaysWhyADatabaseCannotBeUsed) {
  run();
  sql("PRAGMA user_version = 9999");
  expect_error("database", "9999");
  w_.write("redress.db", "no database");
  fs::remove(w_.path("redress.db-wal"));
  expect_error("database", "is not a Redress database");
  configure({{"database", "nowhere/redress.db"}});
  expect_error("database", "nowhere for nowhere/redress.db is not there");
}

TEST_F(Doctor, SaysWhenOthersMayReadWhatCustomersWrote) {
  run();
  fs::permissions(w_.path("redress.db"), fs::perms::others_read, fs::perm_options::add);
  EXPECT_THAT(found("database", "warning"), IsEmpty());  // The folder is ours alone.
  fs::permissions(w_.path(""), fs::perms::others_exec, fs::perm_options::add);
  expect_warning("database", "anyone on this machine can read redress.db");
}

TEST_F(Doctor, WarnsOfADiskThatIsGoneAfterARestart) {
  struct statfs kind {};
  if (::statfs("/dev/shm", &kind) != 0 || kind.f_type != 0x01021994) GTEST_SKIP() << "/dev/shm is no tmpfs here";
  configure({{"database", "/dev/shm/redress-doctor.db"}});
  EXPECT_THAT(found("disk", "warning"), Contains(HasSubstr("/dev/shm is on tmpfs")));
}

TEST_F(Doctor, LooksAtTheOutbox) {
  configure({{"outbox", "workflows"}});
  expect_error("outbox", "workflows is no file");
  configure({{"outbox", "nowhere/replies.jsonl"}});
  expect_error("outbox", "nowhere");
}

TEST_F(Doctor, NamesWhoHasTakenThePort) {
  const Listening other;
  listen(other.address());
  expect_error("listen", other.address() + " is taken by ");
  EXPECT_THAT(found("listen", "error"), ElementsAre(HasSubstr("(pid " + std::to_string(::getpid()) + ")")));
}

TEST_F(Doctor, FindsThePortTakenByTheServiceItselfInOrder) {
  run();
  const Listening service;
  const auto held = open_sqlite_store(w_.path("redress.db"), OpenMode::write);
  ASSERT_TRUE(held.ok());
  listen(service.address());
  EXPECT_THAT(found("listen", "ok"), ElementsAre(HasSubstr("which writes the database")));
}

TEST_F(Doctor, LooksAtAddressesThatAreNotHereOrNotForUsAlone) {
  listen("192.0.2.1:8080");
  expect_error("listen", "192.0.2.1:8080 cannot be listened on");
  listen("0.0.0.0:0");
  expect_warning("listen", "without TLS");
}

TEST_F(Doctor, LooksAtSocketFiles) {
  listen("unix:s.sock");
  EXPECT_THAT(found("listen", "ok"), ElementsAre("unix:s.sock is free. "));
  {
    const Listening other(w_.path("s.sock"));
    expect_error("listen", "somebody answers there");
  }
  expect_warning("listen", "nobody answers");
  listen("unix:posts.jsonl");
  expect_error("listen", "posts.jsonl is a file, and no socket");
  listen("unix:nowhere/s.sock");
  expect_error("listen", "nowhere");
}

TEST_F(Doctor, LooksAtSecretsAndNeverShowsOne) {
  configure({{"inbound", {{{"name", "helpdesk"}, {"secret_file", "s"}}}},
             {"outbound", {{{"name", "crm"}, {"url", "http://crm.example/"}, {"secret_file", "short"}}}}});
  expect_error("secrets", "s (inbound helpdesk) is not there");
  w_.write("s", secret + "\n");
  w_.write("short", "open sesame");
  fs::permissions(w_.path("s"), fs::perms::owner_read | fs::perms::owner_write | fs::perms::others_read);
  expect_error("secrets", "anyone on this machine can read or write s (inbound helpdesk)");
  expect_error("secrets", "short has 11 bytes; it needs at least 24");
  EXPECT_THAT(found("outbound", "warning"), ElementsAre(HasSubstr("plain http")));
  fs::permissions(w_.path("s"), fs::perms::owner_read | fs::perms::group_read);
  EXPECT_THAT(found("secrets", "warning"), Contains(HasSubstr("its group can read or write s")));
  fs::permissions(w_.path("s"), fs::perms::owner_read);
  EXPECT_THAT(found("secrets", "ok"), ElementsAre(HasSubstr("for its owner alone")));
  EXPECT_THAT(w_.redress({"doctor"}).out, AllOf(Not(HasSubstr("sesame")), Not(HasSubstr(secret))));
}

TEST_F(Doctor, HoldsDepartmentsAgainstTheirManifests) {
  configure(
      {{"departments", {{"billing", {{"database", "b.db"}, {"refund_authority_minor", -1}}}, {"kitchen", Json::object()}}}});
  const auto errors = found("departments", "error");
  EXPECT_THAT(errors, Contains(HasSubstr("refund_authority_minor")));
  EXPECT_THAT(errors, Contains(HasSubstr("the department kitchen, and no plugin is that")));
  EXPECT_EQ(status_, 1);
  EXPECT_THAT(found("departments", "warning"), Contains(HasSubstr("commercial has no configuration and needs one")));
  EXPECT_THAT(found("workflows", "warning"), Contains(HasSubstr("billing-overcharge needs the department commercial")));
}

TEST_F(Doctor, LooksAtPluginsWithoutRunningThem) {
  fs::create_directory(w_.path("lib"));
  configure({{"plugins", "lib"}});
  expect_error("plugins", "lib has no *.so: there is no department, so commitments stay planned");
  fs::copy_file(REDRESS_PLUGINS "/billing.so", w_.path("lib/billing.so"));
  fs::copy_file(REDRESS_PLUGINS "/billing.so", w_.path("lib/copy.so"));
  w_.write("lib/text.so", "no plugin");
  fs::create_symlink(REDRESS_PLUGINS "/commercial.so", w_.path("lib/link.so"));
  const auto errors = found("plugins", "error");
  for (const char* text : {"lib/copy.so is the department billing", "lib/text.so", "lib/link.so is no regular file"})
    EXPECT_THAT(errors, Contains(HasSubstr(text)));
  EXPECT_THAT(found("workflows", "error"), Contains(HasSubstr("commercial")));  // It names what no plugin carries.
  configure({{"plugins", "nowhere"}});
  expect_error("plugins", "nowhere cannot be read");
}

TEST_F(Doctor, HoldsTheFolderOfWorkflowsAgainstTheDatabase) {
  run();
  EXPECT_THAT(found("workflows", "warning"), IsEmpty());
  const std::string name = "workflows/billing-overcharge.json", text = w_.read(name), version = R"("version": "1.2.0")";
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    w_.write(name, changed.replace(changed.find(from), from.size(), to));
  };
  with(version, R"("version":    "1.2.0")");  // White space is no change.
  EXPECT_THAT(found("workflows", "warning"), IsEmpty());
  with(version, R"("version": "2.0.0")");
  expect_warning("workflows", "1.2.0 is active, and the folder has 2.0.0. The next run makes it active");
  with("\"owner\": \"community-lead\"", "\"owner\": \"somebody\"");
  expect_error("workflows", "1.2.0 is published with another content");
  with("\"states\"", "\"stats\"");
  expect_error("workflows", "workflows/billing-overcharge.json:");
  EXPECT_THAT(found("workflows", "warning"), Contains(HasSubstr("opens no new cases of it")));
  fs::remove(w_.path(name));
  expect_error("workflows", "has no *.json file");
}

TEST_F(Doctor, SaysThatARunKeepsWhatActivateChose) {
  run();
  const std::string name = "workflows/billing-overcharge.json", text = w_.read(name), version = R"("version": "1.2.0")";
  std::string changed = text;
  w_.write("next.json", changed.replace(changed.find(version), version.size(), R"("version": "9.9.9")"));
  ASSERT_EQ(w_.redress({"workflow", "publish", "next.json", "--db", "redress.db", "--plugins", REDRESS_PLUGINS}).status, 0);
  ASSERT_EQ(w_.redress({"workflow", "activate", "billing-overcharge", "9.9.9", "--db", "redress.db"}).status, 0);
  expect_warning("workflows",
                 "billing-overcharge: 9.9.9 is active, and the folder has 1.2.0, which is published too: 9.9.9 was chosen, and "
                 "goes on taking the new cases. redress workflow activate billing-overcharge 1.2.0 gives them to the folder's");
  run();
  EXPECT_THAT(w_.redress({"workflow", "list", "--db", "redress.db"}).out,
              testing::ContainsRegex("9\\.9\\.9  [0-9a-f]+  active"));
}

TEST_F(Doctor, WarnsOfARoleThatNobodyHas) {
  expect_warning("people", "nobody is known before the first run");
  run();
  expect_warning("people", "nobody has the role supervisor, which billing-overcharge asks for");
  for (const char* role : {"supervisor", "community", "community-lead", "billing-lead", "commercial-lead"})
    ASSERT_EQ(w_.redress({"person", "add", role, "--role", role}).status, 0);
  EXPECT_THAT(found("people", "warning"), IsEmpty());
  EXPECT_THAT(found("people", "ok"), ElementsAre(HasSubstr("5 are known")));
}

TEST_F(Doctor, ComparesConnectionsWithTheLimitOfOpenFiles) {
  rlimit files{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
  const std::string hard = files.rlim_max == RLIM_INFINITY ? "any number" : std::to_string(files.rlim_max);
  if (files.rlim_max < 100'064) {
    configure({{"service", {{"listen", "127.0.0.1:0"}, {"connections_max", 100'000}}}});
    expect_warning("limits", "up to " + hard + "; 100000 connections need 100064");
  }
  if (files.rlim_max < 512) GTEST_SKIP() << "few files may be open here";
  configure({{"service", {{"listen", "127.0.0.1:0"}, {"connections_max", 400}}}});
  const rlimit few{256, files.rlim_max};  // The service raises it.
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  EXPECT_THAT(found("limits", "ok"), ElementsAre(HasSubstr("up to " + hard + "; 400 connections need 464")));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
}

}  // namespace
}  // namespace redress::test
