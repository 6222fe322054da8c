// Runs the redress program in a folder of its own, which is gone when the test ends.
#pragma once
#include <sys/types.h>

#include <string>
#include <vector>

namespace redress::test {

struct Finished {
  int status = -1;  // Exit status; 128 and the signal, if one ended it.
  std::string out;
  std::string err;
};

class Workspace {
 public:
  Workspace();
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return folder_ + "/" + name; }
  void write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string read(const std::string& name) const;

  // The program with these arguments, in the folder. `out`: a file to write standard output to instead.
  [[nodiscard]] Finished redress(const std::vector<std::string>& arguments, const std::string& out = "") const;
  // The same, not waited for.
  [[nodiscard]] pid_t start(const std::vector<std::string>& arguments, const std::string& out = "") const;
  [[nodiscard]] Finished wait(pid_t process) const;

  // redress run over posts.jsonl with the demonstration's accounts and workflow under virtual time, and more arguments.
  [[nodiscard]] Finished run(const std::vector<std::string>& more = {}) const;
  [[nodiscard]] std::vector<std::string> run_arguments(const std::vector<std::string>& more = {}) const;
  [[nodiscard]] std::string exported() const { return redress({"export", "--db", "redress.db"}).out; }

 private:
  std::string folder_;
};

// A line of posts.jsonl by an author who is known to the demonstration's billing (lucia_marin: charged twice, 24.90 EUR).
[[nodiscard]] std::string post_line(const std::string& id, const std::string& handle, const std::string& at,
                                    const std::string& text);

}  // namespace redress::test
