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
constexpr std::chrono::seconds connection_time_max{5};
constexpr std::chrono::seconds answer_time_max{15};

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

// Why there is no answer. `after`: what to think of a request that may have been taken all the same.
std::string lost(const std::string& url, httplib::Error error, bool in_time, const std::string& after) {
  switch (error) {
    case httplib::Error::Connection:
      return "could not connect to " + url + ": nobody listens there, or not for this user; nothing was sent";
    case httplib::Error::ConnectionTimeout:
      return "could not connect to " + url + " within " + std::to_string(connection_time_max.count()) + " s; nothing was sent";
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
      return "could not connect to " + url + ": its certificate was not accepted, or it speaks no TLS; nothing was sent";
    case httplib::Error::Write:
      return url + " closed the connection, or took too long, while the request was sent" + after;
    case httplib::Error::Canceled:
      return "the answer of " + url + " was longer than " + std::to_string(answer_bytes_max >> 20) +
             " MiB, or took longer than " + std::to_string(answer_time_max.count()) + " s" + after;
    default:
      return (in_time ? url + " closed the connection without an answer"
                      : url + " gave no answer within " + std::to_string(answer_time_max.count()) + " s") +
             after;
  }
}

Result<Incoming> round_trip(const Outgoing& outgoing, const std::string& after, Cancellation* cancellation) {
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
  client->set_connection_timeout(connection_time_max);
  client->set_read_timeout(answer_time_max);
  client->set_write_timeout(answer_time_max);
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
  const bool in_time = std::chrono::steady_clock::now() < until;
  if (cancellation != nullptr) cancellation->watch(-1);
  if (!result) return {Code::unavailable, lost(outgoing.url, result.error(), in_time, after)};
  return Incoming{result->status, std::move(body), std::atoll(result->get_header_value("Retry-After").c_str())};
}

// Under a key it is one, however often it is sent.
std::string after_a_lost(const Outgoing& outgoing, bool has_key) {
  if (outgoing.method == "GET") return "";
  return std::string(": it may have been done; ") +
         (has_key ? "send it again under the same --request-id" : "look whether it was before you send it again");
}

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
    auto answer = round_trip(outgoing, after_a_lost(outgoing, !key.empty()), nullptr);
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
  return round_trip(outgoing, ": it may have been taken", cancellation);
}

}  // namespace redress::service

namespace redress {

Result<std::unique_ptr<RemoteActs>> RemoteActs::open(const std::string& url, const std::string& token) {
  if (token.empty() || token.find_first_of("\r\n ") != std::string::npos)
    return {Code::invalid, "a token is one word, as redress token add printed it"};
  return std::unique_ptr<RemoteActs>(std::make_unique<service::Acts>(url, token));
}

}  // namespace redress
