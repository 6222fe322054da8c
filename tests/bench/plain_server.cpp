// cpp-httplib as it is, answering a constant: what bench_http measures redress serve against. Usage: plain_server PORT
#include <httplib.h>

#include <cstdlib>

int main(int /*argc*/, char** argv) {
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000);
  server.new_task_queue = [] { return new httplib::ThreadPool(64); };  // One for each connection that the measurement opens.
  const auto answer = [](const httplib::Request&, httplib::Response& response) { response.set_content("{}", "application/json"); };
  server.Get(".*", answer);
  server.Post(".*", answer);
  return server.listen("127.0.0.1", std::atoi(argv[1])) ? 0 : 1;
}
