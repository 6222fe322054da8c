// Result<T> is what a call that can fail returns: a value, or one Error that names the thing, the rule and the mend.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "redress/api.hpp"

namespace redress {

// What the caller can do about it. The enumerator is the stored and printed text.
enum class Code {
  invalid,      // The input breaks a rule; change the input.
  not_found,    // No such thing; check the name.
  conflict,     // It is no longer in the state that the act needs; look again, then decide.
  unavailable,  // Not now: queue full, store locked by another writer, disk full. Nothing was done; try later.
  refused,      // A promise or a role forbids it; trying again does not help.
  corrupt,      // Stored data contradicts itself; stop and audit.
  internal,     // A defect of Redress or of a plugin.
};

[[nodiscard]] REDRESS_API std::string_view to_string(Code code);
[[nodiscard]] REDRESS_API int exit_status(Code code);  // As the program's exit status: 2 invalid, 4 refused or conflict, ...

struct Error {
  Code code = Code::internal;
  std::string message;  // One line: the thing, the rule, the mend; both sides where two disagree.
};

// Holds a T, or an Error. Reading value() of an error (or error() of a value) is a defect of the caller.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : held_(std::in_place_index<1>, std::move(error)) {}
  Result(Code code, std::string message) : held_(std::in_place_index<1>, Error{code, std::move(message)}) {}

  [[nodiscard]] bool ok() const { return held_.index() == 0; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] T& value() & { return std::get<0>(held_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(held_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(held_)); }
  T* operator->() { return &std::get<0>(held_); }
  const T* operator->() const { return &std::get<0>(held_); }
  T& operator*() & { return std::get<0>(held_); }
  const T& operator*() const& { return std::get<0>(held_); }
  T&& operator*() && { return std::get<0>(std::move(held_)); }
  [[nodiscard]] const Error& error() const { return std::get<1>(held_); }

 private:
  std::variant<T, Error> held_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}
  Result(Code code, std::string message) : error_(Error{code, std::move(message)}) {}
  [[nodiscard]] bool ok() const { return !error_; }
  explicit operator bool() const { return ok(); }
  [[nodiscard]] const Error& error() const { return *error_; }

 private:
  std::optional<Error> error_;
};

}  // namespace redress
