// The seam to cpp-httplib on the server's side: a checked head and a whole body in, the bytes of a response out. No socket.
#pragma once
#include <memory>
#include <string>

#include "service/http_head.hpp"
#include "service/http_message.hpp"

namespace redress::service {

class HttpSeam {
 public:
  explicit HttpSeam(Handler handler);
  ~HttpSeam();

  struct Answer {
    std::string bytes{};  // Status line, headers, body. Of a stream: the head alone.
    bool close = false;
    bool of_known_asker = false;
    std::function<void(std::shared_ptr<Stream>)> on_stream{};
  };
  // What the handler throws is answered with 500, and its text stays here. [any thread]
  [[nodiscard]] Answer answer(const Head& head, std::string body);

  // A response that needs no handler: for what the front refuses by itself. Closes the connection.
  [[nodiscard]] static std::string refusal(int status, const std::string& why);

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

// RFC 9457: {"type","title","status","detail"}.
[[nodiscard]] std::string problem_text(int status, const std::string& detail);
[[nodiscard]] const char* status_title(int status);

}  // namespace redress::service
