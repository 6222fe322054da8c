// The department communications: notices about outages, each published once, whoever asks for it.
#include <SQLiteCpp/SQLiteCpp.h>
#include <date/date.h>

#include <chrono>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "books/answer.hpp"
#include "books/books.hpp"
#include "communications/board.hpp"
#include "redress/plugin.hpp"

namespace redress::communications {
namespace {

using books::cannot_do;
using books::cannot_tell;
using books::object_of;
using books::text_of;
using plugin::Call;
using plugin::Outcome;
using SQLite::Database;
using SQLite::Statement;
using Json = nlohmann::ordered_json;

constexpr const char* schema_sql = R"sql(
CREATE TABLE notices (
  id              INTEGER PRIMARY KEY CHECK (id >= 1),
  about           TEXT    NOT NULL,
  text_en         TEXT    NOT NULL,
  text_es         TEXT    NOT NULL,
  published_at_ms INTEGER NOT NULL,
  withdrawn_at_ms INTEGER          -- None: it stands.
) STRICT;
CREATE UNIQUE INDEX notices_standing ON notices (about) WHERE withdrawn_at_ms IS NULL;
CREATE TABLE asked (
  key       TEXT    PRIMARY KEY CHECK (length(key) > 0),
  notice_id INTEGER NOT NULL REFERENCES notices (id),
  released  INTEGER NOT NULL DEFAULT 0 CHECK (released IN (0, 1))   -- Who asked took it back.
) STRICT;
)sql";

struct Notice {
  std::int64_t id = 0;
  std::string about, en, es;
  std::int64_t published_at_ms = 0;
  std::int64_t withdrawn_at_ms = 0;  // 0: it stands.

  [[nodiscard]] std::string number() const { return "N-" + std::to_string(id); }
};

std::string instant_text(std::int64_t at_ms) {
  const date::sys_seconds at{std::chrono::duration_cast<std::chrono::seconds>(std::chrono::milliseconds(at_ms))};
  return date::format("%FT%TZ", at);
}

std::optional<Notice> find(Database& database, const char* where, const std::string& value) {
  Statement query(database, std::string("SELECT n.id, about, text_en, text_es, published_at_ms, coalesce(withdrawn_at_ms, 0) "
                                        "FROM notices n ") +
                                where);
  query.bind(1, value);
  if (!query.executeStep()) return std::nullopt;
  return Notice{query.getColumn(0).getInt64(),  query.getColumn(1).getString(), query.getColumn(2).getString(),
                query.getColumn(3).getString(), query.getColumn(4).getInt64(),  query.getColumn(5).getInt64()};
}

constexpr const char* of_key = "JOIN asked a ON a.notice_id = n.id WHERE a.key = ?";
constexpr const char* standing_about = "WHERE about = ? AND withdrawn_at_ms IS NULL";
constexpr const char* of_id = "WHERE n.id = ?";

// A second request about the same thing gets the notice that stands.
Notice publish_once(Database& database, const std::string& key, Notice wanted) {
  if (auto earlier = find(database, of_key, key)) return *earlier;
  auto notice = find(database, standing_about, wanted.about);
  if (!notice) {
    Statement insert(database, "INSERT INTO notices (about, text_en, text_es, published_at_ms) VALUES (?, ?, ?, ?)");
    insert.bind(1, wanted.about);
    insert.bind(2, wanted.en);
    insert.bind(3, wanted.es);
    insert.bind(4, wanted.published_at_ms);
    insert.exec();
    wanted.id = database.getLastInsertRowid();
    notice = std::move(wanted);
  }
  Statement asked(database, "INSERT INTO asked (key, notice_id) VALUES (?, ?)");
  asked.bind(1, key);
  asked.bind(2, notice->id);
  asked.exec();
  return *notice;
}

// Keys of one commitment differ by the verb at their end alone.
std::string asking_key(std::string_view undo_key) { return std::string(undo_key.substr(0, undo_key.rfind('/'))) + "/perform"; }

// Whether who asked under this key took it back.
bool is_released(Database& database, const std::string& key) {
  Statement query(database, "SELECT released FROM asked WHERE key = ?");
  query.bind(1, key);
  return query.executeStep() && query.getColumn(0).getInt() == 1;
}

std::string published(const Notice& notice) {
  return Json{{"notice", notice.number()}, {"about", notice.about}, {"published_at", instant_text(notice.published_at_ms)}}
      .dump();
}

// That this case's request is taken back; the notice itself stands while another case stands on it.
std::string taken_back(const Notice& notice) {
  Json evidence{{"notice", notice.number()}, {"stands", notice.withdrawn_at_ms == 0}};
  if (notice.withdrawn_at_ms != 0) evidence["withdrawn_at"] = instant_text(notice.withdrawn_at_ms);
  return evidence.dump();
}

// Withdrawn once nobody stands behind it any more; till then it is given back as it stands.
Result<Notice> withdraw_once(Database& database, const std::string& key, const std::string& number, std::int64_t now_ms) {
  auto notice = find(database, of_id, number.size() > 2 ? number.substr(2) : "");
  if (!notice || notice->number() != number) return {Code::refused, "there is no notice " + number};
  if (notice->withdrawn_at_ms != 0) return *notice;
  Statement release(database, "UPDATE asked SET released = 1 WHERE key = ? AND notice_id = ?");
  release.bind(1, key);
  release.bind(2, notice->id);
  release.exec();
  Statement others(database, "SELECT 1 FROM asked WHERE notice_id = ? AND released = 0 LIMIT 1");
  others.bind(1, notice->id);
  if (others.executeStep()) return *notice;
  Statement update(database, "UPDATE notices SET withdrawn_at_ms = ? WHERE id = ?");
  update.bind(1, now_ms);
  update.bind(2, notice->id);
  update.exec();
  notice->withdrawn_at_ms = now_ms;
  return *notice;
}

}  // namespace

