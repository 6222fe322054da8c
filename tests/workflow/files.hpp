// The files that the tests of this room read, and findings as `redress check` prints them.
#pragma once
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "plugin/manifest.hpp"
#include "workflow/workflow.hpp"

namespace redress::workflow::files {

inline const std::filesystem::path folder = "tests/workflow";  // The tests run in the project's folder.

inline std::string read(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Of the folder workflows/: not the schemas, the channels and the brand beside them.
inline bool is_workflow(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return name.ends_with(".json") && !name.ends_with(".schema.json") && name != "channels.json" && name != "brand.json";
}

inline std::vector<plugin::Manifest> manifests() {
  std::vector<plugin::Manifest> out;
  for (const char* name : {"billing.json", "branches.json", "commercial.json", "communications.json", "maintenance.json"}) {
    out.push_back(plugin::read_manifest_text(read(folder / "manifests" / name)).value());
  }
  return out;
}

inline std::string printed(const std::vector<Finding>& findings) {
  std::ostringstream out;
  for (const Finding& f : findings) {
    const char* severity = f.severity == Severity::warning ? "warning: " : f.severity == Severity::unproved ? "unproved: " : "";
    out << f.file << ":" << f.line << ":" << f.column << ": " << severity << f.message;
    if (!f.pointer.empty()) out << " (" << f.pointer << ")";
    out << ". " << f.mend << "\n";
    for (const PathStep& step : f.path) {
      out << "  " << step.event << " ->";
      for (const std::string& state : step.configuration) out << " " << state;
      out << "\n";
    }
  }
  return out.str();
}

}  // namespace redress::workflow::files
