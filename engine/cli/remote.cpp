// The client of `redress serve`: the same acts, the same exit statuses.
#include "cli/remote.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "cli/json_text.hpp"
#include "cli/lines.hpp"
#include "redress/service.hpp"

namespace redress::cli {
namespace {

constexpr std::size_t token_bytes_max = 4096;

Result<std::string> read_token(const std::string& file) {
  if (file.empty())
    return {Code::invalid, "--server needs --token-file: the file with the token that redress token add printed"};
  auto text = read_file(file, token_bytes_max);
  if (!text) return text;
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  return text;
}

}  // namespace

std::string segment(std::string_view text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (plain.find(c) != std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Result<Json> ask_server(const ServerOptions& server, const char* method, const std::string& path, const Json& body,
                        const std::string& request_id) {
  return ask_server_text(server, method, path, body.is_null() ? "" : body.dump(-1, ' ', false, Json::error_handler_t::replace),
                         request_id);
}

Result<Json> ask_server_text(const ServerOptions& server, const char* method, const std::string& path, const std::string& body,
                             const std::string& request_id) {
  const auto token = read_token(server.token_file);
  if (!token) return token.error();
  const auto acts = RemoteActs::open(server.url, *token);
  if (!acts) return acts.error();
  const auto text = (*acts)->send(method, path, body, request_id);
  if (!text) return text.error();
  if (text->empty()) return Json::object();
  return parse_json(*text, "the server's answer");
}

Result<int> act_on_server(const ActOptions& options, const std::string& path, const Json& body, Console& console) {
  const auto answer = ask_server(options.write.server, "POST", path, body, options.request_id);
  if (!answer) return answer.error();
  tell_act(*answer, console);
  return 0;
}

void tell_act(const Json& answer, Console& console) {
  if (answer.contains("case"))
    console.out << printable(cell(answer, "case")) << ": the case is " << printable(cell(answer, "state"))
                << (answer.value("set_aside", false) ? ", set aside" : "") << '\n';
  else
    console.out << "done\n";
}

}  // namespace redress::cli
