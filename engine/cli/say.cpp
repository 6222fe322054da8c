// redress say: a person's own words as a reply, which somebody else reviews.
#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/remote.hpp"
#include "cli/session.hpp"

namespace redress::cli {
namespace {

// "refund=fulfilled".
Result<std::pair<std::string, ClaimLevel>> claim_of(const std::string& text) {
  constexpr std::array levels{ClaimLevel::requested, ClaimLevel::accepted, ClaimLevel::fulfilled,
                              ClaimLevel::declined,  ClaimLevel::failed,   ClaimLevel::revoked};
  const std::size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string level = equals == std::string::npos ? "" : text.substr(equals + 1);
  const auto* found = std::find_if(levels.begin(), levels.end(), [&](ClaimLevel each) { return to_string(each) == level; });
  if (name.empty() || found == levels.end()) {
    return {Code::invalid,
            "--claim " + text +
                ": write COMMITMENT=LEVEL, the level one of requested, accepted, fulfilled, declined, failed, revoked"};
  }
  return std::pair(name, *found);
}

}  // namespace

Result<int> say(const ActOptions& options, const SayOptions& words, Console& console) {
  if (options.write.server.named()) {
    nlohmann::ordered_json body = {{"text", words.text}, {"claims", nlohmann::ordered_json::object()}};
    for (const std::string& text : words.claims) {
      const auto claim = claim_of(text);
      if (!claim) return claim.error();
      body["claims"][claim->first] = std::string(to_string(claim->second));
    }
    if (!words.language.empty()) body["language"] = words.language;
    const auto answer = ask_server(options.write.server, "POST", "/v1/cases/" + segment(words.reference) + "/replies", body,
                                   options.request_id);
    if (!answer) return answer.error();
    tell_act(*answer, console);
    console.out << "somebody else reviews it: redress review " << printable(cell(*answer, "reply"))
                << " --approve|--refuse --server " << printable(options.write.server.url) << " --token-file FILE\n";
    return 0;
  }
  Statement statement{.text = words.text, .claims = {}, .language = words.language};
  for (const std::string& text : words.claims) {
    auto claim = claim_of(text);
    if (!claim) return claim.error();
    statement.claims.push_back(std::move(*claim));
  }
  return with_writer(options.write, console, [&](Engine& engine) -> Result<int> {
    const auto reply = engine.say(words.reference, statement, Act{options.by, options.request_id});
    if (!reply) return reply.error();
    tell_reply(engine, *reply, console);
    console.out << "somebody else reviews it: redress review " << *reply << " --approve|--refuse --as NAME\n";
    return 0;
  });
}

}  // namespace redress::cli
