// Acts that go to a running server instead of the database: --server URL --token-file F. The token says who acts.
#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/verbs.hpp"

namespace redress::cli {

// Sends one request and answers the body as JSON. `method` "POST", "PUT", "DELETE", "GET"; `body` null: none.
[[nodiscard]] Result<nlohmann::ordered_json> ask_server(const ServerOptions& server, const char* method,
                                                        const std::string& path, const nlohmann::ordered_json& body,
                                                        const std::string& request_id = "");
// The same with a body that is sent as it stands.
[[nodiscard]] Result<nlohmann::ordered_json> ask_server_text(const ServerOptions& server, const char* method,
                                                             const std::string& path, const std::string& body,
                                                             const std::string& request_id = "");
// The same for an act, and says in one line what came of it: "C-000001: the case is active".
[[nodiscard]] Result<int> act_on_server(const ActOptions& options, const std::string& path, const nlohmann::ordered_json& body,
                                        Console& console);
// What came of an act, by the server's answer.
void tell_act(const nlohmann::ordered_json& answer, Console& console);
// A path segment, percent-encoded.
[[nodiscard]] std::string segment(std::string_view text);

}  // namespace redress::cli
