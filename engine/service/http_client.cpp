// The seam to cpp-httplib on the client's side, and the acts of a served engine through it.
#include "service/http_client.hpp"

#include <fcntl.h>
#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "redress/service.hpp"

namespace redress::service {
namespace {

constexpr std::size_t answer_bytes_max = 16 * 1024 * 1024;
constexpr auto answer_time_max = std::chrono::seconds(15);

struct Target {
  std::string base;  // scheme://host:port, or the socket's path.
  std::string path;
  bool is_unix = false;
};

Result<Target> target_of(const Outgoing& outgoing) {
  if (outgoing.url.starts_with("unix:")) return Target{outgoing.url.substr(5), outgoing.path, true};
  const std::size_t scheme = outgoing.url.find("://");
  const std::string name = outgoing.url.substr(0, scheme);
  if (scheme == std::string::npos || (name != "http" && name != "https"))
    return {Code::invalid, outgoing.url + " is no URL to send to: write http://HOST:PORT or https://HOST:PORT"};
  const std::size_t slash = outgoing.url.find('/', scheme + 3);
  const std::string base = outgoing.url.substr(0, slash);
  std::string path = slash == std::string::npos ? "" : outgoing.url.substr(slash);
  if (!outgoing.path.empty() && path.ends_with('/')) path.pop_back();
  path += outgoing.path;
  return Target{base, path.empty() ? "/" : path, false};
}

}  // namespace

Cancellation::~Cancellation() {
  if (socket_ >= 0) ::close(socket_);
}

void Cancellation::cancel() {
  const std::lock_guard lock(mutex_);
  cancelled_ = true;
  if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
}

bool Cancellation::is_cancelled() const {
  const std::lock_guard lock(mutex_);
  return cancelled_;
}

void Cancellation::watch(int socket) {
  const std::lock_guard lock(mutex_);
  if (socket_ >= 0) ::close(socket_);
  socket_ = ::fcntl(socket, F_DUPFD_CLOEXEC, 0);
}

Result<Incoming> send_request(const Outgoing& outgoing, Cancellation* cancellation) {
  const auto target = target_of(outgoing);
  if (!target) return target.error();
  std::unique_ptr<httplib::Client> client;
  try {
    client = std::make_unique<httplib::Client>(target->base);
  } catch (const std::exception& e) {
    return {Code::invalid, outgoing.url + ": " + e.what()};
  }
  if (target->is_unix) client->set_address_family(AF_UNIX);
  if (!client->is_valid()) return {Code::invalid, outgoing.url + " cannot be used to send to"};
  client->set_connection_timeout(5);
  client->set_read_timeout(15);
  client->set_write_timeout(15);
  client->set_tcp_nodelay(true);
  client->set_follow_location(false);  // A signed body goes where it was meant to, or nowhere.
  if (cancellation != nullptr) {
    // httplib's own stop() waits for a connection that is being made, and does not reach one that is made after it.
    client->set_socket_options([cancellation](int socket) { cancellation->watch(socket); });
    if (cancellation->is_cancelled()) return {Code::unavailable, outgoing.url + " was not asked: the service is ending"};
  }
  httplib::Request request;
  request.method = outgoing.method;
  request.path = target->path;
  request.body = outgoing.body;
  for (const auto& [header, value] : outgoing.headers) request.set_header(header, value);
  if (!outgoing.body.empty()) request.set_header("Content-Type", "application/json");
  std::string body;
  const auto until = std::chrono::steady_clock::now() + answer_time_max;
  request.content_receiver = [&](const char* data, std::size_t size, std::uint64_t, std::uint64_t) {
    body.append(data, size);
    return body.size() <= answer_bytes_max && std::chrono::steady_clock::now() < until;  // Who drips is given up, too.
  };
  const auto result = client->send(request);
  if (cancellation != nullptr) cancellation->watch(-1);
  if (!result) return {Code::unavailable, outgoing.url + " gave no answer: " + httplib::to_string(result.error())};
  return Incoming{result->status, std::move(body), std::atoll(result->get_header_value("Retry-After").c_str())};
}

namespace {

Code code_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return Code::refused;
    case 404:
      return Code::not_found;
    case 409:
    case 412:
    case 422:
      return Code::conflict;
    case 503:
      return Code::unavailable;
    default:
      return status >= 500 ? Code::internal : Code::invalid;
  }
}

class Acts final : public RemoteActs {
 public:
  Acts(std::string url, std::string token) : url_(std::move(url)), token_(std::move(token)) {}
  Result<std::string> send(std::string_view method, std::string_view path, std::string_view json_body,
                           std::string_view key) override {
    Outgoing outgoing{.url = url_, .method = std::string(method), .path = std::string(path), .body = std::string(json_body)};
    outgoing.headers.emplace_back("Authorization", "Bearer " + token_);
    if (!key.empty()) outgoing.headers.emplace_back("Idempotency-Key", std::string(key));
    auto answer = send_request(outgoing);
    if (!answer) return answer.error();
    if (answer->status >= 200 && answer->status < 300) return std::move(answer->body);
    const auto problem = nlohmann::json::parse(answer->body, nullptr, false);
    const bool told = problem.is_object() && problem.contains("detail") && problem["detail"].is_string();
    return {code_of(answer->status),
            told ? problem["detail"].get<std::string>() : url_ + " answered " + std::to_string(answer->status)};
  }

 private:
  std::string url_, token_;
};

}  // namespace
}  // namespace redress::service

namespace redress {

Result<std::unique_ptr<RemoteActs>> RemoteActs::open(const std::string& url, const std::string& token) {
  if (token.empty() || token.find_first_of("\r\n ") != std::string::npos)
    return {Code::invalid, "a token is one word, as redress token add printed it"};
  return std::unique_ptr<RemoteActs>(std::make_unique<service::Acts>(url, token));
}

}  // namespace redress
