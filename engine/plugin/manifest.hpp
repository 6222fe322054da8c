// What a department says of itself, read and checked: who it is, its actions, and the schemas of what goes in and comes out.
//
// plugins/README.md explains each field to authors. The flags of single fields (private, localized, public_text, maxLength)
// stay inside the schemas, as annotations: expression::type_of_schema reads them there.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "redress/result.hpp"

namespace redress::plugin {

struct Action {
  std::string title;                  // For people; may be empty.
  std::shared_ptr<const Json> input;  // An object schema that has passed check_schema. Never null, as the next.
  std::shared_ptr<const Json> evidence;
  bool dedupes = false;            // The same key twice does it once,
  std::int64_t dedupe_ms = 0;      // for this long after the first call. 0: for ever.
  bool revocable = false;          // Others can take it back after it was fulfilled; the workflow needs a path for `revoked`.
  bool reconciles = false;         // Can look up whether a key happened.
  std::string undo;                // The action that takes it back, called with Verb::undo. Empty: it cannot be taken back.
  bool cancellable = false;        // Can be stopped while it is waiting (Verb::cancel).
  bool records_decisions = false;  // Takes Verb::record when a person decided in its stead.
  bool waits_for_person = false;   // People do it: it answers `waiting` until one of them has decided.
};

struct Manifest {
  std::string id;          // "com.example.billing".
  std::string version;     // Of the plugin: "1.2.0".
  int abi = 0;             // Of plugin.h.
  std::string department;  // As workflows name it, and the role that may decide its commitments.
  std::string title;
  bool concurrent = false;  // Calls may run at once.
  bool needs_network = false;
  bool needs_files = false;
  std::shared_ptr<const Json> config;  // Schema of its configuration: an object. Never null.
  std::map<std::string, Action, std::less<>> actions;

  [[nodiscard]] const Action* find_action(std::string_view name) const;  // Null where there is none.
};

// Refuses with `invalid`, all findings in one message: JSON that parse_json refuses, a missing or unknown member, an ABI that
// is not ours, a schema that check_schema refuses or that is not of an object, an undo that names no action.
[[nodiscard]] Result<Manifest> read_manifest_text(std::string_view text);

}  // namespace redress::plugin