class Communications : public plugin::Department {
 public:
  Communications(plugin::Host& host, std::string_view config_json);

  Outcome perform(const Call& call) override;
  Outcome reconcile(const Call& call) override;
  Outcome undo(const Call& call) override;

 private:
  Outcome publish(const Call& call);
  Outcome withdraw(const Call& call, const std::optional<std::string>& number, bool of_undo);
  Result<void> show(const Notice& notice);

  std::unique_ptr<books::Books> books_;
  std::unique_ptr<Board> board_;  // None: notices are in the books alone.
};

Communications::Communications(plugin::Host& host, std::string_view config_json) {
  const auto config = object_of(config_json);
  const auto database = text_of(config, "database");
  if (!database) throw std::runtime_error(R"(communications' configuration needs "database", a path)");
  auto books = books::Books::open(*database, {"communications", 0x5243434e, 1, schema_sql});  // "RCCN".
  if (!books) throw std::runtime_error(books.error().message);
  books_ = std::move(*books);
  if (const auto path = text_of(config, "board")) {
    auto board = Board::open(*path);
    if (!board) throw std::runtime_error(board.error().message);
    board_ = std::move(*board);
  }
  host.log_info("communications is open");
}

// On the board, where there is one: after the books have it, so that a crash in between is mended when it is asked for again.
Result<void> Communications::show(const Notice& notice) {
  if (!board_) return {};
  const auto put = [&](const std::string& entry, std::int64_t at_ms, const Json& text) {
    return board_->put(
        entry,
        Json{
            {"entry", entry}, {"notice", notice.number()}, {"about", notice.about}, {"text", text}, {"at", instant_text(at_ms)}}
            .dump());
  };
  if (auto shown = put(notice.number(), notice.published_at_ms, {{"en", notice.en}, {"es", notice.es}}); !shown) return shown;
  if (notice.withdrawn_at_ms == 0) return {};
  return put(notice.number() + "/withdrawn", notice.withdrawn_at_ms, {{"en", "Withdrawn."}, {"es", "Retirado."}});
}

Outcome Communications::publish(const Call& call) {
  const auto input = object_of(call.input);
  const auto about = text_of(input, "about"), en = text_of(input, "text_en"), es = text_of(input, "text_es");
  if (!about || !en || !es)
    return Outcome::declined("the input of publish_notice needs \"about\", \"text_en\" and \"text_es\"");
  std::optional<Notice> notice;
  auto written = books_->write([&](Database& database) -> Result<void> {
    notice = publish_once(database, std::string(call.key), {0, *about, *en, *es, call.now_ms, 0});
    return {};
  });
  if (written) written = show(*notice);
  if (!written) return cannot_do(written.error(), call);
  return Outcome::done(published(*notice));
}

