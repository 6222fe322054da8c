// An engine that a stranger's program serves over HTTP, and asks over HTTP.
#include <redress/service.hpp>

#include <iostream>

int main() {
  redress::EngineOptions options;
  options.store = redress::make_memory_store();
  auto engine = redress::Engine::open(options);
  if (!engine || !(*engine)->add_person("ana", {"admin"})) return 1;
  const auto token = (*engine)->add_token({.person = "ana"});
  auto service = redress::Service::open(**engine, {.listen = {"127.0.0.1:0"}});
  if (!token || !service) return 1;
  const std::string url = "http://127.0.0.1:" + std::to_string((*service)->port());
  for (const std::string& shown : {*token, std::string("redress_wrong")}) {
    auto acts = redress::RemoteActs::open(url, shown);
    const auto answer = acts ? (*acts)->send("PUT", "/v1/people/ben", R"({"roles":["community"]})", "")
                             : redress::Result<std::string>(acts.error());
    std::cout << (answer ? *answer : std::string(redress::to_string(answer.error().code))) << std::endl;
  }
  (*service)->drain(1000);
  return 0;
}
