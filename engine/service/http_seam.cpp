// cpp-httplib parses the request and writes the response; it gets no socket, and only headers that have passed http_head.cpp.
//
// Debian's 0.11.4 lets chunked bodies pass its limit, takes Content-Length beside Transfer-Encoding, percent-decodes header
// values, sends exception texts to clients and gives a worker to each connection. So: the body stays outside of it, headers
// that it would act upon are left out, and its handler is the one door.
#include "service/http_seam.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <nlohmann/json.hpp>

namespace redress::service {
namespace {

// A request's bytes to read, a response's bytes as they are written.
class Memory final : public httplib::Stream {
 public:
  explicit Memory(std::string in) : in_(std::move(in)) {}
  std::string out;

  bool is_readable() const override { return at_ < in_.size(); }
  bool is_writable() const override { return true; }
  ssize_t read(char* to, size_t size) override {
    const std::size_t count = std::min(size, in_.size() - at_);
    std::memcpy(to, in_.data() + at_, count);
    at_ += count;
    return static_cast<ssize_t>(count);
  }
  ssize_t write(const char* from, size_t size) override {
    out.append(from, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  void get_local_ip_and_port(std::string& ip, int& port) const override { ip.clear(), port = 0; }
  socket_t socket() const override { return -1; }

 private:
  std::string in_;
  std::size_t at_ = 0;
};

// As forms encode it; a percent sign that is none of an escape stands for itself.
std::string form_decoded(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const int high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const int low = high < 0 ? -1 : hex_digit(text[i + 2]);
    if (low < 0) {
      out += text[i] == '+' ? ' ' : text[i];
      continue;
    }
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

// httplib's own reading of a query passes over what comes twice alike, and refuses a second question mark.
void put_query(Request& request, std::string_view target) {
  target = target.substr(0, target.find('#'));
  const std::size_t mark = target.find('?');
  std::string_view rest = mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1);
  while (!rest.empty()) {
    const std::string_view pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(rest.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const std::size_t equals = std::min(pair.find('='), pair.size());
    std::string name = form_decoded(pair.substr(0, equals));
    std::string value = form_decoded(pair.substr(std::min(equals + 1, pair.size())));
    if (request.query.contains(name)) request.repeated_query.insert(name);
    request.query.emplace(std::move(name), std::move(value));
  }
}

// What httplib is told: the request line without its query, and of the headers only what it may act upon.
std::string head_for_httplib(const Head& head) {
  std::string text =
      head.method + " " + head.target.substr(0, head.target.find('?')) + " HTTP/1.1\r\nHost: redress\r\nContent-Length: 0\r\n";
  if (!head.keep_alive) text += "Connection: close\r\n";
  return text + "\r\n";
}

}  // namespace

const char* status_title(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 412:
      return "Precondition Failed";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 417:
      return "Expectation Failed";
    case 422:
      return "Unprocessable Content";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    case 505:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

std::string problem_text(int status, const std::string& detail) {
  return nlohmann::json({{"type", "about:blank"}, {"title", status_title(status)}, {"status", status}, {"detail", detail}})
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// One request at a time on each thread: the handler finds the rest of it here.
class HttpSeam::Server final : public httplib::Server {
 public:
  explicit Server(service::Handler handler) : handler_(std::move(handler)) {
    set_pre_routing_handler([this](const httplib::Request& request, httplib::Response& response) {
      handle(request, response);
      return HandlerResponse::Handled;
    });
    set_keep_alive_max_count(1'000'000);
    set_keep_alive_timeout(30);  // What the Keep-Alive header says: FrontLimits::idle_ms_max.
  }

  Answer answer(const Head& head, std::string body) {
    Under under{.head = head, .body = std::move(body), .on_stream = {}};
    under_way = &under;
    Memory memory(head_for_httplib(head));
    bool closed = false;
    const bool done = process_request(memory, !head.keep_alive, closed, nullptr);
    under_way = nullptr;
    if (!under.handled) return {.bytes = refusal(400, "the request cannot be read"), .close = true};
    return {.bytes = std::move(memory.out),
            .close = !done || closed || !head.keep_alive,
            .of_known_asker = under.of_known_asker,
            .on_stream = std::move(under.on_stream)};
  }

 private:
  struct Under {
    const Head& head;
    std::string body;
    std::function<void(std::shared_ptr<Stream>)> on_stream;
    bool handled = false;
    bool of_known_asker = false;
  };
  inline static thread_local Under* under_way = nullptr;

  void handle(const httplib::Request& parsed, httplib::Response& out) {
    Request request;
    request.method = parsed.method;
    request.path = under_way->head.target.substr(0, under_way->head.target.find('?'));
    put_query(request, under_way->head.target);
    request.headers = under_way->head.headers;
    request.body = std::move(under_way->body);
    Response response;
    try {
      response = handler_(request);
    } catch (...) {  // Its text is for nobody outside.
      response = {
          .status = 500, .content_type = "application/problem+json", .body = problem_text(500, "a defect; see the log")};
    }
    under_way->handled = true;
    under_way->of_known_asker = response.of_known_asker;
    under_way->on_stream = std::move(response.on_stream);
    out.status = response.status;
    for (const auto& [name, value] : response.headers) out.set_header(name, value);
    if (under_way->on_stream) {
      out.set_header("Content-Type", response.content_type);
    } else if (response.status != 204 && response.status != 304) {
      out.set_content(std::move(response.body), response.content_type);
    }
  }

  service::Handler handler_;
};

HttpSeam::HttpSeam(Handler handler) : server_(std::make_unique<Server>(std::move(handler))) {}
HttpSeam::~HttpSeam() = default;

namespace {

// RFC 9110, section 6.6.1; of no locale.
std::string date_line() {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm at{};
  ::gmtime_r(&now, &at);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "Date: %s, %02d %s %04d %02d:%02d:%02d GMT\r\n",
                days[static_cast<std::size_t>(at.tm_wday)], at.tm_mday, months[static_cast<std::size_t>(at.tm_mon)],
                at.tm_year + 1900, at.tm_hour, at.tm_min, at.tm_sec);
  return text.data();
}

// The head without those of httplib's lines that are not so here. `streams`: no length, and the connection ends with it.
std::string without_lines(const std::string& answer, bool streams, bool has_body) {
  const std::size_t end_of_head = answer.find("\r\n\r\n");
  std::string out = answer.substr(0, answer.find("\r\n") + 2);
  const std::size_t begin = out.size();
  out += date_line();
  for (std::size_t at = begin; at < end_of_head + 2;) {
    const std::size_t end = answer.find("\r\n", at);
    const std::string line = answer.substr(at, end - at);
    at = end + 2;
    const bool framing = line.starts_with("Keep-Alive:") || line.starts_with("Connection:");
    const bool length = line.starts_with("Content-Length:");
    if (line.starts_with("Accept-Ranges:") || (streams && (framing || length)) || (!has_body && length)) continue;
    out.append(line).append("\r\n");
  }
  if (streams) out += "Connection: close\r\n";
  out += "\r\n";
  if (!streams) out.append(answer, end_of_head + 4);
  return out;
}

}  // namespace

HttpSeam::Answer HttpSeam::answer(const Head& head, std::string body) {
  Answer answer = server_->answer(head, std::move(body));
  const bool bodiless = answer.bytes.compare(9, 3, "204") == 0 || answer.bytes.compare(9, 3, "304") == 0;
  answer.bytes = without_lines(answer.bytes, answer.on_stream != nullptr, !bodiless);
  return answer;
}

std::string HttpSeam::refusal(int status, const std::string& why) {
  const std::string body = problem_text(status, why);
  std::string text = "HTTP/1.1 " + std::to_string(status) + " " + status_title(status) + "\r\n" + date_line() +
                     "Content-Type: application/problem+json\r\n";
  if (status == 503) text += "Retry-After: 1\r\n";
  return text + "Content-Length: " + std::to_string(body.size()) + "\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace redress::service