Outcome Communications::withdraw(const Call& call, const std::optional<std::string>& number, bool of_undo) {
  if (!number) return Outcome::declined("to withdraw a notice, its \"notice\" is needed");
  Result<Notice> notice(Code::internal, "no answer");
  auto written = books_->write([&](Database& database) -> Result<void> {
    notice = withdraw_once(database, asking_key(call.key), *number, call.now_ms);
    return notice ? Result<void>() : Result<void>(notice.error());
  });
  if (written) written = show(*notice);
  if (!written) return cannot_do(written.error(), call);
  if (notice->withdrawn_at_ms == 0 && !of_undo)
    return Outcome::declined("notice " + notice->number() + " stays: another case stands on it");
  return Outcome::done(taken_back(*notice));
}

Outcome Communications::perform(const Call& call) {
  if (call.action == "publish_notice") return publish(call);
  if (call.action == "withdraw_notice") return withdraw(call, text_of(object_of(call.input), "notice"), false);
  return Outcome::declined("communications has no action " + std::string(call.action));
}

Outcome Communications::undo(const Call& call) { return withdraw(call, text_of(object_of(call.evidence), "notice"), true); }

// Both deeds may be done again under their key, so what is not in the books did not happen.
Outcome Communications::reconcile(const Call& call) {
  if (board_ && !board_->is_whole()) return Outcome::unknown("the board cannot be written; open it anew");
  std::optional<Notice> notice;
  bool released = false;
  const bool withdrawing = call.action == "withdraw_notice";
  const std::string number =
      text_of(object_of(call.evidence), "notice").value_or(text_of(object_of(call.input), "notice").value_or(""));
  const auto read = books_->read([&](Database& database) -> Result<void> {
    notice = withdrawing ? find(database, of_id, number.size() > 2 ? number.substr(2) : "")
                         : find(database, of_key, std::string(call.key));
    released = withdrawing && is_released(database, asking_key(call.key));
    return {};
  });
  if (!read) return cannot_tell(read.error());
  if (notice && released && notice->withdrawn_at_ms == 0) return Outcome::done(taken_back(*notice));  // It stands for others.
  const bool happened = notice && (!withdrawing || notice->withdrawn_at_ms != 0);
  if (!happened || (board_ && !board_->has(withdrawing ? notice->number() + "/withdrawn" : notice->number())))
    return Outcome::retry("nothing happened, or the board does not show it yet");
  if (withdrawing) return Outcome::done(taken_back(*notice));
  return Outcome::done(published(*notice));
}

}  // namespace redress::communications

REDRESS_PLUGIN(redress::communications::Communications, R"json({
  "id": "org.redress.communications", "version": "1.0.0", "abi": 1, "department": "communications",
  "title": "Communications: public notices",
  "needs": { "files": true },
  "config": {
    "type": "object", "required": ["database"], "additionalProperties": false,
    "properties": { "database": { "type": "string", "minLength": 1 }, "board": { "type": "string", "minLength": 1 } }
  },
  "actions": {
    "publish_notice": {
      "title": "Publish a notice, once for what it is about",
      "input": {
        "type": "object", "required": ["about", "text_en", "text_es"], "additionalProperties": false,
        "properties": {
          "about": { "type": "string", "minLength": 1, "maxLength": 80 },
          "text_en": { "type": "string", "minLength": 1, "maxLength": 500 },
          "text_es": { "type": "string", "minLength": 1, "maxLength": 500 }
        }
      },
      "evidence": {
        "type": "object", "required": ["notice", "about", "published_at"], "additionalProperties": false,
        "properties": {
          "notice": { "type": "string", "pattern": "^N-[0-9]+$", "maxLength": 20 },
          "about": { "type": "string", "minLength": 1, "maxLength": 80, "same_as_input": true },
          "published_at": { "type": "string", "format": "date-time" }
        }
      },
      "dedupes": true, "reconciles": true, "undo": "withdraw_notice"
    },
    "withdraw_notice": {
      "title": "Withdraw a notice",
      "input": {
        "type": "object", "required": ["notice"], "additionalProperties": false,
        "properties": { "notice": { "type": "string", "maxLength": 20 } }
      },
      "evidence": {
        "type": "object", "required": ["notice", "stands"], "additionalProperties": false,
        "properties": {
          "notice": { "type": "string", "pattern": "^N-[0-9]+$", "maxLength": 20 },
          "stands": { "type": "boolean", "title": "Another case still stands on it" },
          "withdrawn_at": { "type": "string", "format": "date-time" }
        }
      },
      "dedupes": true, "reconciles": true
    }
  }
})json")
