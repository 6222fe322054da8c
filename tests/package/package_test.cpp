// What is installed, as strangers use it: through CMake, through pkg-config, and as a program. Each test has a tree of its own,
// which is moved after it was installed: nothing in it may know where it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "package/golden.hpp"

namespace redress::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string stranger = REDRESS_SOURCE "/tests/package/stranger";

class Package : public testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "redress-package-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    done(REDRESS_CMAKE " --install " REDRESS_BUILD " --prefix " + folder_ + "/first");
    fs::rename(folder_ + "/first", prefix());
  }
  void TearDown() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
  [[nodiscard]] std::string prefix() const { return path("usr"); }
  [[nodiscard]] std::string libraries() const { return prefix() + "/" REDRESS_LIBDIR; }

  // The command in the test's folder, with all that it says.
  [[nodiscard]] Ended tried(const std::string& command) const { return shell("cd " + folder_ + " && (" + command + ") 2>&1"); }
  std::string done(const std::string& command) const {
    const Ended ended = tried(command);
    EXPECT_EQ(ended.status, 0) << command << '\n' << ended.out;
    return ended.out;
  }

  // The stranger's project, configured by the compiler and flags that Redress itself was built with.
  [[nodiscard]] std::string configure(const std::string& how) const {
    return REDRESS_CMAKE " -S " + stranger +
           " --fresh -B build -G '" REDRESS_GENERATOR "' -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_COMPILER='" REDRESS_COMPILER
           "' -DCMAKE_CXX_FLAGS='" REDRESS_FLAGS "' -DCMAKE_PREFIX_PATH=" +
           prefix() + " " + how;
  }
  void expect_that_the_stranger_works(const std::string& program) const {
    EXPECT_EQ(done(program + " " + stranger + "/lamps.json build/plugins replies.jsonl"), "C-000001 opened\n");
    EXPECT_THAT(text_of(path("replies.jsonl")), HasSubstr("lucia, the lamp is mended: L-7."));
  }

  std::string folder_;
};

TEST_F(Package, IsFoundByCMakeAsASharedLibrary) {
  done(configure("") + " && " REDRESS_CMAKE " --build build");
  EXPECT_THAT(done("readelf -d build/stranger"), HasSubstr("[libredress.so." REDRESS_SOVERSION "]"));
  expect_that_the_stranger_works("build/stranger");
}

TEST_F(Package, IsFoundByCMakeAsAStaticLibrary) {
  done(configure("-DREDRESS_KIND=static") + " && " REDRESS_CMAKE " --build build");
  EXPECT_THAT(done("readelf -d build/stranger"), AllOf(HasSubstr("NEEDED"), Not(HasSubstr("libredress"))));
  expect_that_the_stranger_works("build/stranger");
}

// The service is a part of its own, in both kinds: who does not ask for it links no HTTP library.
TEST_F(Package, HasAServiceInBothKinds) {
  for (const std::string kind : {"shared", "static"}) {
    done(configure("'-DREDRESS_KIND=" + kind + ";service'") + " && " REDRESS_CMAKE " --build build --target served");
    const std::string needed = done("readelf -d build/served");
    if (kind == "shared")
      EXPECT_THAT(needed, HasSubstr("[libredress-service.so." REDRESS_SOVERSION "]"));
    else
      EXPECT_THAT(needed, AllOf(HasSubstr("cpp-httplib"), Not(HasSubstr("libredress"))));
    EXPECT_EQ(done("build/served"), "{\"name\":\"ben\",\"roles\":[\"community\"]}\nrefused\n") << kind;
  }
  done("readelf -d " + libraries() + "/libredress.so | grep -q httplib && exit 1 || true");
}

TEST_F(Package, IsStaticWhereAProjectWantsNoSharedLibraries) {
  done(configure("-DBUILD_SHARED_LIBS=OFF"));
  done("grep -rq libredress.a build");
  done("! grep -rq libredress.so build");
}

TEST_F(Package, RefusesAnotherMinorVersionAndTwoKindsAtOnce) {
  const Ended newer = tried(configure("-DREDRESS_VERSION=0.99"));
  EXPECT_NE(newer.status, 0);
  EXPECT_THAT(newer.out, HasSubstr("requested version \"0.99\""));
  const Ended both = tried(configure("'-DREDRESS_KIND=shared;static'"));
  EXPECT_NE(both.status, 0);
  EXPECT_THAT(both.out, HasSubstr("name shared or static, not both"));
  const Ended neither = tried(configure("-DREDRESS_KIND=console"));
  EXPECT_NE(neither.status, 0);
  EXPECT_THAT(neither.out, HasSubstr("console"));
}

TEST_F(Package, IsFoundByPkgConfig) {
  const std::string compile = "'" REDRESS_COMPILER "' " REDRESS_FLAGS " -std=c++20 " + stranger + "/main.cpp -o ";
  const std::string pkg_config = "PKG_CONFIG_PATH=" + libraries() + "/pkgconfig pkg-config --cflags --libs ";
  done(compile + "shared $(" + pkg_config + "redress)");
  EXPECT_THAT(done("readelf -d shared"), HasSubstr("[libredress.so." REDRESS_SOVERSION "]"));
  done(compile + "static $(" + pkg_config + "--static --define-variable=redress=-l:libredress.a redress)");
  EXPECT_THAT(done("readelf -d static"), Not(HasSubstr("libredress")));
  const std::string serve = "'" REDRESS_COMPILER "' " REDRESS_FLAGS " -std=c++20 " + stranger + "/served.cpp -o ";
  done(serve + "served $(" + pkg_config + "redress-service) && LD_LIBRARY_PATH=" + libraries() + " ./served");
  done(serve + "served $(" + pkg_config +
       "--static --define-variable=redress=-l:libredress.a "
       "--define-variable=redress_service=-l:libredress-service.a redress-service) && ./served");
  EXPECT_THAT(done("readelf -d served"), Not(HasSubstr("libredress")));
  done(configure("") + " && " REDRESS_CMAKE " --build build --target lamps");
  expect_that_the_stranger_works("LD_LIBRARY_PATH=" + libraries() + " ./shared");
  fs::remove(path("replies.jsonl"));
  expect_that_the_stranger_works("./static");
}

