// The lamps department as a plugin: a class, one macro, and no library of Redress.
#include <fstream>
#include <redress/plugin.hpp>
#include <stdexcept>
#include <string>

using namespace redress::plugin;

// Mends street lamps. Its book is a file with one line for each key, so that the same key is mended once, also after a crash.
class Lamps : public Department {
 public:
  Lamps(Host& host, std::string_view /*config_json*/) : host_(host), book_(path, std::ios::app) {
    if (!book_) throw std::runtime_error(std::string(path) + " cannot be opened; make the folder writable");
  }

  Outcome perform(const Call& call) override {
    if (line_of(call.key) == 0) {
      book_ << call.key << std::endl;
      if (!book_) return Outcome::unknown("the book did not take the line");  // It may have: never answer retry here.
      host_.log_info("a lamp is mended");
    }
    return reconcile(call);
  }

  Outcome reconcile(const Call& call) override {
    const int line = line_of(call.key);
    if (line == 0) return Outcome::retry("not in the book");
    return Outcome::done(R"({"job": "JOB-)" + std::to_string(line) + "\"}");
  }

 private:
  static constexpr const char* path = "lamps.book";

  static int line_of(std::string_view key) {  // From 1; 0: not there.
    std::ifstream book(path);
    int line = 1;
    for (std::string one; std::getline(book, one); ++line)
      if (one == key) return line;
    return 0;
  }

  Host& host_;
  std::ofstream book_;
};

REDRESS_PLUGIN(Lamps, R"json({
  "id": "com.example.lamps", "version": "1.0.0", "abi": 1, "department": "lamps", "needs": { "files": true },
  "actions": {
    "mend": {
      "input": { "type": "object", "required": ["where"], "properties": { "where": { "type": "string" } } },
      "evidence": { "type": "object", "required": ["job"],
                    "properties": { "job": { "type": "string", "maxLength": 12, "public_text": true } } },
      "dedupes": true, "reconciles": true } } })json")
