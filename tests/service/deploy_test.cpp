// What deploy/ holds is what the tools that read it take: systemd's own check of the units, nginx's of its configuration.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "cli/program.hpp"

namespace redress::test {
namespace {

std::string text_of(const std::string& name) {
  std::ifstream file(std::string(REDRESS_SOURCE "/deploy/") + name);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

bool is_there(const char* tool) { return std::system((std::string("command -v ") + tool + " > /dev/null").c_str()) == 0; }

TEST(Deploy, HasUnitsThatSystemdTakes) {
  if (!is_there("systemd-analyze")) GTEST_SKIP() << "systemd-analyze is not installed";
  const Workspace space;
  std::string unit = with(text_of("redress.service"), "/usr/bin/redress", REDRESS_PROGRAM);
  space.write("redress.service", with(unit, "Documentation=man:redress(1)\n", ""));  // The page is not installed here.
  space.write("redress.socket", text_of("redress.socket"));
  const std::string command = "systemd-analyze verify " + space.path("redress.service") + " > " + space.path("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << space.read("said");
  EXPECT_EQ(space.read("said"), "");
}

TEST(Deploy, HasAConfigurationThatNginxTakes) {
  if (!is_there("nginx") || !is_there("openssl")) GTEST_SKIP() << "nginx or openssl is not installed";
  const Workspace space;
  const std::string make = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=redress.example.com -keyout " +
                           space.path("key") + " -out " + space.path("certificate") + " > /dev/null 2>&1";
  ASSERT_EQ(std::system(make.c_str()), 0);
  std::string text = with(text_of("nginx.conf"), "/etc/ssl/certs/redress.example.com.pem", space.path("certificate"));
  space.write("redress.conf", with(text, "/etc/ssl/private/redress.example.com.key", space.path("key")));
  space.write("nginx.conf", "pid " + space.path("pid") + "; error_log stderr; events {} http { access_log off; include " +
                                space.path("redress.conf") + "; }\n");
  const std::string command = "nginx -t -c " + space.path("nginx.conf") + " > " + space.path("said") + " 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << space.read("said");
}

}  // namespace
}  // namespace redress::test
