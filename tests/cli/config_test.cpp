// The configuration: what the reader takes, what it refuses and with which words, and that the schema for editors agrees.
#include "cli/config.hpp"
#include "redress/reading.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>

#include "base/schema.hpp"
#include "cli/program.hpp"

namespace redress::cli {
namespace {

using test::Workspace;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using Json = nlohmann::ordered_json;

ConfigReading reading_of(const Workspace& w, const std::string& text) {
  w.write("redress.json", text);
  return inspect_config(w.path("redress.json"));
}

// "rule pointer" of each finding.
std::vector<std::string> rules(const ConfigReading& reading) {
  std::vector<std::string> all;
  for (const auto& f : reading.findings) all.push_back(f.rule + " " + f.pointer);
  return all;
}

TEST(Config, OfNothingHasAllDefaultsBesideItsFile) {
  const Workspace w;
  const auto read = reading_of(w, "{}");
  EXPECT_THAT(rules(read), IsEmpty());
  EXPECT_EQ(read.config.database, w.path("redress.db"));
  EXPECT_EQ(read.config.workflows, w.path("workflows"));
  EXPECT_EQ(read.config.outbox, w.path("replies.jsonl"));
  EXPECT_EQ(read.config.plugins, "");
  EXPECT_EQ(read.config.departments, "{}");
  EXPECT_EQ(read.config.workers, 2);
  EXPECT_EQ(to_text(read.config.service.listen), "127.0.0.1:8080");
}

TEST(Config, TakesEveryKey) {
  const Workspace w;
  const auto read = reading_of(w, R"({"$schema": "redress.schema.json", "database": "d.db", "workflows": "/srv/flows",
    "plugins": "lib", "departments": {"billing": {"database": "b.db"}}, "outbox": "out/r.jsonl", "workers": 3,
    "call_ms_max": 1000, "service": {"listen": "unix:s.sock", "http_workers": 8, "connections_max": 10,
    "body_bytes_max": 65536}, "inbound": [{"name": "helpdesk", "secret_file": "secrets/h", "tolerance_ms": 1000}],
    "outbound": [{"name": "crm", "url": "https://crm.example/hook?x=1", "secret_file": "secrets/c",
    "events": ["reply.published", "*"]}]})");
  EXPECT_THAT(rules(read), IsEmpty());
  const Config& c = read.config;
  EXPECT_EQ(c.database, w.path("d.db"));
  EXPECT_EQ(c.workflows, "/srv/flows");
  EXPECT_EQ(c.plugins, w.path("lib"));
  EXPECT_EQ(c.departments, R"({"billing":{"database":"b.db"}})");
  EXPECT_EQ(c.service.listen.path, w.path("s.sock"));
  EXPECT_EQ(c.service.http_workers, 8);
  ASSERT_EQ(c.inbound.size(), 1U);
  EXPECT_EQ(c.inbound[0].secret_file, w.path("secrets/h"));
  ASSERT_EQ(c.outbound.size(), 1U);
  EXPECT_THAT(c.outbound[0].events, ElementsAre("reply.published", "*"));
}

TEST(Config, ReadsDepartmentsFromFilesThatItNames) {
  const Workspace w;
  w.write("b.json", R"({"database": "b.db"})");
  w.write("all.json", R"({"billing": "b.json", "commercial": {"database": "c.db"}})");
  const std::string both = R"({"billing":{"database":"b.db"},"commercial":{"database":"c.db"}})";
  EXPECT_EQ(reading_of(w, R"({"departments": {"billing": "b.json", "commercial": {"database": "c.db"}}})").config.departments,
            both);
  EXPECT_EQ(reading_of(w, R"({"departments": "all.json"})").config.departments, both);
  const auto absent = reading_of(w, R"({"departments": {"billing": "none.json"}})");
  ASSERT_THAT(rules(absent), ElementsAre("file /departments/billing"));
  EXPECT_THAT(absent.findings[0].message, HasSubstr(w.path("none.json")));
}

TEST(Config, SaysEverythingThatIsWrongAtOnce) {
  const Workspace w;
  const auto read = reading_of(w, R"({
  "databse": "d.db",
  "workers": 0,
  "call_ms_max": "30 s",
  "service": { "listen": "localhost:8080", "conections_max": 7 },
  "outbox": "",
  "workers": 2,
  "inbound": [ { "name": "Help Desk" }, { "name": "a", "secret_file": "s" }, { "name": "a", "secret_file": "s" } ],
  "outbound": [ { "name": "crm", "url": "ftp://crm", "secret_file": "s", "events": [] } ]
})");
  EXPECT_THAT(rules(read),
              testing::UnorderedElementsAre("unknown_key /databse", "type /call_ms_max", "form /service/listen",
                                            "unknown_key /service/conections_max", "empty /outbox", "duplicate_key /workers",
                                            "required /inbound/0", "name /inbound/0/name", "duplicate_name /inbound/2/name",
                                            "form /outbound/0/url", "range /outbound/0/events"));
  const auto refused = read_config(w.path("redress.json"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::invalid);
  EXPECT_THAT(
      refused.error().message,
      AllOf(HasSubstr(w.path("redress.json") + ":2: there is no key \"databse\" here (/databse). Did you mean \"database\"?\n"),
            HasSubstr("redress.json:7: the key \"workers\" stands twice, first on line 3 (/workers). Keep one."),
            HasSubstr("redress.json:5: \"localhost:8080\" is no address to listen on")));
}

TEST(Config, SaysOfWhichTypeAValueMustBeAndIs) {
  const Workspace w;
  const std::pair<const char*, const char*> wrong[] = {
      {R"([])", "the configuration must be an object, and is a list"},
      {R"({"database": 5})", "this must be a text, and is a number"},
      {R"({"database": null})", "this must be a text, and is null"},
      {R"({"workers": "2"})", "this must be a whole number, and is a text"},
      {R"({"workers": 1.5})", "this must be a whole number, and is a number with a fraction, or too large"},
      {R"({"workers": true})", "this must be a whole number, and is true"},
      {R"({"service": []})", "this must be an object, and is a list"},
      {R"({"departments": 1})", "this must be an object or a file's name, and is a number"},
      {R"({"departments": {"billing": 1}})", "this must be an object or a file's name, and is a number"},
      {R"({"inbound": {}})", "this must be a list, and is an object"},
  };
  for (const auto& [text, message] : wrong) {
    const auto read = reading_of(w, text);
    ASSERT_EQ(read.findings.size(), 1U) << text;
    EXPECT_EQ(read.findings[0].message, message);
  }
}

TEST(Config, SaysWhereItIsNoJson) {
  const Workspace w;
  const std::string file = w.path("redress.json");
  for (const auto& [text, place] : {std::pair("{\n  \"\u00e9\": ]}", "line 2, column 8"), {"{", "line 1, column 2"}}) {
    const auto read = reading_of(w, text);
    ASSERT_EQ(read.findings.size(), 1U) << text;
    EXPECT_THAT(read.findings[0].message, testing::StartsWith(file + ": JSON at " + place + ": "));
    EXPECT_THAT(read.findings[0].message, Not(HasSubstr("exception")));
  }
  EXPECT_THAT(reading_of(w, R"({"workers": 1e999})").findings.at(0).message, Not(HasSubstr("exception")));
}

TEST(Config, NamesAllKeysWhereNoneIsNear) {
  const Workspace w;
  const auto read = reading_of(w, R"({"service": {"colour": 1}})");
  ASSERT_EQ(read.findings.size(), 1U);
  EXPECT_EQ(read.findings[0].mend, "Take one of listen, http_workers, connections_max, streams_per_person_max, body_bytes_max");
}

TEST(Config, RefusesNumbersOutsideOfTheirRange) {
  const Workspace w;
  for (const char* text :
       {R"({"workers": 0})", R"({"workers": 65})", R"({"workers": -1})", R"({"workers": 18446744073709551615})",
        R"({"workers": 99999999999999999999999})", R"({"workers": 1.5})", R"({"workers": true})", R"({"call_ms_max": 99})",
        R"({"service": {"body_bytes_max": 1024}})", R"({"service": {"connections_max": 100001}})"})
    EXPECT_EQ(reading_of(w, text).findings.size(), 1U) << text;
}

TEST(Config, RefusesWhatIsNoConfiguration) {
  const Workspace w;
  for (const std::string& text :
       {std::string("[]"), std::string(""), std::string("{"), std::string("{} {}"), std::string("// no\n{}"),
        std::string(100'000, '['), std::string("{\"database\": \"\xff\"}"), std::string(2 * 1024 * 1024, ' ')}) {
    const auto read = reading_of(w, text);
    EXPECT_EQ(read.findings.size(), 1U) << text.substr(0, 20);
    EXPECT_FALSE(read_config(w.path("redress.json")));
  }
  const auto absent = read_config(w.path("nowhere.json"));
  ASSERT_FALSE(absent);
  EXPECT_THAT(absent.error().message, HasSubstr("nowhere.json"));
  EXPECT_FALSE(read_config(w.path("")));
}

TEST(Config, SaysAtMostAHundredThings) {
  const Workspace w;
  std::string text = "{";
  for (int i = 0; i < 500; ++i) text += "\"k" + std::to_string(i) + "\": 0, \"k" + std::to_string(i) + "\": 1, ";
  const auto read = reading_of(w, text + "\"workers\": 2}");
  ASSERT_EQ(read.findings.size(), 100U);
  EXPECT_EQ(read.findings.front().rule, "more");
}

TEST(Config, SurvivesAnyBytes) {
  const Workspace w;
  const std::string good =
      R"({"departments": {"a": {"b": [1, {"c": "\u00e9\\"}]}}, "inbound": [{"name": "a", "secret_file": "s"}],
    "service": {"listen": "[::1]:1"}, "outbound": [{"name": "b", "url": "http://x/", "secret_file": "s", "events": ["reply.*"]}]})";
  ASSERT_THAT(rules(reading_of(w, good)), IsEmpty());
  std::minstd_rand chance(7);
  for (int round = 0; round < 500; ++round) {
    std::string text = good;
    for (int changes = 1 + static_cast<int>(chance() % 3); changes > 0; --changes)
      text[chance() % text.size()] = "{}[]\",:\\/0-a\n\0\xff"[chance() % 15];
    const auto read = reading_of(w, text);
    for (const auto& finding : read.findings) EXPECT_FALSE(to_text(finding).empty());
  }
}

TEST(Config, KeepsDatabaseAndOutboxApart) {
  const Workspace w;
  EXPECT_THAT(rules(reading_of(w, R"({"database": "a/../x", "outbox": "./x"})")), ElementsAre("same_file /outbox"));
}

TEST(Config, NeverShowsWhatStandsInASecretFile) {
  const Workspace w;
  w.write("s", "open sesame");
  const auto read = reading_of(w, R"({"inbound": [{"name": "a", "secret_file": "s", "secret": 1}]})");
  ASSERT_EQ(read.findings.size(), 1U);
  EXPECT_THAT(to_text(read.findings[0]), Not(HasSubstr("sesame")));
}

TEST(Config, IsTheNamedOneOrTheOneInThisFolderOrNone) {
  const Workspace w;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(w.path(""));
  const auto none = find_config("");
  w.write("redress.json", R"({"workers": 5})");
  w.write("other.json", R"({"workers": 6})");
  const auto here = find_config(""), named = find_config("other.json"), absent = find_config("nowhere.json");
  std::filesystem::current_path(before);
  ASSERT_TRUE(none && here && named);
  EXPECT_FALSE(none->has_value());
  EXPECT_EQ((*here)->workers, 5);
  EXPECT_EQ((*here)->database, "redress.db");
  EXPECT_EQ((*named)->workers, 6);
  EXPECT_FALSE(absent);
}

TEST(ListenAddress, IsIpv4OrBracketedIpv6OrASocketFile) {
  for (const char* text : {"127.0.0.1:8080", "0.0.0.0:0", "[::1]:65535", "[::]:80", "unix:/run/redress.sock", "unix:a:b"}) {
    const auto read = parse_listen(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(to_text(*read), text);
  }
  EXPECT_EQ(parse_listen("[::1]:8080")->host, "::1");
  EXPECT_EQ(parse_listen("unix:/run/redress.sock")->path, "/run/redress.sock");
}

TEST(ListenAddress, RefusesTheRest) {
  for (const std::string& text : {std::string(""),
                                  std::string(":8080"),
                                  std::string("8080"),
                                  std::string("localhost:8080"),
                                  std::string("*:80"),
                                  std::string("127.0.0.1"),
                                  std::string("127.0.0.1:"),
                                  std::string("127.0.0.1:65536"),
                                  std::string("127.0.0.1:-1"),
                                  std::string("127.0.0.1:+1"),
                                  std::string("127.0.0.1:80 "),
                                  std::string("127.0.0.256:80"),
                                  std::string("::1:80"),
                                  std::string("[::1]"),
                                  std::string("[::1]80"),
                                  std::string("[::1"),
                                  std::string("[127.0.0.1]:80"),
                                  std::string("unix:"),
                                  "unix:" + std::string(108, 'a'),
                                  std::string("http://127.0.0.1:80")})
    EXPECT_FALSE(parse_listen(text)) << text;
}

TEST(Url, IsHttpOrHttpsInItsParts) {
  const auto plain = parse_url("http://127.0.0.1:9000/hook");
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->tls);
  EXPECT_EQ(plain->host + " " + std::to_string(plain->port) + " " + plain->path, "127.0.0.1 9000 /hook");
  const auto secure = parse_url("https://crm.example?a=b/c");
  ASSERT_TRUE(secure);
  EXPECT_TRUE(secure->tls);
  EXPECT_EQ(secure->host + " " + std::to_string(secure->port) + " " + secure->path, "crm.example 443 /?a=b/c");
  EXPECT_EQ(parse_url("http://[::1]:9/x")->host, "::1");
}

TEST(Url, RefusesTheRest) {
  for (const char* text : {"", "crm.example", "ftp://crm.example", "http://", "http:///x", "http://a:b@crm", "http://crm:0",
                           "http://crm:99999", "http://crm:", "http://cr m/", "http://crm/#x", "http://[::1", "http://[x]:1/",
                           "http://crm/\r\nHost: x", "http://crm/é", "HTTP://crm", "http://-crm"})
    EXPECT_FALSE(parse_url(text)) << text;
  EXPECT_THAT(parse_url("https://me:hunter2@crm/").error().message, Not(HasSubstr("hunter2")));
}

Json schema() {
  std::ifstream file(REDRESS_SOURCE "/config/redress.schema.json");
  Json whole = Json::parse(file);
  for (const char* key : {"$schema", "$id"}) whole.erase(key);
  return whole;
}

// The schema's object of the name that config_keys() has for it.
Json object_in(const std::string& name) {
  const Json whole = schema();
  if (name.empty()) return whole;
  const Json& object = whole["properties"][name];
  return object["type"] == "array" ? object["items"] : object;
}

TEST(ConfigSchema, IsASchemaWithATextForEachKey) {
  const auto found = base::check_schema(schema());
  EXPECT_TRUE(found.empty()) << found[0].pointer << ": " << found[0].message;
  for (const char* name : {"", "service", "inbound", "outbound"}) {
    const Json object = object_in(name);
    EXPECT_EQ(object["additionalProperties"], false) << name;
    for (const auto& [key, value] : object["properties"].items()) EXPECT_TRUE(value.contains("description")) << key;
  }
}

TEST(ConfigSchema, HasTheKeysThatTheReaderTakes) {
  for (const char* name : {"", "service", "inbound", "outbound"}) {
    std::vector<std::string> keys;
    const Json object = object_in(name);
    for (const auto& property : object["properties"].items()) keys.push_back(property.key());
    EXPECT_EQ(keys, config_keys(name)) << name;
  }
}

TEST(ConfigSchema, NamesTheEventsThatThereAre) {
  std::vector<std::string> wanted{"*"};
  for (const std::string& type : fact_types()) {
    const std::string noun = type.substr(0, type.find('.')) + ".*";
    if (std::find(wanted.begin(), wanted.end(), noun) == wanted.end()) wanted.push_back(noun);
  }
  wanted.insert(wanted.end(), fact_types().begin(), fact_types().end());
  EXPECT_EQ(object_in("outbound")["properties"]["events"]["items"]["enum"].get<std::vector<std::string>>(), wanted);
}

TEST(Config, NamesTheEventThatWasMeant) {
  const Workspace w;
  const auto read = reading_of(
      w,
      R"({"outbound": [{"name": "a", "url": "http://x", "secret_file": "s", "events": ["reply.publishd", "refund.done"]}]})");
  ASSERT_THAT(rules(read), ElementsAre("form /outbound/0/events/0", "form /outbound/0/events/1"));
  EXPECT_EQ(read.findings[0].message, "\"reply.publishd\" names no event; did you mean 'reply.published'?");
  EXPECT_THAT(read.findings[1].message, HasSubstr("names no event; there are: post.*, case.*, first_reply.*"));
}

TEST(ConfigPage, NamesEachKeyWithItsObject) {
  std::ifstream file(REDRESS_SOURCE "/docs/configuration.md");
  const std::string page{std::istreambuf_iterator<char>(file), {}};
  for (const auto& [object, prefix] : std::vector<std::pair<std::string, std::string>>{
           {"", ""}, {"service", "service."}, {"inbound", "inbound[]."}, {"outbound", "outbound[]."}})
    for (const std::string& key : config_keys(object)) {
      const bool is_object = !config_keys(key).empty();
      EXPECT_TRUE(is_object || page.find("| `" + prefix + key + "` |") != std::string::npos) << key;
    }
}

TEST(Secret, IsTheFilesTextWithoutItsEnd) {
  const Workspace w;
  w.write("s", "0123456789abcdef01234567\r\n");
  EXPECT_EQ(*read_secret(w.path("s")), "0123456789abcdef01234567");
  w.write("s", "0123456789abcdef0123456\n");
  EXPECT_THAT(read_secret(w.path("s")).error().message, AllOf(HasSubstr("23 bytes"), Not(HasSubstr("abcdef"))));
  w.write("s", "whsec_ is no base64 here, so no key\n");
  EXPECT_THAT(read_secret(w.path("s")).error().message, AllOf(HasSubstr(w.path("s")), HasSubstr("goes on in base64")));
  w.write("s", std::string(5000, 'x'));
  EXPECT_FALSE(read_secret(w.path("s")));
  EXPECT_FALSE(read_secret(w.path("nowhere")));
  EXPECT_FALSE(read_secret(w.path("")));
}

TEST(ConfigSchema, TakesAndRefusesWhatTheReaderDoes) {
  const Workspace w;
  const auto agree = [&](const std::string& text, bool fits) {
    EXPECT_EQ(base::validate(schema(), Json::parse(text)).empty(), fits) << text;
    EXPECT_EQ(reading_of(w, text).findings.empty(), fits) << text;
  };
  w.write("d.json", "{}");
  for (
      const char* text :
      {"{}", R"({"database": "x.db", "workers": 64, "call_ms_max": 100})", R"({"departments": "d.json"})",
       R"({"departments": {"billing": "d.json", "commercial": {}}})", R"({"service": {"listen": "[::1]:0"}})",
       R"({"service": {"listen": "unix:x"}})", R"({"inbound": [], "outbound": []})",
       R"({"outbound": [{"name": "a", "url": "http://x:1/y?z", "secret_file": "s", "events": ["task.*", "reply.published"]}]})"})
    agree(text, true);
  for (const char* text :
       {"[]",
        R"({"color": 1})",
        R"({"database": ""})",
        R"({"database": 1})",
        R"({"workers": 65})",
        R"({"workers": "2"})",
        R"({"workers": null})",
        R"({"call_ms_max": 99})",
        R"({"departments": 1})",
        R"({"departments": {"billing": 1}})",
        R"({"departments": {"billing": ""}})",
        R"({"service": []})",
        R"({"service": {"listen": "here"}})",
        R"({"service": {"listen": "localhost:80"}})",
        R"({"service": {"port": 1}})",
        R"({"service": {"body_bytes_max": 1}})",
        R"({"inbound": {}})",
        R"({"inbound": [1]})",
        R"({"inbound": [{"name": "a"}]})",
        R"({"inbound": [{"name": "A", "secret_file": "s"}]})",
        R"({"inbound": [{"name": "a", "secret_file": "s", "x": 1}]})",
        R"({"inbound": [{"name": "a", "secret_file": "s", "tolerance_ms": 1}]})",
        R"({"outbound": [{"name": "a", "secret_file": "s"}]})",
        R"({"outbound": [{"name": "a", "url": "ftp://x", "secret_file": "s"}]})",
        R"({"outbound": [{"name": "a", "url": "http://x", "secret_file": "s", "events": []}]})",
        R"({"outbound": [{"name": "a", "url": "http://x", "secret_file": "s", "events": ["*", "*"]}]})",
        R"({"outbound": [{"name": "a", "url": "http://x", "secret_file": "s", "events": ["reply.publishd"]}]})",
        R"({"service": {"streams_per_person_max": 0}})",
        R"({"outbound": [{"name": "a", "url": "http://x", "secret_file": "s", "events": ["reply"]}]})"})
    agree(text, false);
}

}  // namespace
}  // namespace redress::cli