// Building it compiles the whole library: only where REDRESS_SLOW=1 asks for it.
TEST_F(Package, CanBePartOfAnotherProject) {
  const std::string log = done(configure("-DREDRESS_SOURCE=" REDRESS_SOURCE));
  EXPECT_FALSE(fs::exists(path("build/redress/engine/cli"))) << "another project gets the program too";
  const std::string targets = done(REDRESS_CMAKE " --build build --target help");
  for (const char* own : {"redress_program", "test_engine", "billing"}) EXPECT_THAT(targets, Not(HasSubstr(own)));
  const char* const slow = std::getenv("REDRESS_SLOW");
  if (slow == nullptr || std::string(slow) != "1") return;
  done(REDRESS_CMAKE " --build build");
  expect_that_the_stranger_works("build/stranger");
}

TEST_F(Package, BuildsAPluginThatTheInstalledProgramLoads) {
  done(configure("") + " && " REDRESS_CMAKE " --build build --target lamps");
  EXPECT_EQ(done(REDRESS_NM " -D --defined-only -j build/plugins/lamps.so"), "redress_plugin\n");
  const std::string program = prefix() + "/bin/redress";
  done(program + " check --plugins build/plugins " + stranger + "/lamps.json");
  done("mkdir workflows && cp " + stranger + "/lamps.json workflows");
  done(
      R"(echo '{"id":"1","channel":"x","author":"lucia","created_at":"2026-03-02T09:00:00Z","language":"en","text":"so dark"}' > p)");
  done(program +
       " run --db a.db --workflows workflows --plugins build/plugins --posts p --outbox replies.jsonl --clock virtual");
  EXPECT_THAT(text_of(path("replies.jsonl")), HasSubstr("the lamp is mended: L-7."));
}

TEST_F(Package, HasAProgramThatFindsItsPluginsAndWorkflows) {
  done("cp " REDRESS_SOURCE "/examples/demo/*.json* .");
  const std::string run =
      " run --db a.db --department-config departments.json --posts posts.jsonl --people people.jsonl "
      "--clock virtual --seed 1 --outbox replies.jsonl --workflows ";
  done(prefix() + "/bin/redress" + run + prefix() + "/share/redress/workflows");
  const std::string exported = done(prefix() + "/bin/redress export --db a.db");
  EXPECT_THAT(exported, Not(HasSubstr("plugin billing missing")));
  EXPECT_THAT(text_of(path("replies.jsonl")), HasSubstr("te devolvimos"));
}

TEST_F(Package, InstallsEachPublicHeaderAndNoOther) {
  const std::string list = " && find . -type f | sort";
  EXPECT_EQ(done("cd " + prefix() + "/include/redress" + list), done("cd " REDRESS_SOURCE "/include/redress" + list));
}

TEST_F(Package, HasAManualAndCompletions) {
  for (const char* file :
       {"man/man1/redress.1", "bash-completion/completions/redress", "zsh/vendor-completions/_redress",
        "fish/vendor_completions.d/redress.fish", "redress/workflows/workflow.schema.json", "redress/workflows/README.md",
        "redress/workflows/scenarios/praise.scenario", "doc/redress/docs/service.md", "doc/redress/docs/configuration.md",
        "doc/redress/docs/formats.md", "doc/redress/docs/package.md", "doc/redress/deploy/redress.service",
        "doc/redress/deploy/nginx.conf", "doc/redress/workflows/README.md", "doc/redress/plugins/README.md"})
    EXPECT_TRUE(fs::exists(prefix() + "/share/" + file)) << file;
}

TEST_F(Package, InstallsPagesWhoseLinksLeadSomewhere) {
  const std::string pages = prefix() + "/share/doc/redress/";
  for (const std::string page :
       {"docs/service.md", "docs/configuration.md", "docs/formats.md", "docs/package.md", "docs/report.md", "docs/promises.md",
        "docs/lifecycles.md", "docs/scenarios.md", "deploy/README.md", "plugins/README.md", "workflows/README.md",
        "engine/expression/README.md"}) {
    const std::string text = text_of(pages + page);
    for (std::size_t at = text.find("]("); at != std::string::npos; at = text.find("](", at + 2)) {
      const std::string link = text.substr(at + 2, text.find_first_of("#)", at) - at - 2);
      const bool is_here = link.find("://") == std::string::npos;
      EXPECT_TRUE(!is_here || fs::exists(fs::path(pages + page).parent_path() / link)) << page << ": " << link;
    }
  }
}

// Whoever changes this list changes what programs can be linked against: docs/package.md says when that may be.
TEST(Symbols, AreThoseOfTheGoldenFile) {
  const auto exported = [](const std::string& library) {
    const Ended listed = shell(REDRESS_NM " -DC --defined-only " + library + " | cut -d' ' -f3- | LC_ALL=C sort -u");
    EXPECT_EQ(listed.status, 0);
    for (const std::string& name : lines_of(listed.out)) EXPECT_THAT(name, HasSubstr("redress::"));
    return listed.out;
  };
  expect_golden("tests/package/symbols.txt", exported(REDRESS_SHARED));
  expect_golden("tests/package/service_symbols.txt", exported(REDRESS_SERVICE));
}

}  // namespace
}  // namespace redress::test
